/*
 * Length-prefixed binary: bytes deleted together with the field that counts them (fields.h). Refusals cost microseconds,
 * so all fields are tried; those that count exactly to the end of the input (or of such a field's contents) also shrink
 * along when something inside them does, which is how nested records keep fitting. Where places are named by their distance
 * from the start, these may follow (refs.h).
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/fields.h"
#include "minimize/refs.h"
#include "minimize/strategy.h"

struct cut {
	uint32_t field, around; /* both count it; NO_FIELD: none */
	size_t from, n;
	bool outer; /* exact fields around it shrink, too */
	enum part { OF_FIELDS, OF_BYTES, OF_PAIRS } part;
	size_t order; /* within its part: where to go on when one before it was accepted */
};

#define NO_FIELD UINT32_MAX
#define MAX_CUTS 200000
#define MAX_COSTLY 4000
#define SHORT 256
#define SHORT_CUT 16
#define PAIRS_MAX 512 /* longer inputs have too many fields in others' contents by chance */
#define PAIR_NEAR 64  /* of the two, so many bytes apart */

struct lengths {
	struct fields f;
	enum refs refs[REFS_FORMS];
	size_t n_refs;
	struct cut *c;
	size_t n_c, cap_c, max_c;
	uint64_t base;
};

static void add_cut(struct lengths *l, struct cut c)
{
	if (l->n_c >= l->max_c)
		return;
	GROW(l->c, l->n_c, l->cap_c);
	l->c[l->n_c++] = c;
}

/* All that a field counts, then halves, quarters, ... of it, from its end. */
static void cut_field(struct lengths *l, uint32_t i)
{
	const struct field *f = &l->f.v[i];
	struct cut c = { i, NO_FIELD, 0, 0, true, OF_FIELDS, f->at };

	for (size_t n = f->value; n > 0; n /= 2)
		for (size_t end = f->value; end >= n; end -= n) {
			c.from = field_body(f) + end - n;
			c.n = n;
			c.outer = true;
			add_cut(l, c);
			c.outer = false;
			add_cut(l, c);
			/* inexact ones are many: only the two ends of each */
			if (!f->exact && end > n && end == f->value)
				end = 2 * n;
		}
	/* the field with all that it counts: a record taken out of a sequence */
	add_cut(l, (struct cut){ NO_FIELD, NO_FIELD, f->at, f->width + f->value, true, OF_FIELDS,
			   f->at });
}

/* A string of one byte's length inside a record of two's: some of it, or all with its length. */
static void cut_inside(struct lengths *l, uint32_t i)
{
	const struct field *f = &l->f.v[i];
	size_t body = field_body(f);

	if (f->width != 1)
		return;
	for (uint32_t k = i; k-- > 0 && l->f.v[k].at + PAIR_NEAR >= f->at;) {
		const struct field *g = &l->f.v[k];

		if (g->width != 2 || g->exact || field_body(g) > f->at ||
			field_end(g) < field_end(f))
			continue;
		add_cut(l,
			(struct cut){ k, NO_FIELD, f->at, 1 + f->value, false, OF_PAIRS, f->at });
		for (size_t n = f->value; n > 1; n /= 2)
			add_cut(l, (struct cut){ i, k, body, n - 1, false, OF_PAIRS, f->at });
	}
}

static void find_cuts(struct lengths *l, const struct reducer *r)
{
	fields_find(&l->f, r);
	l->n_refs = refs_present(r, l->refs);
	l->n_c = 0;
	for (uint32_t i = 0; i < l->f.n; i++)
		cut_field(l, i);
	/* what is short enough has any few bytes of it taken out of all that hold them */
	for (size_t n = MIN(r->len, (size_t)SHORT_CUT); n > 0 && r->len <= SHORT; n--)
		for (size_t from = r->len - n + 1; from-- > 0;)
			add_cut(l, (struct cut){ NO_FIELD, NO_FIELD, from, n, true, OF_BYTES,
					   SHORT_CUT - n });
	for (uint32_t i = 0; i < l->f.n && r->len <= PAIRS_MAX; i++)
		cut_inside(l, i);
}

static void shrink(const struct lengths *l, struct draft *d, uint32_t field, size_t n)
{
	if (field != NO_FIELD)
		field_write(d->p, &l->f.v[field], l->f.v[field].value - n);
}

static enum made make_cut(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct lengths *l = arg;
	uint64_t k = (i - l->base) / l->n_refs;
	enum refs refs = l->refs[(i - l->base) % l->n_refs];
	const struct cut *c;
	bool more;

	if (k >= l->n_c)
		return MADE_END;
	c = &l->c[k];
	draft_add(d, r->data, r->len);
	more = c->outer && fields_shrink(&l->f, d->p, c->from, c->n,
				   c->field == NO_FIELD ? NULL : &l->f.v[c->field]);
	more |= c->field != NO_FIELD;
	shrink(l, d, c->field, c->n);
	shrink(l, d, c->around, c->n);
	if (refs_shift(d->p, r->len, refs, c->from, c->n))
		more = true;
	else if (refs != REFS_NONE)
		return MADE_SKIP; /* as without */
	if (!more)
		return MADE_SKIP; /* a plain deletion: others do that */
	memmove(d->p + c->from, d->p + c->from + c->n, r->len - c->from - c->n);
	d->len = r->len - c->n;
	return MADE;
}

static uint64_t cut_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct lengths *l = arg;
	struct cut was = l->c[(i - l->base) / l->n_refs];
	size_t k = 0;

	find_cuts(l, r);
	l->base = i + 1;
	/* those before it had their turn; the fixpoint comes back to them */
	while (k < l->n_c && (l->c[k].part < was.part ||
				     (l->c[k].part == was.part && l->c[k].order < was.order)))
		k++;
	return l->base + k * l->n_refs;
}

int strategy_lengths(struct reducer *r)
{
	struct lengths l = { .max_c = r->oracle.costly ? MAX_COSTLY : MAX_CUTS };
	struct sweep s = { make_cut, cut_accepted, &l };
	int rc;

	find_cuts(&l, r);
	rc = reduce_sweep(r, &s);
	fields_release(&l.f);
	free(l.c);
	return rc;
}
