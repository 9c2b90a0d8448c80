/* Who is at work on a shared store: the one that plans, and the workers that show signs of life. */
#ifndef STORE_WORKERS_H
#define STORE_WORKERS_H

#include "base/err.h"
#include "base/prelude.h"

struct store;

/*
 * Be the one that plans: 0, until the store is closed, or this process or its host is gone; 1: another one is, and *other (the
 * caller frees) is what that one calls itself, or NULL. To be called again and again: after the connection was lost it may
 * be another. Always 0 where the store is no shared one.
 */
int store_lead(struct store *s, const char *me, char **other, struct err *err);

/* What the one that plans, or did last, calls itself: 0, 1 there was none, -1. The caller frees. */
int store_planner(struct store *s, char **name, struct err *err);

/* A sign of life, also without a job: it keeps what its owner holds by now + lease. 0: it goes. */
int store_worker_beat(struct store *s, const char *owner, uint64_t lease_ms, struct err *err);
/* How many are alive. */
int store_workers(struct store *s, uint64_t *n, struct err *err);
/* By how many milliseconds this machine's clock is ahead of the store's; less than 0: behind. */
int store_clock_ahead(struct store *s, int64_t *ms, struct err *err);
/* Signs of life that ended a day ago are let go. */
int store_workers_forget(struct store *s, struct err *err);

#endif
