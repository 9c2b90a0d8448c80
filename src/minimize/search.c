/*
 * The thorough end, for small results: past 1-minimal. A refusal costs microseconds, so all pairs and substrings of a
 * short input can be asked about; the random search is what libFuzzer does, but seeded, bounded, and from a good start.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/order.h"
#include "minimize/strategy.h"

/* --- substrings deleted --- */

struct substrings {
	size_t n;   /* length of the first number's */
	size_t len; /* of the best */
	uint64_t base;
};

/* Numbers go by length, the longest first, then by place from the end; false behind the last. */
static bool substring_at(
	const struct substrings *s, size_t len, uint64_t i, size_t *from, size_t *n)
{
	uint64_t k = i - s->base;

	for (*n = MIN(s->n, len); *n > 0; --*n) {
		uint64_t places = len - *n + 1;

		if (k < places) {
			*from = (size_t)(places - 1 - k);
			return true;
		}
		k -= places;
	}
	return false;
}

static enum made make_substring(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	size_t from, n;

	if (!substring_at(arg, r->len, i, &from, &n))
		return MADE_END;
	draft_splice(d, r, from, from + n, NULL, 0);
	return MADE;
}

/* Longer ones had their turn. */
static uint64_t substring_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct substrings *s = arg;

	s->n = s->len - r->len;
	s->len = r->len;
	s->base = i + 1;
	return i + 1;
}

int strategy_substrings(struct reducer *r)
{
	bool changed = false;
	int rc;

	/* the last pass changes nothing: that makes the result 1-minimal */
	do {
		struct substrings u = { r->len, r->len, 0 };
		struct sweep s = { make_substring, substring_accepted, &u };

		if (r->oracle.costly)
			return 0;
		rc = reduce_sweep(r, &s);
		changed |= rc > 0;
	} while (rc > 0);
	return rc < 0 ? -1 : changed;
}

static uint64_t stop_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	(void)arg;
	(void)r;
	(void)i;
	return SWEEP_STOP;
}

/* --- two bytes deleted --- */

static enum made make_pair(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	size_t a = (size_t)(i / r->len), b = (size_t)(i % r->len);

	(void)arg;
	if (a >= r->len)
		return MADE_END;
	if (b <= a + 1)
		return MADE_SKIP;
	draft_add(d, r->data, a);
	draft_add(d, r->data + a + 1, b - a - 1);
	draft_add(d, r->data + b + 1, r->len - b - 1);
	return MADE;
}

int strategy_pairs(struct reducer *r)
{
	struct sweep s = { make_pair, stop_accepted, NULL };

	if (!r->len || (r->oracle.costly && r->len > 32))
		return 0;
	return reduce_sweep(r, &s);
}

/* --- a substring replaced by one byte --- */

struct alphabet {
	unsigned char c[256];
	size_t n;
};

#define SEARCH_SPACE 8000 /* candidates that a search may take: some tens of milliseconds */
#define DEAR_SPACE 1000   /* the same where most take a process with them */

/*
 * As many bytes as `places` allow, in canonical order: all, what can be typed, or the marks of grammars and its own; of
 * these the first few where refusals are dear.
 */
static void alphabet_of(struct alphabet *a, const struct reducer *r, uint64_t places)
{
	static const char marks[] = "0a \n\"[]{}:,-&*!|>?%\\";
	uint64_t each = r->oracle.costly ? 0 : SEARCH_SPACE / MAX(places, (uint64_t)1);
	size_t most = reduce_is_dear(r)
			      ? (size_t)MAX(DEAR_SPACE / MAX(places, (uint64_t)1), (uint64_t)2)
			      : 256;
	size_t wide = each >= 256 ? 256 : each >= REDUCE_PRINTABLE ? REDUCE_PRINTABLE : 0;

	a->n = 0;
	for (size_t i = 0; i < 256 && a->n < most; i++) {
		unsigned char c = reduce_order[i];

		if (i < wide || (c && strchr(marks, c)) || memchr(r->data, c, r->len))
			a->c[a->n++] = c;
	}
}

static enum made make_contract(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct alphabet *a = arg;
	uint64_t place = i / a->n;
	size_t from = (size_t)(place / (r->len + 1)), n = 2 + (size_t)(place % (r->len + 1));

	if (from >= r->len)
		return MADE_END;
	if (n > r->len - from)
		return MADE_SKIP;
	draft_splice(d, r, from, from + n, &a->c[i % a->n], 1);
	return MADE;
}

int strategy_contract(struct reducer *r)
{
	struct alphabet a;
	struct sweep s = { make_contract, stop_accepted, &a };

	if (r->oracle.costly && r->len > 6)
		return 0;
	alphabet_of(&a, r, r->len * r->len / 2);
	return reduce_sweep(r, &s);
}

/* --- one byte deleted, another replaced --- */

/* Number i: byte deleted, byte replaced, by what. */
static enum made make_exchange(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct alphabet *a = arg;
	uint64_t place = i / a->n;
	size_t gone = (size_t)(place / r->len), at = (size_t)(place % r->len);

	if (gone >= r->len)
		return MADE_END;
	if (gone == at)
		return MADE_SKIP;
	draft_splice(d, r, gone, gone + 1, NULL, 0);
	d->p[at > gone ? at - 1 : at] = a->c[i % a->n];
	return MADE;
}

int strategy_exchange(struct reducer *r)
{
	struct alphabet a;
	struct sweep s = { make_exchange, stop_accepted, &a };

	if (!r->len || r->oracle.costly)
		return 0;
	alphabet_of(&a, r, r->len * r->len);
	return reduce_sweep(r, &s);
}

/* --- random --- */

#define RANDOM_TRIES 3000
#define RANDOM_DEAR 600
#define RANDOM_COSTLY 200

struct mutants {
	struct alphabet a;
	uint64_t seed, n;
};

/* Mutant i depends on the seed and i alone, so that speculation can't change it. */
static enum made make_mutant(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct mutants *m = arg;
	struct rng g;
	unsigned steps;
	size_t drop, at, n;

	if (i >= m->n || r->len < 2)
		return MADE_END;
	rng_seed(&g, m->seed ^ (i * 0x9e3779b97f4a7c15ULL));
	drop = 1 + (size_t)rng_below(&g, MIN(r->len - 1, (size_t)4));
	at = (size_t)rng_below(&g, r->len - drop + 1);
	draft_splice(d, r, at, at + drop, NULL, 0);
	for (steps = 1 + (unsigned)rng_below(&g, 3); steps > 0; steps--) {
		switch (rng_below(&g, 3)) {
		case 0:
			d->p[rng_below(&g, d->len)] = m->a.c[rng_below(&g, m->a.n)];
			break;
		case 1:
			at = (size_t)rng_below(&g, d->len);
			n = (size_t)rng_below(&g, d->len);
			d->p[at] = d->p[n];
			break;
		default:
			if (d->len < 2)
				break;
			at = (size_t)rng_below(&g, d->len - 1);
			memmove(d->p + at, d->p + at + 1, d->len - at - 1);
			d->len--;
			break;
		}
	}
	return MADE;
}

int strategy_random(struct reducer *r)
{
	struct mutants m = { .n = r->oracle.costly    ? RANDOM_COSTLY
				  : reduce_is_dear(r) ? RANDOM_DEAR
						      : RANDOM_TRIES };
	struct sweep s = { make_mutant, stop_accepted, &m };

	alphabet_of(&m.a, r, SEARCH_SPACE / REDUCE_PRINTABLE);
	m.seed = rng_next(&r->rng);
	return reduce_sweep(r, &s);
}
