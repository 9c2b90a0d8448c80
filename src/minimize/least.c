/* The least value whose candidate is accepted: galloping up from the low end, then 16-ary search. */
#include "base/prelude.h"
#include "minimize/least.h"

#define LEAST_WAYS 16

struct least {
	region_make_fn make;
	struct region *n;
	size_t behind; /* bytes of the best behind the region, which stay as they are */
	uint64_t lo, hi;
	bool growing; /* steps grow from lo (the answer is probably small); else even steps */
	bool hit;
	uint64_t value; /* accepted */
};

/* Number i's value: the small ones one by one, then half as much again each time; or evenly spread. */
static uint64_t least_value(const struct least *l, uint64_t i)
{
	uint64_t v = l->lo;

	if (!l->growing) {
		uint64_t span = l->hi - l->lo;

		return span <= LEAST_WAYS
			       ? l->lo + i
			       : l->lo + span / LEAST_WAYS * i + span % LEAST_WAYS * i / LEAST_WAYS;
	}
	for (uint64_t step = 0; i > 0 && v < l->hi; i--) {
		step = step < 8 ? step + 1 : step + step / 2;
		v = step > l->hi - v ? l->hi : v + (step < 8 ? 1 : step);
	}
	return v;
}

static enum made least_make(void *arg, const struct reducer *r, uint64_t i, struct draft *d)
{
	const struct least *l = arg;
	uint64_t v;

	if (!l->growing && i >= LEAST_WAYS && l->hi - l->lo > LEAST_WAYS)
		return MADE_END;
	v = least_value(l, i);
	if (v >= l->hi)
		return MADE_END;
	return l->make(l->n, r, v, d);
}

static uint64_t least_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct least *l = arg;

	/* what was made for the region as it was would reach into what is behind it */
	l->n->to = r->len - l->behind;
	l->hit = true;
	l->value = least_value(l, i);
	/* what lies between the last refused value and this one is still open */
	l->lo = i ? least_value(l, i - 1) + 1 : l->lo;
	return SWEEP_STOP;
}

int reduce_least(struct reducer *r, region_make_fn make, struct region *n, uint64_t lo, uint64_t hi)
{
	struct least l = {
		.make = make, .n = n, .behind = r->len - n->to, .lo = lo, .hi = hi, .growing = true
	};
	struct sweep s = { least_make, least_accepted, &l };
	bool changed = false;

	while (l.lo < l.hi) {
		int rc = reduce_sweep(r, &s);

		if (rc < 0)
			return -1;
		if (!l.hit) {
			if (l.growing || l.hi - l.lo <= LEAST_WAYS)
				break;
			/* all refused: the answer lies above the last one asked about */
			l.lo = least_value(&l, LEAST_WAYS - 1) + 1;
			continue;
		}
		l.hit = l.growing = false;
		l.hi = l.value;
		changed = true;
	}
	return changed;
}

enum made region_first(
	const struct region *n, const struct reducer *r, uint64_t keep, struct draft *d)
{
	draft_splice(d, r, n->from, n->to, r->data + n->from, (size_t)keep);
	return MADE;
}

enum made region_last(
	const struct region *n, const struct reducer *r, uint64_t keep, struct draft *d)
{
	draft_splice(d, r, n->from, n->to, r->data + n->to - keep, (size_t)keep);
	return MADE;
}
