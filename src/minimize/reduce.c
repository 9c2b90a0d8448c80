/*
 * The reducer's core. Rejected candidates are cheap (microseconds in a served batch) and accepted ones dear (a crash, a
 * fork), so everything is arranged to ask many questions at once and to be told "yes" rarely: the boldest candidates come
 * first, a batch grows while nothing in it is accepted and shrinks to where the last acceptance was.
 */
#include "base/prelude.h"
#include "minimize/reduce.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "minimize/strategy.h"

#define BATCH_MIN 16 /* a batch is a fork: fewer save nothing */
#define BATCH_MAX 4096
#define BATCH_SLOW_MS 200 /* a batch that takes longer doesn't grow: an interrupt waits for it */
#define WINDOW (4u << 20) /* bytes of candidates under way, or one candidate */
#define SEEN_MAX ((size_t)1 << 21)   /* hashes kept; then forgotten all at once */
#define TRAIL_MAX ((size_t)16 << 20) /* bytes of former bests; then the older ones go */
#define SEEN_INPUT \
	(1u << 20) /* longer inputs aren't remembered: hashing costs more than it saves */

void reduce_init(struct reducer *r, const struct oracle *o, const void *data, size_t len)
{
	memset(r, 0, sizeof(*r));
	r->oracle = *o;
	r->data = data;
	r->len = len;
	r->format = "raw";
	r->batch = BATCH_MIN * 2;
	r->cand = xcalloc(BATCH_MAX, sizeof(*r->cand));
	r->cand_index = xcalloc(BATCH_MAX, sizeof(*r->cand_index));
	r->cand_hash = xcalloc(BATCH_MAX, sizeof(*r->cand_hash));
	rng_seed(&r->rng, 1);
}

/* The first n former bests. */
static void exec_trace_drop(struct reducer *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		r->exec_trace_bytes -= r->trail[i].len;
		free(r->trail[i].data);
	}
	r->n_trail -= n;
	if (n && r->n_trail)
		memmove(r->trail, r->trail + n, r->n_trail * sizeof(*r->trail));
}

void reduce_release(struct reducer *r)
{
	exec_trace_drop(r, r->n_trail);
	free(r->trail);
	free(r->own);
	free(r->window);
	free(r->cand);
	free(r->cand_index);
	free(r->cand_hash);
	free(r->seen);
	memset(r, 0, sizeof(*r));
}

/* --- what was tried --- */

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93ULL;
	h ^= h >> 32;
	return h;
}

/* Eight bytes at a time; 0 stands for an empty slot and is never returned. */
static uint64_t hash_input(const unsigned char *p, size_t n)
{
	uint64_t h = 0x9e3779b97f4a7c15ULL ^ n;
	uint64_t w;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&w, p, 8);
		h = mix(h ^ w) * 0x9fb21c651e98df25ULL + 1;
	}
	w = 0;
	memcpy(&w, p, n);
	h = mix(mix(h ^ w) + n);
	return h ? h : 1;
}

static bool seen_has(const struct reducer *r, uint64_t h)
{
	if (!r->seen_cap || !h)
		return false;
	for (size_t i = h & (r->seen_cap - 1); r->seen[i]; i = (i + 1) & (r->seen_cap - 1))
		if (r->seen[i] == h)
			return true;
	return false;
}

static void seen_put(uint64_t *tab, size_t cap, uint64_t h)
{
	size_t i = h & (cap - 1);

	while (tab[i] && tab[i] != h)
		i = (i + 1) & (cap - 1);
	tab[i] = h;
}

static void seen_add(struct reducer *r, uint64_t h)
{
	if (!h || seen_has(r, h))
		return;
	if (r->n_seen >= SEEN_MAX) {
		memset(r->seen, 0, r->seen_cap * sizeof(*r->seen));
		r->n_seen = 0;
	}
	if (r->n_seen * 2 >= r->seen_cap) {
		size_t cap = r->seen_cap ? r->seen_cap * 2 : 4096;
		uint64_t *tab = xcalloc(cap, sizeof(*tab));

		for (size_t i = 0; i < r->seen_cap; i++)
			if (r->seen[i])
				seen_put(tab, cap, r->seen[i]);
		free(r->seen);
		r->seen = tab;
		r->seen_cap = cap;
	}
	seen_put(r->seen, r->seen_cap, h);
	r->n_seen++;
}

static void seen_forget(struct reducer *r)
{
	if (r->seen_cap)
		memset(r->seen, 0, r->seen_cap * sizeof(*r->seen));
	r->n_seen = 0;
}

