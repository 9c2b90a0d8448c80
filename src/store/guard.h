/* What each harness's corpus came to in each campaign, and what builds lost of it. */
#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include "base/err.h"
#include "store/records.h"

struct store;

/* A harness's corpus after a campaign. */
struct guard_rec {
	int64_t campaign;
	char *harness, *build; /* build: names the one that was measured */
	uint64_t when_ms, inputs, bytes, features, rejected;
	/* of the code: entered by some input; lines: those at which a block begins */
	uint64_t functions, lines;
	double execs_per_s; /* of the campaign's engines together */
};

/* A function that the corpus reached on one build and no more on a later one. */
struct loss_rec {
	char *harness, *function, *file;
	unsigned line;
	char *lines; /* "12,15": those lost of a function that is still reached; "": all of it */
	int64_t campaign; /* the first that saw it lost */
	uint64_t when_ms;
	char *before, *since; /* commits of both builds; "": not known */
};

void guard_rec_release(struct guard_rec *r);
void loss_rec_release(struct loss_rec *r);

/* One a harness and campaign: the later one counts. */
int store_guard_set(struct store *s, const struct guard_rec *r, struct err *err);
/* Of a harness, the newest first. Non-zero from fn ends it. */
typedef int (*store_guard_fn)(void *arg, const struct guard_rec *r);
int store_guards(
	struct store *s, const char *harness, store_guard_fn fn, void *arg, struct err *err);

/* What is known already stays as it was first seen. */
int store_loss_add(struct store *s, const struct loss_rec *r, struct err *err);
/* function NULL: all of the harness. */
int store_loss_remove(struct store *s, const char *harness, const char *function, const char *file,
	struct err *err);
typedef int (*store_loss_fn)(void *arg, const struct loss_rec *r);
int store_losses(
	struct store *s, const char *harness, store_loss_fn fn, void *arg, struct err *err);

#endif
