/* A cover's matrix while it is being solved: what is left after reductions, rows and columns that know each other. */
#ifndef CORPUS_COVER_PROBLEM_H
#define CORPUS_COVER_PROBLEM_H

#include "corpus/cover.h"

struct cover_problem {
	uint32_t n_rows, n_cols;
	uint32_t *row_start, *row_cols; /* ascending within a row */
	uint32_t *col_start, *col_rows; /* ascending within a column */
	uint64_t *cost;
	uint32_t *id;      /* the row's number outside */
	uint32_t *feature; /* of the column: the least of those that are one; ascending */
	/* all that is pointed to is another one's, which isn't to change */
	bool borrowed;
};

/* Of row i; at least 1. */
uint64_t cover_cost(const struct cover_matrix *m, uint32_t i);
/* Ascending. */
void cover_sort(uint32_t *v, size_t n);

/* Numbers for features, from 0 on, in the order met. */
struct cover_numbers;
struct cover_numbers *cover_numbers_new(void);
/* The feature's number; a new one is *n, which it counts up. */
uint32_t cover_number(struct cover_numbers *x, uint32_t feature, uint32_t *n);
/* From now on the numbers ascend as the features do: features has room for all, and is by number. */
void cover_numbers_rank(struct cover_numbers *x, uint32_t *features);
void cover_numbers_free(struct cover_numbers *x);

/* By row, the first one with the same features (itself, where there's none before it). The caller frees it. */
uint32_t *cover_alike(const struct cover_matrix *m);

/*
 * Without equal rows and equal columns; *features: all there are, ascending (the caller frees them). Columns are told apart by 128-bit hashes: two that are taken for one would make
 * the bound lower, never untrue; the caller looks whether the cover is whole.
 */
void cover_problem_init(struct cover_problem *p, const struct cover_matrix *m, uint32_t **features,
	size_t *n_features);
/* The part of it whose rows and columns are marked; ids are kept. */
void cover_problem_keep(struct cover_problem *p, const bool *row, const bool *col);
void cover_problem_release(struct cover_problem *p);

/* Rows that the others make needless are taken out, the dearest first. count: by column, how many of the set have it. */
void cover_drop_needless(const struct cover_problem *p, uint32_t *rows, size_t *n, uint32_t *count);

#endif
