/* Which inputs of a table stay: covers, and a second run of what they rest on. */
#ifndef DISTILL_CHOOSE_H
#define DISTILL_CHOOSE_H

#include "distill/distill.h"

/* A feature that some rows had in one run and not in another. */
struct unstable {
	uint32_t feature, rows;
};

struct choice {
	/* Where the table is of a part, and of the rest a proof is known: names (sorted) of what the proof is of; else NULL. */
	const struct strlist *old;
	/* That proof; afterwards the one of all. */
	struct cover_dual dual;
	/* As far as is known; afterwards with those that were found. */
	struct unstable *unstable;
	size_t n_unstable;
	/* The rows chosen, ascending. */
	uint32_t *rows;
	size_t n;
	/*
	 * Features of the proof that nothing in the table has any more, without being known to come and go: the choice isn't one
	 * of all.
	 */
	size_t lost;
};
void choice_release(struct choice *c);

/* Fills in also what distill_result says of the choice. */
int choose(const struct measure_on *on, const char *dir, struct feature_table *t,
	const struct distill_opts *opts, struct choice *choice, struct distill_result *out,
	struct err *err);

/* The features that choose() counted on in these rows, since both their runs had them: how many, ascending. t: as choose() left it. */
size_t choose_must(const struct feature_table *t, const uint32_t *rows, size_t n, uint32_t **must);

#endif
