/*
 * Covers: few or cheap rows (inputs) that have, together, all columns (features) that any row has. Weighted set cover.
 *
 * The certified cover is as good as its own lower bound says: reductions (equal columns and rows, essential rows,
 * dominance on both sides), then Lagrangian relaxation by subgradient with a greedy choice on reduced costs (Caprara,
 * Fischetti and Toth, "A heuristic method for the set covering problem", 1999), then branch and bound on what is left,
 * within limits of work, not of time, so that the same matrix always gives the same cover.
 *
 * A random cover is another small set each time, for exploring (RandSet, arXiv 2602.22729).
 */
#ifndef CORPUS_COVER_H
#define CORPUS_COVER_H

#include "base/prelude.h"
#include "base/rng.h"

/* Rows in one array: row i has features[start[i] .. start[i + 1]), sorted, each once. Costs are at least 1. */
struct cover_matrix {
	size_t n;
	const size_t *start; /* n + 1 of them */
	const uint32_t *features;
	const uint64_t *cost; /* NULL: 1 each */
};

/*
 * What proves a bound, kept, so that one follows for a matrix that grew (corpus/cover_dual.h): a price for each feature, under
 * which no cover costs less than `low`.
 */
struct cover_dual {
	uint32_t *features; /* all there are, ascending */
	double *prices;
	size_t n;
	double low;
};

struct cover {
	uint32_t *rows; /* ascending */
	size_t n;
	uint64_t cost;
	/* no cover of that matrix costs less; equal to cost: this is the best there is */
	uint64_t bound;
	size_t features; /* that there are, all of them covered */
	/* of the certified one; it may prove a little less than the bound, to which a search belongs, too */
	struct cover_dual dual;
};

/* Of equally good rows the first in the matrix stays. */
void cover_certified(const struct cover_matrix *m, struct cover *out);
/* By the reductions and one greedy choice, in a part of the time. No bound (0). */
void cover_quick(const struct cover_matrix *m, struct cover *out);
/* Rows in random order, those that add nothing left out, then those that others made needless. No bound (0). */
void cover_random(const struct cover_matrix *m, struct rng *rng, struct cover *out);
/*
 * Rows of at most `budget` in cost, and at most max_rows (0: any number), with as many features as a greedy choice
 * finds: at least 1 - 1/e of what is possible for equal costs (Nemhauser, Wolsey and Fisher, 1978). `features` says
 * how many. Those of `first` that add something go in before the choice begins.
 */
void cover_within(const struct cover_matrix *m, uint64_t budget, size_t max_rows,
	const uint32_t *first, size_t n_first, struct cover *out);
void cover_release(struct cover *c);

/* How many different ones all rows have together. */
size_t cover_count_features(const struct cover_matrix *m);
/* True when the rows have all features of the matrix. */
bool cover_is_whole(const struct cover_matrix *m, const uint32_t *rows, size_t n);

#endif
