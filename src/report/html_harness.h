/* A harness's page, and what the first page shows of it. */
#ifndef REPORT_HTML_HARNESS_H
#define REPORT_HTML_HARNESS_H

#include "report/html_cover.h"
#include "report/html_words.h"
#include "report/model.h"

/* Its charts: features, lines, executions. */
void html_harness_charts(struct buf *b, const struct model_harness *h);
/* "aflpp 66 %, libfuzzer 34 %" */
void html_harness_shares(struct buf *b, const struct model_harness *h);
/* The whole page; appended. The first `paged` bugs have pages of their own. */
void html_harness_page(struct buf *b, const struct model *m, const struct model_harness *h,
	const struct html_cover *cover, const struct html_words *words, size_t paged);

#endif
