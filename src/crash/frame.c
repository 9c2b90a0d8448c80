/*
 * Numbered frames: "#3 0x4f6b78 in f(int) /src/a.c:76:7", as sanitizers, gdb, Android, Chromium and
 * Rust print them. A line is taken apart from both ends, since names hold blanks, brackets and colons.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "(module+0x12)" or "(<unknown module>)" at the end of *s is cut off and kept in f. */
bool frame_cut_module(struct strv *s, struct frame_text *f)
{
	struct strv in, num;
	size_t open, plus;
	unsigned digits;

	if (!s->len || s->s[s->len - 1] != ')')
		return false;
	open = strv_rchr(*s, '(');
	if (open == SIZE_MAX || (open && s->s[open - 1] != ' ' && s->s[open - 1] != '\t'))
		return false;
	in = strv_sub(*s, open + 1, s->len - open - 2);
	if (strv_eqs(in, "<unknown module>") || strv_eqs(in, "<unknown>"))
		goto cut;
	plus = find_offset(in);
	num = strv_from(in, plus == SIZE_MAX ? in.len : plus + 3);
	if (plus == SIZE_MAX) { /* systemd: "(libx.so.6 + 0x9403c)" */
		plus = strv_find(in, " + 0x");
		if (plus == SIZE_MAX)
			return false;
		num = strv_from(in, plus + 5);
	}
	f->offset = scan_hex(&num, &digits);
	if (!digits || num.len)
		return false;
	f->has_offset = true;
	f->module = strv_sub(in, 0, plus);
cut:
	*s = strv_trim(strv_sub(*s, 0, open));
	return true;
}

static void cut_build_id(struct strv *s, struct frame_text *f)
{
	size_t at;

	if (!s->len || s->s[s->len - 1] != ')')
		return;
	at = strv_rchr(*s, '(');
	if (at == SIZE_MAX || !strv_starts(strv_from(*s, at), "(BuildId: "))
		return;
	f->build_id = strv_trim(strv_sub(*s, at + 10, s->len - at - 11));
	*s = strv_trim(strv_sub(*s, 0, at));
}

/* Cut ":12" off the end; 0 when there is none. */
static unsigned cut_number(struct strv *s)
{
	size_t i = s->len;
	struct strv num;
	unsigned digits;
	uint64_t v;

	while (i && is_digit(s->s[i - 1]))
		i--;
	if (i == s->len || i < 2 || s->s[i - 1] != ':' || s->len - i > 9)
		return 0;
	num = strv_from(*s, i);
	v = scan_dec(&num, &digits);
	s->len = i - 1;
	return (unsigned)v;
}

static bool ends_in_number(struct strv s)
{
	size_t i = s.len;

	while (i && is_digit(s.s[i - 1]))
		i--;
	return i < s.len && i > 1 && s.s[i - 1] == ':';
}

/* How the various tools say that they don't know. */
static bool is_nothing(struct strv s)
{
	static const char *const words[] = { "??", "???", "<null>", "<null> <null>", "<invalid>",
		"(null)", "<unknown>", "<unknown module>", "(unknown)", "n/a", "<unavailable>" };

	if (*s.s != '?' && *s.s != '<' && *s.s != '(' && *s.s != 'n')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_eqs(s, words[i]))
			return true;
	return false;
}

/* "file:line:column", "file:line", "file(line)", "file". */
void frame_set_location(struct strv s, struct frame_text *f)
{
	unsigned a = 0, b = 0;
	bool two = false;

	if (s.len && s.s[s.len - 1] == ')' && strv_rchr(s, '(') != SIZE_MAX) {
		size_t open = strv_rchr(s, '(');
		struct strv num = strv_sub(s, open + 1, s.len - open - 2);
		unsigned digits;
		uint64_t v = scan_dec(&num, &digits);

		if (digits && digits < 9 && (!num.len || *num.s == ',')) {
			f->line = (unsigned)v;
			s.len = open;
		}
	} else if (ends_in_number(s)) {
		a = cut_number(&s);
		two = ends_in_number(s);
		if (two)
			b = cut_number(&s);
		f->line = two ? b : a;
		f->column = two ? a : 0;
	} else if (strv_ends(s, ":?")) {
		s.len -= 2;
	}
	if (!s.len || is_nothing(s)) {
		f->line = f->column = 0;
		return;
	}
	f->file = s;
}

