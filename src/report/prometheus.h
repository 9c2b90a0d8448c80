/* The model in Prometheus's text format, for its textfile collector. */
#ifndef REPORT_PROMETHEUS_H
#define REPORT_PROMETHEUS_H

#include "report/model.h"

/* Appended. */
void prometheus_write(const struct model *m, struct buf *out);

#endif
