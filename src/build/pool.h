/* Many processes, a few at once: what compiling is made of. Each one's output is captured. */
#ifndef BUILD_POOL_H
#define BUILD_POOL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

struct pool_task {
	const char *const *argv;
	const char *const *env; /* over ours; NULL: ours as it is */
	const char *cwd;
	uint64_t wall_ms; /* 0: none */
	/* The result: */
	bool started, ok; /* ok: exit status 0 */
	struct buf out;   /* what it printed, standard output first; release it */
	uint64_t ms;
};

/*
 * Run them all, up to `jobs` at once, in order. Every task gets its result; a failing one stops nothing.
 * -1 only for an interrupt (then the rest was not started).
 */
int pool_run(struct pool_task **tasks, size_t n, unsigned jobs, struct err *err);

#endif
