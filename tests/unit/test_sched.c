/* The scheduler, played through: a campaign in virtual time against made-up yields, and what must hold of any plan. */
#include "base/prelude.h"
#include "base/mem.h"
#include "base/rng.h"
#include "sched/sched.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define MAX_PAIRS 128
#define MAX_RUN 300
#define SEC 1000ull
#define HOUR (3600 * SEC)

struct sim {
	struct sched_state s;
	struct sched_pair pairs[MAX_PAIRS];
	struct {
		struct sched_slice sl;
		uint64_t start, end;
	} run[MAX_RUN];
	size_t n_run;
	double yield[MAX_PAIRS]; /* features per second, by harness; -1: can't run */
	bool dull_second;        /* the second engine finds nothing */
	/* engine + 1 that finds a third, of ever less that is left; 0: as yield says */
	unsigned seldom;
	bool changed[MAX_PAIRS];
	unsigned jitter_ms; /* slices end this much late or early, at most */
	struct rng rng;
	/* what came of it: */
	uint64_t first[MAX_PAIRS];    /* by harness: its first start + 1 */
	uint64_t time[MAX_PAIRS];     /* worker time by harness */
	uint64_t together[MAX_PAIRS]; /* of it, with more than one engine */
	uint64_t longest, shortest, worker_ms;
	size_t slices;
};

static void sim_init(
	struct sim *m, unsigned harnesses, unsigned engines, unsigned workers, uint64_t budget)
{
	memset(m, 0, sizeof(*m));
	m->s = (struct sched_state){ .pairs = m->pairs,
		.n = (size_t)harnesses * engines,
		.changed = m->changed,
		.harnesses = harnesses,
		.workers = workers,
		.budget_ms = budget,
		.seed = 7 };
	for (unsigned i = 0; i < harnesses * engines; i++) {
		m->pairs[i].harness = i / engines;
		m->pairs[i].engine = i % engines;
	}
	for (unsigned h = 0; h < harnesses; h++)
		m->yield[h] = 1;
	m->shortest = UINT64_MAX;
	rng_seed(&m->rng, 1);
}

static void begin_slice(struct sim *m, const struct sched_slice *sl)
{
	struct sched_pair *p = &m->pairs[sl->pair];
	uint64_t end = m->s.now_ms + sl->duration_ms;
	bool fails = m->yield[p->harness] < 0;

	assert_true(sl->pair < m->s.n);
	assert_int_equal(sl->harness, p->harness);
	assert_int_equal(sl->engine, p->engine);
	assert_true(sl->duration_ms > 0);
	assert_true(end <= m->s.budget_ms);
	assert_in_range(sl->seed, 1, INT32_MAX);
	assert_true(sl->instance < MAX(m->s.instances, 1));
	assert_false(p->running & ((uint64_t)1 << sl->instance));
	p->running |= (uint64_t)1 << sl->instance;
	p->running_until = MAX(p->running_until, end);
	if (fails)
		end = MIN(end, m->s.now_ms + 100);
	else if (m->jitter_ms)
		end -= MIN(rng_below(&m->rng, m->jitter_ms), sl->duration_ms - 1);
	assert_true(m->n_run < MAX_RUN);
	m->run[m->n_run].sl = *sl;
	m->run[m->n_run].start = m->s.now_ms;
	m->run[m->n_run++].end = end;
	if (!m->first[p->harness])
		m->first[p->harness] = m->s.now_ms + 1;
	m->slices++;
	m->longest = MAX(m->longest, sl->duration_ms);
	m->shortest = MIN(m->shortest, sl->duration_ms);
}

static void count_time(struct sim *m, uint64_t ms)
{
	for (size_t i = 0; i < m->n_run; i++) {
		unsigned h = m->run[i].sl.harness;
		bool shared = false;

		for (size_t k = 0; k < m->n_run; k++)
			shared |= m->run[k].sl.harness == h &&
				  m->run[k].sl.engine != m->run[i].sl.engine;
		m->time[h] += ms;
		m->together[h] += shared ? ms : 0;
		m->worker_ms += ms;
	}
}

/* What is left to find is ever less: features come with the logarithm of the time that all had, engine `seldom` at a third. */
static double log_gain(const struct sim *m, const struct sched_slice *sl, uint64_t ms)
{
	double before = 1000, gain;

	for (size_t i = 0; i < m->s.n; i++)
		before += (double)m->pairs[i].spent_ms;
	gain = 1000 * log1p((double)ms / before);
	return sl->engine + 1 == m->seldom ? gain / 3 : gain;
}

