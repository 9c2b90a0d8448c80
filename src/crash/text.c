/*
 * Bytes to lines: UTF-16 and Latin-1 to UTF-8, escape sequences and overprinting out, carriage returns and the
 * ways that loggers write a line's end inside a line (\n, \012, #012) to real ones. Most lines need none of it:
 * a chunk is looked over once for the bytes that call for work.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/lines.h"

enum rare_bytes {
	RARE_CONTROL = 1, /* ESC, backspace and their like */
	RARE_RETURN = 2,  /* \r */
	RARE_NUL = 4,
	RARE_BACKSLASH = 8,
	RARE_HIGH = 16,
	RARE_ENTITY = 32, /* & */
	RARE_CARET = 64,  /* as in cat -v's ^[ */
};

enum { DEPTH_MAX = 3 };

static void text_line(struct crash_parser *p, struct strv line, int depth);

static bool has_high(const char *s, size_t n)
{
	size_t i = 0;
	uint64_t word, all = 0;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, s + i, 8);
		all |= word;
	}
	for (; i < n; i++)
		all |= (uint64_t)(unsigned char)s[i] << 56;
	return all & 0x8080808080808080ULL;
}

static unsigned rare_of(const char *s, size_t n)
{
	unsigned rare = 0;

	rare |= memchr(s, 0x1b, n) || memchr(s, '\b', n) ? RARE_CONTROL : 0;
	rare |= memchr(s, '\r', n) ? RARE_RETURN : 0;
	rare |= memchr(s, 0, n) ? RARE_NUL : 0;
	rare |= memchr(s, '\\', n) ? RARE_BACKSLASH : 0;
	rare |= memchr(s, '&', n) ? RARE_ENTITY : 0;
	rare |= memchr(s, '^', n) ? RARE_CARET : 0;
	rare |= has_high(s, n) ? RARE_HIGH : 0;
	return rare;
}

static void add_utf8(struct buf *b, unsigned c)
{
	if (c < 0x80) {
		buf_addch(b, (int)c);
	} else if (c < 0x800) {
		buf_addch(b, (int)(0xc0 | c >> 6));
		buf_addch(b, (int)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_addch(b, (int)(0xe0 | c >> 12));
		buf_addch(b, (int)(0x80 | (c >> 6 & 0x3f)));
		buf_addch(b, (int)(0x80 | (c & 0x3f)));
	} else {
		buf_addch(b, (int)(0xf0 | (c >> 18 & 7)));
		buf_addch(b, (int)(0x80 | (c >> 12 & 0x3f)));
		buf_addch(b, (int)(0x80 | (c >> 6 & 0x3f)));
		buf_addch(b, (int)(0x80 | (c & 0x3f)));
	}
}

/* Behind an ESC at s[i - 1]: where the sequence ends. */
static size_t escape_end(struct strv s, size_t i)
{
	if (i >= s.len)
		return i;
	switch (s.s[i]) {
	case '[':
		for (i++; i < s.len && (s.s[i] < 0x40 || s.s[i] > 0x7e);)
			i++;
		return MIN(i + 1, s.len);
	case ']': /* titles and links, Buildkite's times: up to BEL or ESC \ */
	case '_':
	case 'P':
	case '^':
		while (i < s.len && s.s[i] != 0x07 && s.s[i] != 0x1b)
			i++;
		return MIN(i + (i < s.len && s.s[i] == 0x07), s.len);
	case '(':
	case ')':
	case '#':
	case '%':
		return MIN(i + 2, s.len);
	default:
		return i + 1;
	}
}

/* ESC in words: cat -v's "^[", and "[31m" with its ESC lost; how long, 0: not there. */
static size_t written_escape(struct strv s, size_t i)
{
	static const char *const spelled[] = { "^[[", "\\033[", "\\x1b[", "\\x1B[", "\\u001b[",
		"\\u001B[", "\\e[", "#033[" };
	size_t at = 0;

	for (size_t k = 0; !at && k < ARRAY_LEN(spelled); k++)
		if (strv_starts(strv_from(s, i), spelled[k]))
			at = i + strlen(spelled[k]);
	if (!at)
		return 0;
	while (at < s.len && ((s.s[at] >= '0' && s.s[at] <= '9') || s.s[at] == ';'))
		at++;
	return at < s.len && ((s.s[at] | 32) >= 'a' && (s.s[at] | 32) <= 'z') ? at + 1 - i : 0;
}

/* What a terminal would show: no sequences, no overstruck letters, no other controls. */
static void add_visible(struct buf *out, struct strv s, unsigned rare)
{
	size_t n;

	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.s[i];

		if (c == 0x1b) {
			i = escape_end(s, i + 1);
		} else if (c == '\b') {
			out->len -= out->len > 0;
			i++;
		} else if (c < ' ' && c != '\t' && c != '\r') {
			if (c == '\f' || c == '\v')
				buf_addch(out, ' ');
			i++;
		} else if ((c == '^' || c == '\\' || c == '#') &&
			   rare & (RARE_CARET | RARE_BACKSLASH) && (n = written_escape(s, i))) {
			i += n;
		} else {
			buf_addch(out, c);
			i++;
		}
	}
}

