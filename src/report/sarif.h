/*
 * SARIF 2.1.0 (OASIS): one run, a rule per kind of bug, a result per bug with a fingerprint that lives as long as its
 * signature. Paths below the project are relative to SRCROOT.
 */
#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "crash/crash.h"
#include "report/snippet.h"
#include "store/records.h"
#include <cjson/cJSON.h>

/* GitHub refuses a run that has more. */
#define SARIF_RESULTS 25000

struct sarif {
	cJSON *log, *rules, *results;
	/* results, and bugs that there was no room for */
	size_t n, left_out;
	/* the project's directory; borrowed */
	const char *root;
	snippet_readable_fn quotable;
	const void *quotable_arg;
};

/* quotable NULL: nothing is quoted. */
void sarif_begin(struct sarif *s, const char *root, const char *version,
	snippet_readable_fn quotable, const void *quotable_arg);
/* The worst first. r: the finished report, or NULL when none was kept. */
void sarif_add(struct sarif *s, const struct bug_rec *b, const struct crash_report *r);
/* The whole document; the caller deletes it. */
cJSON *sarif_take(struct sarif *s);

#endif
