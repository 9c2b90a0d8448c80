/* What differs from slice to slice: turns are counted, each way of exploring has its part, long inputs are told from most. */
#include "base/prelude.h"
#include "engine/afl_stats.h"
#include "engine/variety.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

static char *folder(int *fd)
{
	char *dir = fs_tmpdir("thresh-test", NULL);

	*fd = dir_open(dir, NULL);
	assert_true(*fd >= 0);
	return dir;
}

static void drop(char *dir, int fd)
{
	close(fd);
	fs_remove_tree(dir, NULL);
	free(dir);
}

static void turns_are_counted(void **state)
{
	int fd;
	char *dir = folder(&fd);

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(variety_turn(fd), i);
	assert_int_equal(dir_write(fd, "turn", "many", 4, NULL), 0);
	assert_int_equal(variety_turn(fd), 0);
	assert_int_equal(dir_write(fd, "turn", "18446744073709551615", 20, NULL), 0);
	variety_turn(fd); /* no overflow; whichever */
	drop(dir, fd);
}

/* Of many slices: value profile in a third, sanitizers in a half, and no two engines' rows without a name. */
static void each_way_has_its_part(void **state)
{
	unsigned profile = 0, plain = 0, entropic = 0, trimmed = 0, n = 6000;

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		const struct variety_libfuzzer *lf = variety_of_libfuzzer(i);
		const struct variety_afl *afl = variety_of_afl(i);

		assert_non_null(lf->name);
		assert_non_null(afl->name);
		profile += lf->value_profile;
		plain += lf->plain;
		entropic += lf->entropic;
		trimmed += afl->trim;
	}
	assert_in_range(profile, n / 4, n / 2);
	assert_in_range(plain, n / 3, n * 2 / 3);
	assert_in_range(entropic, n / 4, n / 2);
	assert_in_range(trimmed, n / 6, n / 2);
	/* the first two, which are all there is of a short campaign */
	assert_true(variety_of_libfuzzer(0)->is_short && !variety_of_libfuzzer(0)->plain);
	assert_true(!variety_of_libfuzzer(1)->is_short && variety_of_libfuzzer(1)->plain);
}

static const struct {
	const char *what;
	unsigned sizes[9]; /* ends with 0 */
	uint64_t max, want;
} len_cases[] = {
	{ "nothing there", { 0 }, 0, 0 },
	{ "all short", { 3, 5, 8, 12 }, 0, 0 },
	{ "one long one", { 10, 20, 30, 40, 1000 }, 1024, 128 },
	{ "most are longer than the least", { 10, 200, 300, 400, 4000 }, 0, 400 },
	{ "all as long as each other", { 1000, 1000, 1000, 1000 }, 0, 0 },
	{ "longer than the harness takes", { 10, 20, 30, 40, 1000 }, 200, 0 },
	{ "long seeds", { 5000, 5000, 6000, 7000, 8000 }, 0, 0 },
};

static void long_inputs_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(len_cases); i++) {
		char name[16], bytes[8192] = { 0 };
		uint64_t got;
		int fd;
		char *dir = folder(&fd);

		for (unsigned k = 0; len_cases[i].sizes[k]; k++) {
			snprintf(name, sizeof(name), "%u", k);
			assert_int_equal(
				dir_write(fd, name, bytes, len_cases[i].sizes[k], NULL), 0);
		}
		got = variety_short_len(fd, len_cases[i].max);
		if (got != len_cases[i].want)
			fail_msg("%s: %llu", len_cases[i].what, (unsigned long long)got);
		drop(dir, fd);
	}
}

static const struct {
	const char *file, *text;
	bool final;
	uint64_t execs, corpus, edges;
} stats_cases[] = {
	{ "plot_data", "# relative_time, corpus_count, edges_found, total_execs\n1, 20, 30, 400\n",
		false, 400, 20, 30 },
	{ "plot_data", "# paths_total, execs_done\n7, 9\n8, 1", false, 9, 7,
		0 }, /* a line cut off */
	{ "plot_data", "", false, 0, 0, 0 }, { "plot_data", "no columns\nx, y\n", false, 0, 0, 0 },
	{ "fuzzer_stats", "execs_done        : 12\nedges_found       : 34\ncorpus_count : 5\n",
		true, 12, 5, 34 },
	{ "fuzzer_stats", "execs_done : 12\n", false, 0, 0, 0 }, /* not before the end */
};

static void stats_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stats_cases); i++) {
		struct afl_stats st = { 0 };
		int fd;
		char *dir = folder(&fd), *own = fs_join(dir, "default"), *path;

		path = fs_join(own, stats_cases[i].file);
		assert_int_equal(fs_mkdirs(own, NULL), 0);
		assert_int_equal(fs_write(path, stats_cases[i].text, strlen(stats_cases[i].text),
					 0600, NULL),
			0);
		afl_stats_read(fd, "default", stats_cases[i].final, &st);
		assert_int_equal(st.execs, stats_cases[i].execs);
		assert_int_equal(st.corpus, stats_cases[i].corpus);
		assert_int_equal(st.edges, stats_cases[i].edges);
		free(path);
		free(own);
		drop(dir, fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(turns_are_counted),
		cmocka_unit_test(each_way_has_its_part),
		cmocka_unit_test(long_inputs_are_told),
		cmocka_unit_test(stats_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
