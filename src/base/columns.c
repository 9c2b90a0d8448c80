/*
 * Widths on a terminal, counted in columns, not bytes. No library is asked, since libc's answer depends on a locale that
 * nobody sets in cron.
 */
#include "base/prelude.h"
#include "base/columns.h"

/* The code point at p, and its length; what isn't UTF-8 counts byte by byte. */
static uint32_t decode(const unsigned char *p, size_t n, size_t *len)
{
	size_t want = p[0] < 0xc2 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 1;
	uint32_t c = p[0];

	*len = 1;
	if (want == 1 || want > n)
		return c;
	c = p[0] & (0x7fU >> want);
	for (size_t i = 1; i < want; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return p[0];
		c = c << 6 | (p[i] & 0x3f);
	}
	*len = want;
	return c;
}

struct range {
	uint32_t from, to;
};

static bool in_ranges(uint32_t c, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n && c >= r[i].from; i++)
		if (c <= r[i].to)
			return true;
	return false;
}

/* The large blocks only: what is missed costs alignment, nothing more. */
static size_t columns_of(uint32_t c)
{
	static const struct range zero[] = { { 0x300, 0x36f }, { 0x483, 0x489 }, { 0x591, 0x5bd },
		{ 0x610, 0x61a }, { 0x64b, 0x65f }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
		{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x2064 }, { 0x20d0, 0x20ff },
		{ 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff }, { 0xe0100, 0xe01ef } };
	static const struct range wide[] = { { 0x1100, 0x115f }, { 0x231a, 0x231b },
		{ 0x2e80, 0x303e }, { 0x3041, 0x33ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff },
		{ 0xa000, 0xa4cf }, { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },
		{ 0xff00, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f6ff },
		{ 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd } };

	if (in_ranges(c, zero, ARRAY_LEN(zero)))
		return 0;
	return in_ranges(c, wide, ARRAY_LEN(wide)) ? 2 : 1;
}

size_t columns_width(struct strv text)
{
	size_t width = 0;

	for (size_t i = 0; i < text.len;) {
		size_t len;

		width += columns_of(decode((const unsigned char *)text.s + i, text.len - i, &len));
		i += len;
	}
	return width;
}

size_t columns_fitting(struct strv text, size_t columns)
{
	size_t width = 0, i = 0;

	while (i < text.len) {
		size_t len;
		size_t w =
			columns_of(decode((const unsigned char *)text.s + i, text.len - i, &len));

		if (width + w > columns)
			break;
		width += w;
		i += len;
	}
	return i;
}

/* Bytes at the start of text that a terminal shows nothing of: ESC [ ... m. */
static size_t colour(struct strv text)
{
	size_t n = 2;

	if (text.len < 3 || text.s[0] != '\033' || text.s[1] != '[')
		return 0;
	while (n < text.len && (text.s[n] == ';' || (text.s[n] >= '0' && text.s[n] <= '9')))
		n++;
	return n < text.len && text.s[n] == 'm' ? n + 1 : 0;
}

static size_t shown_width(struct strv text)
{
	size_t width = 0;

	while (text.len) {
		size_t n = colour(text), plain = n;

		while (plain < text.len && text.s[plain] != '\033')
			plain++;
		if (plain == n && !n)
			plain = 1;
		width += columns_width(strv_sub(text, n, plain - n));
		text = strv_from(text, plain);
	}
	return width;
}

static size_t leading_blanks(struct strv text)
{
	size_t n = 0;

	while (n < text.len && text.s[n] == ' ')
		n++;
	return n;
}

static void add_blanks(struct buf *out, size_t n)
{
	while (n--)
		buf_addch(out, ' ');
}

/* The words of a line that is too wide, with the blanks that stand between them. */
static void wrap_words(struct buf *out, struct strv text, size_t indent, size_t columns)
{
	size_t hang = MIN(indent + 2, columns / 4), at = 0;

	while (text.len) {
		size_t gap = leading_blanks(text), w;
		struct strv word = strv_from(text, gap);

		word = strv_sub(word, 0, strv_chr(word, ' '));
		text = strv_from(text, gap + word.len);
		w = shown_width(word);
		if (!word.len)
			break;
		if (!at) {
			gap = MIN(indent, columns - MIN(w, columns));
		} else if (at + gap + w > columns && !strv_eqs(word, "\\")) {
			buf_addch(out, '\n');
			gap = MIN(hang, columns - MIN(w, columns));
			at = 0;
		}
		add_blanks(out, w || text.len ? gap : 0);
		buf_addv(out, word);
		at += gap + w;
	}
}

void columns_wrap(struct buf *out, struct strv text, size_t columns)
{
	while (text.len) {
		size_t n = strv_chr(text, '\n');
		struct strv line = strv_sub(text, 0, n);
		size_t indent = leading_blanks(line), width = shown_width(line);

		if (width <= columns) {
			buf_addv(out, line);
		} else if (width - indent <= columns) {
			add_blanks(out, columns - (width - indent));
			buf_addv(out, strv_from(line, indent));
		} else {
			wrap_words(out, line, indent, columns);
		}
		if (n != SIZE_MAX)
			buf_addch(out, '\n');
		text = strv_from(text, n == SIZE_MAX ? n : n + 1);
	}
}
