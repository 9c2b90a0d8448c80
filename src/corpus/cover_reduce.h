/* What a cover need not search for. */
#ifndef CORPUS_COVER_REDUCE_H
#define CORPUS_COVER_REDUCE_H

#include "corpus/cover_problem.h"

/*
 * Rows that must be in any best cover go to `chosen` (numbers outside, *n of them), what can't be in one is dropped,
 * over and over until nothing changes. Their cost.
 */
uint64_t cover_reduce(struct cover_problem *p, uint32_t *chosen, size_t *n);

#endif
