/*
 * A record is removed, repeated, moved, wrapped, made anew, or taken from another input, as a whole, and each length around it
 * is written again. Values are words of the dictionary, numbers on some boundary, or bytes of some size; types are those that
 * are there, words, or small numbers. Some lengths are made to lie: what is behind a length that fits is to be had as well.
 */
#include "thresh_rt_edits.h"
#include "thresh_rt_random.h"
#include "thresh_rt_sums.h"

#include <string.h>

#define PIECE 2048

static uint64_t rng;

static uint32_t some(uint32_t below)
{
	return thresh_rt_random(&rng, below);
}

struct piece {
	uint32_t n;
	uint8_t s[PIECE];
};

/* --- changing bytes, and the lengths around them --- */

/* 0, or -1: there is no room. */
static int replace(
	struct thresh_rt_work *w, uint32_t at, uint32_t old, const uint8_t *s, uint32_t n)
{
	if (n > old && n - old > w->max - w->n)
		return -1;
	memmove(w->s + at + n, w->s + at + old, w->n - at - old);
	if (n)
		memcpy(w->s + at, s, n);
	w->n = w->n - old + n;
	return 0;
}

/* Replaces what is in the value of record i, or in none (-1), and mends the lengths from there outwards. */
static void edit(
	struct thresh_rt_work *w, int i, uint32_t at, uint32_t old, const uint8_t *s, uint32_t n)
{
	int64_t grown = (int64_t)n - old;

	if (replace(w, at, old, s, n) < 0)
		return;
	for (; i >= 0 && w->l->length != LEN_NONE; i = w->r.record[i].parent) {
		const struct thresh_rt_record *r = &w->r.record[i];
		uint8_t to[THRESH_RT_LENGTH_MAX];
		uint64_t len;
		unsigned width;

		if (!thresh_rt_length_read(w->l->length, w->s + r->length, w->n - r->length, &len))
			return;
		width = thresh_rt_length_write(w->l->length, w->s + r->length, r->width,
			(uint64_t)((int64_t)len + grown), to);
		if (!width || replace(w, r->length, r->width, to, width) < 0)
			return;
		grown += (int64_t)width - r->width;
	}
}

static void add(struct piece *p, const void *s, uint32_t n)
{
	if (n > PIECE - p->n)
		n = PIECE - p->n;
	if (n)
		memcpy(p->s + p->n, s, n);
	p->n += n;
}

static void add_fill(struct piece *p, uint8_t c, uint32_t n)
{
	while (n-- && p->n < PIECE)
		p->s[p->n++] = c;
}

/* --- pieces --- */

static const struct thresh_rt_record *one(const struct thresh_rt_work *w)
{
	return &w->r.record[some(w->r.n)];
}

static int index_of(const struct thresh_rt_work *w, const struct thresh_rt_record *r)
{
	return (int)(r - w->r.record);
}

static uint32_t some_size(void)
{
	static const uint8_t usual[] = { 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64 };

	switch (some(8)) {
	case 0:
		return some(256);
	case 1:
		return (1u << some(10)) + some(3) - 1;
	case 2:
		return some(16);
	default:
		return usual[some(sizeof(usual))];
	}
}

static void add_number(struct piece *p)
{
	static const uint8_t widths[] = { 1, 2, 4, 8 };
	unsigned width = widths[some(4)], i;
	uint64_t v = some(3) ? some(256) : (1ull << some(8 * width)) - some(2);
	int big = some(2) != 0;
	uint8_t c;

	if (some(4) == 0)
		v = 0 - v;
	for (i = 0; i < width; i++) {
		c = (uint8_t)(v >> 8 * (big ? width - 1 - i : i));
		add(p, &c, 1);
	}
}

static void add_word(struct piece *p, const struct thresh_rt_work *w)
{
	const struct thresh_rt_lexeme *x =
		w->words && w->words->n ? thresh_rt_lexicon_any(w->words, &rng) : NULL;

	if (x)
		add(p, x->s, x->len);
	else
		add_number(p);
}

/* At the place of p->s + from on: a value of some kind. */
static void add_value(
	struct piece *p, const struct thresh_rt_work *w, const struct thresh_rt_work *from)
{
	const struct thresh_rt_record *r = from && from->r.n ? one(from) : NULL;
	uint32_t start = p->n, size;
	unsigned i;

	switch (some(6)) {
	case 0:
		if (r)
			add(p, from->s + r->value, r->tail - r->value);
		break;
	case 1:
	case 2:
		add_word(p, w);
		break;
	case 3:
		for (i = 1 + some(4); i; i--)
			add_number(p);
		break;
	case 4:
		add_fill(p, (uint8_t)(some(2) ? some(256) : some(2) ? 0 : 'A'), some_size());
		break;
	default:
		for (size = some_size(); size && p->n < PIECE; size--)
			add_fill(p, (uint8_t)some(256), 1);
	}
	if (some(3))
		return;
	/* of another size */
	size = some_size();
	if (p->n - start > size)
		p->n = start + size;
	else
		add_fill(p, (uint8_t)(some(2) ? 0 : some(256)), size - (p->n - start));
}

