/*
 * A campaign on bugs that were planted, in a project of its own below the state folder: what a night trusts before it
 * believes that nothing was found. Never in the user's store, corpus or tests.
 */
#ifndef NIGHT_CANARY_H
#define NIGHT_CANARY_H

#include "night/chain.h"
#include "project/project.h"

struct canary_opts {
	/* of the whole campaign that it stands for: the canary's is a hundredth of it, at least some seconds */
	uint64_t campaign_ms;
	/* for all of it, its builds among it; 0: none but its own */
	uint64_t limit_ms;
	/* as child_opts has them */
	void (*tick)(void *arg);
	void *arg;
};

struct canary_result {
	enum chain_link link;
	/* "" when it is alive */
	struct buf why;
	uint64_t ms;
	/* the limit ended it: `link` says nothing */
	bool cut;
};

/* The project's engines and sanitizers. -1: it couldn't be tried at all. */
int canary_run(const struct project *p, const struct canary_opts *opts, struct canary_result *out,
	struct err *err);
void canary_result_release(struct canary_result *r);

#endif
