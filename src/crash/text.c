/*
 * Bytes to lines: UTF-16 and Latin-1 to UTF-8, escape sequences and overprinting out, carriage returns and the
 * ways that loggers write a line's end inside a line (\n, \012, #012) to real ones. Most lines need none of it:
 * a chunk is looked over once for the bytes that call for work.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/lines.h"
#include "crash/rare.h"

enum { DEPTH_MAX = 3 };

static void text_line(struct crash_parser *p, struct strv line, int depth);

/* Each step makes the line shorter or leaves it, and happens once: the work is bounded by its length. */
static struct strv cleaned(struct crash_parser *p, struct strv s, unsigned here, int depth)
{
	struct buf *b = &p->text.clean[depth], *c = &p->text.part[depth];

	if (here & (RARE_CONTROL | RARE_NUL | RARE_CARET) ||
		(here & RARE_BACKSLASH && clean_has_written(s))) {
		buf_reset(b);
		clean_visible(b, s, here & (RARE_CARET | RARE_BACKSLASH));
		s = strv_n(buf_str(b), b->len);
	}
	if (here & RARE_HIGH) {
		buf_reset(c);
		clean_plain(c, s);
		s = strv_n(buf_str(c), c->len);
	}
	if (s.len && (s.s[0] == '[') && clean_lost_escape(s)) {
		struct buf fresh = BUF_INIT;

		clean_lost_escapes(&fresh, s);
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
		utf8_add(out, v ? v : ' ');
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

/* Nothing in it that this file has to do with, as of most lines. */
static bool is_plain(const struct crash_parser *p, struct strv line)
{
	struct strv s = skip_blank(line);

	if (p->text.rare || p->text.html || !s.len)
		return !s.len;
	if (*s.s == '#')
		return true;
	return !strchr("{\"[<:'", *s.s) && s.s[s.len - 1] != '>' && !memchr(s.s, '#', s.len);
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
	if (depth > DEPTH_MAX || (!depth && is_plain(p, line))) {
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
				utf8_add(&t->wide,
					0x10000 + ((t->surrogate & 0x3ff) << 10 | (unit & 0x3ff)));
			t->surrogate = 0;
		} else {
			t->surrogate = 0;
			utf8_add(&t->wide, unit);
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