bool reduce_was_rejected(const struct reducer *r, const void *p, size_t n)
{
	return n <= SEEN_INPUT && seen_has(r, hash_input(p, n));
}

/* --- drafts --- */

void draft_add(struct draft *d, const void *p, size_t n)
{
	if (d->over || n > d->max - d->len) {
		d->over = true;
		return;
	}
	if (n)
		memcpy(d->p + d->len, p, n);
	d->len += n;
}

void draft_splice(
	struct draft *d, const struct reducer *r, size_t from, size_t to, const void *p, size_t n)
{
	if (from > to || to > r->len)
		BUG("splice [%zu, %zu) of %zu bytes", from, to, r->len);
	if (n > to - from) {
		d->over = true;
		return;
	}
	draft_add(d, r->data, from);
	draft_add(d, p, n);
	draft_add(d, r->data + to, r->len - to);
}

static bool better(const struct reducer *r, const unsigned char *p, size_t n)
{
	if (n != r->len)
		return n < r->len;
	for (size_t i = 0; i < n; i++)
		if (p[i] != r->data[i])
			return reduce_rank(p[i]) < reduce_rank(r->data[i]);
	return false;
}

/* --- batches --- */

bool reduce_spent(struct reducer *r)
{
	if (r->stopped || r->exhausted)
		return true;
	if (r->oracle.stop && r->oracle.stop(r->oracle.self))
		r->stopped = true;
	else if (r->max_execs && r->execs >= r->max_execs)
		r->exhausted = true;
	else if (r->deadline && clock_mono_ms() >= r->deadline)
		r->exhausted = true;
	return r->stopped || r->exhausted;
}

static void window_open(struct reducer *r)
{
	size_t want = MAX(r->len, (size_t)WINDOW);

	/* a shrinking giant gives its memory back */
	if (r->window && (r->window_cap < want || r->window_cap > 2 * want)) {
		free(r->window);
		r->window = NULL;
	}
	if (!r->window) {
		r->window = xmalloc(want);
		r->window_cap = want;
	}
	r->window_len = 0;
}

/* The best becomes a former one, unless it is too large to be kept. */
static void leave_best(struct reducer *r)
{
	size_t n = 0, over = r->exec_trace_bytes + r->len;

	if (!r->own || r->len > TRAIL_MAX / 4) {
		free(r->own);
		return;
	}
	while (over > TRAIL_MAX)
		over -= r->trail[n++].len;
	exec_trace_drop(r, n);
	GROW(r->trail, r->n_trail, r->exec_trace_cap);
	r->trail[r->n_trail++] = (struct step){ r->own, r->len };
	r->exec_trace_bytes += r->len;
}

static void take_best(struct reducer *r, size_t k)
{
	size_t len = r->cand[k].len;

	if (r->window_cap > WINDOW && len > WINDOW && r->cand[k].data == r->window) {
		/* a giant is alone in its window: swap, so that there are never three of it */
		leave_best(r);
		r->own = r->window;
		r->window = NULL;
	} else {
		unsigned char *p = xmemdup(r->cand[k].data, len ? len : 1);

		leave_best(r);
		r->own = p;
	}
	r->data = r->own;
	r->len = len;
	r->accepts++;
	if (r->best)
		r->best(r->arg, r->data, r->len, r->execs);
}

/*
 * Fill the window from number *i on. Returns how many candidates there are; *i is the first number not looked at,
 * *end whether the list has ended.
 */
static size_t fill(struct reducer *r, const struct sweep *s, uint64_t *i, bool *end)
{
	size_t n = 0;
	size_t max = r->batch_max ? MIN(r->batch, r->batch_max) : r->batch;

	if (r->max_execs && r->max_execs - r->execs < max)
		max = (size_t)(r->max_execs - r->execs);
	window_open(r);
	*end = false;
	while (n < max && r->window_cap - r->window_len >= r->len) {
		struct draft d = { r->window + r->window_len, 0, r->len, false };
		enum made m = s->make(s->arg, r, *i, &d);
		uint64_t h;

		if (m == MADE_END) {
			*end = true;
			break;
		}
		++*i;
		if (m == MADE_SKIP || d.over || !better(r, d.p, d.len))
			continue;
		h = d.len <= SEEN_INPUT ? hash_input(d.p, d.len) : 0;
		if (seen_has(r, h))
			continue;
		r->cand[n] = (struct candidate){ d.p, d.len };
		r->cand_index[n] = *i - 1;
		r->cand_hash[n] = h;
		r->window_len += d.len;
		n++;
	}
	return n;
}

