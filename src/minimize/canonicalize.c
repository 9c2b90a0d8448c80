/*
 * Makes bytes canonical (reduce_order): what a person then sees is what matters. Bytes that are more canonical already
 * are left alone, so that every step goes down.
 */
#include "base/prelude.h"
#include "minimize/order.h"
#include "minimize/strategy.h"

/* Number i among all levels, the largest blocks first: block and canonical byte. False behind the last. */
static bool block_at(size_t len, uint64_t i, size_t *from, size_t *to, unsigned char *fill)
{
	size_t size = 1;

	while (size < len)
		size *= 2;
	for (; size > 1; size /= 2) {
		uint64_t n = ((uint64_t)len + size - 1) / size * REDUCE_CANONICAL;

		if (i < n) {
			*from = (size_t)(i / REDUCE_CANONICAL) * size;
			*to = MIN(len, *from + size);
			*fill = reduce_order[i % REDUCE_CANONICAL];
			return true;
		}
		i -= n;
	}
	return false;
}

static enum made make_block(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	unsigned char fill;
	size_t from, to;

	(void)arg;
	if (!block_at(r->len, i, &from, &to, &fill))
		return MADE_END;
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
	return i + 1;
}

int strategy_canonical_blocks(struct reducer *r)
{
	struct sweep s = { make_block, block_accepted, NULL };

	return reduce_sweep(r, &s);
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

int strategy_canonical_bytes(struct reducer *r)
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
