/* The table of bugs, as `thresh bugs` and the end of `thresh run` show it. */
#ifndef REPORT_BUGS_TABLE_H
#define REPORT_BUGS_TABLE_H

#include "base/buf.h"
#include "report/table.h"
#include "base/strlist.h"
#include "store/records.h"

struct bugs_table {
	struct table *table;
	/* a line below each row: the harness and the frames */
	struct strlist where;
};

void bugs_table_init(struct bugs_table *t);
void bugs_table_row(struct bugs_table *t, const struct bug_rec *b);
/* Appended; a row's harness and frames stand in a line of their own, so that they are whole at 80 columns. */
void bugs_table_render(const struct bugs_table *t, const struct term *term, struct buf *out);
void bugs_table_release(struct bugs_table *t);

#endif
