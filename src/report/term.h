/*
 * What a terminal is given: colour, width, and tables that fit. All text is made harmless on the way, since cells
 * hold what targets printed.
 */
#ifndef REPORT_TERM_H
#define REPORT_TERM_H

#include "base/buf.h"

/* What the terminal behind standard output can do. */
struct term {
	bool color;
	/* 80 when it isn't a terminal */
	unsigned columns;
};

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_RED, TERM_GREEN, TERM_YELLOW, TERM_CYAN };

/* Fill in colour and columns: NO_COLOR, TERM, COLUMNS, the terminal's own width. */
void term_setup(struct term *t, bool no_color);
/* Escape sequences around a piece of text; "" where there is no colour. */
const char *term_on(const struct term *term, enum term_style style);
const char *term_off(const struct term *term);

/* Columns that text takes on a terminal, UTF-8 decoded; combining marks 0, East Asian wide 2. */
size_t term_width(struct strv text);
/* Append text made harmless and cut to `columns`, "..." in place of what was cut. */
void term_add_cut(struct buf *b, struct strv text, size_t columns);
/*
 * Append text made harmless and wrapped at `columns`, each line behind `indent` blanks. An empty line ends a
 * paragraph; lines that start with a blank are kept as they are. Ends with a newline unless there was no text.
 */
void term_add_wrapped(struct buf *b, const char *text, size_t indent, size_t columns);

#endif
