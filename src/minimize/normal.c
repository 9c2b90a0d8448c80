/*
 * Makes bytes canonical (reduce_order): what a person then sees is what matters. Bytes that are more canonical already
 * are left alone, so that every step goes down.
 */
#include "base/prelude.h"
#include "minimize/strategy.h"

struct blocks {
	size_t size;
};

/* Number i: block i / REDUCE_CANONICAL, canonical byte i % REDUCE_CANONICAL. */
static enum made make_block(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct blocks *b = arg;
	uint64_t block = i / REDUCE_CANONICAL;
	unsigned char fill = reduce_order[i % REDUCE_CANONICAL];
	size_t from, to;

	if (block > r->len / b->size || block * b->size >= r->len)
		return MADE_END;
	from = (size_t)block * b->size;
	to = MIN(r->len, from + b->size);
	draft_add(d, r->data, r->len);
	for (size_t j = from; j < to; j++)
		if (reduce_rank(r->data[j]) > reduce_rank(fill))
			d->p[j] = fill;
	return MADE;
}

static uint64_t block_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	(void)arg;
	(void)r;
	/* the other canonical bytes for this block aren't lower any more */
	return (i / REDUCE_CANONICAL + 1) * REDUCE_CANONICAL;
}

int strategy_normal_blocks(struct reducer *r)
{
	struct blocks b = { 1 };
	struct sweep s = { make_block, block_accepted, &b };
	bool changed = false;

	while (b.size < r->len)
		b.size *= 2;
	for (; b.size > 1; b.size /= 2) {
		int rc = reduce_sweep(r, &s);

		if (rc < 0)
			return -1;
		changed |= rc > 0;
	}
	return changed;
}

/* Number i: byte i / ranks, rank i % ranks. */
static enum made make_byte(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	unsigned ranks = *(const unsigned *)arg;
	uint64_t at = i / ranks;
	unsigned rank = (unsigned)(i % ranks);

	if (at >= r->len)
		return MADE_END;
	if (rank >= reduce_rank(r->data[at]))
		return MADE_SKIP;
	draft_splice(d, r, (size_t)at, (size_t)at + 1, &reduce_order[rank], 1);
	return MADE;
}

static uint64_t byte_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	unsigned ranks = *(const unsigned *)arg;

	(void)r;
	return (i / ranks + 1) * ranks;
}

int strategy_normal_bytes(struct reducer *r)
{
	unsigned ranks = REDUCE_CANONICAL;
	struct sweep s = { make_byte, byte_accepted, &ranks };
	bool changed = false;

	for (;;) {
		int rc = reduce_sweep(r, &s);

		if (rc < 0)
			return -1;
		changed |= rc > 0;
		if (rc)
			continue;
		if (ranks == 256 || r->len > REDUCE_FULL_ORDER || r->oracle.costly)
			return changed;
		ranks = 256;
	}
}
