/*
 * Frames as handlers, libraries and runtimes list them: boost::stacktrace, backward, node, PyTorch, Open MPI, the X
 * server, Java's hs_err, Breakpad, Windows and the many that print what backtrace_symbols gave them. What counts is
 * what a frame is made of, not who printed it: a number in any spelling, then address, function, module and place
 * in any order, each of which is peeled off the ends.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "#12", "# 1", "12:", "12#", "12.", "[12]", "[bt] (12)", "(12)", "frame #12:", "12  "; what follows it. */
static bool cut_index(struct strv *s, long *index)
{
	struct strv in = *s;
	unsigned digits;
	char open = 0;

	strv_skip(&in, "=>");
	strv_skip(&in, "* ");
	if (strv_skip(&in, "frame "))
		in = skip_blank(in);
	if (strv_skip(&in, "[bt]") || strv_skip(&in, "bt "))
		in = skip_blank(in);
	if (in.len && (*in.s == '[' || *in.s == '(')) {
		open = *in.s;
		in = skip_blank(strv_from(in, 1));
	}
	if (strv_skip(&in, "#"))
		in = skip_blank(in);
	*index = (long)scan_dec_max(&in, &digits, 1 << 20);
	if (!digits || digits > 4 || !in.len)
		return false;
	if (open) {
		if (*in.s != (open == '[' ? ']' : ')'))
			return false;
		in = strv_from(in, 1);
	} else if (strchr("#:.)", *in.s)) {
		in = strv_from(in, 1);
	}
	if (!in.len || (*in.s != ' ' && *in.s != '\t'))
		return false;
	*s = strv_trim(in);
	return s->len > 0;
}

/* The '(' or '[' that the last byte of s closes. */
static size_t open_of(struct strv s, char open, char close)
{
	size_t depth = 0;

	for (size_t i = s.len; i--;) {
		if (s.s[i] == close)
			depth++;
		else if (s.s[i] == open && !--depth)
			return i;
	}
	return SIZE_MAX;
}

static bool ends_in_line_number(struct strv s)
{
	size_t i = s.len;

	while (i && is_digit(s.s[i - 1]))
		i--;
	return i < s.len && i > 1 && s.s[i - 1] == ':' && s.s[i - 2] != ':' && s.s[i - 2] != ' ';
}

static bool has_module_suffix(struct strv s)
{
	static const char *const suffixes[] = { ".so", ".dll", ".DLL", ".exe", ".EXE", ".dylib",
		".node", ".pyd", ".bin", ".elf", ".out", ".ko", ".bundle" };

	if (strv_contains(s, ".so."))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (strv_ends(s, suffixes[i]))
			return true;
	return false;
}

static bool is_path(struct strv s)
{
	return s.len > 1 &&
	       (*s.s == '/' || strv_starts(s, "./") || strv_starts(s, "../") ||
		       (s.len > 3 && s.s[1] == ':' && (s.s[2] == '\\' || s.s[2] == '/')));
}

static bool one_word(struct strv s)
{
	return s.len && strv_chr(s, ' ') == SIZE_MAX && strv_chr(s, '\t') == SIZE_MAX;
}

static bool is_module(struct strv s)
{
	return one_word(s) && strv_chr(s, '(') == SIZE_MAX && strv_chr(s, '<') == SIZE_MAX &&
	       strv_find(s, "::") == SIZE_MAX && (is_path(s) || has_module_suffix(s));
}

static bool is_unknown(struct strv s)
{
	static const char *const words[] = { "?", "??", "???", "n/a", "<unknown>", "<null>",
		"(unknown)", "()", "(null)", "nil", "<unknown module>", "no symbol", "<no symbol>",
		"unknown", "[unknown]", "?:?", "_", "-" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_eqs(s, words[i]))
			return true;
	return !s.len;
}

/* 0x and digits at the start; at least four, or as many as an address has when the 0x is missing. */
static bool cut_address(struct strv *s, uint64_t *address)
{
	struct strv in = *s;
	bool marked = strv_skip(&in, "0x") || strv_skip(&in, "0X");
	unsigned digits;

	*address = scan_hex(&in, &digits);
	if (digits == 8 && in.len > 8 && *in.s == '`') {
		in = strv_from(in, 1);
		*address = *address << 32 | scan_hex(&in, &digits);
		digits = 16;
	}
	if (marked ? digits < 3 : digits != 16 && digits != 12)
		return false;
	if (in.len && !strchr(" \t:,])", *in.s))
		return false;
	*s = in;
	return true;
}

