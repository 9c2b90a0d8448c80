/*
 * The edge cases of a campaign's harnesses, which come before its engines: their part of the budget, and which of them had
 * none. Cases that weren't run are no cases that passed.
 */
#ifndef CAMPAIGN_EDGES_H
#define CAMPAIGN_EDGES_H

#include "campaign/prepare.h"

/* Queue them, for each harness that is ready: nothing where the budget has no time for any. */
int edges_plan(struct project *p, const struct run_opts *opts, const struct prepared *ready,
	uint64_t budget_ms, struct err *err);
/* The time ended before the harness's cases did, behind so many of them: kept in the store. */
int edges_note_cut(struct project *p, const char *harness, uint64_t cases, struct err *err);
/* The same, but all of the others are in edges_left_path, for libFuzzer to run ... */
int edges_note_left(struct project *p, const char *harness, uint64_t cases, struct err *err);
/* ... and did. */
int edges_note_done(struct project *p, const char *harness, struct err *err);
/* Where cases wait that the time was too short for, where any do; the caller frees. */
char *edges_left_path(const struct project *p, const char *harness);
/*
 * Why not all of them ran, in words; the caller frees. NULL: all did, or their job failed, which is told of as with any
 * other. budgeted: they had the part of the time that is theirs.
 */
int edges_lacking(struct project *p, int64_t campaign, const char *harness, char **why,
	bool *budgeted, struct err *err);

#endif
