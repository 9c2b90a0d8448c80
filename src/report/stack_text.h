/* The stacks of a report as text that is the same on every machine with these sources. */
#ifndef REPORT_STACK_TEXT_H
#define REPORT_STACK_TEXT_H

#include "base/buf.h"
#include "crash/crash.h"

/* The stacks of a report, without addresses, with paths below root relative. Appended. */
void stack_text_add(struct buf *out, const struct crash_report *r, const char *root);

#endif
