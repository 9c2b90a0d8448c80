/*
 * Colour, width and wrapping for a terminal. Widths are counted in columns, not bytes, and of the text as it is
 * shown: after escaping. No library is asked, since libc's answer depends on a locale that nobody sets in cron.
 */
#include "base/prelude.h"
#include "report/term.h"
#include "base/escape.h"
#include "base/num.h"
#include <sys/ioctl.h>
#include <unistd.h>

static unsigned terminal_columns(void)
{
	const char *env = getenv("COLUMNS");
	struct winsize ws;
	uint64_t n;

	/* as people and tests set it, before what the terminal says */
	if (env && num_u64(strv_of(env), &n) == 0 && n >= 20 && n <= 1000)
		return (unsigned)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col >= 20)
		return ws.ws_col;
	return 80;
}

void term_setup(struct term *t, bool no_color)
{
	const char *no = getenv("NO_COLOR"), *name = getenv("TERM");

	t->color = !no_color && !(no && *no) && name && *name && strcmp(name, "dumb") != 0 &&
		   isatty(STDOUT_FILENO);
	t->columns = terminal_columns();
}

const char *term_on(const struct term *term, enum term_style style)
{
	static const char *const codes[] = {
		[TERM_PLAIN] = "",
		[TERM_BOLD] = "\033[1m",
		[TERM_DIM] = "\033[2m",
		[TERM_RED] = "\033[31m",
		[TERM_GREEN] = "\033[32m",
		[TERM_YELLOW] = "\033[33m",
		[TERM_CYAN] = "\033[36m",
	};

	return term->color ? codes[style] : "";
}

const char *term_off(const struct term *term)
{
	return term->color ? "\033[0m" : "";
}

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

size_t term_width(struct strv text)
{
	size_t width = 0;

	for (size_t i = 0; i < text.len;) {
		size_t len;

		width += columns_of(decode((const unsigned char *)text.s + i, text.len - i, &len));
		i += len;
	}
	return width;
}

/* Bytes of the longest start of text that fits in `columns`. */
static size_t fitting(struct strv text, size_t columns)
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

void term_add_cut(struct buf *b, struct strv text, size_t columns)
{
	struct buf clean = BUF_INIT;
	struct strv v;

	/* what can't be seen needn't be escaped: a cell may be megabytes of a target's output */
	escape_term(&clean, strv_sub(text, 0, columns * 8 + 64));
	v = strv_n(buf_str(&clean), clean.len);
	if (term_width(v) <= columns) {
		buf_addv(b, v);
	} else {
		size_t dots = MIN(columns, (size_t)3);

		buf_add(b, v.s, fitting(v, columns - dots));
		buf_add(b, "...", dots);
	}
	buf_release(&clean);
}

static void add_blanks(struct buf *b, size_t n)
{
	while (n--)
		buf_addch(b, ' ');
}

/* One source line, its words spread over lines; *at is the column reached, 0 at a line's start. */
static void add_words(struct buf *b, struct strv line, size_t indent, size_t columns, size_t *at)
{
	struct strv word;

	while (strv_split(&line, ' ', &word)) {
		size_t w = term_width(word);

		if (!word.len)
			continue;
		if (*at && *at + 1 + w > columns) {
			buf_addch(b, '\n');
			*at = 0;
		}
		if (*at) {
			buf_addch(b, ' ');
			*at += 1;
		} else {
			add_blanks(b, indent);
			*at = indent;
		}
		buf_addv(b, word);
		*at += w;
	}
}

void term_add_wrapped(struct buf *b, const char *text, size_t indent, size_t columns)
{
	struct buf clean = BUF_INIT;
	struct strv rest, line;
	size_t at = 0;

	escape_term_text(&clean, strv_of(text));
	rest = strv_n(buf_str(&clean), clean.len);
	while (strv_line(&rest, &line)) {
		bool kept = line.len && line.s[0] == ' ';

		if ((!line.len || kept) && at) {
			buf_addch(b, '\n');
			at = 0;
		}
		if (kept) {
			add_blanks(b, indent);
			buf_addv(b, line);
			buf_addch(b, '\n');
		} else if (!line.len) {
			buf_addch(b, '\n');
		} else {
			add_words(b, line, indent, columns, &at);
		}
	}
	if (at)
		buf_addch(b, '\n');
	buf_release(&clean);
}
