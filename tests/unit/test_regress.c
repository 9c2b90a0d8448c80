/* Manifests are read as they were written; the tests' folder is merged into, never over what people did there. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "retest/regress_files.h"
#include "regress/manifest.h"
#include "regress/style.h"
#include "project/sources.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>

static void test_round_trip(void **state)
{
	struct manifest m = MANIFEST_INIT, back = MANIFEST_INIT;
	struct buf text = BUF_INIT, again = BUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	m.bug = "0123456789abcdef";
	m.harness = "parse";
	m.state = BUG_IGNORED;
	m.until_ms = 1800000000000;
	m.why = "upstream knows";
	m.summary = "hostile: \x1b[31m\nstate: fixed";
	m.found_ms = 1795363200000;
	m.k = 2;
	m.n = 7;
	m.runs = 19;
	m.size = 3;
	manifest_format(&text, &m);
	assert_int_equal(manifest_parse(&back, strv_n(text.s, text.len), "manifest", &err), 0);
	assert_string_equal(back.bug, m.bug);
	assert_int_equal(back.state, BUG_IGNORED);
	assert_true(back.until_ms == m.until_ms && back.found_ms == m.found_ms);
	assert_true(back.k == 2 && back.n == 7 && back.runs == 19 && back.size == 3);
	assert_null(back.kind);
	/* one line, and no escape sequence */
	assert_string_equal(back.summary, "hostile: \\x1b[31m\\x0astate: fixed");
	m.summary = back.summary;
	manifest_format(&again, &m);
	assert_string_equal(again.s, text.s);
	buf_release(&text);
	buf_release(&again);
	manifest_release(&m);
	manifest_release(&back);
}

static const struct {
	const char *text;
	int rc;
	enum bug_state state;
	uint64_t runs;
} parse_rows[] = {
	{ "", 0, BUG_OPEN, 1 },
	{ "state: fixed", 0, BUG_FIXED, 1 },
	{ "\n# state: fixed\n  state :  flaky  \r\nruns: 20\n", 0, BUG_FLAKY, 20 },
	{ "mine: yes\nno colon here\nstate: open\n", 0, BUG_OPEN, 1 },
	{ "state: opened\n", -1, BUG_OPEN, 0 },
	{ "runs: 0\n", -1, BUG_OPEN, 0 },
	{ "runs: 99999999\n", -1, BUG_OPEN, 0 },
	{ "runs: -1\n", -1, BUG_OPEN, 0 },
	{ "reproducible: 3 of 2\n", -1, BUG_OPEN, 0 },
	{ "reproducible: 3\n", -1, BUG_OPEN, 0 },
	{ "until: tomorrow\n", -1, BUG_OPEN, 0 },
	{ "until: 2027-13-01\n", -1, BUG_OPEN, 0 },
	{ "until: 2027-01-31\nstate: ignored\n", 0, BUG_IGNORED, 1 },
	{ "found: 2027-01-31T25:00:00Z\n", -1, BUG_OPEN, 0 },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parse_rows); i++) {
		struct manifest m = MANIFEST_INIT;
		struct err err = ERR_INIT;
		int rc = manifest_parse(&m, strv_of(parse_rows[i].text), "x", &err);

		if (rc != parse_rows[i].rc)
			fail_msg("row %zu: %d %s", i, rc, err.msg);
		if (rc == 0) {
			assert_int_equal(m.state, parse_rows[i].state);
			assert_true(m.runs == parse_rows[i].runs);
		} else {
			assert_int_equal(err.kind, ERR_USAGE);
		}
		manifest_release(&m);
	}
}

static void test_restate(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	manifest_restate(&b, STRV("# state: open\nstate:open\nmine: state: open"), BUG_FIXED);
	assert_string_equal(b.s, "# state: open\nstate: fixed\nmine: state: open\n");
	buf_release(&b);
}

