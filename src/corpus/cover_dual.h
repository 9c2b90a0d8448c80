/* Bounds for a matrix that grew, from the proof of the one that it was and the new rows alone. */
#ifndef CORPUS_COVER_DUAL_H
#define CORPUS_COVER_DUAL_H

#include "corpus/cover_problem.h"

/* `part` has prices for some of whole's columns, by feature; features: all there are, ascending. */
void cover_dual_make(const struct cover_problem *whole, const struct cover_dual *part,
	const uint32_t *features, size_t n, struct cover_dual *out);
/*
 * Rows came in, and of all features those of `required` (ascending) are left. Rows that went, or lost some of what they had,
 * needn't be told: the bound stays true.
 */
void cover_dual_grow(
	struct cover_dual *d, const struct cover_matrix *fresh, const uint32_t *required, size_t n);
void cover_dual_release(struct cover_dual *d);

#endif
