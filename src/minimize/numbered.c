/*
 * Text that says in decimal how much follows: so many lines, words or bytes. As many of them as the number comes down by
 * are deleted behind it, halving, from the end on.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "minimize/strategy.h"
#include <stdio.h>

#define MAX_NUMBERS 8
#define MAX_UNITS 1024
#define MAX_DIGITS 9
#define BYTES_NEAR 4 /* bytes that are counted begin so near behind the number */

enum unit { LINES, WORDS, BYTES, UNITS };

/* The number at [from, to) of the best. */
struct number {
	size_t from, to;
	uint64_t value;
};

struct numbered {
	struct number at;
	enum unit unit;
	struct ends ends; /* of the units behind it */
	size_t start;     /* of the first */
	size_t size, end; /* the next candidate: units [end - size, end); size 0: there is none */
	struct log {
		size_t size, end;
	} * log;
	size_t n_log, cap_log;
	uint64_t base;
};

static bool next_number(const struct reducer *r, size_t from, struct number *n)
{
	while (from < r->len && (r->data[from] < '0' || r->data[from] > '9'))
		from++;
	*n = (struct number){ from, from, 0 };
	while (n->to < r->len && r->data[n->to] >= '0' && r->data[n->to] <= '9') {
		if (n->to - from < MAX_DIGITS)
			n->value = n->value * 10 + (uint64_t)(r->data[n->to] - '0');
		n->to++;
	}
	if (n->to - from > MAX_DIGITS)
		n->value = 0; /* counts nothing */
	return n->to > from;
}

/* A line's end, or what parts two words, belongs to what is before it. */
static bool ends_unit(const unsigned char *p, size_t at, size_t len, enum unit unit)
{
	static const char between[] = " \t\r\n,;";

	switch (unit) {
	case LINES:
		return p[at] == '\n';
	case WORDS:
		return p[at] && strchr(between, p[at]) &&
		       (at + 1 == len || !p[at + 1] || !strchr(between, p[at + 1]));
	case BYTES:
	case UNITS:
		break;
	}
	return true;
}

static void cut(struct numbered *x, const struct reducer *r)
{
	size_t end = x->unit == BYTES ? MIN(r->len, x->at.to + BYTES_NEAR + (size_t)x->at.value)
				      : r->len;

	x->ends.n = 0;
	x->start = x->at.to;
	/* what is between the number and the first unit goes with neither */
	while (x->unit != BYTES && x->start < r->len &&
		!ends_unit(r->data, x->start, r->len, x->unit) && x->start - x->at.to < 2)
		x->start++;
	if (x->unit != BYTES && x->start < r->len && ends_unit(r->data, x->start, r->len, x->unit))
		x->start++;
	for (size_t i = x->start; i < end && x->ends.n < MAX_UNITS; i++)
		if (i + 1 == end || ends_unit(r->data, i, r->len, x->unit))
			ends_add(&x->ends, i + 1);
	x->size = 1;
	while (x->size * 2 <= MIN(x->ends.n, (size_t)x->at.value))
		x->size *= 2;
	if (!x->ends.n || !x->at.value)
		x->size = 0;
	x->end = x->ends.n;
}

static size_t unit_at(const struct numbered *x, size_t k)
{
	return k ? x->ends.v[k - 1] : x->start;
}

static void step(struct numbered *x)
{
	/* by halves of a run, so that records at odd places have their turn */
	size_t by = MAX(x->size / 2, (size_t)1);

	if (x->end >= x->size + by) {
		x->end -= by;
		return;
	}
	x->size /= 2;
	x->end = x->ends.n;
}

static enum made make_numbered(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	struct numbered *x = arg;
	char digits[24];
	int n;

	if (i - x->base != x->n_log || !x->size)
		return MADE_END;
	GROW(x->log, x->n_log, x->cap_log);
	x->log[x->n_log++] = (struct log){ x->size, x->end };
	n = snprintf(digits, sizeof(digits), "%llu",
		(unsigned long long)(x->at.value - MIN(x->at.value, (uint64_t)x->size)));
	draft_add(d, r->data, x->at.from);
	draft_add(d, digits, (size_t)n);
	draft_add(d, r->data + x->at.to, unit_at(x, x->end - x->size) - x->at.to);
	draft_add(d, r->data + unit_at(x, x->end), r->len - unit_at(x, x->end));
	step(x);
	return MADE;
}

static uint64_t numbered_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct numbered *x = arg;
	struct log was = x->log[i - x->base];

	x->n_log = 0;
	x->base = i + 1;
	if (!next_number(r, x->at.from, &x->at))
		return SWEEP_STOP;
	cut(x, r);
	/* on from there: what is behind stays where it is, counted from the start */
	if (x->size > was.size)
		x->size = was.size;
	x->end = MIN(x->ends.n, was.end > was.size ? was.end - was.size : 0);
	if (x->end < x->size) {
		x->size = MIN(x->size / 2, x->ends.n);
		x->end = x->ends.n;
	}
	return i + 1;
}

static int shrink_behind(struct reducer *r, struct number *n, enum unit unit)
{
	struct numbered x = { .at = *n, .unit = unit };
	struct sweep s = { make_numbered, numbered_accepted, &x };
	int rc;

	cut(&x, r);
	rc = reduce_sweep(r, &s);
	if (rc > 0)
		next_number(r, n->from, n);
	free(x.ends.v);
	free(x.log);
	return rc;
}

int strategy_numbered(struct reducer *r)
{
	struct number n;
	bool changed = false;
	size_t at = 0;

	for (unsigned k = 0; k < MAX_NUMBERS && next_number(r, at, &n); k++) {
		for (enum unit u = LINES; u < UNITS; u++) {
			int rc = shrink_behind(r, &n, u);

			if (rc < 0)
				return -1;
			changed |= rc > 0;
		}
		at = n.to;
	}
	return changed;
}
