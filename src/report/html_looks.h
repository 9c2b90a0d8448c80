/* On a harness's page: its health as it was last looked at, and how edge cases, faults and sweeps were taken. */
#ifndef REPORT_HTML_LOOKS_H
#define REPORT_HTML_LOOKS_H

#include "report/model.h"

/* A section each; of verdicts nothing where there are none. */
void html_health_add(struct buf *b, const struct model_harness *h);
void html_verdicts_add(struct buf *b, const struct model_harness *h);

#endif
