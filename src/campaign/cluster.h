/*
 * What a campaign is besides where its store is shared: one process plans and others wait to take over; its builds are in
 * the store for workers of other machines; how many of these there are says how much is planned.
 */
#ifndef CAMPAIGN_CLUSTER_H
#define CAMPAIGN_CLUSTER_H

#include "campaign/run.h"
#include "depot/corpora.h"

struct cluster {
	struct project *p;
	/* NULL: the store is this machine's alone, and all of this is nothing */
	struct depot *depot;
	uint64_t next_ms;
	/* that are alive, on all machines */
	uint64_t workers;
};

/*
 * Be the one that plans: waits while another is, and says which. 0; 1: told to stop; 2: the other one's campaign came to its
 * end meanwhile, and *campaign is it.
 */
int cluster_lead(struct project *p, int64_t *campaign, struct err *err);
/*
 * Where this machine's clock is far from the store's, that one is gone by: leases run by it, and what this process records is
 * to be with what others do. tell: warn of it.
 */
int cluster_follow_clock(struct store *s, bool tell, struct err *err);
/* All is built: into the store with it. */
int cluster_begin(
	struct cluster *c, struct project *p, const struct run_opts *opts, struct err *err);
/* To be called often. -1: also when another process has become the one that plans. */
int cluster_tick(struct cluster *c, const struct run_opts *opts, struct err *err);
/* What others found, for what comes after exploring. */
int cluster_gather(struct cluster *c, const struct run_opts *opts, struct err *err);
/* Between two looks at the store. */
unsigned cluster_tick_us(const struct cluster *c);
void cluster_end(struct cluster *c);
/* How many explore, and how many may work on one pair of harness and engine. */
unsigned cluster_explorers(const struct cluster *c, const struct run_opts *opts);
unsigned cluster_instances(const struct cluster *c, unsigned explorers, size_t pairs);

#endif