/* The length of a well-formed UTF-8 sequence, 0: it isn't one. */
static size_t utf8_length(struct strv s, size_t i)
{
	unsigned char c = (unsigned char)s.s[i];
	size_t n = c < 0x80                ? 1
		   : c >= 0xc2 && c < 0xe0 ? 2
		   : (c & 0xf0) == 0xe0    ? 3
		   : (c & 0xf8) == 0xf0    ? 4
					   : 0;

	if (!n || i + n > s.len)
		return 0;
	for (size_t k = 1; k < n; k++)
		if (((unsigned char)s.s[i + k] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* Windows-1252 where it differs from Latin-1: typographic quotes and dashes as ASCII, others as blanks. */
static const char *cp1252(unsigned char c)
{
	switch (c) {
	case 0x91:
	case 0x92:
	case 0x8b:
	case 0x9b:
		return "'";
	case 0x93:
	case 0x94:
		return "\"";
	case 0x96:
	case 0x97:
		return "-";
	case 0x85:
		return "...";
	case 0xa0:
		return " ";
	default:
		return NULL;
	}
}

/* Typographic variants of what programs print in ASCII, as word processors and web pages make them. */
static const struct {
	const char *text, *plain;
} typographic[] = {
	{ "\xc2\xa0", " " },
	{ "\xe2\x80\xaf", " " },
	{ "\xe2\x80\x89", " " },
	{ "\xe2\x80\x8b", "" },
	{ "\xe2\x80\x8c", "" },
	{ "\xe2\x80\x8d", "" },
	{ "\xef\xbb\xbf", "" },
	{ "\xe2\x80\x8e", "" },
	{ "\xe2\x80\x8f", "" },
	{ "\xe2\x81\xa0", "" },
	{ "\xc2\xad", "" },
	{ "\xe2\x80\x98", "'" },
	{ "\xe2\x80\x99", "'" },
	{ "\xe2\x80\x9c", "\"" },
	{ "\xe2\x80\x9d", "\"" },
	{ "\xe2\x80\x90", "-" },
	{ "\xe2\x80\x91", "-" },
	{ "\xe2\x80\x92", "-" },
	{ "\xe2\x80\x93", "-" },
	{ "\xe2\x80\x94", "-" },
	{ "\xe2\x88\x92", "-" },
	{ "\xe3\x80\x80", " " },
	{ "\xef\xbc\x88", " (" },
	{ "\xef\xbc\x89", ")" },
	{ "\xef\xbc\x9a", ": " },
	{ "\xef\xbc\x8c", ", " },
	/* UTF-8 that was taken for Windows-1252 and written as UTF-8 once more */
	{ "\xc3\xa2\xe2\x82\xac\xcb\x9c", "'" },
	{ "\xc3\xa2\xe2\x82\xac\xe2\x84\xa2", "'" },
	{ "\xc3\xa2\xe2\x82\xac\xc5\x93", "\"" },
	{ "\xc3\xa2\xe2\x82\xac\xc2\x9d", "\"" },
	{ "\xc3\x82\xc2\xa0", " " },
};

static void add_plain(struct buf *out, struct strv s)
{
	for (size_t i = 0; i < s.len;) {
		size_t n = utf8_length(s, i), k;
		const char *plain;

		if ((unsigned char)s.s[i] < 0x80) {
			buf_addch(out, s.s[i++]);
			continue;
		}
		if (!n) {
			plain = cp1252((unsigned char)s.s[i]);
			if (plain)
				buf_adds(out, plain);
			else
				add_utf8(out, (unsigned char)s.s[i]);
			i++;
			continue;
		}
		for (k = 0; k < ARRAY_LEN(typographic); k++)
			if (strv_starts(strv_from(s, i), typographic[k].text))
				break;
		if (k < ARRAY_LEN(typographic)) {
			buf_adds(out, typographic[k].plain);
			i += strlen(typographic[k].text);
		} else {
			buf_add(out, s.s + i, n);
			i += n;
		}
	}
}

static unsigned rare_in(struct strv s, unsigned rare)
{
	unsigned here = 0;

	if (rare & RARE_CONTROL && (memchr(s.s, 0x1b, s.len) || memchr(s.s, '\b', s.len)))
		here |= RARE_CONTROL;
	if (rare & RARE_NUL && memchr(s.s, 0, s.len))
		here |= RARE_NUL;
	if (rare & RARE_CARET && strv_contains(s, "^[["))
		here |= RARE_CARET;
	if (rare & RARE_HIGH && has_high(s.s, s.len))
		here |= RARE_HIGH;
	if (rare & RARE_RETURN && memchr(s.s, '\r', s.len))
		here |= RARE_RETURN;
	if (rare & RARE_BACKSLASH && memchr(s.s, '\\', s.len))
		here |= RARE_BACKSLASH;
	if (rare & RARE_ENTITY && memchr(s.s, '&', s.len))
		here |= RARE_ENTITY;
	return here;
}

/* "[36mname |[0m text", from where a page swallowed the ESC */
static bool lost_escape(struct strv s)
{
	size_t i = 1;

	if (s.len < 3 || s.s[0] != '[' || s.s[1] < '0' || s.s[1] > '9')
		return false;
	while (i < s.len && ((s.s[i] >= '0' && s.s[i] <= '9') || s.s[i] == ';'))
		i++;
	return i < s.len && s.s[i] == 'm';
}

static void without_lost_escapes(struct buf *out, struct strv s)
{
	for (size_t i = 0; i < s.len;) {
		if (s.s[i] == '[' && lost_escape(strv_from(s, i))) {
			i += strv_chr(strv_from(s, i), 'm') + 1;
			continue;
		}
		buf_addch(out, s.s[i++]);
	}
}

/* Each step makes the line shorter or leaves it, and happens once: the work is bounded by its length. */
static struct strv cleaned(struct crash_parser *p, struct strv s, unsigned here, int depth)
{
	struct buf *b = &p->text.clean[depth], *c = &p->text.part[depth];

	if (here & (RARE_CONTROL | RARE_NUL | RARE_CARET) ||
		(here & RARE_BACKSLASH &&
			(strv_contains(s, "\\033[") || strv_contains(s, "\\x1b[") ||
				strv_contains(s, "\\u001b[") || strv_contains(s, "\\e[")))) {
		buf_reset(b);
		add_visible(b, s, here);
		s = strv_n(buf_str(b), b->len);
	}
	if (here & RARE_HIGH) {
		buf_reset(c);
		add_plain(c, s);
		s = strv_n(buf_str(c), c->len);
	}
	if (s.len && (s.s[0] == '[') && lost_escape(s)) {
		struct buf fresh = BUF_INIT;

		without_lost_escapes(&fresh, s);
		buf_reset(b);
		buf_add(b, fresh.s, fresh.len);
		buf_release(&fresh);
		s = strv_n(buf_str(b), b->len);
	}
	return s;
}

/* How a line's end is written at s[i]; its length, 0: no such thing. */
static size_t written_newline(struct strv s, size_t i)
{
	struct strv in = strv_from(s, i);

	if (strv_starts(in, "\\n"))
		return 2;
	if (strv_starts(in, "#012") || strv_starts(in, "\\012") || strv_starts(in, "\\x0a"))
		return 4;
	return strv_starts(in, "\\u000a") || strv_starts(in, "\\u000A") ? 6 : 0;
}

/* Would a report's line begin here? */
static bool begins_report(struct strv s)
{
	for (;;) {
		s = skip_blank(s);
		if (!strv_skip(&s, "\\t") && !strv_skip(&s, "#011"))
			break;
	}
	if (s.len < 3)
		return false;
	return ((*s.s == '#' || *s.s == '[') &&
		       ((s.s[1] >= '0' && s.s[1] <= '9') ||
			       (s.s[1] == ' ' && s.s[2] >= '0' && s.s[2] <= '9'))) ||
	       (s.s[0] == '=' && s.s[1] == '=' && s.s[2] >= '0' && s.s[2] <= '9') ||
	       strv_starts(s, "====") || strv_starts(s, "SUMMARY: ") ||
	       strv_starts(s, "Stack trace of thread");
}

/* A line that holds several: quoted by a logger, or by whoever printed a string's representation. */
static bool holds_lines(struct strv s)
{
	struct strv in = strv_trim(s);
	unsigned ends = 0;
	bool quoted = in.len &&
		      (*in.s == '"' || *in.s == '\'' || *in.s == '{' || *in.s == '[' ||
			      (*in.s == 'b' && in.len > 1 && (in.s[1] == '\'' || in.s[1] == '"')));

	if (in.len && *in.s == '#' && !strv_contains(in, "#012"))
		quoted = false;
	for (size_t i = 0; i < s.len; i++) {
		size_t n;

		if ((s.s[i] != '\\' && s.s[i] != '#') || !(n = written_newline(s, i)))
			continue;
		if (++ends == 3 && *in.s != '#')
			return true;
		if (n == 4 || quoted || begins_report(strv_from(s, i + n)))
			return true;
		i += n - 1;
	}
	return false;
}

/* Frames begin with a '#' of their own. */
static bool rsyslog_escapes(struct strv line)
{
	struct strv s = skip_blank(line);

	if (s.len < 8 || *s.s == '#' || !memchr(s.s, '#', s.len))
		return false;
	return strv_contains(s, "#0") && (strv_contains(s, "#012") || strv_contains(s, "#033["));
}

static unsigned hex_digits(struct strv s, size_t i, size_t n, bool *ok)
{
	struct strv num = strv_sub(s, i, n);
	unsigned digits;
	uint64_t v = scan_hex(&num, &digits);

	*ok = digits == n;
	return (unsigned)v;
}

/* One escape at s[i] (a backslash or rsyslog's '#') into out; how many bytes it took. */
static size_t add_unescaped(struct buf *out, struct strv s, size_t i)
{
	size_t n = 1;
	bool ok;
	unsigned v;

	if (s.s[i] == '#') {
		buf_addch(out, strv_starts(strv_from(s, i), "#011") ? '\t' : '#');
		return out->s[out->len - 1] == '\t' ? 4 : 1;
	}
	if (i + n >= s.len) {
		buf_addch(out, '\\');
		return n;
	}
	switch (s.s[i + n]) {
	case '\\':
		buf_addch(out, '\\');
		return n + 1;
	case 't':
		buf_addch(out, '\t');
		return n + 1;
	case 'r':
		return n + 1;
	case '"':
	case '\'':
	case '/':
		buf_addch(out, s.s[i + n]);
		return n + 1;
	case 'u':
		v = hex_digits(s, i + n + 1, 4, &ok);
		if (!ok)
			break;
		add_utf8(out, v ? v : ' ');
		return n + 5;
	case 'x':
		v = hex_digits(s, i + n + 1, 2, &ok);
		if (!ok)
			break;
		buf_addch(out, v ? (int)v : ' ');
		return n + 3;
	case '0':
		if (strv_starts(strv_from(s, i + n), "011")) {
			buf_addch(out, '\t');
			return n + 3;
		}
		if (strv_starts(strv_from(s, i + n), "033")) {
			buf_addch(out, 0x1b);
			return n + 3;
		}
		break;
	}
	buf_addch(out, '\\');
	return 1;
}

static void text_unescaped(struct crash_parser *p, struct strv s, int depth)
{
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < s.len;) {
		size_t n = s.s[i] == '\\' || s.s[i] == '#' ? written_newline(s, i) : 0;

		if (n) {
			text_line(p, strv_n(buf_str(&b), b.len), depth + 1);
			buf_reset(&b);
			i += n;
		} else if (s.s[i] == '\\' || s.s[i] == '#') {
			i += add_unescaped(&b, s, i);
		} else {
			size_t from = i;

			while (i < s.len && s.s[i] != '\\' && s.s[i] != '#')
				i++;
			buf_add(&b, s.s + from, i - from);
		}
	}
	if (b.len)
		text_line(p, strv_n(buf_str(&b), b.len), depth + 1);
	buf_release(&b);
}

/* A page's line: every line break in it ends one of ours. */
static void html_lines(struct crash_parser *p, struct strv line, int depth)
{
	struct buf b = BUF_INIT;
	struct strv rest, one;

	if (!p->text.html)
		p->text.html = html_is_page(line);
	html_decode(&b, line, p->text.html);
	if (memchr(buf_str(&b), '&', b.len) && html_has_entity(strv_n(b.s, b.len))) {
		struct buf again = BUF_INIT; /* escaped twice, as feeds do */

		html_decode(&again, strv_n(b.s, b.len), p->text.html);
		buf_reset(&b);
		buf_add(&b, again.s, again.len);
		buf_release(&again);
	}
	rest = strv_n(buf_str(&b), b.len);
	if (!rest.len)
		wrap_line(p, rest);
	while (strv_line(&rest, &one))
		text_line(p, one, depth + 1);
	buf_release(&b);
}

/* GitHub's "::error file=a.c::text", in which %0A stands for a line's end */
static void annotation(struct crash_parser *p, struct strv line, int depth)
{
	size_t at;

	while ((at = strv_find(line, "%0A")) != SIZE_MAX) {
		text_line(p, strv_sub(line, 0, at), depth + 1);
		line = strv_from(line, at + 3);
	}
	text_line(p, line, depth + 1);
}

/* One string of a JSON array, as CASR keeps its reports: `"#0 ...",` */
static bool quoted_string(struct strv line, struct strv *in)
{
	struct strv s = strv_trim(line);

	if (s.len < 3 || *s.s != '"' || !(strv_ends(s, "\"") || strv_ends(s, "\",")))
		return false;
	*in = strv_sub(s, 1, s.len - (strv_ends(s, ",") ? 3 : 2));
	for (size_t i = 0; i < in->len; i++)
		if (in->s[i] == '\\')
			i++;
		else if (in->s[i] == '"')
			return false; /* a key and its value */
	return true;
}

static void json_text(struct crash_parser *p, struct strv text, bool escaped, int depth)
{
	if (escaped)
		text_unescaped(p, text, depth);
	else
		text_line(p, text, depth + 1);
}

/* One line as printed, without its '\n'. */
static void text_line(struct crash_parser *p, struct strv line, int depth)
{
	unsigned here = 0;
	struct strv in;
	bool rsyslog;
	size_t cr;

	if (line.len && line.s[line.len - 1] == '\r')
		line.len--;
	if (depth > DEPTH_MAX) {
		wrap_line(p, line);
		return;
	}
	if (depth)
		here = rare_in(line, ~0U);
	else if (p->text.rare)
		here = rare_in(line, p->text.rare);
	rsyslog = rsyslog_escapes(line);
	if (here || rsyslog || (line.len && *line.s == '['))
		line = cleaned(p, line, rsyslog ? here | RARE_CARET : here, depth);
	while (here & RARE_RETURN && (cr = strv_chr(line, '\r')) != SIZE_MAX) {
		text_line(p, strv_sub(line, 0, cr), depth + 1); /* a progress bar's */
		line = strv_from(line, cr + 1);
	}
	if (strv_starts(line, "::") && strv_contains(line, "%0A")) {
		annotation(p, line, depth);
		return;
	}
	if (quoted_string(line, &in)) {
		if (here & RARE_BACKSLASH)
			text_unescaped(p, in, depth);
		else
			wrap_line(p, in);
		return;
	}
	if (html_may_be(line) || (here & RARE_ENTITY && strv_contains(line, ";")) || p->text.html) {
		if (depth < DEPTH_MAX &&
			(html_is_page(line) || p->text.html || here & RARE_ENTITY)) {
			html_lines(p, line, depth == 0 ? DEPTH_MAX - 1 : DEPTH_MAX);
			return;
		}
	}
	if (json_strings(p, line, depth, json_text))
		return;
	if ((here & RARE_BACKSLASH || rsyslog) && holds_lines(line))
		text_unescaped(p, line, depth);
	else
		wrap_line(p, line);
}

/* Where an over-long line may be parted so that nothing stands on the seam. */
static size_t seam(struct strv s)
{
	for (size_t i = s.len; i-- > s.len / 2;)
		if (s.s[i] == '}' || (s.s[i] == '\\' && i + 1 < s.len && s.s[i + 1] == 'n' && i &&
					     s.s[i - 1] != '\\'))
			return i + (s.s[i] == '}');
	return 0;
}

/* The unfinished line grew past its bound: look at it, and go on with its end. */
static void cut_line(struct crash_parser *p)
{
	struct buf *b = &p->text.line;
	struct strv s = strv_n(b->s, b->len);
	struct strv start = skip_blank(s);
	bool quoted = start.len && strchr("{[\"'\\,}", *start.s);
	size_t at = quoted ? seam(s) : 0, from = at ? at : b->len - LINE_OVERLAP,
	       rest = b->len - from;

	text_line(p, strv_n(b->s, at ? at : from), 0);
	memmove(b->s, b->s + from, rest);
	b->len = rest;
	b->s[rest] = '\0';
}

static void feed_part(struct crash_parser *p, const char *s, size_t n)
{
	struct buf *line = &p->text.line;

	while (n) {
		size_t take = MIN(n, LINE_MAX_BYTES - line->len);

		buf_add(line, s, take);
		s += take;
		n -= take;
		if (line->len >= LINE_MAX_BYTES)
			cut_line(p);
	}
}

static void feed_lines(struct crash_parser *p, const char *s, size_t n)
{
	struct buf *line = &p->text.line;

	p->text.rare |= rare_of(s, n);
	while (n) {
		const char *nl = memchr(s, '\n', n);
		size_t len = nl ? (size_t)(nl - s) : n;

		if (nl && !line->len && len < LINE_MAX_BYTES) {
			text_line(p, strv_n(s, len), 0);
		} else {
			feed_part(p, s, len);
			if (nl) {
				text_line(p, strv_n(buf_str(line), line->len), 0);
				buf_reset(line);
			}
		}
		s += len + (nl ? 1 : 0);
		n -= len + (nl ? 1 : 0);
	}
	if (!line->len)
		p->text.rare = 0;
}

static void feed_utf16(struct crash_parser *p, const char *s, size_t n)
{
	struct text_state *t = &p->text;

	buf_reset(&t->wide);
	for (size_t i = 0; i < n; i++) {
		unsigned byte = (unsigned char)s[i], unit;

		if (t->odd < 0) {
			t->odd = (int)byte;
			continue;
		}
		unit = t->encoding == TEXT_UTF16LE ? byte << 8 | (unsigned)t->odd
						   : (unsigned)t->odd << 8 | byte;
		t->odd = -1;
		if (unit >= 0xd800 && unit < 0xdc00) {
			t->surrogate = unit;
		} else if (unit >= 0xdc00 && unit < 0xe000) {
			if (t->surrogate)
				add_utf8(&t->wide,
					0x10000 + ((t->surrogate & 0x3ff) << 10 | (unit & 0x3ff)));
			t->surrogate = 0;
		} else {
			t->surrogate = 0;
			add_utf8(&t->wide, unit);
		}
	}
	if (t->wide.len)
		feed_lines(p, t->wide.s, t->wide.len);
}

static void feed_decided(struct crash_parser *p, const char *s, size_t n)
{
	if (p->text.encoding == TEXT_BYTES)
		feed_lines(p, s, n);
	else
		feed_utf16(p, s, n);
}

/* By its mark, or since every other byte of ASCII in UTF-16 is 0. */
static void decide(struct crash_parser *p)
{
	struct text_state *t = &p->text;
	const unsigned char *h = t->head;
	size_t skip = 0;

	t->encoding = TEXT_BYTES;
	t->odd = -1;
	if (t->n_head >= 2 && h[0] == 0xff && h[1] == 0xfe) {
		t->encoding = TEXT_UTF16LE;
		skip = 2;
	} else if (t->n_head >= 2 && h[0] == 0xfe && h[1] == 0xff) {
		t->encoding = TEXT_UTF16BE;
		skip = 2;
	} else if (t->n_head >= 3 && !memcmp(h, "\xef\xbb\xbf", 3)) {
		skip = 3;
	} else if (t->n_head == 4 && h[0] && !h[1] && h[2] && !h[3]) {
		t->encoding = TEXT_UTF16LE;
	} else if (t->n_head == 4 && !h[0] && h[1] && !h[2] && h[3]) {
		t->encoding = TEXT_UTF16BE;
	}
	feed_decided(p, (const char *)h + skip, t->n_head - skip);
}

void text_feed(struct crash_parser *p, const char *s, size_t n)
{
	struct text_state *t = &p->text;

	if (t->encoding == TEXT_UNDECIDED) {
		while (n && t->n_head < sizeof(t->head)) {
			t->head[t->n_head++] = (unsigned char)*s++;
			n--;
		}
		if (t->n_head < sizeof(t->head))
			return;
		decide(p);
	}
	if (n)
		feed_decided(p, s, n);
}

void text_end(struct crash_parser *p)
{
	struct text_state *t = &p->text;

	if (t->encoding == TEXT_UNDECIDED && t->n_head)
		decide(p);
	if (t->line.len)
		text_line(p, strv_n(t->line.s, t->line.len), 0);
	wrap_end(p);
}

void text_release(struct text_state *t)
{
	buf_release(&t->wide);
	buf_release(&t->line);
	for (size_t i = 0; i < ARRAY_LEN(t->clean); i++) {
		buf_release(&t->clean[i]);
		buf_release(&t->part[i]);
	}
}
