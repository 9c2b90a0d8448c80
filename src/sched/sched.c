/*
 * Which pairs fuzz next, and why them. The formula: T budget [ms], W workers, P live pairs, H live harnesses (live: not
 * given up after failures).
 *
 * Slice length L [ms]. A pair's fair part of the campaign is F = W T / P, at most T. L = min(0.8 F, sqrt(F * 30 s)), within
 * slice_min and slice_max: a short campaign gives each pair one slice and keeps a fifth for those that deserve more; a long
 * one has about sqrt(F / 30 s) rounds, so that slices grow with it but choices remain (F = 30 min: 4 min). Where 0.8 F <
 * slice_min there isn't time for every pair; then F = W T / H, and the floor is one pair a harness.
 *
 * A young campaign has shorter ones, so that it learns soon what each engine is good for: until now W / 2P, at least 2.5 s
 * [YOUNG]. A pair that has to load a corpus of many inputs first gets twice, four times that..., at most L.
 *
 * Floor. Pairs that never ran go first, those of the harness with the fewest started pairs before others, so that every
 * harness is seen before any is seen twice; changed ones first. While any are left, L is cut to W (T - now) / (pairs left),
 * at least slice_min.
 *
 * Yield. r [new features per ms of worker time] of a harness is G / S over its pairs, where after each slice of d ms that
 * found g features G := G f + g, S := S f + d, f = L / (L + d). So a slice of L without a find takes half of r away. With m
 * the mean of r over the live harnesses, v = r / (r + m) is between 0 and 1: more yield gives more time, but less than in
 * proportion: it varies over orders of magnitude, and the rich one is soon exhausted. A harness's share is 0.3 / H + 0.7 v /
 * sum(v) (1 / H where nothing was found anywhere), doubled for changed harnesses, and scaled so that all shares add up to 1.
 *
 * Choice. A free worker goes, first, to the missing engine of a harness whose other engine has just started, until the same
 * moment: engines of one harness share their corpus live. Else to the floor. Else to the idle harness with the greatest
 * share / u, where u [ms] is the worker time it had, fading: over a wait of t it becomes u M / (M + t) with M = 4 P L / W,
 * four rounds. So the time of a harness goes with its share, and none starves. All its engines start together as far as
 * workers are free; among engines the same rule chooses, but their shares go with r itself (a fifth is even), since what two
 * engines find in one harness compares: with r of g t in place of g, t [ms] being the time that all of them had by then.
 * Features come about with the logarithm of time, so that who came first would have its easy ones held against who came
 * later. When every harness runs and workers are left: more instances, where share / (1 + running) is greatest.
 *
 * A pair that fails waits slice_min, 4 and 16 times that..., at most L; after SCHED_MAX_FAILURES in a row it is given up.
 */
#include "base/prelude.h"
#include "sched/sched.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"

#define ROUND_MS 30000
#define FIRST_PART 0.8
#define USE_ROUNDS 4
#define EVEN_PART 0.3
#define EVEN_ENGINES 0.2
#define YOUNG_MS 2500
#define YOUNG_PART 2
/* inputs that an engine loads in that time, and has as much again and more left */
#define YOUNG_INPUTS 4000
#define STRETCH_MAX 8
/* executions a slice should have for each input of the corpus; so many: it may be shorter again */
#define EXECS_EACH 4
#define EXECS_MANY 64
#define CHANGED_BOOST 2.0
#define CRUMB_DIV 4 /* less than this part of slice_min is left alone at the end */

/* A call's own view: the state and what it has decided so far. */
struct plan {
	const struct sched_state *s;
	struct sched_slice *out;
	size_t n;
	uint64_t slice_ms, left_ms;
	uint64_t most_ms;  /* a slice stretched */
	bool narrow;       /* no time for every pair: the floor is one a harness */
	double memory;     /* M */
	double *share;     /* by harness */
	uint64_t *running; /* by pair: its instances under way, with those this call starts */
};

static uint64_t slice_min(const struct sched_state *s)
{
	return s->slice_min_ms ? s->slice_min_ms : SCHED_SLICE_MIN_MS;
}

static uint64_t slice_max(const struct sched_state *s)
{
	return MAX(s->slice_max_ms ? s->slice_max_ms : SCHED_SLICE_MAX_MS, slice_min(s));
}

