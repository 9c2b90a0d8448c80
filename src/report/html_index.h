/* The first page, and the pages that its table of bugs goes on with. */
#ifndef REPORT_HTML_INDEX_H
#define REPORT_HTML_INDEX_H

#include "report/model.h"

/* Bugs of a page's table. */
#define HTML_BUGS_A_PAGE 200

/* paged: the first so many bugs have a page of their own. Appended. */
void html_index_page(struct buf *b, const struct model *m, size_t paged);
/* The n-th page of the table, from 1; 0 is on the first page of all. */
void html_bugs_page(struct buf *b, const struct model *m, size_t paged, size_t n);
size_t html_bugs_pages(const struct model *m);

#endif
