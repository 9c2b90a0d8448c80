/* The last look at the corpora, when all else is done. */
#ifndef CAMPAIGN_GUARDING_H
#define CAMPAIGN_GUARDING_H

#include "campaign/prepare.h"

/* Each harness that has a cov build: its figures are kept, and what is new among its alarms goes to out->alarms. */
void guarding(struct project *p, const struct run_opts *opts, const struct prepared *ready,
	struct run_result *out);

#endif
