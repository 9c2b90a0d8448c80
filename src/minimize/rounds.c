/* The table of strategies to a fixpoint; what seemed to fail only in company is taken back on the way. */
#include "base/prelude.h"
#include "minimize/rounds.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "minimize/strategy.h"

/* What was last seen to fail alone: what a best that doesn't is taken back to. */
struct safe {
	const unsigned char *orig; /* the caller's */
	unsigned char *own;        /* NULL: orig */
	size_t len;
	uint64_t accepts; /* as of then */
	bool unstable;    /* a best had to be taken back */
};

static void keep_safe(struct safe *safe, const unsigned char *p, size_t len)
{
	free(safe->own);
	safe->own = xmemdup(p, len ? len : 1);
	safe->len = len;
}

/*
 * The smallest former best that fails alone, or what did so last: by halves, as if all behind the first that doesn't
 * didn't either.
 */
static int take_back(struct reducer *r, struct safe *safe)
{
	size_t good = 0, bad = r->n_trail; /* number 0 is the safe one, number i trail[i - 1] */

	while (good < bad) {
		size_t mid = good + (bad - good + 1) / 2;
		struct candidate c = { r->trail[mid - 1].data, r->trail[mid - 1].len };
		int rc = r->oracle.alone(r->oracle.self, &c, r->err);

		if (rc < 0)
			return -1;
		r->execs++;
		if (rc)
			good = mid;
		else
			bad = mid - 1;
	}
	if (good)
		keep_safe(safe, r->trail[good - 1].data, r->trail[good - 1].len);
	reduce_trail_drop(r, r->n_trail);
	free(r->own);
	r->own = safe->own ? xmemdup(safe->own, safe->len ? safe->len : 1) : NULL;
	r->data = r->own ? r->own : safe->orig;
	r->len = safe->len;
	safe->accepts = r->accepts;
	safe->unstable = true;
	reduce_seen_forget(r);
	if (r->best)
		r->best(r->arg, r->data, r->len, r->execs);
	return 0;
}

/* The best once more, alone: 1, 0 (taken back, and the oracle is stricter now), -1. */
static int settle(struct reducer *r, struct safe *safe)
{
	struct candidate c = { r->data, r->len };
	int rc;

	if (r->accepts == safe->accepts)
		return 1;
	rc = r->oracle.alone(r->oracle.self, &c, r->err);
	r->execs++;
	if (rc < 0 || (rc == 0 && take_back(r, safe) < 0)) {
		r->stopped = true;
		return -1;
	}
	if (rc == 0) {
		r->oracle.costly = true;
		return r->oracle.stricter(r->oracle.self) ? 0 : -1;
	}
	safe->accepts = r->accepts;
	reduce_trail_drop(r, r->n_trail);
	/* of a giant there aren't as many copies: it would be taken back to the original */
	if (r->len <= 4 * (size_t)REDUCE_WINDOW)
		keep_safe(safe, r->data, r->len);
	return 1;
}

static bool applies(const struct strategy *s, const struct reducer *r, bool last)
{
	return s->last == last && (!s->max_len || r->len <= s->max_len) &&
	       (!s->min_len || r->len >= s->min_len || r->oracle.costly) &&
	       (!s->suits || s->suits(r));
}

static int run_strategy(struct reducer *r, const struct strategy *s)
{
	uint64_t start = clock_mono_ns(), execs = r->execs, accepts = r->accepts;
	size_t len = r->len;
	int rc = s->run(r);

	log_debug("minimize: %s: %zu to %zu bytes, %llu asked, %llu accepted, %llu us%s", s->name,
		len, r->len, (unsigned long long)(r->execs - execs),
		(unsigned long long)(r->accepts - accepts),
		(unsigned long long)(clock_mono_ns() - start) / 1000,
		reduce_is_dear(r) ? ", dear" : "");
	return rc;
}

/*
 * One round of the quick strategies (last == false) or of the thorough ones. 1, 0, -1 as a strategy. A best that is half
 * as long is settled at once, so that an oracle which is too easily pleased loses little.
 */
static int round_of(struct reducer *r, struct safe *safe, bool last)
{
	bool changed = false;

	for (size_t i = 0; i < n_strategies; i++) {
		int rc;

		if (!applies(&strategies[i], r, last))
			continue;
		rc = run_strategy(r, &strategies[i]);
		if (rc >= 0 && r->len <= safe->len / 2) {
			int s = settle(r, safe);

			if (s <= 0)
				return s < 0 ? -1 : 1;
		}
		if (rc < 0)
			return -1;
		changed |= rc > 0;
		/* what a thorough one found, the quick ones take further */
		if (last && rc > 0)
			return 1;
	}
	return changed;
}

static int fixpoint(struct reducer *r, struct safe *safe)
{
	for (;;) {
		int rc = round_of(r, safe, false);
		int s;

		if (!rc)
			rc = round_of(r, safe, true);
		s = settle(r, safe);
		if (s < 0)
			return -1;
		if (s && rc <= 0)
			return rc;
		if (!s && (r->stopped || r->exhausted))
			return -1;
	}
}

void reduce_run(struct reducer *r, struct reduce_outcome *out)
{
	struct safe safe = { .orig = r->data, .len = r->len, .accepts = r->accepts };
	int rc = fixpoint(r, &safe);

	out->one_minimal = out->one_normal = rc == 0;
	out->unstable = safe.unstable;
	free(safe.own);
}
