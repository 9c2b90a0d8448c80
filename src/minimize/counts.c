/*
 * Records and the number that says how many there are, which is somewhere before them: a header's, a list's, the tag of a
 * CBOR array. A record alone can't go, nor can the number come down; both at once can. Where a record begins and ends isn't
 * known either: it ends where a length inside it says, and begins where another ends; or it has some usual fixed size; or,
 * of a short input, it may be any bytes.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/fields.h"
#include "minimize/refs.h"
#include "minimize/strategy.h"

#define HEADER 64      /* bytes: a count may be any of them ... */
#define SMALL_COUNT 64 /* ... that isn't larger than this, but for the first ones */
#define FIRST 16
#define NESTED_LEN 320 /* in shorter inputs a count may be anywhere, if it is at most ... */
#define NESTED_COUNT 32
#define MAX_COUNTS 128
#define BEFORE 64 /* bytes of a record before its length field */
#define RECORD_MAX 1024
#define TABLE_START 32 /* a table of records of one size begins so near to the input's start */
#define ALL_LEN 128    /* of shorter inputs any bytes may be a record */
#define MAX_WINDOWS 20000
#define COSTLY_COUNTS 4
#define COSTLY_WINDOWS 500

struct window {
	size_t from, n;
};

struct counts {
	struct fields f;
	enum refs refs[REFS_FORMS];
	size_t n_refs;
	size_t at[MAX_COUNTS]; /* bytes that may be a count's lowest */
	size_t n_at;
	size_t max_at;
	struct window *w;
	size_t n_w, cap_w, max_w;
	size_t first_w; /* those before it had their turn; the fixpoint comes back to them */
	size_t last;    /* the count that came down last: it is asked first */
	size_t run; /* so many records of the last one's size in the first candidate; 0: there is none such */
	struct window last_w;
	uint64_t base;
};

static void add_window(struct counts *c, size_t from, size_t to, size_t len)
{
	if (from >= to || to > len || c->n_w >= c->max_w)
		return;
	GROW(c->w, c->n_w, c->cap_w);
	c->w[c->n_w++] = (struct window){ from, to - from };
}

/* Where a record may begin: where any field's contents end, an empty one's included. */
static void find_ends(struct counts *c, const struct reducer *r, bool *is_end)
{
	for (size_t i = 0; i < c->f.n; i++)
		is_end[field_end(&c->f.v[i])] = true;
	for (size_t i = 0; i + 2 <= r->len; i++)
		if (!r->data[i] && !r->data[i + 1])
			is_end[i + 2] = true;
}

/* All that end with what the field counts and begin not long before it. */
static void windows_of_field(
	struct counts *c, const struct reducer *r, const bool *is_end, size_t at, size_t end)
{
	size_t first = at > BEFORE ? at - BEFORE : 0;

	for (size_t from = at + 1; from-- > first;)
		if ((is_end[from] || from == at) && end - from <= RECORD_MAX)
			add_window(c, from, end, r->len);
}

static int by_place(const void *x, const void *y)
{
	const struct window *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->n < b->n ? -1 : a->n > b->n;
}

/* Of records of one size any such stretch does, at the start or the end: what is left is as long as it should be. */
static void windows_of_size(struct counts *c, const struct reducer *r)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		for (size_t tail = 0; tail <= 8 && sizes[i] + tail <= r->len; tail++)
			add_window(c, r->len - tail - sizes[i], r->len - tail, r->len);
		for (size_t from = 1; from <= TABLE_START; from++)
			add_window(c, from, from + sizes[i], r->len);
	}
}

static void find_windows(struct counts *c, const struct reducer *r)
{
	bool *is_end = xcalloc(r->len + 1, sizeof(*is_end));
	size_t kept = 0;

	c->n_w = 0;
	for (size_t n = 1; n <= r->len && r->len <= ALL_LEN; n++)
		for (size_t from = 0; from + n <= r->len; from++)
			add_window(c, from, from + n, r->len);
	if (r->len > ALL_LEN) {
		find_ends(c, r, is_end);
		windows_of_size(c, r);
		for (size_t i = 0; i < c->f.n; i++)
			windows_of_field(c, r, is_end, c->f.v[i].at, field_end(&c->f.v[i]));
		for (size_t i = 0; i + 2 <= r->len; i++)
			if (!r->data[i] && !r->data[i + 1])
				windows_of_field(c, r, is_end, i, i + 2);
	}
	if (c->n_w)
		qsort(c->w, c->n_w, sizeof(*c->w), by_place);
	for (size_t i = 0; i < c->n_w; i++)
		if (!kept || by_place(&c->w[kept - 1], &c->w[i]))
			c->w[kept++] = c->w[i];
	c->n_w = kept;
	free(is_end);
}

