/* A harness's coverage, as `thresh cover` or a night last measured it, for the report's pages. */
#ifndef CLI_REPORT_COVER_H
#define CLI_REPORT_COVER_H

#include "project/project.h"
#include "report/html_cover.h"

/* Empty where none was measured; the caller releases *out. */
void report_cover(const struct project *p, const char *harness, struct html_cover *out);

#endif
