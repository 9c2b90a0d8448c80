/*
 * A corpus made as small as its features allow, with the proof that it is about the smallest. What it doesn't need goes to
 * the harness's cold pack, synced, and only then leaves the corpus: killed at any instant, each input is in the corpus
 * or in the pack, and the corpus has all its features. Files are taken out one by one and not by another folder's
 * taking its place, since engines and other machines may be writing into it.
 */
#ifndef DISTILL_DISTILL_H
#define DISTILL_DISTILL_H

#include "distill/measure.h"

enum distill_cost {
	/* bytes, and some for each file: opening and running one takes time, too */
	DISTILL_BALANCED,
	DISTILL_COUNT,
	DISTILL_BYTES,
};
#define DISTILL_COSTS "balanced|count|bytes"

struct distill_opts {
	enum distill_cost cost;
	/* counters hit, however often */
	bool edges_only;
	/* The best coverage within these; 0: no limit. */
	uint64_t max_bytes, max_files;
	/* bytes are those of a pack (corpus/pack.h) */
	bool packed;
	/* names of inputs that are to stay where they do as well as others: NULL: none */
	const struct strlist *prefer;
	/* Where to: an empty or absent folder; the corpus stays as it is. NULL: in place. */
	const char *out;
	/* Change nothing: say what would be. */
	bool dry;
	unsigned jobs;
};

struct distill_result {
	struct measure_stats measured;
	/* before and after */
	uint64_t inputs, bytes, kept, kept_bytes;
	uint64_t features;
	/* of the cost that was asked for: what the set costs, and what any set costs at least; 0: no bound (a budget) */
	uint64_t cost, bound;
	/* features that came and went between two runs: nothing was decided by them */
	uint64_t unstable_features, unstable_inputs;
	/* into the cold pack */
	uint64_t packed;
	uint64_t ms;
};

/*
 * Of folders and archives of inputs, for a command compiled for AFL++ (target_spec.features), into opts->out, which isn't
 * NULL. The sources stay as they are. Inputs that fail are counted and left out.
 */
int distill_command(struct target *command, const char *name, const struct strlist *sources,
	const struct distill_opts *opts, struct distill_result *out, struct err *err);
/* -1 also where there's nothing to distil: the message says which. */
int distill(struct project *p, const struct config_harness *h, const struct distill_opts *opts,
	struct distill_result *out, struct err *err);

#endif
