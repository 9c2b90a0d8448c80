/* What happened, and small facts. */
#ifndef STORE_EVENTS_H
#define STORE_EVENTS_H

#include "base/err.h"
#include "store/records.h"

struct store;

int store_event_add(struct store *s, int64_t campaign, uint64_t when_ms, const char *kind,
	const char *text, struct err *err);
typedef int (*store_event_fn)(void *arg, const struct event_rec *e);
int store_events(struct store *s, int64_t after_id, store_event_fn fn, void *arg, struct err *err);

/* Small facts: one row of text per key ("minimize/<bug>" progress, baselines, ...). set: NULL forgets. get: 0, 1 none, -1. */
int store_fact_set(struct store *s, const char *key, const char *value, struct err *err);
int store_fact_get(struct store *s, const char *key, char **value, struct err *err);

#endif
