/* At a campaign's end: was what was asked for done? What wasn't is said, never passed over. */
#ifndef CAMPAIGN_ACCOUNT_H
#define CAMPAIGN_ACCOUNT_H

#include "campaign/prepare.h"

/* Fills pairs, lacks, unfiled and unstored of out from the store and what was prepared. */
int account_fill(struct run_result *out, struct project *p, const struct run_opts *opts,
	const struct prepared *ready, struct err *err);
/* Of a process that was told to stop before it could plan. */
void account_waited(struct run_result *out);
void account_release(struct run_result *out);

#endif