/* "+0x12", " + 0x12", " + 12", "+0x12/0x34" at the end. */
static bool cut_offset(struct strv *s, uint64_t *offset)
{
	size_t plus = strv_rchr(*s, '+');
	struct strv num;
	unsigned digits, more;

	if (plus == SIZE_MAX || plus + 1 >= s->len)
		return false;
	num = skip_blank(strv_from(*s, plus + 1));
	*offset = strv_skip(&num, "0x") ? scan_hex(&num, &digits) : scan_dec(&num, &digits);
	if (digits && strv_skip(&num, "/0x"))
		scan_hex(&num, &more);
	if (!digits || num.len)
		return false;
	*s = strv_trim(strv_sub(*s, 0, plus));
	return true;
}

static void set_module_offset(struct frame_text *f, struct strv module, uint64_t offset)
{
	f->module = module;
	f->offset = offset;
	f->has_offset = true;
}

/* Inside round brackets at the end: a place, "module+0x12", "0x12 in module", "in module", an address. */
static bool round_group(struct strv before, struct strv in, struct frame_text *f)
{
	struct strv rest = in;
	uint64_t v;
	size_t cut = strv_find(in, " (discriminator");

	if (cut != SIZE_MAX)
		in = strv_sub(in, 0, cut);
	if (strv_starts(in, "BuildId: ")) {
		f->build_id = strv_trim(strv_from(in, 9));
		return true;
	}
	if (strv_starts(in, "discriminator") || strv_starts(in, "inlined") ||
		strv_starts(in, "offset ") || strv_starts(in, "deflated"))
		return true;
	if (strv_starts(in, "??:") || strv_eqs(in, "unknown line") || strv_eqs(in, "no debug info"))
		return true;
	if (is_path(in) && is_module(in)) {
		f->module = in;
		return true;
	}
	if (strv_skip(&rest, "in ") && is_module(strv_trim(rest))) {
		f->module = strv_trim(rest);
		return true;
	}
	rest = in;
	if (cut_address(&rest, &v)) {
		rest = skip_blank(rest);
		if (rest.len && !strv_skip(&rest, "in "))
			return false;
		f->address = v;
		if (rest.len)
			f->module = strv_trim(rest);
		return true;
	}
	if (ends_in_line_number(in) && !strv_contains(in, ", ")) {
		frame_set_location(in, f);
		return true;
	}
	rest = in;
	if (before.len && !is_path(before) && cut_offset(&rest, &v) && one_word(rest) &&
		strv_chr(rest, '(') == SIZE_MAX && strv_find(rest, "::") == SIZE_MAX) {
		set_module_offset(f, rest, v);
		return true;
	}
	return false;
}

/* "[0x12]", "[file:12]", "[file @ 12]", "[file : 12 + 0x5]", "[module]", "[0x12+37]" */
static bool square_group(struct strv in, struct frame_text *f)
{
	struct strv rest = in, num;
	uint64_t v;
	unsigned digits;
	size_t at;

	if (strv_starts(in, "clone") || strv_starts(in, "abi:"))
		return false;
	if (strv_eqs(in, "inlined") || strv_eqs(in, "inline"))
		return true;
	if (cut_address(&rest, &v)) {
		f->address = v;
		return true;
	}
	at = strv_rfind(in, " @ ");
	if (at == SIZE_MAX)
		at = strv_find(in, " : ");
	if (at != SIZE_MAX) {
		num = strv_from(in, at + 3);
		f->line = (unsigned)scan_dec_max(&num, &digits, 1 << 30);
		f->file = strv_trim(strv_sub(in, 0, at));
		return digits > 0;
	}
	if (ends_in_line_number(in)) {
		frame_set_location(in, f);
		return true;
	}
	if (!one_word(in) || strv_chr(in, '(') != SIZE_MAX)
		return false;
	f->module = in;
	return true;
}

