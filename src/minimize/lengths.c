/*
 * Length-prefixed binary: bytes deleted together with the field that counts them. Nothing is known of the format, so a
 * field is anything that could be one: 1, 2 or 4 bytes, either order, or a decimal number, whose value fits what follows.
 * Refusals cost microseconds, so all of them are tried; fields that count exactly to the end of the input (or of such a
 * field's contents) also shrink along when something inside them does, which is how nested records keep fitting.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"

struct field {
	size_t at;
	uint8_t width;
	bool big;
	bool exact; /* counts to the end of the input or of an exact field */
	size_t value;
};

struct cut {
	uint32_t field;
	size_t from, n;
	bool outer; /* exact fields around it shrink, too */
};

#define MAX_FIELDS 16384
#define MAX_CUTS 200000
#define SHORT 256
#define SHORT_CUT 16

struct lengths {
	struct field *f;
	size_t n_f, cap_f;
	struct cut *c;
	size_t n_c, cap_c;
	uint64_t base;
};

static size_t field_read(const unsigned char *p, unsigned width, bool big)
{
	size_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= (size_t)p[big ? width - 1 - i : i] << (8 * i);
	return v;
}

static void field_write(unsigned char *p, const struct field *f, size_t v)
{
	for (unsigned i = 0; i < f->width; i++)
		p[f->big ? f->width - 1 - i : i] = (unsigned char)(v >> (8 * i));
}

static bool is_end(const struct lengths *l, size_t end, size_t at, size_t len)
{
	if (end == len)
		return true;
	for (size_t i = 0; i < l->n_f; i++) {
		const struct field *f = &l->f[i];

		if (f->exact && f->at < at && f->at + f->width + f->value == end)
			return true;
	}
	return false;
}

static void find_fields(struct lengths *l, const struct reducer *r)
{
	static const struct {
		uint8_t width;
		bool big;
	} forms[] = { { 4, true }, { 4, false }, { 2, true }, { 2, false }, { 1, false } };

	l->n_f = 0;
	for (size_t at = 0; at < r->len; at++)
		for (size_t k = 0; k < ARRAY_LEN(forms); k++) {
			struct field f = { at, forms[k].width, forms[k].big, false, 0 };

			if (f.width >= r->len - at || l->n_f >= MAX_FIELDS)
				continue;
			f.value = field_read(r->data + at, f.width, f.big);
			if (!f.value || f.value > r->len - at - f.width)
				continue;
			f.exact = (f.width > 1 || f.value > 3) &&
				  is_end(l, at + f.width + f.value, at, r->len);
			GROW(l->f, l->n_f, l->cap_f);
			l->f[l->n_f++] = f;
		}
}

static void add_cut(struct lengths *l, size_t field, size_t from, size_t n, bool outer)
{
	if (l->n_c >= MAX_CUTS)
		return;
	GROW(l->c, l->n_c, l->cap_c);
	l->c[l->n_c++] = (struct cut){ (uint32_t)field, from, n, outer };
}

/* All that a field counts, then halves, quarters, ... of it, from its end. */
static void find_cuts(struct lengths *l, const struct reducer *r)
{
	l->n_c = 0;
	for (size_t i = 0; i < l->n_f; i++) {
		const struct field *f = &l->f[i];
		size_t body = f->at + f->width;

		for (size_t n = f->value; n > 0; n /= 2)
			for (size_t end = f->value; end >= n; end -= n) {
				add_cut(l, i, body + end - n, n, true);
				add_cut(l, i, body + end - n, n, false);
				/* inexact ones are many: only the two ends of each */
				if (!f->exact && end > n && end == f->value)
					end = 2 * n;
			}
		/* the field with all that it counts: a record taken out of a sequence */
		add_cut(l, UINT32_MAX, f->at, f->width + f->value, true);
	}
	/* what is short enough has any few bytes of it taken out of all that hold them */
	for (size_t n = MIN(r->len, (size_t)SHORT_CUT); n > 0 && r->len <= SHORT; n--)
		for (size_t from = r->len - n + 1; from-- > 0;)
			add_cut(l, UINT32_MAX, from, n, true);
}

static enum made make_cut(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct lengths *l = arg;
	const struct cut *c;
	bool shrunk = false;

	if (i - l->base >= l->n_c)
		return MADE_END;
	c = &l->c[i - l->base];
	draft_add(d, r->data, r->len);
	for (size_t k = 0; k < l->n_f && c->outer; k++) {
		const struct field *f = &l->f[k];
		size_t body = f->at + f->width;

		if (!f->exact || k == c->field || body > c->from ||
			c->from + c->n > body + f->value)
			continue;
		field_write(d->p + f->at, f, f->value - c->n);
		shrunk = true;
	}
	if (c->field != UINT32_MAX) {
		const struct field *f = &l->f[c->field];

		field_write(d->p + f->at, f, f->value - c->n);
	} else if (!shrunk) {
		return MADE_SKIP; /* a plain deletion: others do that */
	}
	memmove(d->p + c->from, d->p + c->from + c->n, r->len - c->from - c->n);
	d->len = r->len - c->n;
	return MADE;
}

static uint64_t cut_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct lengths *l = arg;

	find_fields(l, r);
	find_cuts(l, r);
	l->base = i + 1;
	return i + 1;
}

int strategy_lengths(struct reducer *r)
{
	struct lengths l = { .base = 0 };
	struct sweep s = { make_cut, cut_accepted, &l };
	int rc;

	find_fields(&l, r);
	find_cuts(&l, r);
	rc = reduce_sweep(r, &s);
	free(l.f);
	free(l.c);
	return rc;
}
