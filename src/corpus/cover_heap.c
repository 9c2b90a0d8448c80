/* A binary heap in an array. */
#include "base/prelude.h"
#include "corpus/cover_heap.h"

static bool before(const struct cover_heap_row *a, const struct cover_heap_row *b)
{
	return a->score != b->score ? a->score < b->score : a->row < b->row;
}

static void sift_down(struct cover_heap *h, size_t i)
{
	struct cover_heap_row moved = h->v[i];

	for (size_t k; (k = 2 * i + 1) < h->n; i = k) {
		if (k + 1 < h->n && before(&h->v[k + 1], &h->v[k]))
			k++;
		if (!before(&h->v[k], &moved))
			break;
		h->v[i] = h->v[k];
	}
	h->v[i] = moved;
}

void cover_heap_make(struct cover_heap *h)
{
	for (size_t i = h->n / 2; i--;)
		sift_down(h, i);
}

void cover_heap_rescore(struct cover_heap *h, double score)
{
	h->v[0].score = score;
	sift_down(h, 0);
}

void cover_heap_pop(struct cover_heap *h)
{
	h->v[0] = h->v[--h->n];
	if (h->n)
		sift_down(h, 0);
}