/* " at file:12", " in module", " from module", " @ 0x12" at the end of s. */
static bool cut_word_group(struct strv *s, struct frame_text *f)
{
	size_t at = strv_rfind(*s, " at "), in = strv_rfind(*s, " in ");
	struct strv rest;
	uint64_t v;

	if (at != SIZE_MAX && !f->file.len) {
		rest = strv_trim(strv_from(*s, at + 4));
		if (ends_in_line_number(rest) ||
			(is_path(rest) && !has_module_suffix(rest) && one_word(rest))) {
			frame_set_location(rest, f);
			*s = strv_trim(strv_sub(*s, 0, at));
			return true;
		}
		if (is_module(rest)) {
			f->module = rest;
			*s = strv_trim(strv_sub(*s, 0, at));
			return true;
		}
	}
	if (in == SIZE_MAX && strv_starts(*s, "in "))
		return false;
	if (in == SIZE_MAX)
		in = strv_rfind(*s, " from ");
	if (in != SIZE_MAX && !f->module.len) {
		rest = strv_trim(strv_from(*s, in + (s->s[in + 1] == 'i' ? 4 : 6)));
		if (is_module(rest) || (one_word(rest) && (f->address || f->file.len) &&
					       strv_chr(rest, '(') == SIZE_MAX)) {
			f->module = rest;
			*s = strv_trim(strv_sub(*s, 0, in));
			return true;
		}
	}
	at = strv_rfind(*s, " @ 0x");
	if (at != SIZE_MAX) {
		rest = strv_from(*s, at + 3);
		if (cut_address(&rest, &v) && !skip_blank(rest).len) {
			f->address = v;
			*s = strv_trim(strv_sub(*s, 0, at));
			return true;
		}
	}
	return false;
}

/* Whatever stands behind the function, from the end. */
static void peel(struct strv *s, struct frame_text *f)
{
	for (int i = 0; i < 6 && s->len; i++) {
		char last = s->s[s->len - 1];
		size_t open = SIZE_MAX;

		if (last == ')')
			open = open_of(*s, '(', ')');
		else if (last == ']')
			open = open_of(*s, '[', ']');
		if (open != SIZE_MAX && (open == 0 || s->s[open - 1] == ' ' ||
						s->s[open - 1] == '\t' || last == ']')) {
			struct strv in = strv_trim(strv_sub(*s, open + 1, s->len - open - 2));
			struct strv before = strv_trim(strv_sub(*s, 0, open));

			if (last == ')' ? round_group(before, in, f)
					: (before.len || *in.s == '0') && square_group(in, f)) {
				*s = before;
				continue;
			}
		}
		if (!cut_word_group(s, f))
			break;
	}
}

/* "module(function+0x12)", "module (function+0x12)", "module()", "(function+0x12)" */
static bool module_and_function(struct strv s, struct frame_text *f)
{
	size_t open = strv_chr(s, '(');
	struct strv module, in;
	uint64_t offset;

	if (open == SIZE_MAX || s.s[s.len - 1] != ')')
		return false;
	module = strv_trim(strv_sub(s, 0, open));
	in = strv_sub(s, open + 1, s.len - open - 2);
	if (!in.len) {
		if (!is_module(module) && !is_path(module))
			return false;
		f->module = module;
		return true;
	}
	if (!cut_offset(&in, &offset))
		return false;
	if (module.len && strv_chr(module, ' ') != SIZE_MAX) {
		if (!is_path(module))
			return false;
		module = strv_sub(module, 0, strv_chr(module, ' ')); /* a process's title */
	}
	if (module.len)
		f->module = module;
	if (strv_starts(in, "0x")) { /* the X server: where the module begins, and how far in it */
		set_module_offset(f, module, offset);
		return module.len > 0;
	}
	if (!is_unknown(in))
		f->function = in;
	else if (module.len && *in.s != '?')
		set_module_offset(f, module, offset);
	return true;
}

