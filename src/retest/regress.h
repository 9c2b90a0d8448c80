/*
 * Bugs -> regression tests in the project's tree. A test is kept only after its input was seen to fail, with its bug,
 * on a sanitizer build that has the bug; what is there already, proven and unchanged, is left alone.
 */
#ifndef RETEST_REGRESS_H
#define RETEST_REGRESS_H

#include "project/project.h"
#include "regress/style.h"

enum regress_status {
	/* proven and written */
	REGRESS_IS_NEW,
	/* its state, its facts or its input changed */
	REGRESS_IS_UPDATED,
	REGRESS_IS_SAME,
	/* somebody changed it by hand: kept */
	REGRESS_IS_EDITED,
	/* somebody deleted it: left so, unless asked for by id */
	REGRESS_IS_DELETED,
	/* the input fails on no sanitizer build here, or in another way: no test */
	REGRESS_IS_UNPROVEN,
	REGRESS_IS_PRUNED,
};
const char *regress_status_name(enum regress_status s);

/* What came of one bug. */
struct regress_one {
	char *bug, *harness, *dir;
	enum regress_status status;
	/* of what wasn't written; else NULL */
	char *why;
	/* build variants in words; NULL when not run */
	char *fails, *passes, *not_built;
};

struct job_ctx;

struct regress_opts {
	/* NULL or empty: all */
	const struct strlist *bugs;
	/* NULL: files */
	const char *style;
	/* NULL: main */
	const char *framework;
	/* NULL: PROJECT_TESTS; relative to the project */
	const char *dir;
	/* take out tests whose bug is gone from the store */
	bool prune;
	/* prove those that are proven, too */
	bool again;
	/* on no more builds than there are, once one has shown the bug; the next time without this makes up for it */
	bool soon;
	/* whose lease is kept meanwhile; NULL from the command line */
	struct job_ctx *job;
};

struct regress_result {
	struct regress_one *v;
	size_t n, cap;
	unsigned files_written, files_kept;
	/* files that were edited by hand, below the tests' folder */
	struct strlist kept;
	char *root;
};

int regress_run(struct project *p, const struct regress_opts *opts, struct regress_result *out,
	struct err *err);
void regress_result_release(struct regress_result *r);

/* Where the tests lie; dir as in regress_opts. The caller frees. */
char *regress_root(const struct project *p, const char *dir);
/* Can they be written there? Nothing is made; -1, why not and where else. */
int regress_writable(const struct project *p, const char *dir, struct err *err);

#endif
