/*
 * Covers: against every subset on small matrices, against their own bound on larger ones, and always whole. What the
 * reductions and the search must not do is lose a feature or claim a bound that isn't one.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/cover.h"
#include "corpus/cover_dual.h"
#include "corpus/cover_problem.h"
#include "proc/proc.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct made {
	struct cover_matrix m;
	size_t *start;
	uint32_t *features;
	uint64_t *cost;
};

static void made_free(struct made *x)
{
	free(x->start);
	free(x->features);
	free(x->cost);
}

static struct made made_of(size_t rows)
{
	return (struct made){ .start = xcalloc(rows + 1, sizeof(size_t)),
		.cost = xcalloc(rows + 1, sizeof(uint64_t)) };
}

/* rows of random features; some rows and columns are copies of others, some part of others */
static struct made make(
	uint64_t seed, size_t rows, unsigned features, unsigned per_row, unsigned max_cost)
{
	struct made x = made_of(rows);
	struct rng rng;
	size_t cap = 0, n = 0;

	rng_seed(&rng, seed);
	for (size_t i = 0; i < rows; i++) {
		bool *has = xcalloc(features, 1);
		size_t of = i && rng_below(&rng, 4) == 0 ? rng_below(&rng, i) : rows;

		for (unsigned k = 0; k < per_row; k++)
			has[rng_below(&rng, features)] = true;
		if (of < rows) { /* a part of another, or all of it */
			memset(has, 0, features);
			for (size_t k = x.start[of]; k < x.start[of + 1]; k++)
				has[x.features[k] % 1000] = rng_below(&rng, 3) > 0 || seed % 2;
		}
		for (unsigned f = 0; f < features; f++)
			for (unsigned twin = 0; has[f] && twin < 1 + f % 2; twin++)
				if (!twin) {
					GROW(x.features, n, cap);
					x.features[n++] = f;
				}
		for (unsigned f = 1; f < features; f += 2) /* equal columns */
			if (has[f]) {
				GROW(x.features, n, cap);
				x.features[n++] = 1000 + f;
			}
		x.start[i + 1] = n;
		x.cost[i] = 1 + rng_below(&rng, max_cost);
		free(has);
	}
	x.m = (struct cover_matrix){ rows, x.start, x.features, x.cost };
	return x;
}

static uint64_t cost_of(const struct made *x, uint64_t set)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < x->m.n; i++)
		sum += set >> i & 1 ? x->cost[i] : 0;
	return sum;
}

static uint64_t best_of_all(const struct made *x)
{
	uint64_t best = UINT64_MAX;

	for (uint64_t set = 0; set < 1ULL << x->m.n; set++) {
		uint32_t rows[32];
		size_t n = 0;

		if (cost_of(x, set) >= best)
			continue;
		for (uint32_t i = 0; i < x->m.n; i++)
			if (set >> i & 1)
				rows[n++] = i;
		if (cover_is_whole(&x->m, rows, n))
			best = cost_of(x, set);
	}
	return best;
}

static void small_ones_are_best(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 90; seed++) {
		struct made x = make(seed, 4 + seed % 7, 3 + (unsigned)seed % 14,
			2 + (unsigned)seed % 4, 1 + (unsigned)(seed % 3) * 20);
		struct cover c;
		uint64_t best = best_of_all(&x);

		cover_certified(&x.m, &c);
		if (c.cost != best || c.bound != best || !cover_is_whole(&x.m, c.rows, c.n))
			fail_msg("seed %llu: cost %llu, bound %llu, best %llu",
				(unsigned long long)seed, (unsigned long long)c.cost,
				(unsigned long long)c.bound, (unsigned long long)best);
		cover_release(&c);
		made_free(&x);
	}
}

