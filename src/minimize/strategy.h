/*
 * The table of strategies, in the order in which a round applies them. To add one: a function on reduce_sweep, a row in
 * strategy.c. Each is sound by construction, since only the oracle accepts; a bad one costs time, never the bug.
 */
#ifndef MINIMIZE_STRATEGY_H
#define MINIMIZE_STRATEGY_H

#include "minimize/reduce.h"

struct strategy {
	const char *name;
	const char *idea; /* one line, with its source */
	/* Which inputs it suits; NULL: all. */
	bool (*suits)(const struct reducer *r);
	/* 1: the best changed, 0: it didn't, -1: stop. */
	int (*run)(struct reducer *r);
	size_t max_len; /* skipped for longer inputs; 0: none */
	size_t min_len; /* skipped for shorter ones, unless runs are costly: another does its work */
	bool last;      /* only once the others have come to a fixpoint */
};

extern const struct strategy strategies[];
extern const size_t n_strategies;

/* chunk.c */
int strategy_ends(struct reducer *r);
int strategy_chunks(struct reducer *r);
int strategy_single(struct reducer *r);
/* units.c */
int strategy_lines(struct reducer *r);
int strategy_tokens(struct reducer *r);
int strategy_blocks(struct reducer *r);
/* Cuts the best into units: where each ends, ascending, the last at r->len. */
struct ends {
	size_t *v, n, cap; /* free(v) */
};
void ends_add(struct ends *e, size_t end);
void cut_lines(const struct reducer *r, struct ends *e);
void cut_tokens(const struct reducer *r, struct ends *e);
/* probdd over what cut makes of the best, and again while that changes something. */
int run_units(struct reducer *r, void (*cut)(const struct reducer *r, struct ends *e));
/* repeats.c */
int strategy_repeats(struct reducer *r);
/* records.c */
int strategy_records(struct reducer *r);
/* tree.c */
int strategy_hoist(struct reducer *r);
int strategy_top(struct reducer *r);
int strategy_siblings(struct reducer *r);
int strategy_empty(struct reducer *r);
int strategy_unwrap(struct reducer *r);
/* lengths.c */
int strategy_lengths(struct reducer *r);
/* counts.c */
int strategy_counts(struct reducer *r);
/* numbered.c */
int strategy_numbered(struct reducer *r);
/* faults.c */
bool suits_faults(const struct reducer *r);
int strategy_faults(struct reducer *r);
/* copies.c */
int strategy_copies(struct reducer *r);
/* values.c */
int strategy_numbers(struct reducer *r);
int strategy_strings(struct reducer *r);
int strategy_dictionary(struct reducer *r);
/* canonicalize.c */
int strategy_canonical_blocks(struct reducer *r);
int strategy_canonical_bytes(struct reducer *r);
/* search.c */
int strategy_substrings(struct reducer *r);
int strategy_pairs(struct reducer *r);
int strategy_contract(struct reducer *r);
int strategy_exchange(struct reducer *r);
int strategy_random(struct reducer *r);

/*
 * probdd.c: delete units of the best, the ends of which are given (ends[n - 1] is r->len, ascending).
 * Takes its own copy of ends.
 */
int probdd(struct reducer *r, const size_t *ends, size_t n);

#endif
