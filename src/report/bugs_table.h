/* The table of bugs, as `thresh bugs` and the end of `thresh run` show it. */
#ifndef REPORT_BUGS_TABLE_H
#define REPORT_BUGS_TABLE_H

#include "base/buf.h"
#include "report/term.h"
#include "base/strlist.h"
#include "store/records.h"

/* One bug's cells and the line below them. */
struct bugs_row;

struct bugs_table {
	struct bugs_row *v;
	size_t n, cap;
};

void bugs_table_init(struct bugs_table *t);
void bugs_table_row(struct bugs_table *t, const struct bug_rec *b);
/*
 * Appended; bugs that are related stand below the first of them, each marked with its id. A row's harness and frames stand in a line of their own, so that they are
 * whole at 80 columns.
 */
void bugs_table_render(const struct bugs_table *t, const struct term *term, struct buf *out);
void bugs_table_release(struct bugs_table *t);

#endif