static unsigned workers(const struct sched_state *s)
{
	return MAX(s->workers, 1);
}

static unsigned instances(const struct sched_state *s)
{
	return MIN(MAX(s->instances, 1), 64);
}

static bool is_live(const struct sched_pair *p)
{
	return p->failures < SCHED_MAX_FAILURES;
}

static bool harness_live(const struct sched_state *s, unsigned h)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->pairs[i].harness == h && is_live(&s->pairs[i]))
			return true;
	return false;
}

static void count_live(const struct sched_state *s, uint64_t *pairs, uint64_t *harnesses)
{
	*pairs = *harnesses = 0;
	for (size_t i = 0; i < s->n; i++)
		*pairs += is_live(&s->pairs[i]);
	for (unsigned h = 0; h < s->harnesses; h++)
		*harnesses += harness_live(s, h);
}

/* Newton's, downwards: exact, where sqrt() of a double would depend on the machine. */
static uint64_t isqrt(uint64_t x)
{
	uint64_t r = x, next = x / 2 + 1;

	while (next < r) {
		r = next;
		next = (r + x / r) / 2;
	}
	return r;
}

/* W T / parts, at most T. */
static uint64_t fair_ms(const struct sched_state *s, uint64_t parts)
{
	double f = (double)s->budget_ms * workers(s) / (double)MAX(parts, 1);

	return f < (double)s->budget_ms ? (uint64_t)f : s->budget_ms;
}

static bool is_narrow(const struct sched_state *s)
{
	uint64_t pairs, harnesses;

	count_live(s, &pairs, &harnesses);
	return FIRST_PART * (double)fair_ms(s, pairs) < (double)slice_min(s);
}

uint64_t sched_slice_ms(const struct sched_state *s)
{
	uint64_t pairs, harnesses, fair, len;

	count_live(s, &pairs, &harnesses);
	fair = MIN(fair_ms(s, is_narrow(s) ? harnesses : pairs), UINT64_MAX / ROUND_MS);
	len = (uint64_t)(FIRST_PART * (double)fair);
	len = MIN(len, isqrt(fair * ROUND_MS));
	return MIN(MAX(len, slice_min(s)), slice_max(s));
}

/* L of this moment. */
static uint64_t young_ms(const struct sched_state *s)
{
	uint64_t pairs, harnesses, most = sched_slice_ms(s), part;

	count_live(s, &pairs, &harnesses);
	part = s->now_ms / MAX(pairs, (uint64_t)1) / YOUNG_PART;
	part = part > most / workers(s) ? most : part * workers(s);
	return MIN(most, MAX(MAX(part, (uint64_t)YOUNG_MS), slice_min(s)));
}

/* M: how long worker time had counts against a pair. */
static double use_memory(const struct sched_state *s)
{
	uint64_t pairs, harnesses;

	count_live(s, &pairs, &harnesses);
	return USE_ROUNDS * (double)MAX(pairs, 1) * (double)sched_slice_ms(s) / workers(s);
}

/* u of a pair at a time: what sched_account left, faded since. */
static double used_at(const struct sched_pair *p, uint64_t now, double memory)
{
	double wait = now > p->last_end_ms ? (double)(now - p->last_end_ms) : 0;

	return memory > 0 ? p->used_ms * memory / (memory + wait) : 0;
}

/* New features per ms. */
static double rate(double gain, double ms)
{
	return ms > 0 ? gain / ms : 0;
}

static double harness_rate(const struct sched_state *s, unsigned h)
{
	double gain = 0, ms = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (s->pairs[i].harness == h && is_live(&s->pairs[i])) {
			gain += s->pairs[i].recent_gain;
			ms += s->pairs[i].recent_ms;
		}
	}
	return rate(gain, ms);
}

/* v: half at the mean, never above 1. */
static double value(double r, double mean)
{
	return r > 0 ? r / (r + mean) : 0;
}

static double boost(const struct sched_state *s, unsigned h)
{
	return s->changed && s->changed[h] ? CHANGED_BOOST : 1;
}

static double raw_share(double v, double sum, double parts, double even)
{
	return sum > 0 ? even / parts + (1 - even) * v / sum : 1 / parts;
}