static void test_runs(void **state)
{
	static const struct {
		unsigned k, n, min, max;
	} rows[] = { { 0, 0, 1, 1 }, { 3, 3, 1, 1 }, { 9, 10, 5, 8 }, { 4, 5, 10, 13 },
		{ 40, 50, 4, 6 }, { 1, 2, 70, 80 }, { 1, 10, 100, 100 }, { 0, 3, 100, 100 },
		{ 1, 1000, 100, 100 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned runs = manifest_runs(rows[i].k, rows[i].n);

		if (runs < rows[i].min || runs > rows[i].max)
			fail_msg("%u of %u: %u runs", rows[i].k, rows[i].n, runs);
	}
}

static void test_state_at(void **state)
{
	struct manifest m = MANIFEST_INIT;

	(void)state;
	m.state = BUG_IGNORED;
	assert_int_equal(manifest_state_at(&m, 5), BUG_IGNORED);
	m.until_ms = 10;
	assert_int_equal(manifest_state_at(&m, 9), BUG_IGNORED);
	assert_int_equal(manifest_state_at(&m, 10), BUG_OPEN);
	m.k = 1;
	m.n = 3;
	assert_int_equal(manifest_state_at(&m, 10), BUG_FLAKY);
}

static enum regress_put put(const char *root, const char *path, const char *text, bool force)
{
	struct regress_writer w;
	struct err err = ERR_INIT;
	enum regress_put what = REGRESS_SAME;

	assert_int_equal(regress_writer_open(&w, root, &err), 0);
	if (regress_put(&w, path, text, strlen(text), force, &what, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(regress_writer_close(&w, &err), 0);
	return what;
}

static void put_by_hand(const char *root, const char *path, const char *text)
{
	char *full = fs_join(root, path);

	assert_int_equal(fs_write(full, text, strlen(text), 0644, NULL), 0);
	free(full);
}

static void test_merge(void **state)
{
	char *root = fs_tmpdir("regress", NULL), *full = fs_join(root, "h/b/input");
	struct regress_writer w;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(put(root, "h/b/input", "one", false), REGRESS_WRITTEN);
	assert_int_equal(put(root, "h/b/input", "one", false), REGRESS_SAME);
	assert_int_equal(put(root, "h/b/input", "two", false), REGRESS_WRITTEN);
	put_by_hand(root, "h/b/input", "mine");
	assert_int_equal(put(root, "h/b/input", "three", false), REGRESS_KEPT);
	assert_int_equal(put(root, "h/b/input", "two", false), REGRESS_KEPT);
	assert_int_equal(put(root, "h/b/input", "mine", false), REGRESS_SAME);
	assert_int_equal(put(root, "h/b/input", "four", false), REGRESS_WRITTEN);
	put_by_hand(root, "h/b/input", "mine");
	assert_int_equal(put(root, "h/b/input", "five", true), REGRESS_WRITTEN);
	/* what was there before us is somebody's */
	put_by_hand(root, "theirs", "text");
	assert_int_equal(put(root, "theirs", "ours", false), REGRESS_KEPT);

	assert_int_equal(regress_writer_open(&w, root, &err), 0);
	assert_false(regress_deleted(&w, "h/b/input"));
	assert_false(regress_edited(&w, "h/b/input"));
	regress_note(&w, "h/b/manifest", "open");
	assert_true(regress_noted(&w, "h/b/manifest", "open"));
	assert_false(regress_noted(&w, "h/b/manifest", "fixed"));
	assert_int_equal(fs_remove(full, &err), 0);
	assert_true(regress_deleted(&w, "h/b/input"));
	assert_int_equal(regress_remove(&w, "h", "b", &err), 0);
	assert_false(regress_deleted(&w, "h/b/input"));
	assert_false(regress_noted(&w, "h/b/manifest", "open"));
	assert_int_equal(regress_writer_close(&w, &err), 0);
	fs_remove_tree(root, NULL);
	free(full);
	free(root);
}

static void test_scan(void **state)
{
	char *root = fs_tmpdir("regress", NULL);
	struct strlist only = STRLIST_INIT;
	struct regress_tree t;
	struct err err = ERR_INIT;

	(void)state;
	put(root, "b/2/input", "x", false);
	put(root, "a/1/input", "", false);
	put(root, "a/1/manifest", "state: fixed\n", false);
	put(root, "a/lost/manifest", "state: fixed\n", false);
	put(root, "a/none/report", "", false);
	put(root, "replay.c", "", false);
	assert_int_equal(regress_scan(root, NULL, &t, &err), 0);
	assert_int_equal(t.n, 3);
	assert_string_equal(t.v[0].bug, "1");
	assert_int_equal(t.v[0].m.state, BUG_FIXED);
	assert_string_equal(t.v[1].bug, "lost");
	assert_string_equal(t.v[2].harness, "b");
	assert_int_equal(t.v[2].m.state, BUG_OPEN);
	regress_tree_release(&t);
	strlist_add(&only, "b");
	strlist_add(&only, "b");
	strlist_add(&only, "missing");
	assert_int_equal(regress_scan(root, &only, &t, &err), 0);
	assert_int_equal(t.n, 1);
	regress_tree_release(&t);
	put_by_hand(root, "a/1/manifest", "state: oops\n");
	assert_int_equal(regress_scan(root, NULL, &t, &err), -1);
	assert_non_null(strstr(err.msg, "a/1/manifest:1"));
	assert_int_equal(regress_scan("/nonexistent/folder", NULL, &t, &err), 0);
	assert_int_equal(t.n, 0);
	strlist_release(&only);
	fs_remove_tree(root, NULL);
	free(root);
}

static void test_relative(void **state)
{
	static const struct {
		const char *from, *to, *want;
	} rows[] = { { "/p/tests/regress", "/p", "../.." }, { "/p", "/p/a/b", "a/b" },
		{ "/p", "/p", "." }, { "/p/a", "/p/ab", "../ab" }, { "/a/b", "/c", "../../c" },
		{ "/p/a/", "/p/b", "../b" }, { "/", "/x", "x" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *got = sources_relative(rows[i].from, rows[i].to);

		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void test_styles(void **state)
{
	struct strv words = STRV(REGRESS_STYLE_WORDS), word;
	size_t n = 0;

	(void)state;
	while (strv_split(&words, '|', &word)) {
		assert_non_null(regress_styles[n].name);
		assert_true(strv_eqs(word, regress_styles[n++].name));
	}
	assert_null(regress_styles[n].name);
	assert_null(regress_style("nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_parse), cmocka_unit_test(test_restate),
		cmocka_unit_test(test_runs), cmocka_unit_test(test_state_at),
		cmocka_unit_test(test_merge), cmocka_unit_test(test_scan),
		cmocka_unit_test(test_relative), cmocka_unit_test(test_styles) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
