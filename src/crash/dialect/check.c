/*
 * CHECK, DCHECK, LOG(FATAL) and their like: glog and absl ("F0102 12:00:00.1 123 file.cc:12] Check failed: x"),
 * Chromium ("[1:1:FATAL:file.cc(12)] Check failed: x"), V8, WebKit, Mozilla, Envoy.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static struct crash_report *cause(
	struct crash_parser *p, const char *who, const char *kind, struct strv message)
{
	struct crash_report *r = report_open(p, who, kind, RANK_FATAL);

	r->priv->wants_stack = true;
	report_message(r, message);
	return r;
}

/* Where the values begin: the first " (" that " vs. " lies inside of. */
static size_t values_start(struct strv s, size_t vs)
{
	size_t depth = 0, open = SIZE_MAX;

	for (size_t i = 0; i < vs; i++) {
		if (s.s[i] == '(' && !depth++ && i && s.s[i - 1] == ' ')
			open = i - 1;
		else if (s.s[i] == ')' && depth && !--depth)
			open = SIZE_MAX;
	}
	return open;
}

/* Of "a == b (1 vs. 2)" and "x = 'value'" the values go: they differ from input to input. */
static struct strv without_values(struct strv s)
{
	size_t vs = strv_find(s, " vs. "), eq, open;

	open = vs == SIZE_MAX ? SIZE_MAX : values_start(s, vs + 1);
	if (open != SIZE_MAX)
		s = strv_sub(s, 0, open);
	eq = strv_find(s, " = '");
	if (eq != SIZE_MAX && eq)
		s = strv_sub(s, 0, eq);
	s = strv_trim(s);
	if (s.len > 1 && s.s[s.len - 1] == '.')
		s.len--;
	return s;
}

/* "AddressSanitizer CHECK failed: file.cc:12": the runtime's own, often for want of memory */
static bool of_sanitizer(struct strv line, size_t at)
{
	struct strv before = strv_trim(strv_sub(line, 0, at));

	return strv_ends(before, "Sanitizer") || strv_ends(before, "Sanitizer:");
}

static void sanitizer_check(struct crash_parser *p, struct strv text)
{
	if (p->cur && !p->cur->n_stacks && !strcmp(p->cur->kind, "out-of-memory"))
		return; /* said just before; the stack that follows is its own */
	report_message(report_open(p, "asan", "sanitizer-internal", RANK_FATAL), text);
}

/* "Check failed: x": the words before the text say how strict the check is. */
bool check_failed(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	bool security = strv_starts(s, "Security"), debug = strv_starts(s, "DCHECK") ||
							    strv_starts(s, "Security DCHECK") ||
							    strv_starts(s, "Debug");
	bool v8 = at && at < 8 && line.s[0] == '#';
	struct crash_report *r = p->cur;

	s = strv_from(s, strv_find(s, ": ") + 2);
	if (of_sanitizer(line, at)) {
		sanitizer_check(p, strv_from(line, at));
		return true;
	}
	if (v8 && r && !strcmp(r->sanitizer, "v8") && !strcmp(r->kind, "fatal-error")) {
		report_message(r, without_values(s));
		r->kind = "check-failure";
	} else {
		r = cause(p, v8 ? "v8" : "check", "check-failure", without_values(s));
	}
	r->priv->debug_only = debug;
	r->priv->sec_check = security && debug;
	return true;
}

static struct strv after_prefix(struct strv line, size_t at)
{
	size_t end = strv_find(strv_from(line, at), "] ");

	return end == SIZE_MAX ? strv_n("", 0) : strv_trim(strv_from(line, at + end + 2));
}

static bool says_check(struct strv s)
{
	static const char *const words[] = { "Check failed: ", "CHECK failed: ", "DCHECK failed: ",
		"Security CHECK failed: ", "Security DCHECK failed: ", "Check failure " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_starts(s, words[i]))
			return true;
	return false;
}

