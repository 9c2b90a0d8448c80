/*
 * How a process ended, as whoever waited for it says: shells, make, test runners, CI, supervisors, batch systems. A
 * signal by name, number or in words, an exit status of 128 + n, a negative return code, an NTSTATUS. The words alone
 * are prose; what stands around them tells a report from a sentence.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"
#include <ctype.h>
#include <signal.h>

static const struct {
	uint32_t code;
	const char *kind;
} ntstatus[] = { { 0xc0000005, "segv" }, { 0xc0000006, "segv" }, { 0xc00000fd, "stack-overflow" },
	{ 0xc0000374, "heap-corruption" }, { 0xc0000409, "stack-buffer-overflow" },
	{ 0xc0000094, "divide-by-zero" }, { 0xc0000095, "integer-overflow" },
	{ 0xc000008e, "divide-by-zero" }, { 0xc000001d, "illegal-instruction" },
	{ 0xc0000096, "illegal-instruction" }, { 0x80000003, "trap" },
	{ 0xe06d7363, "uncaught-exception" }, { 0xc0000417, "abort" }, { 0xc0000602, "abort" },
	{ 0xc0000135, "missing-library" }, { 0xc0000017, "out-of-memory" } };

const char *ntstatus_kind(uint64_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(ntstatus); i++)
		if (ntstatus[i].code == code)
			return ntstatus[i].kind;
	return NULL;
}

/* A report is there already that says more than that the process ended. */
static bool said_better(const struct crash_parser *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->reports[i]->priv->rank > RANK_NOTE)
			return true;
	return false;
}

/* inside: by the process's own handler or supervisor, with a stack to follow; so a second one is a second crash. */
static void ended(struct crash_parser *p, const char *kind, struct strv line, bool inside)
{
	struct crash_report *r = p->cur;

	if (r && r->priv->outside && !r->n_stacks && !strcmp(r->kind, "deadly-signal"))
		r->kind = kind; /* said before in vaguer words */
	if (said_better(p) &&
		!(inside && r && r->priv->is_signal && r->n_stacks && !r->priv->armed)) {
		if (r && r->priv->is_signal && !by_sanitizer(r) && !strcmp(r->kind, kind))
			fault_details(r, line);
		return;
	}
	r = signal_open(p, "signal", kind);
	r->priv->outside = true;
	report_message(r, line);
	fault_details(r, line);
}

static bool fatal_signal(struct crash_parser *p, int sig, struct strv line, bool inside)
{
	const struct report_signal *s = signal_by_number(sig);

	if (!s)
		return false;
	ended(p, s->kind, line, inside);
	return true;
}