/* Nothing in it was accepted. The size changes only the speed: which candidate is accepted is the same with any. */
static void resize_batch(struct reducer *r, uint64_t ms)
{
	if (ms < BATCH_SLOW_MS)
		r->batch = MIN(r->batch * 4, (size_t)BATCH_MAX);
	else if (ms > 2 * BATCH_SLOW_MS)
		r->batch = MAX(r->batch / 2, (size_t)BATCH_MIN);
}

int reduce_sweep(struct reducer *r, const struct sweep *s)
{
	uint64_t i = 0;
	bool changed = false, end = false;

	while (!end && i != SWEEP_STOP) {
		size_t n, k;
		uint64_t start;

		if (reduce_spent(r))
			return -1;
		n = fill(r, s, &i, &end);
		if (!n)
			continue;
		start = clock_mono_ms();
		if (r->oracle.batch(r->oracle.self, r->cand, n, &k, r->err) < 0) {
			r->stopped = true;
			return -1;
		}
		if (k > n)
			BUG("oracle accepted %zu of %zu", k, n);
		for (size_t j = 0; j < k; j++)
			seen_add(r, r->cand_hash[j]);
		if (k == n) {
			r->execs += n;
			resize_batch(r, clock_mono_ms() - start);
			continue;
		}
		r->execs += k + 1;
		r->batch = MAX(MIN(r->batch, 4 * (k + 1)), (size_t)BATCH_MIN);
		take_best(r, k);
		changed = true;
		end = false;
		i = s->accepted(s->arg, r, r->cand_index[k]);
	}
	return changed;
}

/* --- the least value --- */

#define LEAST_WAYS 16

struct least {
	enum made (*make)(void *arg, const struct reducer *r, uint64_t value, struct draft *d);
	void *arg;
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
	return l->make(l->arg, r, v, d);
}

static uint64_t least_accepted(void *arg, const struct reducer *r, uint64_t i)
{
	struct least *l = arg;

	(void)r;
	l->hit = true;
	l->value = least_value(l, i);
	/* what lies between the last refused value and this one is still open */
	l->lo = i ? least_value(l, i - 1) + 1 : l->lo;
	return SWEEP_STOP;
}

int reduce_least(struct reducer *r,
	enum made (*make)(void *arg, const struct reducer *r, uint64_t value, struct draft *d),
	void *arg, uint64_t lo, uint64_t hi, uint64_t *found)
{
	struct least l = { make, arg, lo, hi, true, false, 0 };
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
		*found = l.value;
		changed = true;
	}
	return changed;
}

/* --- the canonical order --- */

const unsigned char reduce_order[256] =
	"0a \n"
	"123456789"
	"bcdefghijklmnopqrstuvwxyz"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"_-.,:;/\"'()[]{}<>=+*&|!?#%@$^~`\\"
	"\t\r\0\1\2\3\4\5\6\7\x08\x0b\x0c\x0e\x0f"
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"
	"\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f"
	"\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f"
	"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf"
	"\xb0\xb1\xb2\xb3\xb4\xb5\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf"
	"\xc0\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\xc9\xca\xcb\xcc\xcd\xce\xcf"
	"\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb\xdc\xdd\xde\xdf"
	"\xe0\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee\xef"
	"\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff";

unsigned reduce_rank(unsigned char c)
{
	static unsigned char rank[256];
	static bool made;

	if (!made) {
		for (unsigned i = 0; i < 256; i++)
			rank[reduce_order[i]] = (unsigned char)i;
		made = true;
	}
	return rank[c];
}

/* --- the fixpoint --- */

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
	exec_trace_drop(r, r->n_trail);
	free(r->own);
	r->own = safe->own ? xmemdup(safe->own, safe->len ? safe->len : 1) : NULL;
	r->data = r->own ? r->own : safe->orig;
	r->len = safe->len;
	safe->accepts = r->accepts;
	safe->unstable = true;
	seen_forget(r);
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
	exec_trace_drop(r, r->n_trail);
	/* of a giant there aren't as many copies: it would be taken back to the original */
	if (r->len <= 4 * (size_t)WINDOW)
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

	log_debug("minimize: %s: %zu to %zu bytes, %llu asked, %llu accepted, %llu us", s->name,
		len, r->len, (unsigned long long)(r->execs - execs),
		(unsigned long long)(r->accepts - accepts),
		(unsigned long long)(clock_mono_ns() - start) / 1000);
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
