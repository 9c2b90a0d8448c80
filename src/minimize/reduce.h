/*
 * The reducer's core: the best input so far, candidates speculated in batches, what was tried before, the budget.
 * It knows nothing of targets: an oracle answers. Strategies (strategy.h) are written on reduce_sweep.
 *
 * "Better" is one well-founded order, so every run ends: shorter first; of equal length, the one with the lower
 * canonical rank (order.h) at the first byte that differs.
 */
#ifndef MINIMIZE_REDUCE_H
#define MINIMIZE_REDUCE_H

#include "base/err.h"
#include "base/rng.h"
#include "base/strv.h"

struct candidate {
	const unsigned char *data;
	size_t len;
};

struct oracle {
	/*
	 * Which candidate shows the bug: *accepted is the lowest index that does, n when none. The answers for the
	 * candidates before it must be known; those behind it needn't have run. -1: no more answers to be had.
	 */
	int (*batch)(
		void *self, const struct candidate *c, size_t n, size_t *accepted, struct err *err);
	/* The same question for one, alone in a fresh process, as strictly as can be: 1, 0, -1. */
	int (*alone)(void *self, const struct candidate *c, struct err *err);
	/*
	 * A best that batches had accepted failed when run alone: be stricter from now on (one process each, the full
	 * time limit). False: nothing stricter is left.
	 */
	bool (*stricter)(void *self);
	bool (*stop)(void *self); /* the user wants the best so far, now; may be NULL */
	void *self;
	bool costly; /* a process for each candidate: search less */
	/* Candidates that were refused for failing in another way, each of which takes a process with it; may be NULL. */
	const uint64_t *failed;
};

/* A best that was. */
struct step {
	unsigned char *data;
	size_t len;
};

struct reducer {
	struct oracle oracle;
	const unsigned char *data; /* the best */
	size_t len;
	const char *format; /* "json", "yaml", ...; never NULL */
	const struct strv *tokens;
	size_t n_tokens;
	struct rng rng;
	uint64_t execs, max_execs; /* candidates asked about; max 0: no limit */
	uint64_t deadline;         /* clock_mono_ms; 0: none */
	uint64_t accepts;
	bool exhausted; /* the budget ended */
	bool stopped;   /* the user or the oracle ended it; *err says what of the oracle */
	struct err *err;
	void (*best)(void *arg, const unsigned char *data, size_t len, uint64_t execs);
	void *arg;

	/* private to reduce.c and rounds.c */
	unsigned char *own; /* data, unless it is still the caller's */
	unsigned char *window;
	size_t window_cap, window_len;
	struct candidate *cand;
	uint64_t *cand_index, *cand_hash;
	size_t batch;
	size_t batch_max; /* of the strategy that runs; 0: the usual */
	uint64_t *seen;
	size_t n_seen, seen_cap;
	struct step *
		trail; /* the bests since the last one that was seen to fail alone, without today's */
	size_t n_trail, trail_cap, trail_bytes;
};

/* data is borrowed until reduce_release. */
void reduce_init(struct reducer *r, const struct oracle *o, const void *data, size_t len);
void reduce_release(struct reducer *r);

/* A candidate being written. Longer than the best: it is dropped. */
struct draft {
	unsigned char *p;
	size_t len, max;
	bool over;
};
void draft_add(struct draft *d, const void *p, size_t n);
/* The best with [from, to) replaced by n bytes at p. */
void draft_splice(
	struct draft *d, const struct reducer *r, size_t from, size_t to, const void *p, size_t n);

enum made { MADE_END, MADE_SKIP, MADE };

/*
 * A list of candidates, numbered from 0. make writes number i against the current best; it is called ahead, on the
 * assumption that all before it are rejected. accepted tells that number i became the best and gives the number to go on
 * with (SWEEP_STOP: none); everything made behind i is forgotten.
 */
#define SWEEP_STOP UINT64_MAX
struct sweep {
	enum made (*make)(void *arg, const struct reducer *r, uint64_t i, struct draft *d);
	uint64_t (*accepted)(void *arg, const struct reducer *r, uint64_t i);
	void *arg;
};
/* 1: the best changed, 0: it didn't, -1: stop (budget, user, oracle). */
int reduce_sweep(struct reducer *r, const struct sweep *s);

/*
 * Refusals are dear: what isn't accepted mostly fails in another way. By counts, not by the clock, so that the same seed
 * gives the same result.
 */
bool reduce_is_dear(const struct reducer *r);
/* The budget has ended, or somebody wants it to end. */
bool reduce_spent(struct reducer *r);
/* Was this very input tried and rejected? */
bool reduce_was_rejected(const struct reducer *r, const void *p, size_t n);

/* For rounds.c, which takes a best back. The first n former bests: */
void reduce_trail_drop(struct reducer *r, size_t n);
/* All that was tried may be tried again. */
void reduce_seen_forget(struct reducer *r);
#define REDUCE_WINDOW (4u << 20) /* bytes of candidates under way, or one candidate */

#endif
