/*
 * A harness that changed since a bug was filed: does the bug's input still get to where the bug was? Answered by the
 * harness as it was then, which is kept, and by the trail of the input then and now.
 */
#ifndef CAMPAIGN_REACH_H
#define CAMPAIGN_REACH_H

#include "campaign/look.h"

/*
 * Keep the harness and the trail with which the bug's input is known to reach it: called when it was seen to fail. Where no
 * trail is to be had (no clang, or it isn't built so), the harness alone.
 */
int reach_remember(
	struct campaign *c, const struct config_harness *h, const struct look *l, struct err *err);

/* 1: it is another than what was kept; 0: it's the same, or nothing was kept; -1. */
int reach_harness_changed(
	struct campaign *c, const struct config_harness *h, const char *bug, struct err *err);

/* 1: nothing is kept, or of another harness; 0; -1. */
int reach_is_stale(
	struct campaign *c, const struct config_harness *h, const char *bug, struct err *err);

/* Of where the report says that it failed: in the harness's own file. */
bool reach_in_harness(
	const struct campaign *c, const struct config_harness *h, const struct look *l);

enum reach { REACH_NO, REACH_YES, REACH_UNKNOWN };

/* By the trails. target: as for campaign_target. *why: in words, for NO and UNKNOWN; the caller frees. */
enum reach reach_check(struct campaign *c, const struct config_harness *h, const char *target,
	const struct look *l, char **why);

/* Today's library below the harness as it was kept; the caller closes it. NULL: it can't be had any more. */
struct target *reach_former(struct campaign *c, const struct config_harness *h, const char *target,
	const char *bug, struct err *err);

#endif
