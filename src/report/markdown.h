/* Hostile text in Markdown. */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/buf.h"

/*
 * Outside of code blocks: Markdown's own characters are escaped, HTML's become entities, and an @ can't notify anybody.
 */
void markdown_text(struct buf *out, const char *text);
/* In a fence that is longer than any in the text. */
void markdown_code(struct buf *out, const char *text);

#endif
