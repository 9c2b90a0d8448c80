/*
 * The reducer's core. Rejected candidates are cheap (microseconds in a served batch) and accepted ones dear (a crash, a
 * fork), so everything is arranged to ask many questions at once and to be told "yes" rarely: the boldest candidates come
 * first, a batch grows while nothing in it is accepted and shrinks to where the last acceptance was.
 */
#include "base/prelude.h"
#include "minimize/reduce.h"
#include "base/clock.h"
#include "base/mem.h"
#include "minimize/order.h"

#define BATCH_MIN 16 /* a batch is a fork: fewer save nothing */
#define BATCH_MAX 4096
#define BATCH_SLOW_MS 200 /* a batch that takes longer doesn't grow: an interrupt waits for it */
#define DEAR 4 /* of so many refused candidates one failed in another way: then they are dear */
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

void reduce_trail_drop(struct reducer *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		r->trail_bytes -= r->trail[i].len;
		free(r->trail[i].data);
	}
	r->n_trail -= n;
	if (n && r->n_trail)
		memmove(r->trail, r->trail + n, r->n_trail * sizeof(*r->trail));
}

void reduce_release(struct reducer *r)
{
	reduce_trail_drop(r, r->n_trail);
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

void reduce_seen_forget(struct reducer *r)
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

bool reduce_is_dear(const struct reducer *r)
{
	uint64_t refused = r->execs - MIN(r->execs, r->accepts);

	return r->oracle.failed && *r->oracle.failed > refused / DEAR;
}

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
	size_t want = MAX(r->len, (size_t)REDUCE_WINDOW);

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
	size_t n = 0, over = r->trail_bytes + r->len;

	if (!r->own || r->len > TRAIL_MAX / 4) {
		free(r->own);
		return;
	}
	while (over > TRAIL_MAX)
		over -= r->trail[n++].len;
	reduce_trail_drop(r, n);
	GROW(r->trail, r->n_trail, r->trail_cap);
	r->trail[r->n_trail++] = (struct step){ r->own, r->len };
	r->trail_bytes += r->len;
}

static void take_best(struct reducer *r, size_t k)
{
	size_t len = r->cand[k].len;

	if (r->window_cap > REDUCE_WINDOW && len > REDUCE_WINDOW && r->cand[k].data == r->window) {
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