static void end_slices(struct sim *m)
{
	for (size_t i = 0; i < m->n_run;) {
		const struct sched_slice *sl = &m->run[i].sl;
		struct sched_pair *p = &m->pairs[sl->pair];
		double y = m->dull_second && sl->engine ? 0 : m->yield[sl->harness];
		uint64_t ms = m->run[i].end - m->run[i].start;

		if (m->run[i].end > m->s.now_ms) {
			i++;
			continue;
		}
		p->running &= ~((uint64_t)1 << sl->instance);
		if (!p->running)
			p->running_until = 0;
		y = m->seldom ? log_gain(m, sl, ms) : y * (double)ms / 1000;
		sched_account(p, &m->s, m->s.now_ms, ms, y < 0 ? 0 : 1000 * ms,
			y < 0 ? 0 : (uint64_t)y, y >= 0);
		m->run[i] = m->run[--m->n_run];
	}
}

/* Until the end, or until `until`. */
static void play(struct sim *m, uint64_t until)
{
	struct sched_slice out[MAX_RUN];
	uint64_t wake = 0, next;
	enum sched_verdict v;
	size_t n;

	for (;;) {
		v = sched_next(&m->s, out, ARRAY_LEN(out), &n, &wake);
		assert_true((v == SCHED_GO) == (n > 0));
		assert_true(n + m->n_run <= m->s.workers);
		for (size_t i = 0; i < n; i++)
			begin_slice(m, &out[i]);
		if (v == SCHED_OVER && !m->n_run)
			return;
		next = v == SCHED_WAIT ? wake : UINT64_MAX;
		for (size_t i = 0; i < m->n_run; i++)
			next = MIN(next, m->run[i].end);
		if (next > until)
			return;
		assert_true(next > m->s.now_ms);
		count_time(m, next - m->s.now_ms);
		m->s.now_ms = next;
		end_slices(m);
	}
}

static const struct {
	const char *what;
	unsigned harnesses, engines, workers;
	uint64_t budget;
	uint64_t slice_lo, slice_hi; /* of sched_slice_ms */
	double all_first_by;         /* every harness has started by this part of the budget */
	double busy;                 /* at least this part of what the workers had */
} shape_cases[] = {
	{ "the demonstration", 13, 2, 2, 90 * SEC, 5000, 6000, 0.8, 0.99 },
	{ "three workers", 13, 2, 3, 90 * SEC, 7000, 9000, 0.8, 0.95 },
	{ "one worker", 13, 2, 1, 90 * SEC, 2500, 3000, 0.5, 0.99 },
	{ "one engine", 13, 1, 2, 90 * SEC, 10000, 12000, 0.8, 0.99 },
	{ "eight hours", 13, 2, 2, 8 * HOUR, 120 * SEC, 600 * SEC, 0.12, 0.99 },
	{ "a weekend", 40, 2, 8, 60 * HOUR, 120 * SEC, 600 * SEC, 0.12, 0.99 },
	{ "one harness", 1, 2, 2, 60 * SEC, 30 * SEC, 48 * SEC, 0.01, 0.99 },
	{ "one pair", 1, 1, 1, 10 * SEC, 8 * SEC, 8 * SEC, 0.01, 0.99 },
	{ "many workers", 13, 2, 256, 90 * SEC, 50 * SEC, 55 * SEC, 0.01, 0.1 },
	{ "too short for all pairs", 13, 2, 2, 10 * SEC, 1000, 1300, 0.75, 0.99 },
	{ "one second", 1, 2, 2, 1 * SEC, 1000, 1000, 0.01, 0.99 },
	{ "one second for many", 13, 2, 2, 1 * SEC, 1000, 1000, 2, 0.99 },
	{ "a tenth", 2, 2, 2, 100, 1000, 1000, 0.01, 0.99 },
	{ "a millisecond", 2, 2, 2, 1, 1000, 1000, 0.01, 0.99 },
};