/* Where a record's type is: in front of its length, behind it, or where the value begins. */
static uint32_t type_of(
	const struct thresh_rt_layout *l, const struct thresh_rt_record *r, uint32_t *n)
{
	unsigned middle = thresh_rt_layout_middle(l);

	*n = l->before && l->length != LEN_NONE ? l->before
	     : middle                           ? middle
	     : r->tail - r->value < 4           ? r->tail - r->value
						: 4;
	if (l->length == LEN_NONE)
		*n = 1;
	return l->before ? r->from : r->length + r->width;
}

/* Writes another type into n bytes: one that is there, a word, or a small number. */
static void change_type(
	uint8_t *to, uint32_t n, const struct thresh_rt_work *w, const struct thresh_rt_work *from)
{
	uint32_t k, at;
	unsigned i, tries = some(4);

	if (from && from->r.n && tries > 1) {
		const struct thresh_rt_record *r = one(from);

		at = type_of(from->l, r, &k);
		/* types may overlap: where one is not wide, it is of the value */
		memmove(to, from->s + at, k < n ? k : n);
		return;
	}
	for (i = 0; i < 64 && tries && n > 1 && w->words && w->words->n; i++) {
		const struct thresh_rt_lexeme *x = thresh_rt_lexicon_any(w->words, &rng);

		if (x->len == n) {
			memcpy(to, x->s, n);
			return;
		}
	}
	at = n ? some(n) : 0;
	if (n)
		to[at] = (uint8_t)(some(2) ? some(16) : some(256));
}

/* A record like r of `from`, with this value. */
static void add_record(struct piece *p, const struct thresh_rt_work *w,
	const struct thresh_rt_work *from, const struct thresh_rt_record *r, const uint8_t *value,
	uint32_t n)
{
	const struct thresh_rt_layout *l = w->l;
	uint8_t head[256] = { 0 }, to[THRESH_RT_LENGTH_MAX];
	unsigned middle = thresh_rt_layout_middle(l), tail = thresh_rt_sum_width(l->sum), width;
	int64_t len = (int64_t)n + (int64_t)middle + tail - l->more;

	if (l->length == LEN_NONE) {
		add(p, value, n < l->before ? n : l->before);
		add_fill(p, 0, n < l->before ? l->before - n : 0);
		return;
	}
	if (r)
		memcpy(head, from->s + r->from, l->before);
	add(p, head, l->before);
	/* what counts itself has one width; of others more is 0 or above */
	width = thresh_rt_length_write(l->length, r ? from->s + r->length : NULL, r ? r->width : 0,
		(uint64_t)(len < 0 ? 0 : len), to);
	add(p, to, width);
	if (r)
		add(p, from->s + r->length + r->width, middle);
	else
		add_fill(p, 0, middle);
	add(p, value, n);
	add_fill(p, 0, tail);
}

static void add_new(
	struct piece *p, const struct thresh_rt_work *w, const struct thresh_rt_work *from)
{
	const struct thresh_rt_record *r = from && from->r.n ? one(from) : NULL;
	static struct piece value;
	struct thresh_rt_records made;
	uint32_t at = p->n, n;
	struct thresh_rt_layout l = *w->l;

	value.n = 0;
	if (r && some(3) == 0)
		add(&value, from->s + r->value, r->tail - r->value);
	else
		add_value(&value, w, from);
	add_record(p, w, from, r, value.s, value.n);
	l.start = 0;
	thresh_rt_layout_walk(&l, p->s + at, p->n - at, &made);
	if (made.n && some(8)) {
		uint32_t type = type_of(&l, &made.record[0], &n);

		change_type(p->s + at + type, n, w, some(2) ? w : from ? from : w);
	}
}

/* --- what is done with them --- */

/* Where a record may be put: behind one, in front of it, or in it as the last. */
static uint32_t some_place(const struct thresh_rt_work *w, int *parent)
{
	const struct thresh_rt_record *r;

	*parent = -1;
	if (!w->r.n)
		return w->l->start < w->n ? w->l->start : w->n;
	r = one(w);
	if (some(8) == 0 && w->l->length != LEN_NONE) {
		*parent = index_of(w, r);
		return r->tail;
	}
	*parent = r->parent;
	return some(4) ? r->to : r->from;
}

static void remove_records(struct thresh_rt_work *w)
{
	const struct thresh_rt_record *a = one(w), *b = a;
	uint32_t more = some(3) ? 0 : some(8);

	while (more-- && index_of(w, b) + 1 < (int)w->r.n && b[1].parent == a->parent)
		b++;
	edit(w, a->parent, a->from, b->to - a->from, NULL, 0);
}

static void insert(struct thresh_rt_work *w, const struct piece *p)
{
	int parent;
	uint32_t at = some_place(w, &parent);

	edit(w, parent, at, 0, p->s, p->n);
}

/* One, or some behind one another, out of this input or another; seldom many times. */
static void insert_copies(
	struct thresh_rt_work *w, struct piece *p, const struct thresh_rt_work *from)
{
	const struct thresh_rt_record *a = one(from), *b = a;
	uint32_t more = some(4) ? 0 : 1 + some(4), times = some(6)   ? 1
							   : some(6) ? 2
								     : 1u << some(8);

