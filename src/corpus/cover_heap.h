/*
 * Rows by a score, the least on top; of equal ones the first row. For greedy choices whose scores only rise: a row at the
 * top is looked at again, and is the best if its score still stands (Minoux, 1978).
 */
#ifndef CORPUS_COVER_HEAP_H
#define CORPUS_COVER_HEAP_H

#include "base/prelude.h"

struct cover_heap {
	struct cover_heap_row {
		double score;
		uint32_t row;
	} * v; /* room is the caller's */
	size_t n;
};

/* Of rows that were put into v in any order. */
void cover_heap_make(struct cover_heap *h);
/* The top one's score is that now: it moves to its place. */
void cover_heap_rescore(struct cover_heap *h, double score);
/* The top one is out. */
void cover_heap_pop(struct cover_heap *h);

#endif
