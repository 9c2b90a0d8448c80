/* What `thresh report` takes from the project beside the store, and bugs in the formats that show their reports. */
#ifndef CLI_REPORT_OUT_H
#define CLI_REPORT_OUT_H

#include "project/project.h"
#include "report/load.h"

/* The model of a project; the caller releases *out in any case. */
int report_out_load(struct project *p, struct model *out, struct err *err);
/* Bugs that have a page of their own, where nobody says. */
#define REPORT_OUT_PAGES 500
/* Pages into a folder; at most so many for bugs. */
int report_out_html(
	struct project *p, const struct model *m, const char *dir, size_t pages, struct err *err);
/* Appended. */
int report_out_sarif(struct project *p, const struct model *m, struct buf *out, struct err *err);

#endif