static bool fatal_text(struct crash_parser *p, struct strv s)
{
	size_t at = strv_find(s, "assertion failed at "), colon;

	if (says_check(s))
		return false; /* its own trigger comes further along the line */
	if (at != SIZE_MAX) {
		colon = strv_find(strv_from(s, at), ": ");
		s = strv_from(s, colon == SIZE_MAX ? 0 : at + colon + 2);
		cause(p, "check", "assertion", s);
		return true;
	}
	if (strv_contains(s, "NOTREACHED") || strv_contains(s, "UNREACHABLE"))
		cause(p, "check", "unreachable", s);
	else
		cause(p, "check", "check-failure", s);
	return true;
}

/* "F0812 21:22:15.159294   61315 logging.cc:89] text" */
bool check_glog(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), text;
	unsigned digits;
	struct strv num = strv_from(s, 1);

	scan_dec(&num, &digits);
	if ((digits != 4 && digits != 8) || !strv_starts(num, " ") || num.len < 20 ||
		num.s[3] != ':' || num.s[6] != ':')
		return false;
	text = after_prefix(line, at);
	return text.len && fatal_text(p, text);
}

/* "[1:1:0417/224500.881615:FATAL:file.cc(207)] text", "[critical][...]" has no such word */
bool check_chromium(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 5), text;

	if (!at || (line.s[at - 1] != ':' && line.s[at - 1] != '[') || !s.len ||
		(s.s[0] != ':' && s.s[0] != ']'))
		return false;
	text = s.s[0] == ']' ? strv_trim(strv_from(s, 1)) : after_prefix(line, at);
	return text.len && fatal_text(p, text);
}

/* "# Fatal error in ../src/x.cc, line 12", then "# Check failed: x." two lines below */
bool check_v8(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r;

	if (at > 4 || !strv_starts(line, "#"))
		return false;
	r = cause(p, "v8", "fatal-error", strv_n("", 0));
	r->priv->want_message = 1;
	return true;
}

bool check_v8_line(struct crash_parser *p, struct strv line, size_t at)
{
	if (!p->cur || strcmp(p->cur->sanitizer, "v8") || strcmp(p->cur->kind, "fatal-error"))
		return false;
	p->cur->kind = "unreachable";
	report_message(p->cur, strv_from(line, at));
	return true;
}

/* "# Fatal process OOM in ...", "Fatal process out of memory: ..." */
bool check_v8_oom(struct crash_parser *p, struct strv line, size_t at)
{
	cause(p, "v8", "out-of-memory", strv_from(line, at));
	return true;
}

/* "ASSERTION FAILED: expr", place on the next line */
bool check_webkit(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	bool reached = strv_starts(s, "SHOULD");

	strv_skip(&s, "ASSERTION FAILED: ");
	cause(p, "webkit", reached ? "unreachable" : "assertion", s)->priv->debug_only = true;
	return true;
}

/* "Assertion failure: expr (why), at /path/file.cpp:12", "Hit MOZ_CRASH(why) at file:12" */
bool check_mozilla(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t end;

	if (strv_skip(&s, "Assertion failure: ")) {
		end = strv_find(s, ", at ");
		s = strv_sub(s, 0, end == SIZE_MAX ? s.len : end);
	} else {
		strv_skip(&s, "MOZ_CRASH(");
		end = strv_rfind(s, ") at ");
		s = strv_sub(s, 0, end == SIZE_MAX ? s.len : end);
	}
	cause(p, "mozilla", "assertion", s);
	return true;
}

/* spdlog: "[..][critical][assert] file.cc:259] panic: not reached", "assert failure: x" */
bool check_panic(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t end;

	if (strv_skip(&s, "assertion failed at ")) {
		end = strv_find(s, ": ");
		if (end == SIZE_MAX)
			return false;
		s = strv_from(s, end + 2);
	} else if (!strv_skip(&s, "panic: ")) {
		strv_skip(&s, "assert failure: ");
		end = strv_find(s, ". Details:");
		s = strv_sub(s, 0, end == SIZE_MAX ? s.len : end);
	}
	cause(p, "check", "assertion", s);
	return true;
}
