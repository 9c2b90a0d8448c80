/* The table of bugs, as `thresh bugs` and the end of `thresh run` print it. */
#ifndef CLI_BUGS_TABLE_H
#define CLI_BUGS_TABLE_H

#include "cli/term.h"
#include "store/records.h"

#define BUGS_TABLE_COLS 8
extern const struct table_col bugs_table_cols[BUGS_TABLE_COLS];
void bugs_table_row(struct table *t, const struct bug_rec *b);

#endif
