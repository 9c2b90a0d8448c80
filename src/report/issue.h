/* A bug as the body of an issue: Markdown that no text of a target can break out of. */
#ifndef REPORT_ISSUE_H
#define REPORT_ISSUE_H

#include "base/buf.h"
#include "crash/crash.h"
#include "store/records.h"

/*
 * r, input and test, the folder of its regression test, may be NULL; input_path is where the input lies. Paths below root are
 * shown relative to it. Appended.
 */
void issue_body(struct buf *out, const struct bug_rec *b, const struct crash_report *r,
	const struct buf *input, const char *input_path, const char *root, const char *test);

#endif
