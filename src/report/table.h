/* Tables of text that fit a terminal. Cells hold what targets printed: they are made harmless on the way. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "report/term.h"

struct table_col {
	/* NULL in all columns: no heading line */
	const char *head;
	bool right;
	/* may be cut when the table is too wide */
	bool flex;
};

struct table;
/* cols is borrowed until table_free. */
struct table *table_new(const struct table_col *cols, size_t n);
/* The next cell, row by row. */
void table_cell(struct table *t, enum term_style style, const char *text);
void table_cellf(struct table *t, enum term_style style, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* A number as add writes it: num_add_count, num_add_size. */
void table_number(
	struct table *t, enum term_style style, void (*add)(struct buf *b, uint64_t n), uint64_t n);
/* Text in a line of its own below the row that was last begun, from this column on, cut where the terminal ends. */
void table_below(struct table *t, size_t indent, const char *text);
size_t table_rows(const struct table *t);
/*
 * Append as text that fits term->columns; no blanks at line ends. Where even cut cells are too wide, a row becomes some
 * lines, each value with its heading in front.
 */
void table_render(const struct table *t, const struct term *term, struct buf *b);
/* The same, on standard output. */
void table_print(const struct table *t, const struct term *term);
void table_free(struct table *t);

#endif
