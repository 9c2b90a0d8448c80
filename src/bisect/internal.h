/* What the files of this room share. */
#ifndef BISECT_INTERNAL_H
#define BISECT_INTERNAL_H

#include "bisect/bisect.h"

/* One commit at a time, in a worktree of its own (worktree.c). */
struct bisect_tree;
struct bug_details;
#define BISECT_TREES_MAX 4
/*
 * index: below BISECT_TREES_MAX, another for each that is open; jobs: compilers at once. Ends what a killed search left
 * at that index; at 0, all of it. NULL on failure.
 */
struct bisect_tree *bisect_tree_open(struct project *p, const struct bug_details *l,
	bool todays_harness, unsigned index, unsigned jobs, struct err *err);
/* NULL is fine. */
void bisect_tree_close(struct bisect_tree *t);
/* *why is set for what couldn't be built; the caller frees. -1: git failed, or an interrupt. */
int bisect_tree_test(struct bisect_tree *t, const char *rev, enum bisect_outcome *out, char **why,
	struct err *err);

/* Several worktrees (pool.c): as many as the campaign's jobs and the commits in question allow. */
struct bisect_pool;
struct bisect_pool *bisect_pool_open(
	struct project *p, const struct bug_details *l, bool todays_harness, size_t commits);
/* NULL is fine. */
void bisect_pool_close(struct bisect_pool *p);
unsigned bisect_pool_size(const struct bisect_pool *p);
struct bisect_job {
	const char *rev;
	/* what came of it: */
	bool done;
	enum bisect_outcome outcome;
	/* as bisect_tree_test has it */
	char *why;
};
/*
 * At most as many as the pool's size. -1 when one of them failed; the others may be done all the same. what: shown on a
 * terminal meanwhile.
 */
int bisect_pool_run(struct bisect_pool *p, struct bisect_job *jobs, size_t n, const char *what,
	struct err *err);

#endif
