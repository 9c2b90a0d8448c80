/*
 * What a distillation knows, kept for the day when some inputs more are there: which inputs it was of, which it kept, and the
 * proof. Then the new ones and those kept are all that has to be looked at. Safe to delete; what can't be read any more is as
 * if it had never been.
 */
#ifndef DISTILL_GROWTH_H
#define DISTILL_GROWTH_H

#include "distill/choose.h"
#include "distill/distill.h"

struct growth {
	/* of all inputs, 20 bytes each, ascending */
	struct buf names;
	/* sorted */
	struct strlist kept;
	struct cover_dual dual;
	/* true of the build, whatever inputs there are */
	struct unstable *unstable;
	size_t n_unstable;
	/* of all inputs */
	uint64_t bytes, rejected;
	/* of the choice, by the cost that was asked for */
	uint64_t cost, bound;
};

#define GROWTH_INIT                                     \
	{                                               \
		.names = BUF_INIT, .kept = STRLIST_INIT \
	}
void growth_release(struct growth *g);

/* Names the question: of the build and the options that decide. NULL: none that growth is looked at for. */
char *growth_key(const char *build, const struct distill_opts *opts);
bool growth_load(const char *path, const char *key, struct growth *g);
int growth_save(const char *path, const char *key, const struct growth *g, struct err *err);

/* Inputs by name, sorted, into g->names. */
void growth_set_names(struct growth *g, const struct strlist *names);
/* Those of the names (sorted) that are new, appended. False: one that was there isn't any more. */
bool growth_fresh(const struct growth *g, const struct strlist *names, struct strlist *fresh);

#endif
