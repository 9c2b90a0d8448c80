/*
 * SARIF 2.1.0 (OASIS): one run, a rule per kind of bug, a result per bug with a fingerprint that lives as long as its
 * signature. Paths below the project are relative to SRCROOT.
 */
#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "crash/crash.h"
#include "store/records.h"
#include <cjson/cJSON.h>

/*
 * Where a file that a report names may be read, so that a line of it may be quoted: its path, which the caller frees; NULL:
 * it may not. Reports name what targets like.
 */
typedef char *(*sarif_quotable_fn)(const void *arg, const char *file);

struct sarif {
	cJSON *log, *rules, *results;
	/* the project's directory; borrowed */
	const char *root;
	sarif_quotable_fn quotable;
	const void *quotable_arg;
};

/* quotable NULL: nothing is quoted. */
void sarif_begin(struct sarif *s, const char *root, const char *version, sarif_quotable_fn quotable,
	const void *quotable_arg);
/* r: the finished report, or NULL when none was kept. */
void sarif_add(struct sarif *s, const struct bug_rec *b, const struct crash_report *r);
/* The whole document; the caller deletes it. */
cJSON *sarif_take(struct sarif *s);

#endif
