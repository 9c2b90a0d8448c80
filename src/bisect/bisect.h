/*
 * Which commit brought a bug in, or took it out: git worktrees outside the checkout, each commit built and run as
 * `thresh replay` would. Results are kept as facts, so a search that was killed goes on.
 */
#ifndef BISECT_BISECT_H
#define BISECT_BISECT_H

#include "project/project.h"

enum bisect_outcome {
	/* fails with the bug */
	BISECT_BAD,
	/* passes, as often as the bug's reproducibility demands */
	BISECT_GOOD,
	/* the harness isn't there yet */
	BISECT_NO_HARNESS,
	BISECT_UNBUILT,
	/* fails in another way: says nothing of this bug */
	BISECT_OTHER,
};
const char *bisect_word(enum bisect_outcome o);

enum bisect_verdict {
	/* this commit brought it in */
	BISECT_FIRST_BAD,
	/* this commit took it out */
	BISECT_FIRST_GOOD,
	/* this commit brought the harness in: the bug is at least as old */
	BISECT_HARNESS,
	/* it's one of `among`: what lies between can't be tested */
	BISECT_ONE_OF,
};

struct bisect_step {
	const char *rev, *subject;
	enum bisect_outcome outcome;
	/* from an earlier search */
	bool remembered;
	/* of what couldn't be built; else NULL */
	const char *why;
	/* commits that still come into question */
	size_t left;
};

struct bisect_opts {
	/* one of good and bad may be NULL: HEAD */
	const char *bug, *good, *bad;
	/* the checkout's harness in all commits, in place of each one's own */
	bool todays_harness;
	void (*step)(void *arg, const struct bisect_step *s);
	void *arg;
};

struct bisect_result {
	enum bisect_verdict verdict;
	/* about: "DATE AUTHOR: SUBJECT" */
	char *commit, *about;
	/* "REV SUBJECT" */
	struct strlist among;
	unsigned tested, remembered, unbuilt;
};

int bisect_run(struct project *p, const struct bisect_opts *opts, struct bisect_result *out,
	struct err *err);
void bisect_result_release(struct bisect_result *r);

#endif