/* hs_err: "[libx.so+0x12]  function+0x34" */
static bool bracketed_module(struct strv s, struct frame_text *f)
{
	size_t close = strv_chr(s, ']');
	struct strv in, rest;
	uint64_t offset;

	if (*s.s != '[' || close == SIZE_MAX)
		return false;
	in = strv_sub(s, 1, close - 1);
	rest = strv_trim(strv_from(s, close + 1));
	if (!cut_offset(&in, &offset) || !one_word(in))
		return false;
	set_module_offset(f, in, offset);
	peel(&rest, f);
	cut_offset(&rest, &offset);
	if (!is_unknown(rest))
		f->function = rest;
	return true;
}

/* backward: `Object "m", at 0x1, in f`, `Source "a.c", line 1, in f`; Python: `Binary file "m", at f+0x1 [0x2]` */
static bool quoted_module(struct strv s, struct frame_text *f)
{
	bool source = strv_skip(&s, "Source \""),
	     binary = !source && strv_skip(&s, "Binary file \"");
	size_t quote, at;
	struct strv name, rest;
	unsigned digits;
	uint64_t v;

	if (!source && !binary && !strv_skip(&s, "Object \""))
		return false;
	quote = strv_chr(s, '"');
	if (quote == SIZE_MAX)
		return false;
	name = strv_sub(s, 0, quote);
	rest = strv_from(s, quote + 1);
	if (binary) {
		f->module = name;
		if (!strv_skip(&rest, ", at "))
			return true;
		rest = strv_trim(rest);
		peel(&rest, f);
		if (strv_starts(rest, "+0x")) {
			rest = strv_from(rest, 3);
			set_module_offset(f, name, scan_hex(&rest, &digits));
			return true;
		}
		if (cut_offset(&rest, &v) && is_unknown(rest))
			set_module_offset(f, name, v);
		else if (!is_unknown(rest))
			f->function = rest;
		return true;
	}
	if (source) {
		f->file = name;
		strv_skip(&rest, ", line ");
		f->line = (unsigned)scan_dec_max(&rest, &digits, 1 << 30);
	} else {
		f->module = name;
		strv_skip(&rest, ", at ");
		cut_address(&rest, &f->address);
	}
	at = strv_find(rest, ", in ");
	if (at == SIZE_MAX)
		return true;
	rest = strv_trim(strv_from(rest, at + 5));
	at = strv_rfind(rest, " [0x");
	if (at != SIZE_MAX)
		rest = strv_sub(rest, 0, at);
	if (!is_unknown(rest))
		f->function = rest;
	return true;
}

static bool plausible(struct strv s)
{
	if (!s.len || s.len > TEXT_MAX)
		return false;
	if (!((s.s[0] | 32) >= 'a' && (s.s[0] | 32) <= 'z') && !strchr("_~<(:$?.@-[`+{", *s.s) &&
		!(s.s[0] & 0x80))
		return false;
	return !strv_ends(s, ".") && !strv_ends(s, ":") && !strv_contains(s, ". ") &&
	       !strv_starts(s, "http") && !strv_starts(s, "--");
}

/* "module!function(args)+0x12"; a template's or operator's '!' isn't one */
static void cut_bang(struct strv *s, struct frame_text *f)
{
	size_t bang = strv_chr(*s, '!');

	if (bang == SIZE_MAX || !bang || bang + 1 >= s->len || s->s[bang + 1] == '=' ||
		!one_word(strv_sub(*s, 0, bang)) ||
		strv_chr(strv_sub(*s, 0, bang), '(') != SIZE_MAX ||
		strv_chr(strv_sub(*s, 0, bang), '<') != SIZE_MAX ||
		strv_ends(strv_sub(*s, 0, bang), "operator"))
		return;
	if (!f->module.len)
		f->module = strv_sub(*s, 0, bang);
	*s = strv_from(*s, bang + 1);
}

/* "/src/a.cpp:12: f() @ 0x1 in module": the place comes first */
static void cut_place_in_front(struct strv *s, struct frame_text *f)
{
	size_t colon = strv_find(*s, ": ");
	struct strv place;

	if (colon == SIZE_MAX || !is_path(*s))
		return;
	place = strv_sub(*s, 0, colon);
	if (strv_chr(place, ' ') != SIZE_MAX || !ends_in_line_number(place))
		return;
	frame_set_location(place, f);
	*s = strv_trim(strv_from(*s, colon + 2));
}

