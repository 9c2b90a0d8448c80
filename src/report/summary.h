/* The model for a terminal, for a comment on a pull request, for programs, for a monitor, and for a CI server's list of tests. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "report/model.h"
#include "report/term.h"

/* Appended, each. */
void summary_text(const struct model *m, const struct term *term, struct buf *out);
void summary_markdown(const struct model *m, struct buf *out);

#endif