/* Lower-case letters of needle anywhere in s, whatever their case there. */
static bool says(struct strv s, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; i + n <= s.len; i++) {
		size_t k = 0;

		while (k < n && tolower((unsigned char)s.s[i + k]) == needle[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

static bool says_any(struct strv s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (says(s, words[i]))
			return true;
	return false;
}

/* Around a signal's name or number: something happened. */
static bool happened(struct strv line)
{
	static const char *const words[] = { "caught", "catch", "receiv", "got ", "kill",
		"terminat", "exit", "died", "crash", "fatal", "dump", "uncaught", "unhandled",
		"abort", "raised", "fault", "by signal", "with signal", "due to", "stopped",
		"failed", "unexpected", "deadly", "shot down", "process", "+++", "--- sig",
		"signals.sig", "err!", "npm e", "was sent", "memory access", "error: signal",
		"violation", "trap", "beendet", "mit signal", "par le signal", "signal recu" };

	return says_any(strv_sub(line, 0, 600), words, ARRAY_LEN(words));
}

/* ... or somebody speaks of signals. */
static bool of_handling(struct strv line)
{
	static const char *const words[] = { "handle sig", "ignor", "install", "regist",
		"sigaction", "signal(sig", "mask", "block sig", "trap -", "trap '", "kill -",
		"nostop", "noprint", "pass to program", "unblock", "sent signal", "sending signal",
		"will send", "handler for sig", "signal handler set", "setting up",
		"default handler", "#define", "sigterm", "sigint ", "sigint)", "sighup", "\tno\t",
		"\tyes\t" };

	return says_any(strv_sub(line, 0, 600), words, ARRAY_LEN(words));
}

/* What a process prints itself when it goes down, a stack behind it. */
static bool from_inside(struct strv line)
{
	static const char *const words[] = { "caught", "catching", "receiv", "got ", "crashed by",
		"crashed with", "unhandled", "handle_crash", "fatal signal",
		"fatal error has been detected" };

	return says_any(strv_sub(line, 0, 400), words, ARRAY_LEN(words));
}

/* Behind the word: nothing, the core's fate, a number, a command after two blanks. */
static bool ends_well(struct strv after)
{
	struct strv s = after;
	unsigned digits;

	if (!s.len)
		return true;
	if (*s.s == ':' || *s.s == '-' || *s.s == ')' || *s.s == ']' || *s.s == ',' ||
		*s.s == ';' || *s.s == '!' || *s.s == '\'' || *s.s == '"' || *s.s == '*' ||
		*s.s == '(' || *s.s == '\t')
		return true;
	if (*s.s == '.' && (s.len == 1 || s.s[1] == ' ' || s.s[1] == '.'))
		return true;
	if (*s.s != ' ')
		return false;
	s = strv_from(s, 1);
	if (!s.len || *s.s == ' ' || *s.s == '(' || *s.s == '[' || *s.s == '!' || *s.s == '-' ||
		*s.s == ':' || *s.s == '\t')
		return true;
	if (strv_starts(s, "at ") || strv_starts(s, "in ") || strv_starts(s, "occurred") ||
		strv_starts(s, "detected") || strv_starts(s, "caught") || strv_starts(s, "- ") ||
		strv_starts(s, "core dumped") || strv_starts(s, "on ") || strv_starts(s, "error") ||
		strv_starts(s, "invalid"))
		return true;
	if (strv_skip(&s, "signal") || strv_skip(&s, "code"))
		return true;
	scan_dec(&s, &digits);
	return digits && !s.len;
}

static bool ends_word(struct strv s, const char *word)
{
	size_t n = strlen(word);

	return strv_ends(s, word) && (s.len == n || !isalpha((unsigned char)s.s[s.len - n - 1]));
}

/* In front of it: nothing, a prefix's end, a process's number, or a word that names a cause. */
static bool begins_well(struct strv before)
{
	static const char *const words[] = { "signal", "by", "with", "exception", "error", "got",
		"due to", "fault", "program", "caught", "child", "exit", "crashed", "failed",
		"terminated", "unhandled", "process", "fatal", "received", "caused", "died",
		"Exited", "Caught", "Process", "worker", "status", "Fatal", "Signal" };

	before = strv_trim(before);
	if (!before.len || strchr(":])>|*'\",=(+-#/.", before.s[before.len - 1]) ||
		isdigit((unsigned char)before.s[before.len - 1]) ||
		(before.s[before.len - 1] & 0x80))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (ends_word(before, words[i]))
			return true;
	return false;
}

/* "(core dumped)" in the languages that bash and make speak: a bracket behind the word that has no digit in it. */
static bool core_dumped(struct strv after)
{
	static const char *const words[] = { "core", "Core", "Speicher", "dump", "bild", "memor",
		"memoria", "n\303\272cleo", "\xe6\xa0\xb8\xe5\xbf\x83", "\xe3\x82\xb3\xe3\x82\xa2",
		"\xec\xbd\x94\xec\x96\xb4", "\xd0\xbf\xd0\xb0\xd0\xbc\xd1\x8f", "minne", "pam",
		"kerne" };

	after = skip_blank(after);
	if (!after.len || *after.s != '(')
		return false;
	after = strv_sub(after, 0, 60);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(after, words[i]))
			return true;
	return false;
}

/* Words that are as much a verb or an adjective as a signal's name need more around them. */
static bool is_common(const char *text)
{
	static const char *const words[] = { "aborted", "abort", "Abort", "ABORT", "killed",
		"Killed", "Illegal", "ILLEGAL", "Numerical", "NUMERICAL", "alarm", "Alarm clock",
		"Mort", "Morto", "segfault", "SEGFAULT", "Segfault", "SegFault", "Aborted" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

/* A common word counts where nothing but a prefix and the core's fate stand beside it, or a runner's marks. */
static bool stands_out(struct strv line, struct strv before, struct strv after)
{
	before = strv_trim(before);
	after = strv_trim(after);
	if (core_dumped(after) || strv_starts(after, "***") || strv_contains(line, "Exception: ") ||
		strv_starts(before, "zsh:"))
		return true;
	if (before.len && before.s[before.len - 1] == '(' && (!after.len || *after.s == ')'))
		return true; /* "5 - name (SEGFAULT)" */
	if (before.len > 1 && isdigit((unsigned char)before.s[before.len - 1]) &&
		(!after.len || line.s + line.len - after.s > 1))
		return strv_contains(before, ": line ") || before.s[0] == '[' ||
		       strv_contains(before, ": ");
	if (!before.len)
		return !after.len || *after.s == '(' || (*after.s == ':' && after.len < 8);
	return !after.len && (strv_ends(before, "signal:") || before.s[before.len - 1] == ']' ||
				     strv_ends(before, "[1]+") || strv_ends(before, "+"));
}

bool signal_word(struct crash_parser *p, const struct signal_word *w, struct strv line, size_t at)
{
	size_t n = strlen(w->text);
	struct strv before = strv_sub(line, 0, at), after = strv_from(line, at + n);

	if (after.len && strv_is_word(*after.s))
		return false; /* the word goes on */
	if (of_handling(line))
		return false;
	if (is_common(w->text) ? !stands_out(line, before, after)
			       : !core_dumped(after) && !(begins_well(before) && ends_well(after)))
		return false;
	return fatal_signal(p, w->signal, line, from_inside(line));
}

/* "SIGSEGV": a name among what happened, or in front of what it means. */
bool outcome_name(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), after;
	const struct report_signal *sig = signal_by_name(s);

	if (!sig || of_handling(line))
		return false;
	after = strv_from(s, strlen(sig->name));
	if (after.len && strv_is_word(*after.s))
		return false;
	after = skip_blank(after);
	if (!happened(line) &&
		!(after.len && (strv_starts(after, "(0x") || strv_starts(after, "- ") ||
				       strv_starts(after, ": ") || strv_starts(after, "/SEGV"))) &&
		!(after.len == 0 && !strv_trim(strv_sub(line, 0, at)).len))
		return false;
	return fatal_signal(p, sig->number, line, from_inside(line));
}

/* " 11", ": 11", " = 11", " number 11", " (11)", " SIGSEGV" behind "signal"; 0: nothing of the kind */
static int number_behind(struct strv s)
{
	static const char *const fill[] = { "number", "num", "no.", "no", "code", "is", "was",
		"nr.", "nr", "#", "signo" };
	unsigned digits;
	uint64_t v;

	for (int i = 0; i < 4; i++) {
		size_t k;

		while (s.len && strchr(" \t:=(#,\"'", *s.s))
			s = strv_from(s, 1);
		for (k = 0; k < ARRAY_LEN(fill) && !strv_skip(&s, fill[k]);)
			k++;
		if (k == ARRAY_LEN(fill))
			break;
	}
	if (strv_starts(s, "SIG"))
		return signal_by_name(s) ? signal_by_name(s)->number : 0;
	v = scan_dec(&s, &digits);
	return digits && digits < 3 && !(s.len && (isalpha((unsigned char)*s.s) || *s.s == '.'))
		       ? (int)v
		       : 0;
}

/* Nothing but brackets and quotes, as in front of JSON's first key. */
static bool only_marks(struct strv s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(" \t{,\"", s.s[i]))
			return false;
	return true;
}

bool outcome_signal(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv rest = strv_from(line, at + 6);
	int n;
	bool label;

	if (rest.len && isalpha((unsigned char)*rest.s) && !strv_skip(&rest, "s"))
		return false;
	n = number_behind(rest);
	label = rest.len && strchr(":=\"", *rest.s) && only_marks(strv_sub(line, 0, at));
	if (!n || of_handling(line) || (!label && !happened(line)))
		return false;
	return fatal_signal(p, n, line, label || from_inside(line));
}

/* "signo:11", "signo=11" */
bool outcome_signo(struct crash_parser *p, struct strv line, size_t at)
{
	int n = number_behind(strv_from(line, at + 5));

	return n && !of_handling(line) && fatal_signal(p, n, line, true);
}

/* A status as shells give it on: 128 and the signal's number; ours are those that kill by their nature. */
static int status_signal(uint64_t v)
{
	return v > 128 && v < 160 ? (int)(v - 128) : 0;
}

/* The number of an exit status at s, and what it means; false: it means nothing. */
static bool status(struct crash_parser *p, struct strv s, struct strv line, bool bare)
{
	bool negative = strv_skip(&s, "-");
	bool hex = strv_skip(&s, "0x") || strv_skip(&s, "0X");
	unsigned digits;
	uint64_t v = hex ? scan_hex(&s, &digits) : scan_dec(&s, &digits);
	const char *kind;

	if (!digits ||
		(s.len && (isalpha((unsigned char)*s.s) ||
				  (*s.s == '.' && s.len > 1 && isdigit((unsigned char)s.s[1])))))
		return false;
	kind = ntstatus_kind(negative ? (uint32_t) - (int64_t)v : v);
	if (kind && (hex || v > 1000000)) {
		ended(p, kind, line, false);
		return true;
	}
	if (negative)
		return !bare && v < 32 && fatal_signal(p, (int)v, line, false);
	return !hex && status_signal(v) && fatal_signal(p, status_signal(v), line, false);
}

/* Words that stand between "exit" and its number. */
static bool skip_words(struct strv *s)
{
	static const char *const words[] = { "code", "status", "value", "with", "non-zero",
		"nonzero", "exit", "error", "of", "is", "was", "command", "Code", "CODE", "Status",
		"STATUS", "result", "number", "returned", "return", "ed", "_code", "_status",
		"Code", "Status", "code:", "a", "an", "CODE:" };
	bool any = false;

	for (int i = 0; i < 8; i++) {
		size_t k;

		while (s->len && strchr(" \t:=(,'\"`<{[", *s->s))
			*s = strv_from(*s, 1);
		for (k = 0; k < ARRAY_LEN(words) && !strv_skip(s, words[k]);)
			k++;
		if (k == ARRAY_LEN(words))
			break;
		any = true;
	}
	return any;
}

/* "exit code 139", "exited with code -11", "Exit status: 134", "exitcode=-6", "EXIT CODE: 139", "(Exit 134)" */
bool outcome_exit(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 4);

	strv_skip(&s, "ed");
	if (s.len && *s.s == 's' && !strv_skip(&s, "s"))
		return false;
	skip_words(&s);
	return status(p, s, line, false);
}

/* "returned -11", "return code: -11", "returned non-zero exit status 139" */
bool outcome_return(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 6);

	strv_skip(&s, "ed");
	strv_skip(&s, "code");
	strv_skip(&s, "Code");
	skip_words(&s);
	return status(p, s, line, false);
}

