/* Nothing here is of a store that is this machine's alone. */
#include "base/prelude.h"
#include "campaign/cluster.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/patience.h"
#include "depot/build.h"
#include "proc/interrupt.h"
#include "project/lease.h"

#define LOOK_MS 1000
#define CLOCKS_APART_MS 60000
#define TICK_MS 2000
#define INSTANCES_MAX 64U
#define EXPLORERS_MAX 4096U

/* The campaign that goes on now: 0 none. ended: the last one is over. */
static int64_t last_campaign(struct project *p, bool *ended)
{
	struct campaign_rec last = { 0 };
	int64_t id = store_campaign_last(p->store, &last, NULL) == 0 ? last.id : 0;

	*ended = id && last.ended_ms;
	campaign_rec_release(&last);
	return id;
}

static void tell_waiting(char **told, char *other)
{
	if (!*told || strcmp(*told, other ? other : "") != 0)
		log_info("%s plans this project's campaign; waiting, to take over should it end",
			other ? other : "another process");
	free(*told);
	*told = other ? other : xstrdup("");
}

int cluster_lead(struct project *p, int64_t *campaign, struct err *err)
{
	struct patience patience = { 0 };
	char me[LEASE_OWNER_MAX], *told = NULL, *other;
	int64_t theirs = 0, last;
	bool ended;
	int rc = 1;

	lease_owner(me);
	while (!proc_interrupted()) {
		rc = store_lead(p->store, me, &other, err);
		if (rc == 0 || (rc < 0 && !patience_wait(&patience, "the store", err)))
			break;
		if (rc < 0)
			continue;
		patience_end(&patience);
		tell_waiting(&told, other);
		last = last_campaign(p, &ended);
		if (last && !ended)
			theirs = last;
		proc_nap(LOOK_MS);
	}
	if (proc_interrupted())
		rc = 1;
	else if (rc == 0 && told) {
		last = last_campaign(p, &ended);
		*campaign = last;
		rc = last && last == theirs && ended ? 2 : 0;
		log_info(rc == 2 ? "%s has brought its campaign to its end"
				 : "%s is gone; this process plans now",
			*told ? told : "the other process");
	}
	free(told);
	return rc;
}

static int sync_all(struct cluster *c, const struct run_opts *opts, struct err *err)
{
	for (size_t i = 0; i < opts->n_harnesses; i++)
		if (depot_sync(c->depot, opts->harnesses[i]->name, err) < 0)
			return -1;
	return 0;
}

int cluster_follow_clock(struct store *s, bool tell, struct err *err)
{
	struct buf b = BUF_INIT;
	int64_t ahead;

	if (store_clock_ahead(s, &ahead, err) < 0)
		return -1;
	if (ahead <= CLOCKS_APART_MS && ahead >= -CLOCKS_APART_MS)
		return 0;
	num_add_duration(&b, (uint64_t)(ahead < 0 ? -ahead : ahead));
	if (tell)
		log_warn("this machine's clock is %s %s the store's, which is gone by; is NTP "
			 "running?",
			buf_str(&b), ahead < 0 ? "behind" : "ahead of");
	clock_set_back(ahead);
	buf_release(&b);
	return 0;
}

int cluster_begin(
	struct cluster *c, struct project *p, const struct run_opts *opts, struct err *err)
{
	char key[SIGN_KEY_HEX];

	c->p = p;
	c->depot = depot_open(p);
	if (!c->depot)
		return 0;
	if (cluster_follow_clock(p->store, true, err) < 0 ||
		store_workers_forget(p->store, err) < 0 || sync_all(c, opts, err) < 0 ||
		depot_publish(p, p->id, opts->harnesses, opts->n_harnesses, err) < 0 ||
		depot_key(p, key, err) < 0)
		return -1;
	log_info("workers of other machines: thresh worker --store URL --key %s", key);
	return 0;
}

int cluster_tick(struct cluster *c, const struct run_opts *opts, struct err *err)
{
	uint64_t now = clock_mono_ms();
	char me[LEASE_OWNER_MAX], *other;
	int rc;

	if (!c->depot || now < c->next_ms)
		return 0;
	c->next_ms = now + TICK_MS;
	lease_owner(me);
	rc = store_lead(c->p->store, me, &other, err);
	if (rc == 1)
		rc = err_set(err,
			"the connection to the store was lost for a while, and %s plans this "
			"campaign now",
			other ? other : "another process");
	free(other);
	if (rc < 0 || store_workers(c->p->store, &c->workers, err) < 0)
		return -1;
	return sync_all(c, opts, err);
}

int cluster_gather(struct cluster *c, const struct run_opts *opts, struct err *err)
{
	return c->depot ? sync_all(c, opts, err) : 0;
}

/* A server has others to serve, and is further away. */
unsigned cluster_tick_us(const struct cluster *c)
{
	return c->depot ? 500000 : 100000;
}

void cluster_end(struct cluster *c)
{
	depot_close(c->depot);
	c->depot = NULL;
}

/* One of those that are alive is this machine's that refines. */
unsigned cluster_explorers(const struct cluster *c, const struct run_opts *opts)
{
	uint64_t n = c->depot && c->workers ? c->workers - 1 : 0;

	return (unsigned)MIN(MAX(n, (uint64_t)opts->jobs), (uint64_t)EXPLORERS_MAX);
}

unsigned cluster_instances(const struct cluster *c, unsigned explorers, size_t pairs)
{
	return c->depot && pairs ? MIN((unsigned)((explorers + pairs - 1) / pairs), INSTANCES_MAX)
				 : 1;
}
