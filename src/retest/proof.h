/*
 * Is this input really a test of that bug? Run on every build variant that can be had; a sanitizer has to see it
 * fail.
 */
#ifndef RETEST_PROOF_H
#define RETEST_PROOF_H

#include "project/project.h"
#include "triage/bug_details.h"
#include "triage/triage.h"

struct job_ctx;

struct proof {
	/* variants in words, ", " between */
	struct buf fails, otherwise, passes, not_built;
	/* what failed and where; the same on every machine with these sources */
	struct buf report;
	/* when it isn't proven */
	struct buf why;
	bool proven, flaky;
	/* on the first sanitizer variant that showed it */
	unsigned k, n;
};

#define PROOF_INIT                 \
	{                          \
		.fails = BUF_INIT, \
	}

/*
 * job may be NULL: with one, its lease is kept while this goes on. soon: once it is proven no more is built, and what isn't
 * there yet is in none of the lists. -1: told to stop, or nothing could be run at all.
 */
int proof_run(struct project *p, const struct bug_details *l, struct job_ctx *job, bool soon,
	struct proof *out, struct err *err);
void proof_release(struct proof *p);

/* Is one of the builds that the harness has in none of these lists, each as in a manifest, or NULL? */
bool proof_lacks(const struct config_harness *h, const char *const lists[], size_t n);

/* The build with a sanitizer that these words, as in a manifest's `fails`, name first; asan when they name none. */
enum variant proof_variant(const char *fails);

/*
 * The bug's input failed k of n times only, which nobody knew when it was filed: kept with the bug, so that whoever
 * asks whether it's gone tries often enough.
 */
int proof_note_flaky(
	struct project *p, const struct bug_details *l, unsigned k, unsigned n, struct err *err);

#endif