/* Would this word, the last of a frame, be a place in a file? */
static bool looks_like_place(struct strv w)
{
	static const char *const suffixes[] = { ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".rs",
		".go", ".S", ".s", ".asm", ".m", ".mm", ".inc", ".C", ".hh", ".y", ".l", ".c++",
		".swift", ".py", ".java", ".def", ".tcc", ".ipp" };

	if (!w.len)
		return false;
	if (ends_in_number(w) || strv_starts(w, "??:") || strv_starts(w, "<null>"))
		return true;
	if (strv_chr(w, '(') != SIZE_MAX && w.s[w.len - 1] != ')')
		return false;
	if (w.s[0] == '/' || strv_starts(w, "./") || strv_starts(w, "../"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (strv_ends(w, suffixes[i]))
			return true;
	return false;
}

/* " /", ":/" or a backslash: a path that doesn't begin at the last blank only. */
static bool has_root(struct strv s)
{
	if (memchr(s.s, '\\', s.len))
		return true;
	for (const char *at = s.s, *end = s.s + s.len; (at = memchr(at, '/', (size_t)(end - at)));
		at++)
		if (at > s.s && (at[-1] == ' ' || at[-1] == ':'))
			return true;
	return false;
}

/* Where a path begins behind the function's name: a blank outside all brackets, then a root. */
static size_t place_start(struct strv s)
{
	size_t depth = 0, last = strv_rchr(s, ' ');

	/* the common case, from the end; a path with blanks in it takes the long way */
	if (last != SIZE_MAX && last + 1 < s.len && s.s[last + 1] == '/' && ends_in_number(s))
		return last;
	if (last == SIZE_MAX)
		return SIZE_MAX;
	/* no path with a root: only the last word can be a place */
	if (!has_root(s)) {
		if (ends_in_number(s))
			return last;
		if (!looks_like_place(strv_from(s, last + 1)))
			return SIZE_MAX;
	}
	last = SIZE_MAX;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':')
			continue;
		if (c == '(' || c == '[' || c == '{')
			depth++;
		else if ((c == ')' || c == ']' || c == '}') && depth)
			depth--;
		else if (c == '<' && !(i >= 8 && !memcmp(s.s + i - 8, "operator", 8)) &&
			 !(i >= 9 && !memcmp(s.s + i - 9, "operator<", 9)))
			depth++;
		else if (c == '>' && depth && i && s.s[i - 1] != '-' && s.s[i - 1] != '=')
			depth--;
		if ((c != ' ' && c != '\t') || depth)
			continue;
		if (i + 1 < s.len &&
			(s.s[i + 1] == '/' || (i + 3 < s.len && s.s[i + 2] == ':' &&
						      (s.s[i + 3] == '\\' || s.s[i + 3] == '/'))))
			return i;
		last = i;
	}
	if (last != SIZE_MAX && looks_like_place(strv_from(s, last + 1)))
		return last;
	return SIZE_MAX;
}

static bool is_module_name(struct strv s)
{
	if (s.s[0] != '/' && strv_chr(s, '.') == SIZE_MAX)
		return false;
	return strv_chr(s, '(') == SIZE_MAX && strv_chr(s, ' ') == SIZE_MAX &&
	       (strv_ends(s, ".so") || strv_contains(s, ".so.") || strv_ends(s, ".dylib") ||
		       strv_ends(s, ".dll") || (s.len > 1 && s.s[0] == '/'));
}

static void set_function(struct strv s, struct frame_text *f)
{
	s = strv_trim(s);
	while (s.len > 7 && s.s[s.len - 1] == '>' && strv_ends(s, " <null>"))
		s = strv_trim(
			strv_sub(s, 0, s.len - 7)); /* TSan's place without debug information */
	if (!s.len || is_nothing(s))
		return;
	if (is_module_name(s) && !f->module.len) {
		f->module = s;
		return;
	}
	f->function = s;
}

/* "FUNC", "FUNC /path/file.c:1:2", "FUNC file.c:1", "FUNC (module+0x1)", "FUNC <libx.so>+0x1". */
void frame_split_location(struct strv s, struct frame_text *f)
{
	size_t at;

	s = strv_trim(s);
	if (!s.len)
		return;
	cut_build_id(&s, f);
	frame_cut_module(&s, f);
	at = s.len && (s.s[s.len - 1] == '>' || s.s[s.len - 1] == ')') ? SIZE_MAX : place_start(s);
	if (at == SIZE_MAX && s.len && s.s[s.len - 1] != '>' && ends_in_number(s)) {
		/* brackets out of balance, as in a name that was cut: the last root wins */
		at = strv_rfind(s, " /");
		if (at == SIZE_MAX)
			at = strv_rchr(s, ' ');
	}
	if (at == SIZE_MAX && s.len > 2 && s.s[s.len - 1] == ')' && is_digit(s.s[s.len - 2])) {
		at = place_start(s);
		if (at != SIZE_MAX && !looks_like_place(strv_from(s, at + 1)))
			at = SIZE_MAX;
	}
	if (at != SIZE_MAX) {
		frame_set_location(strv_trim(strv_from(s, at)), f);
		s = strv_trim(strv_sub(s, 0, at));
		if (strv_ends(s, " at") || strv_ends(s, ") in"))
			s.len -= 3;
	} else if (strv_chr(s, ' ') == SIZE_MAX && ends_in_number(s) &&
		   strv_find(s, "::") == SIZE_MAX) {
		frame_set_location(s, f);
		return;
	}
	set_function(s, f);
}

