/*
 * What a terminal is given: colour, width, and tables that fit. All text is made harmless on the way, since cells
 * hold what targets printed.
 */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include "cli/cli.h"
#include "base/buf.h"

enum term_style { TERM_PLAIN, TERM_BOLD, TERM_DIM, TERM_RED, TERM_GREEN, TERM_YELLOW, TERM_CYAN };

/* Fill in colour and columns: NO_COLOR, TERM, COLUMNS, the terminal's own width. */
void term_setup(struct cli_ctx *ctx, bool no_color);
/* Escape sequences around a piece of text; "" where there is no colour. */
const char *term_on(const struct cli_ctx *ctx, enum term_style style);
const char *term_off(const struct cli_ctx *ctx);

/* Columns that text takes on a terminal, UTF-8 decoded; combining marks 0, East Asian wide 2. */
size_t term_width(struct strv text);
/* Append text made harmless and cut to `columns`, "..." in place of what was cut. */
void term_add_cut(struct buf *b, struct strv text, size_t columns);
/*
 * Append text made harmless and wrapped at `columns`, each line behind `indent` blanks. An empty line ends a
 * paragraph; lines that start with a blank are kept as they are. Ends with a newline unless there was no text.
 */
void term_add_wrapped(struct buf *b, const char *text, size_t indent, size_t columns);

struct table_col {
	const char *head; /* NULL in all columns: no heading line */
	bool right;
	bool flex; /* may be cut when the table is too wide */
};

struct table;
/* cols is borrowed until table_free. */
struct table *table_new(const struct table_col *cols, size_t n);
/* The next cell, row by row. */
void table_cell(struct table *t, enum term_style style, const char *text);
void table_cellf(struct table *t, enum term_style style, const char *fmt, ...) PRINTF_LIKE(3, 4);
size_t table_rows(const struct table *t);
/* Append as text that fits ctx->columns as far as the flexible columns allow; no blanks at line ends. */
void table_render(const struct table *t, const struct cli_ctx *ctx, struct buf *b);
/* The same, on standard output. */
void table_print(const struct table *t, const struct cli_ctx *ctx);
void table_free(struct table *t);

#endif
