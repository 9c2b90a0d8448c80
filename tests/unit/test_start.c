/* What a slice begins with: all of a small corpus, of a larger one a random set that reaches what all of it reaches. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/start.h"
#include "corpus/features.h"
#include "distill/measure.h"
#include "project/project.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define KNOWN 2000
#define SLICE_MS 3000 /* time for 300 */
#define N_FEATURES 40u
#define FEATURES_EACH 3u

static char *dir, *corpus;
static struct project *project;
static const struct config_harness *harness;

static void write_file(const char *in, const char *name, const char *text)
{
	char *path = fs_join(in, name);

	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(path);
}

static int set_up(void **state)
{
	char *config;

	(void)state;
	log_set_level(LOG_ERROR);
	dir = fs_tmpdir("thresh-test", NULL);
	write_file(dir, "thresh.yaml",
		"version: 1\nproject: small\nbuild:\n  sanitizers: [address]\n"
		"harnesses:\n  parse:\n    source: fuzz.c\n");
	write_file(dir, "fuzz.c",
		"#include <stddef.h>\n#include <stdint.h>\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);\n"
		"int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n) "
		"{ return n > 3 && p[0] == 'a' ? -1 : 0; }\n");
	config = fs_join(dir, "thresh.yaml");
	project = project_open(config, NULL);
	free(config);
	if (!project)
		return -1;
	harness = project_harness(project, "parse", NULL);
	corpus = project_corpus_dir(project, "parse");
	return fs_mkdirs(corpus, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	project_close(project);
	fs_remove_tree(dir, NULL);
	free(corpus);
	free(dir);
	return 0;
}

/* Inputs from number `from` on, the later the larger. */
static void add_inputs(unsigned from, unsigned to, struct strlist *names)
{
	char text[80], sha1[SHA1_HEX];

	for (unsigned i = from; i < to; i++) {
		snprintf(text, sizeof(text), "%u%*s", i, (int)(i % 60), "");
		hash_sha1(text, strlen(text), sha1);
		write_file(corpus, sha1, text);
		strlist_add(names, sha1);
	}
}

static unsigned feature_of(size_t i, unsigned k)
{
	return (unsigned)(i * 7 + k * k * 13) % N_FEATURES;
}

/* The build is said to reach three of N_FEATURES with each of them. */
static void know(const struct strlist *names)
{
	char *build = measure_build(project, harness, 1, NULL), *features, *path;
	struct feature_cache *cache;

	assert_non_null(build);
	features = fs_join(project->state_dir, "features");
	path = fs_join(features, "parse");
	assert_int_equal(fs_mkdirs(features, NULL), 0);
	cache = feature_cache_open(path, build);
	for (size_t i = 0; i < names->n; i++) {
		struct feature_row row = { .state = FEATURES_ONCE, .size = 3 };
		uint32_t f[FEATURES_EACH];

		memcpy(row.sha1, names->v[i], sizeof(row.sha1));
		for (unsigned k = 0; k < FEATURES_EACH; k++)
			f[k] = feature_of(i, k);
		feature_cache_put(cache, &row, f, feature_set(f, FEATURES_EACH));
	}
	assert_int_equal(feature_cache_save(cache, NULL, NULL), 0);
	feature_cache_close(cache);
	free(path);
	free(features);
	free(build);
}

/* By those chosen of the first n names. */
static unsigned reached(const struct strlist *names, size_t n_known, const struct strlist *chosen)
{
	bool has[N_FEATURES] = { false };
	unsigned n = 0;

	for (size_t i = 0; i < n_known; i++)
		for (unsigned k = 0; strlist_has_sorted(chosen, names->v[i]) && k < FEATURES_EACH;
			k++) {
			n += !has[feature_of(i, k)];
			has[feature_of(i, k)] = true;
		}
	return n;
}

static void choose(uint64_t seed, const struct strlist *names, struct strlist *out)
{
	struct strlist sorted = STRLIST_INIT;

	strlist_release(out);
	assert_true(start_choose(project, harness, START_WHOLE_AFL, SLICE_MS, seed, out));
	strlist_add_all(&sorted, names);
	strlist_sort(&sorted);
	for (size_t i = 0; i < out->n; i++) {
		assert_true(strlist_has_sorted(&sorted, out->v[i]));
		assert_true(!i || strcmp(out->v[i - 1], out->v[i]) < 0);
	}
	strlist_release(&sorted);
}

static bool same(const struct strlist *a, const struct strlist *b)
{
	for (size_t i = 0; a->n == b->n && i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return a->n == b->n;
}

static uint64_t bytes_of(const struct strlist *names)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < names->n; i++) {
		char *path = fs_join(corpus, names->v[i]);
		uint64_t size = 0;

		assert_int_equal(fs_size(path, &size, NULL), 0);
		sum += size;
		free(path);
	}
	return sum;
}

/* One project, whose corpus grows. */
static void by_size_and_knowledge(void **state)
{
	struct strlist names = STRLIST_INIT, a = STRLIST_INIT, b = STRLIST_INIT;

	(void)state;
	assert_false(start_choose(project, harness, START_WHOLE_AFL, SLICE_MS, 1, &a)); /* empty */
	add_inputs(0, 900, &names);
	know(&names);
	assert_false(start_choose(
		project, harness, START_WHOLE_AFL, SLICE_MS, 1, &a)); /* tried in no time */
	add_inputs(900, KNOWN, &names);
	assert_false(start_choose(
		project, harness, START_WHOLE_AFL, SLICE_MS, 1, &a)); /* too little is known */
	assert_int_equal(a.n, 0);

	know(&names);
	choose(1, &names, &a);
	assert_int_equal(reached(&names, KNOWN, &a), N_FEATURES);
	/* none is there that the others make needless */
	assert_true(a.n >= (N_FEATURES + FEATURES_EACH - 1) / FEATURES_EACH && a.n <= N_FEATURES);
	choose(1, &names, &b);
	assert_true(same(&a, &b));
	choose(2, &names, &b);
	assert_int_equal(reached(&names, KNOWN, &b), N_FEATURES);
	assert_false(same(&a, &b));

	/* many that nothing is known of: what the slice has the time for, and rather small ones */
	add_inputs(KNOWN, 5100, &names);
	choose(1, &names, &a);
	assert_true(a.n > SLICE_MS / 10 && a.n <= SLICE_MS / 10 + N_FEATURES);
	assert_int_equal(reached(&names, KNOWN, &a), N_FEATURES);
	assert_true(bytes_of(&a) / a.n * 4 < bytes_of(&names) / names.n * 3);
	strlist_release(&names);
	strlist_release(&a);
	strlist_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_size_and_knowledge, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