/* Matching close of the bracket at `open`, or SIZE_MAX. Strings in gdb's arguments are skipped. */
static size_t closing(struct strv s, size_t open)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = open; i < s.len; i++) {
		char c = s.s[i];

		if (c == '\\' && quoted)
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '(')
			depth++;
		else if (c == ')' && !--depth)
			return i;
	}
	return SIZE_MAX;
}

/* gdb: "foo (a=1, b=0x2 \"x\") at file.c:12", "foo () from /lib/libc.so.6", "foo (...)" */
bool frame_parse_gdb(struct strv s, struct frame_text *f)
{
	size_t open = strv_find(s, " ("), close;
	struct strv rest;

	while (open != SIZE_MAX && strv_starts(strv_from(s, open), " (anonymous namespace)")) {
		size_t next = strv_find(strv_from(s, open + 2), " (");

		open = next == SIZE_MAX ? next : open + 2 + next;
	}
	if (!open || open == SIZE_MAX)
		return false;
	close = closing(s, open + 1);
	rest = close == SIZE_MAX ? strv_n("", 0) : skip_blank(strv_from(s, close + 1));
	if (rest.len && !strv_starts(rest, "at ") && !strv_starts(rest, "from "))
		return false;
	if (strv_sub(s, 0, open).len > 400 || strv_contains(strv_sub(s, 0, open), ": "))
		return false;
	set_function(strv_sub(s, 0, open), f);
	f->arguments = strv_sub(s, open, (close == SIZE_MAX ? s.len : close + 1) - open);
	if (strv_skip(&rest, "at "))
		frame_set_location(strv_trim(rest), f);
	else if (strv_skip(&rest, "from "))
		f->module = strv_trim(rest);
	return true;
}

/* Android: "pc 00012345  /system/lib64/libfoo.so (func+123) (BuildId: ...)" */
static bool parse_pc(struct strv s, struct frame_text *f)
{
	unsigned digits;
	size_t space, plus;

	strv_skip(&s, "0x");
	f->offset = scan_hex(&s, &digits);
	if (digits < 4 || !s.len || (*s.s != ' ' && *s.s != '\t'))
		return false;
	f->has_offset = true;
	s = strv_trim(s);
	cut_build_id(&s, f);
	space = strv_chr(s, ' ');
	f->module = strv_sub(s, 0, space == SIZE_MAX ? s.len : space);
	if (space == SIZE_MAX)
		return true;
	s = strv_trim(strv_from(s, space));
	if (strv_skip(&s, "(offset ")) {
		size_t end = strv_chr(s, ')');

		s = end == SIZE_MAX ? strv_n("", 0) : strv_trim(strv_from(s, end + 1));
	}
	if (s.len < 2 || s.s[0] != '(' || s.s[s.len - 1] != ')')
		return true;
	s = strv_sub(s, 1, s.len - 2);
	plus = strv_rchr(s, '+');
	if (plus != SIZE_MAX && plus + 1 < s.len && is_digit(s.s[plus + 1]))
		s.len = plus;
	set_function(s, f);
	return true;
}

/* Cheap doubt before the searches: gdb has a blank before the arguments, a sanitizer never does. */
static bool gdb_arguments(struct strv s)
{
	size_t open = strv_chr(s, '(');

	if (open != SIZE_MAX && strv_ends(strv_sub(s, 0, open), "operator")) {
		size_t next = strv_chr(strv_from(s, open + 1), '('); /* operator() */

		open = next == SIZE_MAX ? open : open + 1 + next;
	}
	return open != SIZE_MAX &&
	       (!open || s.s[open - 1] == ' ' || strv_starts(strv_from(s, open), "(anon"));
}

/* systemd's "f (libx.so.6)", without an offset and without gdb's "in" */
static void cut_plain_module(struct strv *s, struct frame_text *f)
{
	size_t open = strv_rfind(*s, " (");
	struct strv in;

	if (open == SIZE_MAX || !open || s->s[s->len - 1] != ')')
		return;
	in = strv_sub(*s, open + 2, s->len - open - 3);
	if (!in.len || strv_chr(strv_sub(*s, 0, open), ' ') != SIZE_MAX)
		return;
	for (size_t i = 0; i < in.len; i++)
		if (!is_digit(in.s[i]) && !((in.s[i] | 32) >= 'a' && (in.s[i] | 32) <= 'z') &&
			!strchr("_.-+/", in.s[i]))
			return;
	if (strv_contains(in, "+0x"))
		return;
	f->module = in;
	*s = strv_sub(*s, 0, open);
}

