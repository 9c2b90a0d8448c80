/* Deletion without any idea of the format: ends, chunks, single bytes. Positions go from the end to the start. */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/least.h"
#include "minimize/strategy.h"

int strategy_ends(struct reducer *r)
{
	struct region all = { 0, r->len };
	int a = reduce_least(r, region_first, &all, 0, all.to);
	int b = a < 0 ? -1 : reduce_least(r, region_last, &all, 0, all.to);

	return b < 0 ? -1 : a | b;
}

/*
 * Chunks of one size, from the end on. Where one could be deleted, twice as many before it are tried next, and twice as
 * many again: a stretch of n chunks that may go costs log n acceptances. A refusal of several is one chunk again.
 */
struct chunk_at {
	size_t end, run; /* the `run` chunks before `end` */
};

struct chunks {
	size_t size;
	struct chunk_at at;   /* the next to be made */
	struct chunk_at *log; /* of the numbers base, base + 1, ... */
	size_t n_log, log_cap;
	uint64_t base;
};

static size_t chunks_from(const struct chunks *c, struct chunk_at at)
{
	return at.run > at.end / c->size ? 0 : at.end - at.run * c->size;
}

static enum made make_chunk(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct chunks *c = arg;
	struct chunk_at at = c->at;

	if (i - c->base != c->n_log || !at.end)
		return MADE_END;
	GROW(c->log, c->n_log, c->log_cap);
	c->log[c->n_log++] = at;
	/* supposing it is refused */
	c->at.run = 1;
	if (at.run == 1)
		c->at.end = chunks_from(c, at);
	draft_splice(d, r, chunks_from(c, at), at.end, NULL, 0);
	return MADE;
}

static uint64_t chunk_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct chunks *c = arg;
	struct chunk_at at = c->log[i - c->base];

	(void)r;
	c->at = (struct chunk_at){ chunks_from(c, at), at.run * 2 };
	c->n_log = 0;
	c->base = i + 1;
	return i + 1;
}

static int delete_chunks(struct reducer *r, size_t size)
{
	struct chunks c = { .size = size, .at = { r->len, 1 } };
	struct sweep s = { make_chunk, chunk_accepted, &c };
	int rc = reduce_sweep(r, &s);

	free(c.log);
	return rc;
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