/* share[h] for all harnesses. */
static void all_shares(const struct sched_state *s, double *share)
{
	double sum = 0, mean = 0, all = 0;
	uint64_t pairs, live;

	count_live(s, &pairs, &live);
	for (unsigned h = 0; h < s->harnesses; h++) {
		share[h] = harness_rate(s, h);
		mean += live ? share[h] / (double)live : 0;
	}
	for (unsigned h = 0; h < s->harnesses; h++) {
		share[h] = value(share[h], mean);
		sum += share[h];
	}
	for (unsigned h = 0; h < s->harnesses; h++) {
		share[h] = harness_live(s, h)
				   ? raw_share(share[h], sum, (double)live, EVEN_PART) * boost(s, h)
				   : 0;
		all += share[h];
	}
	for (unsigned h = 0; h < s->harnesses && all > 0; h++)
		share[h] /= all;
}

double sched_share(const struct sched_state *s, unsigned harness)
{
	double *share = xcalloc((size_t)s->harnesses + 1, sizeof(*share)), mine;

	all_shares(s, share);
	mine = harness < s->harnesses ? share[harness] : 0;
	free(share);
	return mine;
}

static unsigned count_bits(uint64_t bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

static unsigned harness_running(const struct plan *pl, unsigned h)
{
	unsigned n = 0;

	for (size_t i = 0; i < pl->s->n; i++)
		if (pl->s->pairs[i].harness == h)
			n += count_bits(pl->running[i]);
	return n;
}

static uint64_t ready_at(const struct plan *pl, const struct sched_pair *p)
{
	if (!p->failures)
		return 0;
	return p->last_end_ms + MIN(slice_min(pl->s) << 2 * (p->failures - 1), pl->most_ms);
}

static bool can_start(const struct plan *pl, size_t pair, unsigned limit)
{
	const struct sched_pair *p = &pl->s->pairs[pair];

	return is_live(p) && ready_at(pl, p) <= pl->s->now_ms &&
	       count_bits(pl->running[pair]) < limit;
}

/* Running for the first time is as good as having run. */
static bool never_ran(const struct plan *pl, size_t pair)
{
	const struct sched_pair *p = &pl->s->pairs[pair];

	return !p->slices && !p->failures && !pl->running[pair];
}

/* From the history alone, so that a campaign that is run again makes the same choices. */
static uint64_t slice_seed(const struct sched_state *s, const struct sched_slice *sl)
{
	const uint64_t parts[] = { s->seed, sl->harness, sl->engine, sl->instance,
		s->pairs[sl->pair].slices, s->pairs[sl->pair].failures };
	struct rng r;

	rng_seed(&r, hash_fnv(HASH_FNV_INIT, parts, sizeof(parts)));
	return 1 + rng_below(&r, INT32_MAX);
}

static void start(struct plan *pl, size_t pair, uint64_t duration)
{
	const struct sched_pair *p = &pl->s->pairs[pair];
	struct sched_slice *sl = &pl->out[pl->n];
	uint64_t taken = pl->running[pair];

	*sl = (struct sched_slice){ .pair = pair, .harness = p->harness, .engine = p->engine };
	while (taken & ((uint64_t)1 << sl->instance))
		sl->instance++;
	/* no crumb at the end that would be of no use to anyone */
	if (duration >= pl->left_ms || pl->left_ms - duration < slice_min(pl->s))
		duration = pl->left_ms;
	sl->duration_ms = duration;
	sl->seed = slice_seed(pl->s, sl);
	pl->running[pair] |= (uint64_t)1 << sl->instance;
	pl->n++;
}

static uint64_t stretched(const struct plan *pl, size_t pair, uint64_t ms)
{
	return MAX(ms, MIN(ms << pl->s->pairs[pair].stretch, pl->most_ms));
}

/* How long the engines of h that run now still go on; 0 when none does, or one is more than alone with itself. */
static uint64_t sibling_left(const struct plan *pl, unsigned h)
{
	uint64_t left = 0;

	for (size_t i = 0; i < pl->s->n; i++) {
		const struct sched_pair *p = &pl->s->pairs[i];

		if (p->harness == h && p->running && p->running_until > pl->s->now_ms)
			left = MAX(left, p->running_until - pl->s->now_ms);
	}
	return left;
}

/* An engine whose harness runs with another engine only, for most of a slice still: the two belong together. */
static bool join_one(struct plan *pl)
{
	if (workers(pl->s) < 2)
		return false;
	for (size_t i = 0; i < pl->s->n; i++) {
		uint64_t left;

		if (pl->running[i] || !can_start(pl, i, 1))
			continue;
		left = sibling_left(pl, pl->s->pairs[i].harness);
		if (left < slice_min(pl->s) || left < pl->slice_ms / 2)
			continue;
		start(pl, i, MIN(left, pl->left_ms));
		return true;
	}
	return false;
}

struct floor_need {
	unsigned pairs;   /* that never ran */
	unsigned started; /* that did, or run */
};

static struct floor_need floor_of(const struct plan *pl, unsigned h)
{
	struct floor_need need = { 0, 0 };

	for (size_t i = 0; i < pl->s->n; i++) {
		if (pl->s->pairs[i].harness != h)
			continue;
		if (never_ran(pl, i))
			need.pairs++;
		else
			need.started++;
	}
	if (pl->narrow)
		need.pairs = need.pairs && !need.started;
	return need;
}

/* L while the floor lasts. */
static uint64_t floor_slice(const struct plan *pl, uint64_t pairs_left)
{
	double part = (double)pl->left_ms * workers(pl->s) / (double)MAX(pairs_left, 1);
	uint64_t len = part < (double)pl->slice_ms ? (uint64_t)part : pl->slice_ms;

	return MAX(len, slice_min(pl->s));
}

/* Start what never ran, of the harness seen least; false when all have run. */
static bool start_floor(struct plan *pl, size_t free_workers)
{
	unsigned best = 0, least = 0, harnesses = pl->s->harnesses;
	bool found = false, best_changed = false;
	uint64_t all = 0, len;

	for (unsigned h = 0; h < harnesses; h++) {
		struct floor_need need = floor_of(pl, h);
		bool changed = boost(pl->s, h) > 1;

		all += need.pairs;
		if (!need.pairs)
			continue;
		if (!found || need.started < least ||
			(need.started == least && changed && !best_changed)) {
			best = h;
			least = need.started;
			best_changed = changed;
			found = true;
		}
	}
	if (!found)
		return false;
	len = floor_slice(pl, all);
	for (size_t i = 0; i < pl->s->n && free_workers; i++) {
		if (pl->s->pairs[i].harness != best || !never_ran(pl, i))
			continue;
		start(pl, i, stretched(pl, i, len));
		free_workers--;
		if (pl->narrow)
			break;
	}
	return true;
}

/* Among the engines of h that can start: the one with the greatest share / u within h; n when none can. */
static size_t best_pair(const struct plan *pl, unsigned h, unsigned limit)
{
	const struct sched_state *s = pl->s;
	double sum = 0, parts = 0, best_score = -1;
	size_t best = s->n;

	for (size_t i = 0; i < s->n; i++) {
		if (s->pairs[i].harness != h)
			continue;
		parts++;
		sum += rate(s->pairs[i].recent_worth, s->pairs[i].recent_ms);
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct sched_pair *p = &s->pairs[i];
		double r = rate(p->recent_worth, p->recent_ms), score;

		if (p->harness != h || !can_start(pl, i, limit))
			continue;
		score = raw_share(r, sum, parts, EVEN_ENGINES) /
			(1 + used_at(p, s->now_ms, pl->memory)) / (1 + count_bits(pl->running[i]));
		if (score > best_score) {
			best_score = score;
			best = i;
		}
	}
	return best;
}

static double harness_used(const struct plan *pl, unsigned h)
{
	double used = 0;

	for (size_t i = 0; i < pl->s->n; i++)
		if (pl->s->pairs[i].harness == h)
			used += used_at(&pl->s->pairs[i], pl->s->now_ms, pl->memory);
	return used;
}

/* Start the engines of the harness that deserves it most; false when nothing can start. */
static bool start_best(struct plan *pl, size_t free_workers, bool idle_only)
{
	unsigned limit = idle_only ? 1 : instances(pl->s), best = 0;
	double best_score = -1;
	size_t before = pl->n;

	for (unsigned h = 0; h < pl->s->harnesses; h++) {
		unsigned busy = harness_running(pl, h);
		double score;

		if ((idle_only && busy) || best_pair(pl, h, limit) == pl->s->n)
			continue;
		score = pl->share[h] / (idle_only ? 1 + harness_used(pl, h) : 1 + busy);
		if (score > best_score) {
			best_score = score;
			best = h;
		}
	}
	if (best_score < 0)
		return false;
	/* each engine once: the next instance of one is weighed anew */
	for (size_t pair; free_workers && (pair = best_pair(pl, best, limit)) < pl->s->n;
		free_workers--) {
		for (size_t i = before; i < pl->n; i++)
			if (pl->out[i].pair == pair)
				return true;
		start(pl, pair, stretched(pl, pair, pl->slice_ms));
	}
	return true;
}

static uint64_t wake(const struct plan *pl)
{
	uint64_t at = pl->s->budget_ms;

	for (size_t i = 0; i < pl->s->n; i++) {
		uint64_t ready = ready_at(pl, &pl->s->pairs[i]);

		if (is_live(&pl->s->pairs[i]) && ready > pl->s->now_ms)
			at = MIN(at, ready);
	}
	return at;
}

static void fill(struct plan *pl, size_t room)
{
	const struct sched_state *s = pl->s;

	pl->narrow = is_narrow(s);
	pl->memory = use_memory(s);
	pl->share = xcalloc((size_t)s->harnesses + 1, sizeof(*pl->share));
	pl->running = xcalloc(s->n + 1, sizeof(*pl->running));
	all_shares(s, pl->share);
	for (size_t i = 0; i < s->n; i++)
		pl->running[i] = s->pairs[i].running;
	while (pl->n < room) {
		size_t left = room - pl->n;

		/* where time is short, seeing every harness comes before sharing */
		if ((pl->narrow && start_floor(pl, left)) || join_one(pl) ||
			start_floor(pl, left) || start_best(pl, left, true) ||
			start_best(pl, left, false))
			continue;
		break;
	}
	free(pl->share);
	free(pl->running);
}

enum sched_verdict sched_next(const struct sched_state *s, struct sched_slice *out, size_t max,
	size_t *n, uint64_t *wake_ms)
{
	struct plan pl = {
		.s = s, .out = out, .slice_ms = young_ms(s), .most_ms = sched_slice_ms(s)
	};
	uint64_t pairs, harnesses;
	size_t busy = 0;

	*n = 0;
	count_live(s, &pairs, &harnesses);
	if (!pairs || s->now_ms >= s->budget_ms)
		return SCHED_OVER;
	pl.left_ms = s->budget_ms - s->now_ms;
	if (s->now_ms && pl.left_ms < slice_min(s) / CRUMB_DIV)
		return SCHED_OVER;
	for (size_t i = 0; i < s->n; i++)
		busy += count_bits(s->pairs[i].running);
	if (workers(s) > busy)
		fill(&pl, MIN(workers(s) - busy, max));
	*n = pl.n;
	if (wake_ms)
		*wake_ms = wake(&pl);
	return pl.n ? SCHED_GO : SCHED_WAIT;
}

void sched_account(struct sched_pair *p, const struct sched_state *s, uint64_t ended_ms,
	uint64_t spent_ms, uint64_t execs, uint64_t gained, bool ok)
{
	double memory = (double)sched_slice_ms(s);
	double fade = memory / (memory + (double)spent_ms), had = (double)spent_ms / 2;

	for (size_t i = 0; i < s->n; i++)
		had += s->pairs[i].harness == p->harness ? (double)s->pairs[i].spent_ms : 0;
	p->used_ms = used_at(p, ended_ms, use_memory(s)) + (double)spent_ms;
	p->last_end_ms = ended_ms;
	p->spent_ms += spent_ms;
	if (!ok || !execs) {
		p->failures++;
		return;
	}
	p->slices++;
	p->failures = 0;
	p->execs += execs;
	p->gained += gained;
	p->recent_gain = p->recent_gain * fade + (double)gained;
	p->recent_worth = p->recent_worth * fade + (double)gained * had;
	p->recent_ms = p->recent_ms * fade + (double)spent_ms;
	if (gained)
		p->last_gain_ms = ended_ms;
}

unsigned sched_stretch_of(uint64_t inputs)
{
	unsigned by = 0;

	while (by < STRETCH_MAX && inputs > (uint64_t)YOUNG_INPUTS << by)
		by++;
	return by;
}

void sched_stretch(struct sched_pair *p, uint64_t execs, uint64_t inputs)
{
	if (execs / EXECS_EACH < inputs && p->stretch < STRETCH_MAX)
		p->stretch++;
	else if (execs / EXECS_MANY > inputs && p->stretch)
		p->stretch--;
}
