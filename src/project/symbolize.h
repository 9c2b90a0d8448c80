/* Names for a report that was printed without them. */
#ifndef PROJECT_SYMBOLIZE_H
#define PROJECT_SYMBOLIZE_H

#include "project/project.h"

/* A report as printed, module offsets replaced by names and places. Appended. */
void project_symbolize(struct project *p, struct strv text, struct buf *out);

#endif
