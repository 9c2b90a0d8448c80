/* The cache of features: what was put is got, by another process too; what is damaged, or another build's, never was. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/features.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { N = 50 };

static char *dir, *path;

static int set_up(void **state)
{
	(void)state;
	dir = fs_tmpdir("test-features", NULL);
	path = fs_join(dir, "cache");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(dir, NULL);
	free(dir);
	free(path);
	return 0;
}

static struct feature_row row_of(unsigned i)
{
	struct feature_row r = { .state = i % 7 ? FEATURES_ONCE : FEATURES_REJECTED,
		.size = i * 1000 };

	hash_sha1(&i, sizeof(i), r.sha1);
	return r;
}

static size_t features_of(unsigned i, uint32_t *f)
{
	size_t n = i % 7 ? i % 9 : 0;

	for (size_t k = 0; k < n; k++)
		f[k] = (uint32_t)(k * k * 1000 * i) + (uint32_t)k + (k == 8 ? 0xf0000000U : 0);
	return n;
}

static void put(struct feature_cache *c, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		struct feature_row r = row_of(i);
		uint32_t f[16];
		size_t n = features_of(i, f);

		feature_cache_put(c, &r, f, n);
	}
}

/* How many of the first N are there; each that is, is right. */
static unsigned there(const char *build)
{
	struct feature_cache *c = feature_cache_open(path, build);
	struct feature_table t = { NULL };
	unsigned n = 0;

	for (unsigned i = 0; i < N; i++) {
		struct feature_row want = row_of(i), got = want;
		uint32_t f[16];
		size_t k = features_of(i, f);

		got.state = FEATURES_FAILED;
		got.size = 0;
		if (!feature_cache_get(c, &got, &t))
			continue;
		n++;
		assert_int_equal(got.state, want.state);
		assert_int_equal(got.size, want.size);
		assert_int_equal(t.start[t.n] - t.start[t.n - 1], k);
		if (k)
			assert_memory_equal(t.features + t.start[t.n - 1], f, k * sizeof(*f));
	}
	feature_table_release(&t);
	feature_cache_close(c);
	return n;
}

static void save(const char *build, unsigned from, unsigned to)
{
	struct feature_cache *c = feature_cache_open(path, build);

	put(c, from, to);
	assert_int_equal(feature_cache_save(c, NULL, NULL), 0);
	feature_cache_close(c);
}

static void round_trip(void **state)
{
	(void)state;
	assert_int_equal(there("one"), 0);
	save("one", 0, 20);
	assert_int_equal(there("one"), 20);
	save("one", 20, N);
	assert_int_equal(there("one"), N);
	assert_int_equal(there("two"), 0);
	save("two", 5, 10);
	assert_int_equal(there("two"), 5);
	assert_int_equal(there("one"), 0);
}

static void damaged(void **state)
{
	struct buf whole = BUF_INIT;

	(void)state;
	save("one", 0, N);
	assert_int_equal(fs_read(path, FS_NO_LIMIT, &whole, NULL), 0);
	for (size_t at = 0; at < whole.len; at++) {
		whole.s[at] ^= 0x20;
		assert_int_equal(fs_write(path, whole.s, whole.len, 0600, NULL), 0);
		there("one"); /* none that is got is wrong */
		whole.s[at] ^= 0x20;
	}
	for (size_t n = 0; n < whole.len; n += 7) {
		unsigned left;

		assert_int_equal(fs_write(path, whole.s, n, 0600, NULL), 0);
		left = there("one");
		save("one", 0, N);
		assert_true(left <= N);
		assert_int_equal(there("one"), N);
	}
	buf_release(&whole);
}

/* What nobody asks for any more makes room. */
static void bounded(void **state)
{
	struct feature_cache *c;
	struct feature_table live = { NULL };
	uint64_t before, after;

	(void)state;
	save("one", 0, N);
	assert_int_equal(fs_size(path, &before, NULL), 0);
	c = feature_cache_open(path, "one");
	for (unsigned i = 0; i < 3; i++) {
		struct feature_row r = row_of(i);

		assert_true(feature_cache_get(c, &r, &live));
	}
	assert_int_equal(feature_cache_save(c, &live, NULL), 0);
	feature_cache_close(c);
	assert_int_equal(fs_size(path, &after, NULL), 0);
	assert_true(after < before / 2);
	assert_int_equal(there("one"), 3);
	feature_table_release(&live);
}

/* Two measure for one harness at the same time: neither loses what the other adds, nor damages it. */
static void two_at_once(void **state)
{
	struct feature_cache *a, *b;

	(void)state;
	save("one", 0, 2);
	a = feature_cache_open(path, "one");
	b = feature_cache_open(path, "one");
	put(a, 2, 10);
	put(b, 5, 20);
	assert_int_equal(feature_cache_save(a, NULL, NULL), 0);
	assert_int_equal(feature_cache_save(b, NULL, NULL), 0);
	feature_cache_close(b);
	put(a, 20, 25);
	assert_int_equal(feature_cache_save(a, NULL, NULL), 0);
	feature_cache_close(a);
	assert_int_equal(there("one"), 25);
	a = feature_cache_open(path, "one");
	put(a, 25, N);
	save("two", 0, 3); /* another build took the place */
	assert_int_equal(feature_cache_save(a, NULL, NULL), 0);
	feature_cache_close(a);
	assert_int_equal(there("two"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(round_trip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damaged, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bounded, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("features", tests, NULL, NULL);
}
