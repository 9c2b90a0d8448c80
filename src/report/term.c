/*
 * Colour, width and wrapping for a terminal. Widths are counted in columns, not bytes, and of the text as it is
 * shown: after escaping.
 */
#include "base/prelude.h"
#include "report/term.h"
#include "base/columns.h"
#include "base/escape.h"
#include "base/num.h"
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* of text in a pipe or a file, and where a terminal doesn't tell */
#define WRAP_COLUMNS 80

static bool knows_escapes(void)
{
	const char *name = getenv("TERM");

	return name && *name && strcmp(name, "dumb") != 0;
}

/* 0: it isn't one. */
static unsigned terminal_columns(const struct winsize *ws)
{
	const char *env = getenv("COLUMNS");
	uint64_t n;

	/* as people and tests set it, before what the terminal says */
	if (env && num_u64(strv_of(env), &n) == 0 && n >= 20 && n <= 1000)
		return (unsigned)n;
	return ws->ws_col ? MAX((unsigned)ws->ws_col, 20u) : 0;
}

void term_resized(struct term *t)
{
	struct winsize ws = { 0 };
	bool is_terminal = ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0;

	t->columns = terminal_columns(&ws);
	if (!t->columns && is_terminal)
		t->columns = WRAP_COLUMNS;
	t->wrap = t->columns ? t->columns : WRAP_COLUMNS;
	if (!t->columns)
		t->columns = TERM_ENDLESS;
	t->rows = is_terminal && knows_escapes() ? MAX((unsigned)ws.ws_row, 2u) : 0;
}

void term_setup(struct term *t, bool no_color)
{
	const char *no = getenv("NO_COLOR");

	t->color = !no_color && !(no && *no) && knows_escapes() && isatty(STDOUT_FILENO);
	term_resized(t);
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

void term_add_cut(struct buf *b, struct strv text, size_t columns)
{
	struct buf clean = BUF_INIT;
	struct strv v;

	/* what can't be seen needn't be escaped: a cell may be megabytes of a target's output */
	escape_term(&clean, strv_sub(text, 0, columns * 8 + 64));
	v = strv_n(buf_str(&clean), clean.len);
	if (columns_width(v) <= columns) {
		buf_addv(b, v);
	} else {
		size_t dots = MIN(columns, (size_t)3);

		buf_add(b, v.s, columns_fitting(v, columns - dots));
		buf_add(b, "...", dots);
	}
	buf_release(&clean);
}

void term_add_cut_front(struct buf *b, struct strv text, size_t columns)
{
	struct buf clean = BUF_INIT;
	struct strv v;

	escape_term(&clean, strv_sub(text, text.len - MIN(text.len, columns * 8 + 64), SIZE_MAX));
	v = strv_n(buf_str(&clean), clean.len);
	if (columns_width(v) > columns) {
		size_t dots = MIN(columns, (size_t)3);

		buf_add(b, "...", dots);
		/* a start that is a character's middle would count as more, never as less */
		while (v.len && (columns_width(v) > columns - dots ||
					((unsigned char)v.s[0] & 0xc0) == 0x80))
			v = strv_sub(v, 1, SIZE_MAX);
	}
	buf_addv(b, v);
	buf_release(&clean);
}

void term_add_fitted(const struct term *t, struct strv text, struct buf *out)
{
	if (t->columns >= TERM_ENDLESS)
		buf_addv(out, text);
	else
		columns_wrap(out, text, t->columns);
}

void term_print(const struct term *t, const struct buf *text)
{
	struct buf out = BUF_INIT;

	term_add_fitted(t, strv_n(buf_str(text), text->len), &out);
	fwrite(buf_str(&out), 1, out.len, stdout);
	buf_release(&out);
}

void term_printf(const struct term *t, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	term_print(t, &b);
	buf_release(&b);
}

/* The next word of a command in a shell's language, quotes and all. */
static struct strv shell_word(struct strv *text)
{
	bool quoted = false;
	size_t n = 0;
	struct strv word;

	while (text->len && *text->s == ' ')
		*text = strv_from(*text, 1);
	for (; n < text->len && (quoted || text->s[n] != ' '); n++) {
		if (text->s[n] == '\'')
			quoted = !quoted;
		else if (!quoted && text->s[n] == '\\')
			n++;
	}
	word = strv_sub(*text, 0, n);
	*text = strv_from(*text, word.len);
	return word;
}

void term_add_command(const struct term *t, struct buf *b, const char *command, size_t indent)
{
	struct buf clean = BUF_INIT;
	struct strv rest, word;
	/* " \" is behind each line but the last */
	size_t at = 0, room = t->columns - 2;

	escape_term(&clean, strv_of(command));
	rest = strv_n(buf_str(&clean), clean.len);
	if (columns_width(rest) <= t->columns) {
		room = t->columns;
		indent = MIN(indent, room - columns_width(rest));
	}
	for (word = shell_word(&rest); word.len; word = shell_word(&rest)) {
		size_t w = columns_width(word);
		bool fits = at + 1 + w <= room;

		if (at)
			buf_adds(b, fits ? " " : " \\\n");
		if (!at || !fits) {
			at = at ? indent + 2 : indent;
			buf_addf(b, "%*s", (int)at, "");
			at += w;
		} else {
			at += 1 + w;
		}
		buf_addv(b, word);
	}
	buf_addch(b, '\n');
	buf_release(&clean);
}

void term_add_screen(const struct term *t, struct strv text, struct buf *out)
{
	struct strv line;

	if (!t->rows) {
		buf_addv(out, text);
		return;
	}
	buf_adds(out, "\033[H");
	for (unsigned i = 1; i < t->rows && strv_line(&text, &line); i++) {
		buf_addv(out, line);
		buf_adds(out, "\033[K\n");
	}
	buf_adds(out, "\033[J");
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
		size_t w = columns_width(word);

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

void term_add_headed(
	struct buf *b, const char *head, size_t width, const char *text, size_t columns)
{
	struct buf lines = BUF_INIT;

	if (columns < 3 * width) {
		buf_addv(b, strv_trim(strv_of(head)));
		buf_addch(b, '\n');
		term_add_wrapped(b, text, 2, columns);
	} else {
		term_add_wrapped(&lines, text, width, columns);
		buf_adds(b, head);
		buf_addv(b, strv_sub(strv_n(buf_str(&lines), lines.len), width, SIZE_MAX));
	}
	buf_release(&lines);
}