/* "code 139", "code=139", "code 0xc0000005": a code of what isn't said, so only a status that says it itself */
bool outcome_code(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 4), before = strv_trim(strv_sub(line, 0, at));
	bool exits = ends_word(before, "exit") || ends_word(before, "Exit") ||
		     ends_word(before, "with") || ends_word(before, "exited");

	if (s.len && isalpha((unsigned char)*s.s))
		return false;
	skip_words(&s);
	if (!s.len || (*s.s != '-' && !isdigit((unsigned char)*s.s)))
		return false;
	if (!exits && !strv_starts(s, "0x") && !strv_starts(s, "-1073") &&
		!strv_starts(s, "3221") && !happened(line))
		return false;
	return status(p, s, line, !exits);
}

/* make's "*** [all] Error 139", in any language: the last word of the line */
bool outcome_make(struct crash_parser *p, struct strv line, size_t at)
{
	size_t close = strv_rchr(strv_from(line, at), ']'), space;
	struct strv s;

	if (close == SIZE_MAX)
		return false;
	s = strv_trim(strv_from(line, at + close + 1));
	space = strv_rchr(s, ' ');
	if (space == SIZE_MAX || space > 24)
		return false;
	return status(p, strv_from(s, space + 1), line, true);
}

/* "Error 139" alone on its line, as make without brackets and others say it */
bool outcome_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 6);

	return status(p, s, line, true);
}

