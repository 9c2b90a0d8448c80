/*
 * Which commit brought a bug in, or took it out: git worktrees outside the checkout, each commit built and run as
 * `thresh replay` would. Results are kept as facts, so a search that was killed goes on.
 */
#ifndef CAMPAIGN_BISECT_H
#define CAMPAIGN_BISECT_H

#include "campaign/campaign.h"

enum bisect_outcome {
	BISECT_BAD,        /* fails with the bug */
	BISECT_GOOD,       /* passes, as often as the bug's reproducibility demands */
	BISECT_NO_HARNESS, /* the harness isn't there yet */
	BISECT_UNBUILT,
	BISECT_OTHER, /* fails in another way: says nothing of this bug */
};
const char *bisect_word(enum bisect_outcome o);

enum bisect_verdict {
	BISECT_FIRST_BAD,  /* this commit brought it in */
	BISECT_FIRST_GOOD, /* this commit took it out */
	BISECT_HARNESS,    /* this commit brought the harness in: the bug is at least as old */
	BISECT_ONE_OF,     /* it's one of `among`: what lies between can't be tested */
};

struct bisect_step {
	const char *rev, *subject;
	enum bisect_outcome outcome;
	bool remembered; /* from an earlier search */
	const char *why; /* of what couldn't be built; else NULL */
	size_t left;     /* commits that still come into question */
};

struct bisect_opts {
	const char *bug, *good, *bad; /* one of good and bad may be NULL: HEAD */
	bool todays_harness; /* the checkout's harness in all commits, in place of each one's own */
	void (*step)(void *arg, const struct bisect_step *s);
	void *arg;
};

struct bisect_result {
	enum bisect_verdict verdict;
	char *commit, *about; /* about: "DATE AUTHOR: SUBJECT" */
	struct strlist among; /* "REV SUBJECT" */
	unsigned tested, remembered, unbuilt;
};

int bisect_run(struct campaign *c, const struct bisect_opts *opts, struct bisect_result *out,
	struct err *err);
void bisect_result_release(struct bisect_result *r);

/* One commit at a time, in a worktree of its own (bisect_tree.c). */
struct bisect_tree;
struct look;
#define BISECT_TREES_MAX 4
/*
 * index: below BISECT_TREES_MAX, another for each that is open; jobs: compilers at once. Ends what a killed search left
 * at that index; at 0, all of it. NULL on failure.
 */
struct bisect_tree *bisect_tree_open(struct campaign *c, const struct look *l, bool todays_harness,
	unsigned index, unsigned jobs, struct err *err);
void bisect_tree_close(struct bisect_tree *t); /* NULL is fine */
/* *why is set for what couldn't be built; the caller frees. -1: git failed, or an interrupt. */
int bisect_tree_test(struct bisect_tree *t, const char *rev, enum bisect_outcome *out, char **why,
	struct err *err);

/* Several worktrees (bisect_pool.c): as many as the campaign's jobs and the commits in question allow. */
struct bisect_pool;
struct bisect_pool *bisect_pool_open(
	struct campaign *c, const struct look *l, bool todays_harness, size_t commits);
void bisect_pool_close(struct bisect_pool *p); /* NULL is fine */
unsigned bisect_pool_size(const struct bisect_pool *p);
struct bisect_job {
	const char *rev;
	/* what came of it: */
	bool done;
	enum bisect_outcome outcome;
	char *why; /* as bisect_tree_test has it */
};
/* At most as many as the pool's size. -1 when one of them failed; the others may be done all the same. */
int bisect_pool_run(struct bisect_pool *p, struct bisect_job *jobs, size_t n, struct err *err);

/* git's words, in the project's directory; trimmed. argv without "git" and NULL-terminated. */
int bisect_git(const char *dir, const char *const *argv, struct buf *out, struct err *err);

#endif
