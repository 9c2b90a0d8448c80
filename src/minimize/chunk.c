/* Deletion without any idea of the format: ends, chunks, single bytes. Positions go from the end to the start. */
#include "base/prelude.h"
#include "minimize/strategy.h"

static enum made make_prefix(void *arg, const struct reducer *r, uint64_t keep, struct draft *d)
{
	(void)arg;
	draft_add(d, r->data, MIN(keep, r->len));
	return MADE;
}

static enum made make_suffix(void *arg, const struct reducer *r, uint64_t keep, struct draft *d)
{
	size_t n = MIN(keep, r->len);

	(void)arg;
	draft_add(d, r->data + r->len - n, n);
	return MADE;
}

int strategy_ends(struct reducer *r)
{
	uint64_t found;
	int a = reduce_least(r, make_prefix, NULL, 0, r->len, &found);
	int b = a < 0 ? -1 : reduce_least(r, make_suffix, NULL, 0, r->len, &found);

	return b < 0 ? -1 : a | b;
}

struct chunk {
	size_t size;
	size_t end;    /* candidate `base` deletes the size bytes before it */
	uint64_t base; /* its number */
};

static bool chunk_at(const struct chunk *c, uint64_t i, size_t *from, size_t *to)
{
	uint64_t steps = i - c->base;

	if (steps > c->end / c->size || steps * c->size >= c->end)
		return false;
	*to = c->end - (size_t)steps * c->size;
	*from = *to > c->size ? *to - c->size : 0;
	return true;
}

static enum made make_chunk(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	size_t from, to;

	if (!chunk_at(arg, i, &from, &to))
		return MADE_END;
	draft_splice(d, r, from, to, NULL, 0);
	return MADE;
}

static uint64_t chunk_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct chunk *c = arg;
	size_t from, to;

	(void)r;
	if (!chunk_at(c, i, &from, &to))
		return SWEEP_STOP;
	c->end = from;
	c->base = i + 1;
	return i + 1;
}

static int delete_chunks(struct reducer *r, size_t size)
{
	struct chunk c = { size, r->len, 0 };
	struct sweep s = { make_chunk, chunk_accepted, &c };

	return reduce_sweep(r, &s);
}

int strategy_chunks(struct reducer *r)
{
	size_t size = 1;
	bool changed = false;

	while (size * 2 < r->len)
		size *= 2;
	for (; size > 1; size /= 2) {
		int rc;

		if (size >= r->len)
			continue;
		rc = delete_chunks(r, size);
		if (rc < 0)
			return -1;
		changed |= rc > 0;
	}
	return changed;
}

int strategy_single(struct reducer *r)
{
	bool changed = false;
	int rc;

	while ((rc = delete_chunks(r, 1)) > 0)
		changed = true;
	return rc < 0 ? -1 : changed;
}
