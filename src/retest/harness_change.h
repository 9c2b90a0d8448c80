/*
 * A harness that changed since a bug was filed: does the bug's input still get to where the bug was? Answered by the
 * harness as it was then, which is kept, and by the trail of the input then and now.
 */
#ifndef RETEST_HARNESS_CHANGE_H
#define RETEST_HARNESS_CHANGE_H

#include "triage/bug_details.h"

/*
 * Keep the harness and the trail with which the bug's input is known to reach it: called when it was seen to fail.
 * Where no trail is to be had (no clang, or it isn't built so), the harness alone.
 */
int harness_change_remember(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err);

/* 1: it is another than what was kept; 0: it's the same, or nothing was kept; -1. */
int harness_change_seen(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err);

/* 1: nothing is kept, or of another harness; 0; -1. */
int harness_change_is_stale(struct project *p, const struct config_harness *h,
	const struct bug_details *l, struct err *err);

/* Of where the report says that it failed: in the harness's own file. */
bool harness_change_in_harness(
	const struct project *p, const struct config_harness *h, const struct bug_details *l);

enum harness_change { HARNESS_CHANGE_NO, HARNESS_CHANGE_YES, HARNESS_CHANGE_UNKNOWN };

/* By the trails. target: as for project_target. *why: in words, for NO and UNKNOWN; the caller frees. */
enum harness_change harness_change_check(struct project *p, const struct config_harness *h,
	const char *target, const struct bug_details *l, char **why);

/* Today's library below the harness as it was kept; the caller closes it. NULL: it can't be had any more. */
struct target *harness_change_former_target(struct project *p, const struct config_harness *h,
	const char *target, const struct bug_details *l, struct err *err);

#endif
