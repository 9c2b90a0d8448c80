/* Many processes, a few at once: what compiling is made of. Each one's output is captured. */
#ifndef BUILD_POOL_H
#define BUILD_POOL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

struct pool_task {
	const char *const *argv;
	/* over ours; NULL: ours as it is */
	const char *const *env;
	const char *cwd;
	/* 0: none */
	uint64_t wall_ms;
	/* From here on the result. ok: exit status 0. */
	bool started, ok;
	/* what it printed, standard output first; release it */
	struct buf out;
	uint64_t ms;
};

/*
 * Run them all, up to `jobs` at once, in order. Every task gets its result; a failing one stops nothing. what: what they
 * do, "compiling", for people who wait.
 * -1 only for an interrupt (then the rest was not started).
 */
int pool_run(struct pool_task **tasks, size_t n, unsigned jobs, const char *what, struct err *err);

#endif
