/*
 * Hostile text made harmless, one function per destination, and all of them here: whoever prints what a target, a log
 * or a file said goes through one of these.
 */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/num.h"

/*
 * Length of the well-formed UTF-8 sequence at p (n bytes left), 0 when there is none.
 * Table 3-7 of the Unicode standard: no overlongs, no surrogates, nothing past U+10FFFF.
 */
static size_t utf8_len(const unsigned char *p, size_t n)
{
	unsigned char lo = 0x80, hi = 0xbf;
	size_t want;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		want = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		want = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		want = 4;
	else
		return 0;
	if (n < want)
		return 0;
	if (p[0] == 0xe0)
		lo = 0xa0;
	else if (p[0] == 0xed)
		hi = 0x9f;
	else if (p[0] == 0xf0)
		lo = 0x90;
	else if (p[0] == 0xf4)
		hi = 0x8f;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < want; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return want;
}

/* C1 controls and the bidirectional overrides: valid, and able to rewrite what a terminal shows. */
static bool is_term_control(const unsigned char *p, size_t len)
{
	if (len == 1)
		return p[0] < 32 || p[0] == 127;
	if (len == 2)
		return (p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xd8 && p[1] == 0x9c);
	if (len == 3 && p[0] == 0xe2)
		return (p[1] == 0x80 &&
			       ((p[2] >= 0xa8 && p[2] <= 0xae) || p[2] == 0x8e || p[2] == 0x8f)) ||
		       (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
	return false;
}

static void add_term(struct buf *b, struct strv v, bool keep_lines)
{
	const unsigned char *p = (const unsigned char *)v.s;

	for (size_t i = 0; i < v.len;) {
		size_t len = utf8_len(p + i, v.len - i);

		if (keep_lines && (p[i] == '\n' || p[i] == '\t')) {
			buf_addch(b, p[i++]);
		} else if (len && !is_term_control(p + i, len)) {
			buf_add(b, p + i, len);
			i += len;
		} else {
			/* a control, or bytes that are no UTF-8: each byte by its number */
			for (len = len ? len : 1; len; len--)
				buf_addf(b, "\\x%02x", p[i++]);
		}
	}
}

void escape_term(struct buf *b, struct strv v)
{
	add_term(b, v, false);
}

void escape_term_text(struct buf *b, struct strv v)
{
	add_term(b, v, true);
}

void escape_utf8(struct buf *b, struct strv v)
{
	const unsigned char *p = (const unsigned char *)v.s;

	for (size_t i = 0; i < v.len;) {
		size_t len = utf8_len(p + i, v.len - i);

		if (len)
			buf_add(b, p + i, len);
		else
			buf_adds(b, "\xef\xbf\xbd");
		i += len ? len : 1;
	}
}

/* Beyond ASCII there are strings only, and none of what is escaped has more than three bytes. */
void escape_json(struct buf *b, struct strv v)
{
	const unsigned char *p = (const unsigned char *)v.s;

	for (size_t i = 0; i < v.len;) {
		size_t len = MAX(utf8_len(p + i, v.len - i), (size_t)1);
		unsigned c = p[i];

		if (c < 127 || !is_term_control(p + i, len)) {
			buf_add(b, p + i, len);
		} else {
			if (len == 2)
				c = (c & 0x1fu) << 6 | (p[i + 1] & 0x3fu);
			else if (len == 3)
				c = (c & 0xfu) << 12 | (p[i + 1] & 0x3fu) << 6 | (p[i + 2] & 0x3fu);
			buf_addf(b, "\\u%04x", c);
		}
		i += len;
	}
}

static void add_markup(struct buf *b, struct strv v)
{
	struct buf clean = BUF_INIT;

	escape_utf8(&clean, v);
	for (size_t i = 0; i < clean.len; i++) {
		unsigned char c = (unsigned char)clean.s[i];

		switch (c) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		case '\'':
			buf_adds(b, "&#39;");
			break;
		default:
			/* XML 1.0 has no way at all to write the other control characters, nor U+FFFE and U+FFFF */
			if ((c < 32 && c != '\n' && c != '\t') || c == 127)
				buf_adds(b, "\xef\xbf\xbd");
			else if (c == 0xc2 && (unsigned char)clean.s[i + 1] < 0xa0) {
				/* C1: it has for these, but a terminal that shows the file obeys them */
				buf_adds(b, "\xef\xbf\xbd");
				i++;
			} else if (c == 0xef && (unsigned char)clean.s[i + 1] == 0xbf &&
				   (unsigned char)clean.s[i + 2] >= 0xbe) {
				buf_adds(b, "\xef\xbf\xbd");
				i += 2;
			} else
				buf_addch(b, c);
		}
	}
	buf_release(&clean);
}

void escape_html(struct buf *b, struct strv v)
{
	add_markup(b, v);
}

void escape_xml(struct buf *b, struct strv v)
{
	add_markup(b, v);
}

void escape_shell(struct buf *b, struct strv v)
{
	static const char safe[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%^";
	/* words that need no quotes stay readable */
	bool plain = v.len > 0;

	for (size_t i = 0; i < v.len && plain; i++)
		plain = v.s[i] && strchr(safe, v.s[i]);
	if (plain) {
		buf_addv(b, v);
		return;
	}
	buf_addch(b, '\'');
	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addch(b, v.s[i]);
	}
	buf_addch(b, '\'');
}

void escape_c(struct buf *b, struct strv v)
{
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.s[i];

		if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else if (c == '\n')
			buf_adds(b, "\\n");
		else if (c == '\t')
			buf_adds(b, "\\t");
		/* octal ends after three digits, hex wouldn't; two '?' could begin a trigraph */
		else if (c < 32 || c > 126 || c == '?')
			buf_addf(b, "\\%03o", c);
		else
			buf_addch(b, c);
	}
}

void escape_make(struct buf *b, struct strv v)
{
	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] == '$')
			buf_adds(b, "$$");
		else if (v.s[i] == '#' || v.s[i] == ' ' || v.s[i] == ':' || v.s[i] == '\\')
			buf_addf(b, "\\%c", v.s[i]);
		else
			buf_addch(b, v.s[i]);
	}
}

void escape_tap(struct buf *b, struct strv v)
{
	struct buf safe = BUF_INIT;

	escape_term(&safe, v);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.s[i] == '#' || safe.s[i] == '\\')
			buf_addch(b, '\\');
		buf_addch(b, safe.s[i]);
	}
	buf_release(&safe);
}

void escape_path(struct buf *b, struct strv v)
{
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.s[i];

		if (c <= ' ' || c >= 0x7f || strchr("()[]{}<>%\"'`\\", c))
			buf_addf(b, "%%%02X", c);
		else
			buf_addch(b, c);
	}
}

bool unescape_path(struct buf *b, struct strv v)
{
	size_t before = b->len;
	bool any = false;

	for (size_t i = 0; i < v.len; i++) {
		uint64_t c;

		if (v.s[i] == '%' && i + 2 < v.len && num_hex(strv_sub(v, i + 1, 2), &c) == 0 &&
			c) {
			buf_addch(b, (int)c);
			any = true;
			i += 2;
		} else {
			buf_addch(b, v.s[i]);
		}
	}
	if (!any)
		b->len = before;
	return any;
}

void escape_glob(struct buf *b, struct strv v)
{
	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] && strchr("*?[]\\", v.s[i]))
			buf_addch(b, '\\');
		buf_addch(b, v.s[i]);
	}
}