static void find_counts(struct counts *c, const struct reducer *r)
{
	size_t n = 0;

	c->n_at = 0;
	if (c->last < r->len && r->data[c->last])
		c->at[n++] = c->last;
	for (size_t i = 0; i < r->len && n < c->max_at; i++) {
		unsigned char v = r->data[i];
		bool header = i < HEADER && (i < FIRST || v <= SMALL_COUNT);
		bool nested = r->len <= NESTED_LEN && v <= NESTED_COUNT;

		/* 256 is one above 255, in either order */
		if (!v && !(i < HEADER &&
				  ((i && r->data[i - 1]) || (i + 1 < r->len && r->data[i + 1]))))
			continue;
		if (i != c->last && (header || nested))
			c->at[n++] = i;
	}
	c->n_at = n;
}

static void look(struct counts *c, const struct reducer *r)
{
	fields_find(&c->f, r);
	c->n_refs = refs_present(r, c->refs);
	find_counts(c, r);
	find_windows(c, r);
}

/* The number whose lowest byte is at `at` made less by k; a borrow comes from whichever neighbour has something to give. */
static bool lower(unsigned char *p, size_t at, size_t k, size_t end)
{
	if (p[at] >= k) {
		p[at] -= (unsigned char)k;
		return true;
	}
	if (k != 1)
		return false;
	if (at && p[at - 1])
		p[at - 1]--;
	else if (at + 1 < end && p[at + 1])
		p[at + 1]--;
	else
		return false;
	p[at] = 0xff;
	return true;
}

struct drop {
	size_t at, by;
	struct window w;
	enum refs refs;
	bool outer;
};

static enum made draft_drop(
	const struct counts *c, const struct reducer *r, const struct drop *x, struct draft *d)
{
	size_t to = x->w.from + x->w.n;

	if (x->at >= x->w.from || to > r->len)
		return MADE_SKIP;
	draft_add(d, r->data, r->len);
	if (!lower(d->p, x->at, x->by, x->w.from))
		return MADE_SKIP;
	/* what nothing follows or nothing counts is as without */
	if (x->refs != REFS_NONE && !refs_shift(d->p, r->len, x->refs, x->w.from, x->w.n))
		return MADE_SKIP;
	if (x->outer && !fields_shrink(&c->f, d->p, x->w.from, x->w.n, NULL))
		return MADE_SKIP;
	memmove(d->p + x->w.from, d->p + to, r->len - to);
	d->len = r->len - x->w.n;
	return MADE;
}

/* Numbers behind the first, if that is a run: window, then count, then what else changes. */
static enum made make_drop(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct counts *c = arg;
	uint64_t k = i - c->base, ways = 2 * (uint64_t)c->n_refs;
	struct drop x = { .by = 1 };

	if (c->run && k < ways) {
		x.at = c->last;
		x.by = c->run;
		x.w = (struct window){ c->last_w.from, c->last_w.n * c->run };
	} else {
		k -= c->run ? ways : 0;
		if (!c->n_at || c->first_w + k / ways / c->n_at >= c->n_w)
			return MADE_END;
		x.at = c->at[k / ways % c->n_at];
		x.w = c->w[c->first_w + k / ways / c->n_at];
	}
	x.outer = k % 2;
	x.refs = c->refs[k / 2 % c->n_refs];
	return draft_drop(c, r, &x, d);
}

/* As many of that size once more, twice as many, ...; then on from there. */
static uint64_t drop_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct counts *c = arg;
	uint64_t k = i - c->base, ways = 2 * (uint64_t)c->n_refs;

	if (c->run && k < ways) {
		c->run *= 2;
	} else {
		k -= c->run ? ways : 0;
		c->last = c->at[k / ways % c->n_at];
		c->last_w = c->w[c->first_w + k / ways / c->n_at];
		c->run = 1;
	}
	look(c, r);
	c->first_w = 0;
	while (c->first_w < c->n_w && c->w[c->first_w].from < c->last_w.from)
		c->first_w++;
	c->base = i + 1;
	return i + 1;
}

int strategy_counts(struct reducer *r)
{
	struct counts c = { .last = SIZE_MAX,
		.max_at = r->oracle.costly ? COSTLY_COUNTS : MAX_COUNTS,
		.max_w = r->oracle.costly ? COSTLY_WINDOWS : MAX_WINDOWS };
	struct sweep s = { make_drop, drop_accepted, &c };
	int rc;

	look(&c, r);
	rc = reduce_sweep(r, &s);
	fields_release(&c.f);
	free(c.w);
	return rc;
}