/* What a frame is made of, without its number. How sure: 0 not a frame, 1 only in a stack, 2 anywhere. */
int frame_parse_body(struct strv s, struct frame_text *f)
{
	struct strv in = s;
	uint64_t offset;
	size_t line;
	bool spaced;

	if (!s.len)
		return 0;
	if (quoted_module(s, f))
		return 2;
	if (bracketed_module(s, f))
		return 2;
	cut_place_in_front(&in, f);
	if (cut_address(&in, &f->address)) {
		size_t bytes = *skip_blank(in).s == '[' ? strv_find(in, "]: ") : SIZE_MAX;

		if (bytes != SIZE_MAX) /* HAProxy shows the code there */
			in = strv_from(in, bytes + 3);
		while (in.len && strchr(" \t:,-", *in.s))
			in = strv_from(in, 1);
		if (strv_skip(&in, "in ") && strv_contains(in, " (") && frame_parse_gdb(strv_trim(in), f))
			return 2;
		s = strv_trim(in);
		if (!s.len)
			return 1;
	} else {
		s = in;
	}
	peel(&s, f);
	if (is_unknown(s) || (strv_starts(s, "in ") && is_module(strv_trim(strv_from(s, 3))))) {
		if (s.len > 3 && !f->module.len && strv_starts(s, "in "))
			f->module = strv_trim(strv_from(s, 3));
		return f->address || f->has_offset || f->module.len ? 2 : 0;
	}
	if (module_and_function(s, f))
		return 2;
	cut_bang(&s, f);
	line = strv_rfind(s, " Line ");
	if (line != SIZE_MAX && line + 6 < s.len && is_digit(s.s[line + 6])) { /* Visual Studio */
		struct strv num = strv_from(s, line + 6);
		unsigned digits;

		f->line = (unsigned)scan_dec_max(&num, &digits, 1 << 30);
		s = strv_trim(strv_sub(s, 0, line));
	}
	spaced = strv_rfind(s, " + 0x") != SIZE_MAX;
	if (cut_offset(&s, &offset)) {
		if (!f->module.len &&
			(is_module(s) || (spaced && one_word(s) && !f->address && !f->file.len &&
						 strv_find(s, "::") == SIZE_MAX &&
						 strv_chr(s, '(') == SIZE_MAX))) {
			set_module_offset(f, s, offset); /* Breakpad's "viewer + 0x2231" */
			return 2;
		}
		f->offset = offset;
		if (!plausible(s) || (!one_word(s) && strv_chr(s, '(') == SIZE_MAX &&
					     strv_chr(s, '<') == SIZE_MAX))
			return 0;
		f->function = s;
		return 2;
	}
	if (!f->module.len && is_module(s)) {
		f->module = s;
		return f->address ? 2 : 1;
	}
	if (!plausible(s))
		return 0;
	f->function = s;
	if (f->address)
		return 2;
	return (f->file.len && f->line) || f->module.len ? 2 : 0;
}

/* "0x43b4c5: varnishd(f+0x1a5) [0x43b4c5]", gcc's "0xb78b8f f(tree_node*)": an address leads, no number does */
bool frame_parse_addressed(struct strv s, struct frame_text *f)
{
	size_t open;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	if (strv_find(s, " in ") < 24 &&
		strv_contains(s, " (")) /* where gdb stopped; its #0 says it again */
		return false;
	if (frame_parse_body(s, f) != 2 || !f->address)
		return false;
	if (f->module.len || f->file.len || f->offset)
		return f->function.len || f->has_offset;
	open = strv_chr(f->function, '(');
	if (open == SIZE_MAX)
		return one_word(f->function) || !f->function.len;
	return f->function.s[f->function.len - 1] == ')' &&
	       (!open || f->function.s[open - 1] != ' ');
}

/* The line without white space around it. */
int frame_parse_listed(struct strv s, struct frame_text *f)
{
	struct strv in = s;
	int sure;

	memset(f, 0, sizeof(*f));
	f->index = -1;
	if (!cut_index(&in, &f->index))
		return 0;
	sure = frame_parse_body(in, f);
	if (sure && f->module.len == 0)
		f->has_offset = false;
	return sure;
}
