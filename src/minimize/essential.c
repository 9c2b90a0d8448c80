/*
 * Which bytes of the result matter: from what the strategies have met, then by group testing of the rest, so that a long
 * stretch that may be anything costs a few questions.
 */
#include "base/prelude.h"
#include "minimize/essential.h"
#include "base/mem.h"
#include "minimize/order.h"

#define ESSENTIAL_MAX 65536  /* longer reproducers: not known */
#define ESSENTIAL_EXECS 4096 /* asked beyond what the reducer has learned */

/* The one that most places refuse first: a refusal ends the question and costs no crash. */
static const unsigned char fills[] = { '\n', '{', 0xff, 'z', '0' };

struct essential {
	struct reducer *r;
	unsigned char *map, *copy;
	const size_t *at; /* positions not known yet */
	uint64_t asked;
};

/* Fill the positions [from, to) of the list in turn with each fill: 0 all accepted, 1 one refused, 2 not known. */
static unsigned char fill_verdict(struct essential *e, size_t from, size_t to)
{
	struct reducer *r = e->r;
	unsigned char verdict = 0;

	for (size_t k = 0; k < sizeof(fills) && !verdict; k++) {
		struct candidate c = { e->copy, r->len };
		size_t hit = 1;

		for (size_t i = from; i < to; i++)
			e->copy[e->at[i]] = fills[k];
		if (!memcmp(e->copy, r->data, r->len))
			continue;
		if (reduce_was_rejected(r, e->copy, r->len)) {
			verdict = 1;
		} else if (reduce_spent(r) || e->asked++ >= ESSENTIAL_EXECS) {
			verdict = 2;
		} else if (r->oracle.batch(r->oracle.self, &c, 1, &hit, r->err) < 0) {
			r->stopped = true;
			verdict = 2;
		} else {
			r->execs++;
			verdict = hit == 1;
		}
	}
	for (size_t i = from; i < to; i++)
		e->copy[e->at[i]] = r->data[e->at[i]];
	return verdict;
}

/* Group testing: many bytes that may all be anything cost one question. Depth: log2 of the input's length. */
static void essential_split(struct essential *e, size_t from, size_t to)
{
	unsigned char v;

	if (from == to)
		return;
	v = fill_verdict(e, from, to);
	if (v != 1 || to - from == 1) {
		for (size_t i = from; i < to; i++)
			e->map[e->at[i]] = v;
		return;
	}
	essential_split(e, from, from + (to - from) / 2);
	essential_split(e, from + (to - from) / 2, to);
}

/* Refused replacements of one byte that the strategies have met already. */
static bool known_to_matter(const struct reducer *r, unsigned char *copy, size_t i)
{
	bool refused = false;

	for (size_t k = 0; k < REDUCE_CANONICAL && !refused; k++) {
		copy[i] = reduce_order[k];
		refused = copy[i] != r->data[i] && reduce_was_rejected(r, copy, r->len);
	}
	copy[i] = r->data[i];
	return refused;
}

void reduce_essential(struct reducer *r, unsigned char *map)
{
	struct essential e = { .r = r, .map = map };
	size_t *at, n = 0;

	memset(map, 2, r->len);
	if (!r->len || r->len > ESSENTIAL_MAX)
		return;
	e.copy = xmemdup(r->data, r->len);
	at = xcalloc(r->len, sizeof(*at));
	for (size_t i = 0; i < r->len; i++) {
		if (known_to_matter(r, e.copy, i))
			map[i] = 1;
		else
			at[n++] = i;
	}
	e.at = at;
	essential_split(&e, 0, n);
	free(at);
	free(e.copy);
}
