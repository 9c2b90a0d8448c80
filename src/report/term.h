/*
 * What a terminal is given: colour, width, and tables that fit. All text is made harmless on the way, since cells
 * hold what targets printed.
 */
#ifndef REPORT_TERM_H
#define REPORT_TERM_H

#include "base/buf.h"

#define TERM_ENDLESS 100000

/* What the terminal behind standard output can do. */
struct term {
	bool color;
	/* what is wider is cut; TERM_ENDLESS when it isn't a terminal: programs read that, and nothing is to be lost */
	unsigned columns;
	/* at which text is wrapped */
	unsigned wrap;
	/* of a terminal on which the cursor can go back to the top; 0: it can't */
	unsigned rows;
};

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_RED, TERM_GREEN, TERM_YELLOW, TERM_CYAN };

/* Fill in colour and columns: NO_COLOR, TERM, COLUMNS, the terminal's own width. */
void term_setup(struct term *t, bool no_color);
/* It may have another size by now. */
void term_resized(struct term *t);
/*
 * Put text for people on standard output, made harmless before: on a terminal broken where it is too wide, as columns_wrap
 * does; in a pipe or a file as it is.
 */
void term_print(const struct term *t, const struct buf *text);
void term_printf(const struct term *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What it would put there. */
void term_add_fitted(const struct term *t, struct strv text, struct buf *out);
/*
 * Append a command in a line of its own behind `indent` blanks; on a terminal that is too narrow for it in several, as a shell
 * takes them. Made harmless.
 */
void term_add_command(const struct term *t, struct buf *b, const char *command, size_t indent);
/* Over what stood on the screen, without wiping it first, cut to its size; where the cursor can't go back, appended. */
void term_add_screen(const struct term *t, struct strv text, struct buf *out);
/* Escape sequences around a piece of text; "" where there is no colour. */
const char *term_on(const struct term *term, enum term_style style);
const char *term_off(const struct term *term);

/* Append text made harmless and cut to `columns`, "..." in place of what was cut. */
void term_add_cut(struct buf *b, struct strv text, size_t columns);
/* The same, but the end of it is kept: of a path with a line number that is what counts. */
void term_add_cut_front(struct buf *b, struct strv text, size_t columns);
/*
 * Append text made harmless and wrapped at `columns`, each line behind `indent` blanks. An empty line ends a
 * paragraph; lines that start with a blank are kept as they are. Ends with a newline unless there was no text.
 */
void term_add_wrapped(struct buf *b, const char *text, size_t indent, size_t columns);
/*
 * The same behind a head, which is shown as `width` columns; below it where there is little room. The head is as it goes out,
 * colour and all.
 */
void term_add_headed(
	struct buf *b, const char *head, size_t width, const char *text, size_t columns);

#endif