static void larger_ones_keep_to_their_bound(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed < 7; seed++) {
		struct made x = make(seed, 60 * seed, 150, 6, seed % 2 ? 1 : 200);
		struct cover c, again, loose;
		struct rng rng;

		cover_certified(&x.m, &c);
		assert_true(cover_is_whole(&x.m, c.rows, c.n));
		assert_true(c.bound <= c.cost);
		cover_certified(&x.m, &again); /* the same matrix, the same cover */
		assert_int_equal(again.n, c.n);
		assert_memory_equal(again.rows, c.rows, c.n * sizeof(*c.rows));
		rng_seed(&rng, seed);
		cover_random(&x.m, &rng, &loose);
		assert_true(cover_is_whole(&x.m, loose.rows, loose.n));
		assert_true(loose.cost >= c.bound);
		assert_int_equal(loose.features, c.features);
		cover_release(&loose);
		cover_quick(&x.m, &loose);
		assert_true(cover_is_whole(&x.m, loose.rows, loose.n));
		assert_true(loose.cost >= c.bound && loose.features == c.features);
		cover_release(&c);
		cover_release(&again);
		cover_release(&loose);
		made_free(&x);
	}
}

/* Only features below `limit` (of 1000) are left. */
static void restrict_to(struct made *x, uint32_t limit)
{
	size_t at = 0, from = 0;

	for (size_t i = 0; i < x->m.n; i++) {
		size_t end = x->start[i + 1];

		for (size_t k = from; k < end; k++)
			if (x->features[k] % 1000 < limit)
				x->features[at++] = x->features[k];
		from = end;
		x->start[i + 1] = at;
	}
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t *all_features(const struct made *x, size_t *n)
{
	size_t entries = x->start[x->m.n];
	uint32_t *v = xcalloc(entries + 1, sizeof(*v));

	memcpy(v, x->features, entries * sizeof(*v));
	qsort(v, entries, sizeof(*v), ascending);
	*n = 0;
	for (size_t i = 0; i < entries; i++)
		if (!i || v[i] != v[i - 1])
			v[(*n)++] = v[i];
	return v;
}

/* Of the first rows a proof, of which one for all of them follows, and for fewer features. */
static void grown_bounds_hold(void **state)
{
	unsigned tight = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		unsigned n_features = 3 + (unsigned)seed % 14;
		size_t n_rows = 4 + seed % 7, first = 1 + seed % n_rows, n;
		struct made x = make(seed, n_rows, n_features, 2 + (unsigned)seed % 4,
			1 + (unsigned)(seed % 3) * 20);
		struct cover_matrix m = { first, x.start, x.features, x.cost };
		struct cover_matrix fresh;
		struct cover c;
		uint32_t *all;
		uint64_t best;

		cover_certified(&m, &c);
		assert_true(c.dual.low <= (double)c.cost + 1e-6 && c.dual.n == c.features);
		if (seed % 4 == 0)
			restrict_to(&x, n_features * 2 / 3);
		all = all_features(&x, &n);
		best = best_of_all(&x);
		fresh = (struct cover_matrix){ n_rows - first, x.start + first, x.features,
			x.cost + first };
		cover_dual_grow(&c.dual, &fresh, all, n);
		assert_memory_equal(c.dual.features, all, n * sizeof(*all));
		if (c.dual.low > (double)best + 1e-6)
			fail_msg("seed %llu: bound %g, best %llu", (unsigned long long)seed,
				c.dual.low, (unsigned long long)best);
		tight += c.dual.low > (double)best - 1e-6;
		free(all);
		cover_release(&c);
		made_free(&x);
	}
	/* one that is always nothing would hold, too */
	assert_true(tight > 20);
}

/* --- against CBC, an exact solver of integer programs --- */

