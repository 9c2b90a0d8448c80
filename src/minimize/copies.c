/*
 * Byte strings that stand in several places, made shorter or simpler in all of them at once: names that have to be the
 * same where they are declared and used, opening and closing tags, keys. One at a time, each change breaks the others.
 *
 * Found by sorting the suffixes: what neighbours in that order share is a repeat, and the longest that can't be made longer
 * to either side without losing an occurrence (maximal repeats, Gusfield 1997) are few. A string that holds its own length
 * keeps it right.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/order.h"
#include "minimize/strategy.h"

#define LONGEST 256 /* bytes compared: what is longer goes in parts */
#define MAX_STRINGS 96
#define MAX_EDITS 20000
#define SIMPLER 8 /* bytes of a string up to which each is made canonical in all copies */

/* Occurrences that don't overlap: places[first .. first + n), ascending. */
struct string {
	size_t len, first, n;
};

enum change { DELETED, REPLACED };

/* [from, to) of each copy deleted or replaced by one byte; prefix: index in it of the byte that counts them, or SIZE_MAX. */
struct copy_edit {
	uint32_t string;
	uint16_t from, to;
	uint16_t prefix; /* NO_PREFIX: none */
	uint8_t change;
	unsigned char byte;
};
#define NO_PREFIX UINT16_MAX

struct copies {
	uint32_t *suffixes, *shared; /* of neighbours: how many bytes */
	struct string *s;
	size_t n_s, cap_s;
	uint32_t *places;
	size_t n_places, cap_places;
	struct copy_edit *e;
	size_t n_e, cap_e;
	uint64_t base; /* number of e[0] */
};

/* --- repeats --- */

static const struct reducer *sort_reducer; /* qsort has no context; one thread */

static size_t room_at(const struct reducer *r, size_t at)
{
	return MIN(r->len - at, (size_t)LONGEST);
}

static int by_suffix(const void *x, const void *y)
{
	const struct reducer *r = sort_reducer;
	size_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	size_t n = room_at(r, a), m = room_at(r, b);
	int c = memcmp(r->data + a, r->data + b, MIN(n, m));

	if (c)
		return c;
	if (n != m)
		return n < m ? -1 : 1;
	return a < b ? -1 : a > b;
}

static uint32_t shared_by(const struct reducer *r, size_t a, size_t b)
{
	size_t n = MIN(room_at(r, a), room_at(r, b)), k = 0;

	while (k < n && r->data[a + k] == r->data[b + k])
		k++;
	return (uint32_t)k;
}