	while (more-- && index_of(from, b) + 1 < (int)from->r.n && b[1].parent == a->parent)
		b++;
	while (times-- && b->to - a->from <= PIECE - p->n)
		add(p, from->s + a->from, b->to - a->from);
	insert(w, p);
}

static void swap_records(struct thresh_rt_work *w, struct piece *p)
{
	const struct thresh_rt_record *a = one(w), *b = one(w), *t;

	if (a->from > b->from) {
		t = a;
		a = b;
		b = t;
	}
	if (a->to > b->from || a->parent != b->parent)
		return;
	add(p, w->s + b->from, b->to - b->from);
	add(p, w->s + a->to, b->from - a->to);
	add(p, w->s + a->from, a->to - a->from);
	if (p->n == b->to - a->from)
		memcpy(w->s + a->from, p->s, p->n);
}

static void change_value(
	struct thresh_rt_work *w, struct piece *p, const struct thresh_rt_work *from)
{
	const struct thresh_rt_record *r = one(w);
	uint32_t size = r->tail - r->value, at;

	if (w->l->length == LEN_NONE) {
		w->s[r->from + some(w->l->before)] = (uint8_t)(some(2) ? some(16) : some(256));
		return;
	}
	if (some(3) == 0) {
		/* the size stays */
		add_value(p, w, from);
		at = size ? some(some(2) ? size : size < 16 ? size : 16) : 0;
		if (p->n > size - at)
			p->n = size - at;
		memcpy(w->s + r->value + at, p->s, p->n);
		return;
	}
	add_value(p, w, from);
	edit(w, index_of(w, r), r->value, size, p->s, p->n);
}

/* Out of one's value, or into the value of a new one. */
static void wrap(struct thresh_rt_work *w, struct piece *p)
{
	const struct thresh_rt_record *r = one(w);
	static struct piece inner;
	uint32_t n, times = some(4) ? 1 : 1 + some(16);

	if (w->l->length == LEN_NONE)
		return;
	if (some(4) == 0) {
		add(p, w->s + r->value, r->tail - r->value);
		if (p->n == r->tail - r->value)
			edit(w, r->parent, r->from, r->to - r->from, p->s, p->n);
		return;
	}
	inner.n = 0;
	add(&inner, w->s + r->from, r->to - r->from);
	while (times--) {
		p->n = 0;
		add_record(p, w, w, some(2) ? r : one(w), inner.s, inner.n);
		inner.n = 0;
		add(&inner, p->s, p->n);
	}
	n = p->n;
	if (n > r->to - r->from && n < PIECE)
		edit(w, r->parent, r->from, r->to - r->from, p->s, n);
}

/* The first ones of this input, the last ones of another. */
static void cross(struct thresh_rt_work *w, const struct thresh_rt_work *from)
{
	const struct thresh_rt_record *a = one(w), *b = one(from);
	int parent = a->parent;
	uint32_t end = parent < 0 ? w->n : w->r.record[parent].tail;
	uint32_t other_end = b->parent < 0 ? from->n : from->r.record[b->parent].tail;

	edit(w, parent, a->to, end - a->to, from->s + b->from, other_end - b->from);
}

/* A length that isn't so. */
static void lie(struct thresh_rt_work *w)
{
	const struct thresh_rt_record *r = one(w);
	uint8_t to[THRESH_RT_LENGTH_MAX];
	uint64_t len, v;
	unsigned width;

	if (!thresh_rt_length_read(w->l->length, w->s + r->length, r->width, &len))
		return;
	v = some(3) == 0 ? len + some(9) - 4
	    : some(2)    ? (1ull << some(33)) - some(2)
			 : w->n - some(8);
	width = thresh_rt_length_write(w->l->length, w->s + r->length, r->width, v, to);
	if (width)
		replace(w, r->length, r->width, to, width);
}

void thresh_rt_edit(struct thresh_rt_work *w, const struct thresh_rt_work *other)
{
	static struct piece p;
	const struct thresh_rt_work *from = other;
	const struct thresh_rt_record *r;
	uint32_t n, at;

	p.n = 0;
	rng = w->rng;
	if (!from && w->r.n)
		from = w;
	switch (w->r.n ? some(14) : 3) {
	case 0:
	case 1:
		remove_records(w);
		break;
	case 2:
	case 3:
	case 4:
		add_new(&p, w, from);
		insert(w, &p);
		break;
	case 5:
	case 6:
	case 7:
		insert_copies(w, &p, from);
		break;
	case 8:
		r = one(w);
		at = type_of(w->l, r, &n);
		change_type(w->s + at, n, w, from);
		break;
	case 9:
		swap_records(w, &p);
		break;
	case 10:
		wrap(w, &p);
		break;
	case 11:
		if (from != w)
			cross(w, from);
		else
			lie(w);
		break;
	default:
		change_value(w, &p, from);
	}
	w->rng = rng;
	thresh_rt_layout_walk(w->l, w->s, w->n, &w->r);
}