static void check_shape(size_t i, unsigned jitter)
{
	struct sim *m = xmalloc(sizeof(*m));
	uint64_t len, budget = shape_cases[i].budget;

	sim_init(m, shape_cases[i].harnesses, shape_cases[i].engines, shape_cases[i].workers,
		budget);
	m->jitter_ms = jitter;
	len = sched_slice_ms(&m->s);
	if (len < shape_cases[i].slice_lo || len > shape_cases[i].slice_hi)
		fail_msg("%s: slices of %llu ms", shape_cases[i].what, (unsigned long long)len);
	play(m, UINT64_MAX);
	if ((double)m->worker_ms < shape_cases[i].busy * (double)budget * m->s.workers && !jitter)
		fail_msg("%s: only %llu ms used", shape_cases[i].what,
			(unsigned long long)m->worker_ms);
	for (unsigned h = 0; h < m->s.harnesses; h++)
		if (shape_cases[i].all_first_by <= 1 &&
			(!m->first[h] || (double)(m->first[h] - 1) >
						 shape_cases[i].all_first_by * (double)budget))
			fail_msg("%s: harness %u first at %lld", shape_cases[i].what, h,
				(long long)m->first[h] - 1);
	assert_true(m->longest <= len + SCHED_SLICE_MIN_MS);
	free(m);
}

static void test_shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shape_cases); i++) {
		check_shape(i, 0);
		check_shape(i, 40);
	}
}

/* Every pair has its floor, also in the demonstration's short time. */
static void test_floor(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));

	(void)state;
	sim_init(m, 13, 2, 2, 90 * SEC);
	m->yield[0] = 1000;
	for (unsigned h = 1; h < 13; h++)
		m->yield[h] = 0;
	play(m, UINT64_MAX);
	for (size_t i = 0; i < m->s.n; i++)
		assert_true(m->pairs[i].slices >= 1);
	free(m);
}

static void test_together(void **state)
{
	static const unsigned workers[] = { 2, 4, 5, 8 };
	struct sim *m = xmalloc(sizeof(*m));

	(void)state;
	for (size_t w = 0; w < ARRAY_LEN(workers); w++) {
		for (unsigned jitter = 0; jitter < 100; jitter += 40) {
			uint64_t all = 0, shared = 0;

			sim_init(m, 13, 2, workers[w], 600 * SEC);
			m->jitter_ms = jitter;
			play(m, UINT64_MAX);
			for (unsigned h = 0; h < 13; h++) {
				all += m->time[h];
				shared += m->together[h];
			}
			if ((double)shared < (workers[w] % 2 ? 0.7 : 0.9) * (double)all)
				fail_msg("%u workers, jitter %u: %llu of %llu ms together",
					workers[w], jitter, (unsigned long long)shared,
					(unsigned long long)all);
		}
	}
	free(m);
}

/* In the first batch too: both engines of a harness side by side in the answer. */
static void test_adjacent(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));
	struct sched_slice out[4];
	size_t n;

	(void)state;
	sim_init(m, 3, 2, 4, 60 * SEC);
	m->changed[1] = true;
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_GO);
	assert_int_equal(n, 4);
	assert_int_equal(out[0].harness, 1); /* changed: first */
	assert_int_equal(out[1].harness, 1);
	assert_int_equal(out[0].engine, 0);
	assert_int_equal(out[1].engine, 1);
	assert_int_equal(out[0].duration_ms, out[1].duration_ms);
	assert_int_equal(out[2].harness, 0);
	assert_int_equal(out[3].harness, 0);
	assert_int_equal(sched_next(&m->s, out, 1, &n, NULL), SCHED_GO);
	assert_int_equal(n, 1);
	free(m);
}

static const struct {
	const char *what;
	double yield[4];
	int changed;         /* or -1 */
	double lo[4], hi[4]; /* part of the time */
} yield_cases[] = {
	{ "nothing anywhere", { 0, 0, 0, 0 }, -1, { .23, .23, .23, .23 }, { .27, .27, .27, .27 } },
	{ "all the same", { 5, 5, 5, 5 }, -1, { .23, .23, .23, .23 }, { .27, .27, .27, .27 } },
	{ "one finds", { 9, 0, 0, 0 }, -1, { .6, .05, .05, .05 }, { .8, .13, .13, .13 } },
	{ "one finds a lot", { 1000, 1, 1, 1 }, -1, { .6, .05, .05, .05 }, { .8, .13, .13, .13 } },
	{ "in steps", { 8, 4, 2, 1 }, -1, { .3, .25, .15, .1 }, { .42, .33, .25, .2 } },
	{ "one changed", { 0, 0, 0, 0 }, 2, { .17, .17, .36, .17 }, { .23, .23, .44, .23 } },
};