/* prove: "Non-zero wait status: 139", "(wstat 139, 0x8b)", "(Wstat: 11 Tests: ..."; the low seven bits are a signal */
bool outcome_wait_status(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	unsigned digits;
	uint64_t v;

	while (s.len && !isdigit((unsigned char)*s.s))
		s = strv_from(s, 1);
	v = scan_dec(&s, &digits);
	if (!digits || v > 65535)
		return false;
	if (v & 0x7f)
		return fatal_signal(p, (int)(v & 0x7f), line, false);
	return status_signal(v >> 8) && fatal_signal(p, status_signal(v >> 8), line, false);
}

/* systemd: "code=dumped, status=11/SEGV", "code=killed, status=6/ABRT" */
bool outcome_systemd(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 7);
	unsigned digits;
	uint64_t v = scan_dec(&s, &digits);

	if (!digits || !s.len || *s.s != '/' || !strv_contains(line, "code="))
		return false;
	return fatal_signal(p, (int)MIN(v, (uint64_t)65), line, false);
}

/* "killed by SEGV signal", "status: SEGV": the name without SIG, as upstart, prove and kill -l have it */
bool outcome_short_name(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct {
		const char *name;
		int sig;
	} names[] = { { "SEGV", SIGSEGV }, { "ABRT", SIGABRT }, { "BUS", SIGBUS },
		{ "ILL", SIGILL }, { "FPE", SIGFPE }, { "TRAP", SIGTRAP } };
	struct strv s = strv_from(line, at), after;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!strv_starts(s, names[i].name))
			continue;
		after = strv_from(s, strlen(names[i].name));
		if ((after.len && strv_is_word(*after.s)) || of_handling(line) ||
			!says(line, "signal"))
			return false;
		return happened(line) && fatal_signal(p, names[i].sig, line, from_inside(line));
	}
	return false;
}
