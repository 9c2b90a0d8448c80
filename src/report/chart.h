/* Little charts as inline SVG, each with its figures as text. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "base/buf.h"

struct chart_point {
	uint64_t when_ms;
	double value;
	/* something was found then */
	bool marked;
};

/* Over time, the oldest first; title: "features", not hostile. Nothing where there are no points. */
void chart_add(struct buf *b, const char *title, const struct chart_point *v, size_t n);
/* A bar each; what: "findings in each of the last campaigns". */
void chart_spark(struct buf *b, const char *what, const uint32_t *v, size_t n);

#endif
