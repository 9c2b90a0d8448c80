/* What a campaign shows of itself that takes a look at more than its own numbers: no more often than that is cheap. */
#ifndef CAMPAIGN_WATCH_H
#define CAMPAIGN_WATCH_H

#include "campaign/run.h"
#include "proc/stat.h"

struct watch {
	struct proc_usage usage;
	/* when the next look is due; 0: at once */
	uint64_t next_ms;
	/* what status's words point to */
	char now[ARRAY_LEN(((struct run_status *)0)->now)][128];
};

/* One more explorer and what it does, where there is room for it. */
void watch_tell_now(
	struct watch *w, struct run_status *status, const char *harness, const char *what);

/* Into status: last_new_ms and cpu_share, where it is time for it. What can't be had is as it was. */
void watch_look(struct watch *w, struct project *p, int64_t campaign, struct run_status *status);

#endif
