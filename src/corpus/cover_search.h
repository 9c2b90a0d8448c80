/* What bounds alone leave open. */
#ifndef CORPUS_COVER_SEARCH_H
#define CORPUS_COVER_SEARCH_H

#include "corpus/cover_problem.h"

/* Branch and bound from there; true when it ended, so that `best` is a best one. */
bool cover_search(const struct cover_problem *p, const double *u, uint32_t *best, size_t *n_best,
	uint64_t *cost);

#endif
