/*
 * Every bug against today's build. A bug is closed only when its own failure is gone: not when another hides it, when
 * nothing could be built, or when the harness changed so that its input leads elsewhere.
 */
#ifndef RETEST_VERIFY_H
#define RETEST_VERIFY_H

#include "project/project.h"

enum verify_verdict { VERIFY_SAME, VERIFY_GONE, VERIFY_MASKED, VERIFY_CANNOT_TELL };
/* "same", "gone", "masked", "cannot tell". */
const char *verify_word(enum verify_verdict v);

struct verify_one {
	char *bug, *harness, *title;
	enum verify_verdict verdict;
	enum bug_state before, after;
	/* its sites, and how many of them fail no more */
	unsigned sites, sites_gone;
	/* of the reproducer that decides, with this bug */
	unsigned failed, tries;
	/* in words; NULL when there's nothing to add */
	char *why;
	/* masked: the bug that hides it; NULL */
	char *other;
	/* replayed after it was seen gone */
	unsigned findings;
	/* of those, how many fail in another way and were filed anew */
	unsigned split;
};

struct verify_opts {
	/* NULL or empty: all */
	const struct strlist *bugs;
	/* another tree: looked at only, nothing is changed */
	const char *target;
	/* one that changed counts like the one at filing: somebody looked */
	bool trust_harness;
	void (*done)(void *arg, const struct verify_one *one);
	void *arg;
};

struct verify_result {
	struct verify_one *v;
	size_t n, cap;
};

int verify_run(struct project *p, const struct verify_opts *opts, struct verify_result *out,
	struct err *err);
void verify_result_release(struct verify_result *r);

#endif
