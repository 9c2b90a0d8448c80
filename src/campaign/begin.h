/* A campaign's beginning: one at a time, and the one that was killed goes on. */
#ifndef CAMPAIGN_BEGIN_H
#define CAMPAIGN_BEGIN_H

#include "campaign/run.h"

struct begun {
	int64_t campaign;
	bool resumed;
	uint64_t budget_ms, spent_ms;
};

/* A descriptor that holds the project until it is closed. -1: another campaign has it, or an error. */
int begin_lock(const struct project *p, struct err *err);
/* What it does now, for who looks: "building". */
void begin_phase(int lock, const char *phase);
/* The lock's end. */
void begin_unlock(int lock);
/* The process that holds the lock, where one is under way, else 0. With its phase, appended. */
uint64_t begin_under_way(const struct project *p, struct buf *phase);
/* The caller holds the lock. */
int begin_campaign(
	struct project *p, const struct run_opts *opts, struct begun *out, struct err *err);

/* What the engines' seeds follow from: another one for each campaign. */
uint64_t begin_seed(int64_t campaign);

#endif