static void test_yield(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(yield_cases); i++) {
		sim_init(m, 4, 2, 2, 8 * HOUR);
		memcpy(m->yield, yield_cases[i].yield, sizeof(yield_cases[i].yield));
		if (yield_cases[i].changed >= 0)
			m->changed[yield_cases[i].changed] = true;
		play(m, UINT64_MAX);
		for (unsigned h = 0; h < 4; h++) {
			double part = (double)m->time[h] / (double)m->worker_ms;

			if (part < yield_cases[i].lo[h] || part > yield_cases[i].hi[h])
				fail_msg("%s: harness %u got %.2f", yield_cases[i].what, h, part);
		}
	}
	free(m);
}

/* With one worker, too, it's seen within seconds which engine finds more; the other one isn't given up. */
static void test_engines(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));

	(void)state;
	sim_init(m, 1, 2, 1, 60 * SEC);
	m->dull_second = true;
	play(m, 20 * SEC);
	assert_in_range(m->pairs[1].spent_ms, 1, 5 * SEC);
	play(m, UINT64_MAX);
	assert_in_range(m->pairs[1].spent_ms, 5 * SEC, 15 * SEC);
	free(m);
}

/* Whichever began, the one that learns three times as fast has three fourths of what isn't shared evenly. */
static void test_order(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));

	(void)state;
	for (unsigned seldom = 1; seldom <= 2; seldom++) {
		sim_init(m, 1, 2, 1, 60 * SEC);
		m->seldom = seldom;
		play(m, UINT64_MAX);
		assert_in_range(m->pairs[seldom - 1].spent_ms, 12 * SEC, 22 * SEC);
	}
	free(m);
}

static const struct {
	uint64_t inputs;
	unsigned want;
	uint64_t first_ms; /* of the first slice in 60 seconds */
} stretch_cases[] = {
	{ 0, 0, 2500 },
	{ 4000, 0, 2500 },
	{ 4001, 1, 5000 },
	{ 16000, 2, 10000 },
	{ UINT64_MAX, 8, 24000 },
};

/* Slices long enough to load the corpus and then do something. */
static void test_stretch(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));
	struct sched_pair p = { .stretch = 7 };
	struct sched_slice out[1];
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stretch_cases); i++) {
		sim_init(m, 1, 2, 1, 60 * SEC);
		m->pairs[0].stretch = sched_stretch_of(stretch_cases[i].inputs);
		assert_int_equal(m->pairs[0].stretch, stretch_cases[i].want);
		assert_int_equal(sched_next(&m->s, out, 1, &n, NULL), SCHED_GO);
		assert_int_equal(out[0].duration_ms, stretch_cases[i].first_ms);
	}
	sched_stretch(&p, 3999, 1000);
	assert_int_equal(p.stretch, 8);
	sched_stretch(&p, 0, 1000); /* no further */
	assert_int_equal(p.stretch, 8);
	sched_stretch(&p, 4000, 1000);
	assert_int_equal(p.stretch, 8);
	sched_stretch(&p, 65000, 1000);
	assert_int_equal(p.stretch, 7);
	free(m);
}

/* Rich, then dry: its share must go to the one that finds things now. */
static void test_staleness(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));
	double before, after, sum = 0;

	(void)state;
	sim_init(m, 4, 2, 2, 24 * HOUR);
	m->yield[0] = 100;
	play(m, 3 * HOUR);
	before = sched_share(&m->s, 0);
	m->yield[0] = 0;
	play(m, 12 * HOUR);
	after = sched_share(&m->s, 0);
	if (before < 0.4 || after > 0.15)
		fail_msg("share %.2f, then %.2f", before, after);
	for (unsigned h = 0; h < 4; h++)
		sum += sched_share(&m->s, h);
	assert_true(sum > 0.999 && sum < 1.001);
	free(m);
}

static void test_failures(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));
	struct sched_slice out[4];
	size_t n;

	(void)state;
	sim_init(m, 2, 2, 2, 600 * SEC);
	m->yield[1] = -1;
	play(m, UINT64_MAX);
	assert_int_equal(m->pairs[2].slices, 0);
	assert_int_equal(m->pairs[2].failures, SCHED_MAX_FAILURES);
	assert_true(m->pairs[0].slices > 2);
	assert_true(sched_share(&m->s, 1) == 0);
	/* all given up: over, though there is time */
	sim_init(m, 2, 2, 2, 600 * SEC);
	m->yield[0] = m->yield[1] = -1;
	play(m, UINT64_MAX);
	assert_true(m->s.now_ms < 600 * SEC);
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_OVER);
	/* nothing to run at all */
	sim_init(m, 0, 0, 2, 600 * SEC);
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_OVER);
	free(m);
}

