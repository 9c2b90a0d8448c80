/* Regression tests replayed, on targets that are tables: which are green, which red, and in which words. */
#include "base/prelude.h"
#include "fake.h"
#include "base/fs.h"
#include "base/mem.h"
#include "retest/regress.h"
#include "retest/replay.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#define HEAP(function) FAKE_ASAN("heap-buffer-overflow", function)
#define CRASHES(t) .outcome = TARGET_CRASH, .text = (t)

static struct fake f;

/* One test of a bug in left(), as `thresh regress` writes it; the path of its manifest. */
static char *make_test(struct buf *manifest)
{
	struct regress_opts opts = { .bugs = NULL };
	struct regress_result r;
	struct err err = ERR_INIT;
	char *path;

	fake_open(&f, NULL);
	FAKE_ROWS({ CRASHES(HEAP("left")) });
	fake_file(&f, "A");
	if (regress_run(f.p, &opts, &r, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(r.n, 1);
	path = xasprintf("tests/regress/h/%s/manifest", r.v[0].bug);
	regress_result_release(&r);
	{
		char *full = fs_join(f.dir, path);

		assert_int_equal(fs_read(full, 1 << 20, manifest, NULL), 0);
		free(full);
	}
	return path;
}

static struct replay_set replay(void)
{
	struct replay_set set = { .v = NULL };
	struct replay_opts opts = { .variant = VARIANT_ASAN, .jobs = 1 };
	char *root = regress_root(f.p, NULL);
	struct err err = ERR_INIT;

	if (replay_add_tests(&set, root, NULL, &err) < 0 || replay_run(f.p, &set, &opts, &err) < 0)
		fail_msg("%s", err.msg);
	free(root);
	return set;
}

static const struct {
	enum bug_state state;
	struct fake_row today;
	enum replay_verdict verdict;
	const char *word;
	bool red;
} rows[] = {
	{ BUG_OPEN, { CRASHES(HEAP("left")) }, REPLAY_OPEN, "still open", false },
	{ BUG_OPEN, { .outcome = TARGET_OK }, REPLAY_PASSES, "passes", false },
	{ BUG_OPEN, { CRASHES(HEAP("right")) }, REPLAY_OTHER, "other crash", false },
	{ BUG_FLAKY, { CRASHES(HEAP("left")) }, REPLAY_OPEN, "still open", false },
	{ BUG_FLAKY, { .outcome = TARGET_OK }, REPLAY_PASSES, "passes", false },
	{ BUG_FIXED, { .outcome = TARGET_OK }, REPLAY_PASSES, "fixed", false },
	{ BUG_FIXED, { CRASHES(HEAP("left")) }, REPLAY_REGRESSED, "regressed", true },
	{ BUG_FIXED, { CRASHES(HEAP("right")) }, REPLAY_REGRESSED, "regressed", true },
	{ BUG_FIXED, { .ms = 60000 }, REPLAY_REGRESSED, "regressed", true },
	{ BUG_REGRESSED, { .outcome = TARGET_OK }, REPLAY_PASSES, "fixed", false },
	{ BUG_REGRESSED, { CRASHES(HEAP("left")) }, REPLAY_REGRESSED, "regressed", true },
	{ BUG_IGNORED, { CRASHES(HEAP("left")) }, REPLAY_SKIPPED, "ignored", false },
	{ BUG_OPEN, { .outcome = TARGET_ERROR, .text = "no memory" }, REPLAY_NOT_RUN, "not run",
		true },
	{ BUG_FIXED, { .outcome = TARGET_ERROR, .text = "no memory" }, REPLAY_NOT_RUN, "not run",
		true },
};

static void states_and_outcomes(void **state)
{
	struct buf manifest = BUF_INIT;
	char *path = make_test(&manifest);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf text = BUF_INIT;
		struct replay_set set;

		manifest_restate(&text, strv_n(buf_str(&manifest), manifest.len), rows[i].state);
		fake_put(&f, path, buf_str(&text));
		fake_rows(&rows[i].today, 1);
		set = replay();
		assert_int_equal(set.n, 1);
		if (set.v[0].verdict != rows[i].verdict ||
			strcmp(replay_word(&set.v[0]), rows[i].word) != 0 ||
			replay_is_failure(&set.v[0]) != rows[i].red)
			fail_msg("row %zu: %s", i, replay_word(&set.v[0]));
		replay_release(&set);
		buf_release(&text);
	}
	buf_release(&manifest);
	free(path);
	fake_close(&f);
}

/* What can't be had is red, with the reason: never a test less. */
static void what_is_missing(void **state)
{
	static const char gone[] =
		"version: 1\nproject: fake\nharnesses:\n  other:\n    source: fuzz.c\n";
	struct buf manifest = BUF_INIT;
	char *path = make_test(&manifest), *full, *dir;
	struct replay_set set;

	(void)state;
	fake_unbuilt("asan");
	set = replay();
	assert_int_equal(set.v[0].verdict, REPLAY_NOT_RUN);
	assert_non_null(strstr(set.v[0].why, "doesn't compile"));
	replay_release(&set);
	fake_unbuilt(NULL);

	fake_reopen(&f, gone);
	set = replay();
	assert_int_equal(set.v[0].verdict, REPLAY_NOT_RUN);
	assert_non_null(strstr(set.v[0].why, "no such harness"));
	replay_release(&set);
	fake_reopen(&f, fake_yaml);

	dir = fs_dirname(path);
	full = xasprintf("%s/%s/input", f.dir, dir);
	assert_int_equal(unlink(full), 0);
	set = replay();
	assert_int_equal(set.n, 1);
	assert_int_equal(set.v[0].verdict, REPLAY_NOT_RUN);
	assert_true(replay_is_failure(&set.v[0]));
	replay_release(&set);
	free(full);
	free(dir);
	buf_release(&manifest);
	free(path);
	fake_close(&f);
}

/* A flaky test runs as often as its manifest says, and one failure of them all counts. */
static void flaky_ones_run_more(void **state)
{
	struct buf manifest = BUF_INIT, text = BUF_INIT;
	char *path = make_test(&manifest);
	struct replay_set set;

	(void)state;
	buf_addf(&text, "%sruns: 7\n", buf_str(&manifest));
	fake_put(&f, path, buf_str(&text));
	FAKE_ROWS({ CRASHES(HEAP("left")), .runs = "......F" });
	set = replay();
	assert_int_equal(set.v[0].runs, 7);
	assert_int_equal(set.v[0].failed, 1);
	assert_int_equal(set.v[0].verdict, REPLAY_OPEN);
	replay_release(&set);
	buf_release(&manifest);
	buf_release(&text);
	free(path);
	fake_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_and_outcomes),
		cmocka_unit_test(what_is_missing),
		cmocka_unit_test(flaky_ones_run_more),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
