/* Ends of an engine that left no input to blame: counted, so that no crash is passed over for want of one. */
#ifndef CAMPAIGN_LOST_H
#define CAMPAIGN_LOST_H

#include "project/project.h"

/*
 * So many more of the campaign that is under way; why: how the last of them was. 0: there was none, but a slice that ran
 * nothing, and why, which is kept as long as there is none.
 */
int lost_add(struct project *p, const char *harness, const char *engine, uint64_t n,
	const char *why, struct err *err);
/* Of a campaign; *why is the caller's; NULL: there is nothing to say. */
int lost_get(struct project *p, int64_t campaign, const char *harness, const char *engine,
	uint64_t *n, char **why, struct err *err);

#endif
