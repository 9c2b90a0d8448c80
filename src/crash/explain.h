/* Same bug or two, in words. */
#ifndef CRASH_EXPLAIN_H
#define CRASH_EXPLAIN_H

#include "base/buf.h"
#include "crash/finish.h"

/* Why two are the same bug or two: one or more lines of words, and the first frame in which they differ. Appended. */
void crash_explain(struct buf *b, const struct crash_report *x, const struct crash_report *y,
	const struct crash_rules *rules);

#endif
