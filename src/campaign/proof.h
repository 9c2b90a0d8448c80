/* Is this input really a test of that bug? Run on every build variant that can be had; a sanitizer has to see it fail. */
#ifndef CAMPAIGN_PROOF_H
#define CAMPAIGN_PROOF_H

#include "campaign/campaign.h"
#include "campaign/triage.h"

struct job_ctx;

struct proof {
	struct buf fails, otherwise, passes, not_built; /* variants in words, ", " between */
	struct buf report; /* what failed and where; the same on every machine with these sources */
	struct buf why;    /* when it isn't proven */
	bool proven, flaky;
	unsigned k, n; /* on the first sanitizer variant that showed it */
};

#define PROOF_INIT                 \
	{                          \
		.fails = BUF_INIT, \
	}

/* job may be NULL: with one, its lease is kept while this goes on. -1: told to stop, or nothing could be run at all. */
int proof_run(struct campaign *c, const struct bug_rec *b, const void *data, size_t len,
	struct job_ctx *job, struct proof *out, struct err *err);
void proof_release(struct proof *p);

/* The build with a sanitizer that these words, as in a manifest's `fails`, name first; asan when they name none. */
enum variant proof_variant(const char *fails);

/* A signature stands for this bug, by verdicts, aliases or its own. 1 yes, 0 no, -1. */
/*
 * The bug's input failed k of n times only, which nobody knew when it was filed: kept with the bug, so that whoever asks
 * whether it's gone tries often enough.
 */
int proof_note_flaky(struct campaign *c, const char *bug, unsigned k, unsigned n, struct err *err);
int proof_is_bug(struct campaign *c, const char *signature, const char *bug, struct err *err);

/* The stacks of a report, without addresses, with paths below root relative. Appended. */
void proof_describe(struct buf *out, const struct crash_report *r, const char *root);

#endif
