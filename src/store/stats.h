/* Campaigns, and what their harnesses have done. */
#ifndef STORE_STATS_H
#define STORE_STATS_H

#include "base/err.h"
#include "store/records.h"

struct store;

/* Campaigns. begin: *id is set. last: 0 found, 1 none, -1 error. */
int store_campaign_begin(struct store *s, uint64_t now_ms, uint64_t budget_ms,
	const char *harnesses, int64_t *id, struct err *err);
int store_campaign_spend(struct store *s, int64_t id, uint64_t spent_ms, struct err *err);
int store_campaign_end(struct store *s, int64_t id, uint64_t now_ms, struct err *err);
int store_campaign_last(struct store *s, struct campaign_rec *out, struct err *err);

/* All, the oldest first. Non-zero from fn ends it. */
typedef int (*store_campaign_fn)(void *arg, const struct campaign_rec *r);
int store_campaigns(struct store *s, store_campaign_fn fn, void *arg, struct err *err);

/* Statistics: adds execs, wall_ms, crashes, restarts to what is there; edges never go back; no corpus (0) says nothing. */
int store_stat_add(struct store *s, const struct stat_rec *r, struct err *err);
typedef int (*store_stat_fn)(void *arg, const struct stat_rec *r);
int store_stats(struct store *s, int64_t campaign, store_stat_fn fn, void *arg, struct err *err);

#endif
