/* Lower bounds, and covers found on the way. */
#ifndef CORPUS_COVER_LAGRANGE_H
#define CORPUS_COVER_LAGRANGE_H

#include "corpus/cover_problem.h"

/* Under prices u of columns: what each row costs beyond those of its columns, and the bound that follows. */
double cover_relaxed(const struct cover_problem *p, const double *u, double *reduced);
/* The least integer that a cost may have above such a bound, sums' rounding taken off. */
uint64_t cover_integer_bound(double low);

/* A cover by one greedy choice. */
void cover_greedy(const struct cover_problem *p, uint32_t *rows, size_t *n, uint64_t *cost);

/*
 * Lagrangian relaxation. `best` is a cover (row numbers of p) of *cost, made better where possible. Returns the lower
 * bound. u: the multipliers that gave it, one a column. Stops when the bound meets the cost.
 */
uint64_t cover_lagrange(
	const struct cover_problem *p, uint32_t *best, size_t *n_best, uint64_t *cost, double *u);

#endif
