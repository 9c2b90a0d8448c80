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

/*
 * GitHub refuses a run that has more results, and shows 5,000 of them: the others have no stacks. More runs would get it no
 * more: it takes one of a tool and category, and whoever has thousands of bugs open reads the worst. So the log is cut, the
 * worst first, and says what was left out.
 */
#define SARIF_RESULTS 25000
#define SARIF_STACKS 5000
/*
 * GitHub refuses a file of more than 10 MB, compressed. Ours shrinks to a tenth and less; to a quarter it would if no two
 * names in it were alike.
 */
#define SARIF_BYTES ((size_t)40 << 20)

struct sarif {
	cJSON *log, *rules, *results;
	/* results and their bytes, and bugs that there was no room for */
	size_t n, bytes, left_out;
	/* borrowed, as given to sarif_begin() */
	const char *root, *home;
	snippet_readable_fn quotable;
	const void *quotable_arg;
};

/*
 * root: the project's directory. home: a file in it, absolute, where a bug is said to be whose place isn't known, as GitHub
 * refuses the whole log for one result that is nowhere. quotable NULL: nothing is quoted.
 */
void sarif_begin(struct sarif *s, const char *root, const char *home, const char *version,
	snippet_readable_fn quotable, const void *quotable_arg);
/* The worst first. r: the finished report, or NULL when none was kept. */
void sarif_add(struct sarif *s, const struct bug_rec *b, const struct crash_report *r);
/* The whole document, which the caller deletes; what was left out is warned of, and told in it. */
cJSON *sarif_take(struct sarif *s);

#endif