static int by_place(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* The string of len bytes at suffixes[lo .. hi]; the first so many of `places` are others'. */
static void add_string(struct copies *c, const struct reducer *r, size_t len, size_t lo, size_t hi)
{
	struct string s = { .len = len, .first = c->n_places };
	bool widens = true;
	size_t kept = 0;

	for (size_t i = lo; i <= hi; i++) {
		size_t at = c->suffixes[i], first = c->suffixes[lo];

		widens &= at && first && r->data[at - 1] == r->data[first - 1];
		GROW(c->places, c->n_places, c->cap_places);
		c->places[c->n_places++] = (uint32_t)at;
	}
	qsort(c->places + s.first, c->n_places - s.first, sizeof(*c->places), by_place);
	for (size_t i = s.first; i < c->n_places; i++)
		if (!kept || c->places[i] >= c->places[s.first + kept - 1] + len)
			c->places[s.first + kept++] = c->places[i];
	s.n = kept;
	c->n_places = s.first + kept;
	if (widens || s.n < 2) {
		c->n_places = s.first;
		return;
	}
	GROW(c->s, c->n_s, c->cap_s);
	c->s[c->n_s++] = s;
}

struct open {
	uint32_t len, lo;
};

/* Every run of suffixes that share more than their neighbours on both sides. */
static void find_strings(struct copies *c, const struct reducer *r)
{
	struct open *open = xcalloc(r->len + 1, sizeof(*open));
	size_t n = 0;

	c->n_s = c->n_places = 0;
	for (size_t i = 1; i <= r->len; i++) {
		uint32_t len = i < r->len ? c->shared[i] : 0, lo = (uint32_t)i - 1;

		while (n && open[n - 1].len > len) {
			n--;
			lo = open[n].lo;
			if (open[n].len >= 2)
				add_string(c, r, open[n].len, lo, i - 1);
		}
		if (len && (!n || open[n - 1].len < len))
			open[n++] = (struct open){ len, lo };
	}
	free(open);
}

static int by_gain(const void *x, const void *y)
{
	const struct string *a = x, *b = y;
	size_t g = a->n * a->len, h = b->n * b->len;

	if (g != h)
		return g > h ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

/* --- edits --- */

static void add_edit(struct copies *c, struct copy_edit e)
{
	if (c->n_e >= MAX_EDITS)
		return;
	GROW(c->e, c->n_e, c->cap_e);
	c->e[c->n_e++] = e;
}

/* Of the string's own bytes one that counts [from, to) among what follows it: the nearest. */
static uint16_t prefix_of(const unsigned char *p, size_t len, size_t from, size_t to)
{
	for (size_t i = from; i-- > 0;)
		if (p[i] && to <= i + 1 + p[i] && i + 1 + p[i] <= len)
			return (uint16_t)i;
	return NO_PREFIX;
}

static void add_edits(struct copies *c, const struct reducer *r, size_t k)
{
	const struct string *s = &c->s[k];
	const unsigned char *p = r->data + c->places[s->first];
	struct copy_edit e = { .string = (uint32_t)k, .prefix = NO_PREFIX };

	for (size_t size = s->len; size > 0; size /= 2)
		for (size_t to = s->len; to >= size; to -= size) {
			e.from = (uint16_t)(to - size);
			e.to = (uint16_t)to;
			e.prefix = prefix_of(p, s->len, e.from, e.to);
			add_edit(c, e);
			if (e.prefix != NO_PREFIX) {
				e.prefix = NO_PREFIX;
				add_edit(c, e);
			}
		}
	e.change = REPLACED;
	for (size_t i = 0; i < REDUCE_CANONICAL; i++) {
		e.byte = reduce_order[i];
		e.from = 0;
		e.to = (uint16_t)s->len;
		add_edit(c, e);
		for (e.from = 0; s->len <= SIMPLER && e.from < s->len; e.from++) {
			e.to = e.from + 1;
			add_edit(c, e);
		}
	}
}

static void look(struct copies *c, const struct reducer *r)
{
	c->n_e = 0;
	c->suffixes = xrealloc(c->suffixes, (r->len + 1) * sizeof(*c->suffixes));
	c->shared = xrealloc(c->shared, (r->len + 1) * sizeof(*c->shared));
	for (size_t i = 0; i < r->len; i++)
		c->suffixes[i] = (uint32_t)i;
	sort_reducer = r;
	qsort(c->suffixes, r->len, sizeof(*c->suffixes), by_suffix);
	for (size_t i = 1; i < r->len; i++)
		c->shared[i] = shared_by(r, c->suffixes[i - 1], c->suffixes[i]);
	find_strings(c, r);
	if (c->n_s)
		qsort(c->s, c->n_s, sizeof(*c->s), by_gain);
	for (size_t k = 0; k < MIN(c->n_s, (size_t)MAX_STRINGS); k++)
		add_edits(c, r, k);
}

static enum made make_copies(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct copies *c = arg;
	const struct copy_edit *e;
	const struct string *s;
	size_t done = 0;

	if (i - c->base >= c->n_e)
		return MADE_END;
	e = &c->e[i - c->base];
	s = &c->s[e->string];
	for (size_t k = 0; k < s->n; k++) {
		size_t at = c->places[s->first + k], kept = d->len + (at - done);

		draft_add(d, r->data + done, at + e->from - done);
		if (e->change == REPLACED)
			draft_add(d, &e->byte, 1);
		if (e->prefix != NO_PREFIX && !d->over)
			d->p[kept + e->prefix] -= (unsigned char)(e->to - e->from);
		done = at + e->to;
	}
	draft_add(d, r->data + done, r->len - done);
	return MADE;
}

static uint64_t copies_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct copies *c = arg;

	look(c, r);
	c->base = i + 1;
	return i + 1;
}

int strategy_copies(struct reducer *r)
{
	struct copies c = { .base = 0 };
	struct sweep s = { make_copies, copies_accepted, &c };
	int rc;

	look(&c, r);
	rc = reduce_sweep(r, &s);
	free(c.suffixes);
	free(c.shared);
	free(c.s);
	free(c.places);
	free(c.e);
	return rc;
}
