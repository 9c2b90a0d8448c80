/* Does an input still get to where its bug was? Asked of gdb, by a breakpoint there. */
#ifndef CAMPAIGN_REACH_H
#define CAMPAIGN_REACH_H

#include "campaign/look.h"

enum reach { REACH_NO, REACH_YES, REACH_UNKNOWN };

/* target: as for campaign_target. *why: in words, for NO and UNKNOWN; the caller frees. */
enum reach reach_check(struct campaign *c, const struct config_harness *h, const char *target,
	const struct look *l, char **why);

#endif