/* Behind "0x1234 ": everything that may follow an address. */
static void parse_after_address(struct strv s, struct frame_text *f)
{
	struct strv in = s;

	if (strv_skip(&in, "in ")) {
		in = strv_trim(in);
		/* gdb puts arguments behind a blank, a sanitizer never does */
		if (gdb_arguments(in) &&
			(strv_contains(in, ") at ") || strv_contains(in, ") from ") ||
				strv_ends(in, " ()")) &&
			frame_parse_gdb(in, f))
			return;
		frame_split_location(in, f);
		return;
	}
	cut_plain_module(&s, f);
	frame_split_location(s, f);
}

/* lldb: "a.out`crash(p=0x0) at a.c:3:6", "libdyld.dylib`start + 1" */
static bool parse_lldb(struct strv s, struct frame_text *f)
{
	size_t tick = strv_chr(s, '`'), at;

	if (tick == SIZE_MAX || !tick)
		return false;
	f->module = strv_sub(s, 0, tick);
	s = strv_from(s, tick + 1);
	at = strv_rfind(s, " at ");
	if (at != SIZE_MAX)
		frame_set_location(strv_trim(strv_from(s, at + 4)), f);
	else
		at = strv_rfind(s, " + ");
	s = strv_sub(s, 0, at);
	at = strv_find(s, " [inlined] ");
	set_function(at == SIZE_MAX ? s : strv_from(s, at + 11), f);
	return true;
}

static bool parse_unaddressed(struct strv s, bool expected, struct frame_text *f)
{
	struct strv in = s;

	if (strv_skip(&in, "<signal handler called>")) {
		f->signal_handler = true;
		return true;
	}
	if (strv_skip(&in, "pc "))
		return parse_pc(skip_blank(in), f);
	if (strv_skip(&in, "in ")) {
		frame_split_location(in, f);
		return f->function.len || f->module.len;
	}
	if (s.s[s.len - 1] == ')' &&
		(find_offset(s) != SIZE_MAX || strv_contains(s, "(<unknown"))) {
		frame_split_location(s, f);
		if (f->has_offset || f->function.len)
			return true;
	}
	if (strv_contains(s, " (") && frame_parse_gdb(s, f))
		return true;
	in = strv_from(s, strv_rchr(s, ' ') == SIZE_MAX ? 0 : strv_rchr(s, ' ') + 1);
	if (in.s != s.s && looks_like_place(in) && strv_chr(in, '.') != SIZE_MAX) {
		frame_split_location(s, f);
		return f->function.len > 0;
	}
	if (expected && strv_chr(s, '\t') == SIZE_MAX && in.s == s.s) {
		set_function(s, f);
		return f->function.len > 0;
	}
	return false;
}

/*
 * s begins with '#'. anywhere: something stands before it on the line, so only forms that can't be prose
 * count. expected: a stack is open and waits for this number.
 */
bool frame_parse_numbered(struct strv s, bool anywhere, bool expected, struct frame_text *f)
{
	unsigned digits;
	uint64_t n;
	bool lldb;

	memset(f, 0, sizeof(*f));
	s = strv_from(s, 1);
	n = scan_dec(&s, &digits);
	lldb = anywhere && digits && strv_skip(&s, ":");
	if (!digits || digits > 6 || !s.len || (*s.s != ' ' && *s.s != '\t'))
		return false;
	f->index = (long)n;
	s = strv_trim(s);
	if (s.len > 1 && s.s[s.len - 1] == ',' && s.s[s.len - 2] == '"')
		s.len--; /* a line of a JSON array */
	if (s.len && s.s[s.len - 1] == '"' && anywhere)
		s.len--;
	if (!s.len)
		return false;
	if (s.len > 2 && s.s[0] == '0' && s.s[1] == 'x') {
		s = strv_from(s, 2);
		f->address = scan_hex(&s, &digits);
		if (!digits)
			return false;
		if (lldb)
			return parse_lldb(strv_trim(s), f);
		parse_after_address(strv_trim(s), f);
		return true;
	}
	if (lldb || (anywhere && !strv_starts(s, "pc ") && find_offset(s) == SIZE_MAX &&
			    !strv_contains(s, ") at ")))
		return false;
	return parse_unaddressed(s, expected, f);
}
