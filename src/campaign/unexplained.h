/*
 * An engine saw an input fail, and alone it passes. It may fail behind others, which the engine's process had run before it;
 * or the engine's own report says where it was. Else nothing is known but that it happened: that is kept, and told.
 */
#ifndef CAMPAIGN_UNEXPLAINED_H
#define CAMPAIGN_UNEXPLAINED_H

#include "project/lease.h"
#include "triage/filing.h"

/* Whether there is anything to look for behind a finding that triage left without a bug. */
bool unexplained_asks(struct project *p, int64_t finding);
/* Of a finding that triage left without a bug: filed says where it is now, or nothing. */
int unexplained_look(
	struct job_ctx *ctx, int64_t finding, struct triage_filed *filed, struct err *err);

/* A limit of time or memory was met in the engine's process only: slow, or in bad company, and no defect. */
bool unexplained_is_limit(const struct finding_rec *f);
/* The findings that a campaign triaged, and left so. Non-zero from fn stops. */
int unexplained_each(
	struct project *p, int64_t campaign, store_finding_fn fn, void *arg, struct err *err);
/* Why, in words; the caller frees. */
char *unexplained_why(struct project *p, const struct finding_rec *f);

#endif
