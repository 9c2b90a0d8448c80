/* Where each input of a corpus came from. */
#ifndef STORE_ORIGINS_H
#define STORE_ORIGINS_H

#include "base/err.h"
#include "base/hash.h"
#include "base/strlist.h"
#include "base/prelude.h"

struct store;

struct origin_rec {
	char *harness;
	char sha1[SHA1_HEX];
	/* "libfuzzer", "aflpp", "edge", "seed", "import", or the harness that offered it as "harness NAME" */
	char *engine;
	int64_t campaign; /* 0: none */
	uint64_t when_ms;
	char *name;            /* that it had there; "": none */
	char parent[SHA1_HEX]; /* the input that it was made of; "": not known */
};

void origin_rec_release(struct origin_rec *r);

/* The first that is known of an input stays. */
int store_origin_add(struct store *s, const struct origin_rec *r, struct err *err);
/* Of inputs whose names begin so, in order. Non-zero from fn ends it. */
typedef int (*store_origin_fn)(void *arg, const struct origin_rec *r);
int store_origins(struct store *s, const char *harness, const char *prefix, store_origin_fn fn,
	void *arg, struct err *err);
/* Of these inputs; in no order. */
int store_origins_of(struct store *s, const char *harness, const struct strlist *names,
	store_origin_fn fn, void *arg, struct err *err);
/* Names of inputs that came before then, with what their rows take, by harness. fn must not use the store; non-zero ends it. */
typedef int (*store_origin_old_fn)(
	void *arg, const char *harness, const char *sha1, uint64_t bytes);
int store_origins_old(
	struct store *s, uint64_t before_ms, store_origin_old_fn fn, void *arg, struct err *err);
int store_origins_remove(
	struct store *s, const char *harness, const struct strlist *names, struct err *err);
/* By harness and engine: when it last brought an input that was new. */
typedef int (*store_origin_last_fn)(
	void *arg, const char *harness, const char *engine, uint64_t when_ms);
int store_origins_last(
	struct store *s, int64_t campaign, store_origin_last_fn fn, void *arg, struct err *err);

#endif