/* A row is x<i>, a feature a constraint that one of its rows is in. */
static void write_program(const struct made *x, const char *path)
{
	struct buf b = BUF_INIT, names = BUF_INIT;
	size_t n;
	uint32_t *all = all_features(x, &n);

	buf_adds(&b, "Minimize\n cost: ");
	for (size_t i = 0; i < x->m.n; i++) {
		buf_addf(&b, "%s%llu x%zu", i ? " + " : "", (unsigned long long)x->cost[i], i);
		buf_addf(&names, "x%zu\n", i);
	}
	buf_adds(&b, "\nSubject To\n");
	for (size_t f = 0; f < n; f++) {
		bool first = true;

		for (size_t i = 0; i < x->m.n; i++)
			for (size_t k = x->start[i]; k < x->start[i + 1]; k++)
				if (x->features[k] == all[f]) {
					buf_addf(&b, "%sx%zu\n", first ? "" : " + ", i);
					first = false;
				}
		buf_adds(&b, " >= 1\n");
	}
	buf_addf(&b, "Binary\n%sEnd\n", names.s);
	assert_int_equal(fs_write(path, b.s, b.len, 0600, NULL), 0);
	buf_release(&b);
	buf_release(&names);
	free(all);
}

/* False: it isn't there. */
static bool solve_exactly(const struct made *x, uint64_t *best)
{
	static const char found[] = "Optimal solution found\n\nObjective value:";
	char *dir = fs_tmpdir("thresh-test", NULL), *path = fs_join(dir, "cover.lp");
	const char *const argv[] = { "cbc", path, "solve", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	const char *at = NULL;

	write_program(x, path);
	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	spec.wall_ms = 300000;
	if (proc_run(&spec, &r, NULL) == 0) {
		at = strstr(buf_str(&r.out), found);
		if (!at)
			fail_msg("cbc said: %s%s", buf_str(&r.out), buf_str(&r.err));
		*best = (uint64_t)(strtod(at + strlen(found), NULL) + 0.5);
	}
	proc_result_release(&r);
	fs_remove_tree(dir, NULL);
	free(path);
	free(dir);
	return at != NULL;
}

#define KINDS 24u

static unsigned bucket(unsigned n)
{
	return n < 4 ? n : n < 8 ? 4 : n < 16 ? 5 : 6;
}

/* As a parser's: inputs are runs of tokens, of which some are frequent, and each token behind each other one is an edge. */
static struct made make_corpus(uint64_t seed, size_t rows, bool unit)
{
	struct made x = made_of(rows);
	struct rng rng;
	size_t cap = 0, n = 0;

	rng_seed(&rng, seed);
	for (size_t i = 0; i < rows; i++) {
		unsigned count[KINDS * KINDS] = { 0 }, before = 0;
		size_t len = 1 + rng_below(&rng, 5 + rng_below(&rng, 40));

		for (size_t k = 0; k < len; k++) {
			unsigned kind = (unsigned)rng_below(&rng, 1 + rng_below(&rng, KINDS));

			count[before * KINDS + kind]++;
			before = kind;
		}
		for (unsigned f = 0; f < KINDS * KINDS; f++)
			if (count[f]) {
				GROW(x.features, n, cap);
				x.features[n++] = f * 8 + bucket(count[f]);
			}
		x.start[i + 1] = n;
		x.cost[i] = unit ? 1 : 16 + len * 3;
	}
	x.m = (struct cover_matrix){ rows, x.start, x.features, x.cost };
	return x;
}

static void as_an_exact_solver_says(void **state)
{
	static const struct {
		size_t rows;
		bool unit;
	} sizes[] = {
		{ 30, true },
		{ 200, true },
		{ 600, true },
		{ 100, false },
		{ 600, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes) * 2; i++) {
		struct made x = make_corpus(i, sizes[i / 2].rows, sizes[i / 2].unit);
		struct cover c;
		uint64_t best;

		if (!solve_exactly(&x, &best)) {
			print_message("no cbc here; apt-get install coinor-cbc\n");
			made_free(&x);
			skip();
		}
		cover_certified(&x.m, &c);
		if (c.cost != best || c.bound != best || c.dual.low > (double)best + 1e-6)
			fail_msg("%zu: cost %llu, bound %llu, prices %g, best %llu", i,
				(unsigned long long)c.cost, (unsigned long long)c.bound, c.dual.low,
				(unsigned long long)best);
		cover_release(&c);
		made_free(&x);
	}
}

static void random_ones_differ(void **state)
{
	struct made x = make(7, 400, 200, 6, 1);
	struct cover a, b;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	cover_random(&x.m, &rng, &a);
	cover_random(&x.m, &rng, &b);
	assert_true(a.n != b.n || memcmp(a.rows, b.rows, a.n * sizeof(*a.rows)) != 0);
	cover_release(&a);
	cover_release(&b);
	made_free(&x);
}

static void odd_matrices(void **state)
{
	static const size_t none[] = { 0, 0, 0, 0 }, one[] = { 0, 0, 2, 4 };
	static const uint32_t ids[] = { 0, UINT32_MAX, 0, UINT32_MAX };
	static const uint64_t cost[] = { 0, 9, 4 };
	struct cover_matrix empty = { 0, none, ids, NULL }, bare = { 3, none, ids, NULL },
			    equal = { 3, one, ids, cost };
	struct cover c;

	(void)state;
	cover_certified(&empty, &c);
	assert_int_equal(c.n + c.cost + c.bound + c.features, 0);
	cover_release(&c);
	cover_certified(&bare, &c);
	assert_int_equal(c.n + c.features, 0);
	cover_release(&c);
	cover_certified(&equal, &c);
	assert_int_equal(c.n, 1);
	assert_int_equal(c.rows[0], 2);
	assert_int_equal(c.cost, 4);
	assert_int_equal(c.bound, 4);
	assert_int_equal(c.features, 2);
	cover_release(&c);
}

static void within_a_budget(void **state)
{
	struct made x = make(3, 500, 300, 8, 50);
	struct cover all, c;
	size_t last = 0;

	(void)state;
	cover_certified(&x.m, &all);
	for (uint64_t part = 1; part <= 8; part *= 2) {
		cover_within(&x.m, all.cost * part / 4, 0, NULL, 0, &c);
		assert_true(c.cost <= all.cost * part / 4);
		assert_true(c.features >= last);
		last = c.features;
		cover_release(&c);
	}
	assert_int_equal(last, all.features); /* twice what is needed is enough */
	cover_within(&x.m, UINT64_MAX, 5, NULL, 0, &c);
	assert_int_equal(c.n, 5);
	cover_release(&c);
	cover_within(&x.m, 0, 0, NULL, 0, &c);
	assert_int_equal(c.n, 0);
	cover_release(&c);
	cover_release(&all);
	made_free(&x);
}

static int as_numbers(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Few by comparing, many by their digits: all digits used, some, none, and already in order. */
static void sorting(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 1023, 1024, 1025, 70000 };
	static const uint32_t masks[] = { 0, 7, 0x7ff, 0x3ff800, 0xffc00000, 0x801, 0xffffffff };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		for (size_t m = 0; m < ARRAY_LEN(masks); m++) {
			size_t n = sizes[i];
			uint32_t *v = xcalloc(n + 1, sizeof(*v)),
				 *want = xcalloc(n + 1, sizeof(*v));
			uint32_t x = 12345;

			for (size_t k = 0; k < n; k++) {
				x = x * 1664525 + 1013904223;
				want[k] = v[k] = (x ^ x >> 16) & masks[m];
			}
			qsort(want, n, sizeof(*want), as_numbers);
			cover_sort(v, n);
			assert_memory_equal(v, want, n * sizeof(*v));
			cover_sort(v, n);
			assert_memory_equal(v, want, n * sizeof(*v));
			free(v);
			free(want);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorting),
		cmocka_unit_test(small_ones_are_best),
		cmocka_unit_test(larger_ones_keep_to_their_bound),
		cmocka_unit_test(grown_bounds_hold),
		cmocka_unit_test(as_an_exact_solver_says),
		cmocka_unit_test(random_ones_differ),
		cmocka_unit_test(odd_matrices),
		cmocka_unit_test(within_a_budget),
	};

	return cmocka_run_group_tests_name("cover", tests, NULL, NULL);
}