/* A pair that fails once and then works keeps its place. */
static void test_recovery(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));

	(void)state;
	sim_init(m, 2, 2, 2, 600 * SEC);
	m->yield[1] = -1;
	play(m, 60 * SEC);
	assert_in_range(m->pairs[2].failures, 1, SCHED_MAX_FAILURES - 1);
	m->yield[1] = 1;
	play(m, UINT64_MAX);
	assert_int_equal(m->pairs[2].failures, 0);
	assert_true(m->pairs[2].slices >= 2);
	free(m);
}

static void test_instances(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));
	struct sched_slice out[256];
	unsigned count[26] = { 0 };
	size_t n;

	(void)state;
	sim_init(m, 13, 2, 256, 90 * SEC);
	assert_int_equal(sched_next(&m->s, out, 256, &n, NULL), SCHED_GO);
	assert_int_equal(n, 26);
	m->s.instances = 64;
	assert_int_equal(sched_next(&m->s, out, 256, &n, NULL), SCHED_GO);
	assert_int_equal(n, 256);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(out[i].instance, count[out[i].pair]);
		count[out[i].pair]++;
	}
	for (size_t i = 0; i < 26; i++)
		assert_in_range(count[i], 9, 11);
	play(m, UINT64_MAX);
	assert_true((double)m->worker_ms > 0.99 * 256 * 90 * SEC);
	/* one harness on a large machine: the limit of bits holds */
	sim_init(m, 1, 2, 256, 90 * SEC);
	m->s.instances = 1000;
	assert_int_equal(sched_next(&m->s, out, 256, &n, NULL), SCHED_GO);
	assert_int_equal(n, 128);
	free(m);
}

/* The same history gives the same plan; other seeds, other random numbers. */
static void test_deterministic(void **state)
{
	struct sched_slice a[2], b[2];
	struct sim *m = xmalloc(sizeof(*m));
	size_t n;

	(void)state;
	memset(a, 0, sizeof(a));
	memset(b, 0, sizeof(b));
	for (int round = 0; round < 2; round++) {
		sim_init(m, 5, 2, 2, 90 * SEC);
		play(m, 40 * SEC);
		m->n_run = 0;
		for (size_t i = 0; i < m->s.n; i++)
			m->pairs[i].running = 0;
		sched_next(&m->s, round ? b : a, 2, &n, NULL);
		assert_int_equal(n, 2);
	}
	for (int i = 0; i < 2; i++) {
		assert_int_equal(a[i].pair, b[i].pair);
		assert_int_equal(a[i].duration_ms, b[i].duration_ms);
		assert_int_equal(a[i].seed, b[i].seed);
	}
	assert_int_not_equal(a[0].seed, a[1].seed);
	m->s.seed++;
	sched_next(&m->s, b, 2, &n, NULL);
	assert_int_not_equal(a[0].seed, b[0].seed);
	free(m);
}

/* Huge numbers must not wrap. */
static void test_extremes(void **state)
{
	struct sim *m = xmalloc(sizeof(*m));
	struct sched_slice out[4];
	size_t n;

	(void)state;
	sim_init(m, 2, 2, 2, UINT64_MAX);
	assert_int_equal(sched_slice_ms(&m->s), SCHED_SLICE_MAX_MS);
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_GO);
	assert_int_equal(n, 2);
	m->s.now_ms = UINT64_MAX - 500;
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_GO);
	assert_int_equal(out[0].duration_ms, 500);
	m->s.now_ms = UINT64_MAX;
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_OVER);
	m->s.budget_ms = 0;
	m->s.now_ms = 0;
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_OVER);
	m->s.budget_ms = 1000;
	m->s.workers = 0; /* counts as one */
	assert_int_equal(sched_next(&m->s, out, 4, &n, NULL), SCHED_GO);
	assert_int_equal(n, 1);
	free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_adjacent),
		cmocka_unit_test(test_yield),
		cmocka_unit_test(test_engines),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_stretch),
		cmocka_unit_test(test_staleness),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_instances),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_extremes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
