/*
 * Which commit brought a bug in, or took it out: git worktrees outside the checkout, each commit built and run as
 * `thresh replay` would. Results are kept as facts, so a search that was killed goes on.
 */
#ifndef BISECT_BISECT_H
#define BISECT_BISECT_H

#include "project/project.h"

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

int bisect_run(struct project *p, const struct bisect_opts *opts, struct bisect_result *out,
	struct err *err);
void bisect_result_release(struct bisect_result *r);

#endif
