/* What becomes of bugs and their tests on another day's build, on targets that are tables. */
#include "base/prelude.h"
#include "fake.h"
#include "retest/proof.h"
#include "retest/verify.h"
#include "triage/bug_details.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define COPY FAKE_ASAN("heap-buffer-overflow", "copy")
#define MOVE FAKE_ASAN("heap-buffer-overflow", "move")
#define CRASHES(t) .outcome = TARGET_CRASH, .text = (t)

static struct fake f;

static int set_up(void **state)
{
	(void)state;
	fake_open(&f, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake_close(&f);
	return 0;
}

/* The bug of an input that fails as the row has it; its id. */
static const char *file_bug(const char *input, const struct fake_row *row)
{
	static char id[17];

	fake_rows(row, 1);
	snprintf(id, sizeof(id), "%s", fake_file(&f, input).bug);
	assert_true(*id);
	return id;
}

/* One bug by its id; what verify says of it is released by the next call's caller. */
static struct verify_result verify(const char *id, struct verify_opts opts)
{
	struct strlist ids = STRLIST_INIT;
	struct verify_result r;
	struct err err = ERR_INIT;

	strlist_add(&ids, id);
	opts.bugs = &ids;
	if (verify_run(f.p, &opts, &r, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(r.n, 1);
	strlist_release(&ids);
	return r;
}

/* --- verdicts --- */

/* "first" was filed with COPY, and "second", which is larger, belongs to the same bug. */
static const struct {
	const char *name;
	struct fake_row today[3];
	const char *unbuilt, *yaml;
	enum bug_state before, after;
	enum verify_verdict verdict;
	const char *why;   /* in it; NULL: nothing is said */
	const char *best;  /* reproducer, then; NULL: "first" */
	unsigned runs;     /* of it; 0: doesn't matter */
	unsigned split, n; /* findings that became other bugs; bugs, then (0: 1) */
	bool known;        /* MOVE is a bug that was filed already */
} verdicts[] = {
	{ .name = "fails as it did",
		.today = { { CRASHES(COPY) } },
		.verdict = VERIFY_SAME,
		.runs = 1 },
	{ .name = "passes", .verdict = VERIFY_GONE, .after = BUG_FIXED, .runs = 3 },
	{ .name = "passes, ignored",
		.before = BUG_IGNORED,
		.verdict = VERIFY_GONE,
		.after = BUG_FIXED },
	{ .name = "fails again",
		.today = { { CRASHES(COPY) } },
		.before = BUG_FIXED,
		.verdict = VERIFY_SAME,
		.after = BUG_REGRESSED },
	{ .name = "still fixed", .before = BUG_FIXED, .verdict = VERIFY_GONE, .after = BUG_FIXED },
	{ .name = "fails now and then",
		.today = { { CRASHES(COPY), .runs = "..F" } },
		.verdict = VERIFY_SAME,
		.after = BUG_FLAKY,
		.runs = 3 },
	{ .name = "fails otherwise",
		.today = { { CRASHES(MOVE) } },
		.verdict = VERIFY_MASKED,
		.why = "heap-buffer-overflow",
		.n = 2 },
	{ .name = "fails otherwise, as another bug that is known",
		.today = { { CRASHES(MOVE) } },
		.known = true,
		.verdict = VERIFY_MASKED,
		.why = "heap-buffer-overflow",
		.n = 2 },
	{ .name = "fails otherwise first, then as it did",
		.today = { { CRASHES(COPY), .runs = ".F" } },
		.verdict = VERIFY_SAME,
		.after = BUG_FLAKY },
	{ .name = "passes, but another finding of it fails still",
		.today = { { .input = "second", CRASHES(COPY) } },
		.verdict = VERIFY_SAME,
		.why = "another finding of it fails still",
		.best = "second" },
	{ .name = "passes, and another finding of it fails otherwise",
		.today = { { .input = "second", CRASHES(MOVE) } },
		.verdict = VERIFY_GONE,
		.after = BUG_FIXED,
		.split = 1,
		.n = 2 },
	{ .name = "can't be built",
		.unbuilt = "asan",
		.verdict = VERIFY_CANNOT_TELL,
		.why = "doesn't compile" },
	{ .name = "can't be run",
		.today = { { .outcome = TARGET_ERROR, .text = "no memory" } },
		.verdict = VERIFY_CANNOT_TELL,
		.why = "no memory" },
	{ .name = "its harness is gone",
		.yaml = "version: 1\nproject: fake\nharnesses:\n  other:\n    source: fuzz.c\n",
		.verdict = VERIFY_CANNOT_TELL,
		.why = "isn't in the project file" },
};

static void every_verdict(void **state)
{
	static const struct fake_row filing[] = { { CRASHES(COPY) } };
	static const struct fake_row move = { CRASHES(MOVE) };

	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		const char *name = verdicts[i].name;
		char id[17], other[17];
		struct verify_result r;
		struct bug_rec b;

		set_up(state);
		snprintf(id, sizeof(id), "%s", file_bug("first", filing));
		assert_string_equal(file_bug("second", filing), id);
		if (verdicts[i].known)
			snprintf(other, sizeof(other), "%s", file_bug("third", &move));
		fake_set_state(&f, id, verdicts[i].before);
		fake_reopen(&f, verdicts[i].yaml);
		fake_rows(verdicts[i].today, ARRAY_LEN(verdicts[i].today));
		fake_unbuilt(verdicts[i].unbuilt);
		r = verify(id, (struct verify_opts){ .done = NULL });
		if (r.v[0].verdict != verdicts[i].verdict || r.v[0].after != verdicts[i].after)
			fail_msg("%s: %s (%s), %s", name, verify_word(r.v[0].verdict),
				r.v[0].why ? r.v[0].why : "", bug_state_name(r.v[0].after));
		if (!verdicts[i].why != !r.v[0].why ||
			(r.v[0].why && !strstr(r.v[0].why, verdicts[i].why)))
			fail_msg("%s: because %s", name, r.v[0].why ? r.v[0].why : "nothing");
		if (verdicts[i].runs && r.v[0].tries != verdicts[i].runs)
			fail_msg("%s: %u runs", name, r.v[0].tries);
		assert_int_equal(r.v[0].split, verdicts[i].split);
		if (verdicts[i].known)
			assert_string_equal(r.v[0].other, other);
		if (fake_n_bugs(&f) != MAX(verdicts[i].n, 1u))
			fail_msg("%s: %u bugs", name, fake_n_bugs(&f));
		b = fake_bug(&f, id);
		assert_int_equal(b.state, verdicts[i].after);
		bug_rec_release(&b);
		fake_assert_reproducer(&f, id, verdicts[i].best ? verdicts[i].best : "first");
		verify_result_release(&r);
		tear_down(state);
	}
}

/* It failed once in four when it was filed: three passes are no proof. */
static void flaky_ones_are_tried_more(void **state)
{
	static const struct fake_row filing[] = { { CRASHES(COPY), .runs = "F..." } },
				     today[] = { { CRASHES(COPY), .runs = ".........F" } };
	char id[17];
	struct verify_result r;

	(void)state;
	snprintf(id, sizeof(id), "%s", file_bug("x", filing));
	fake_rows(today, 1);
	r = verify(id, (struct verify_opts){ .done = NULL });
	assert_int_equal(r.v[0].verdict, VERIFY_SAME);
	assert_int_equal(r.v[0].tries, 10);
	verify_result_release(&r);
	fake_rows(NULL, 0);
	r = verify(id, (struct verify_opts){ .done = NULL });
	assert_int_equal(r.v[0].verdict, VERIFY_GONE);
	assert_true(r.v[0].tries > 10);
	verify_result_release(&r);
}

/* Another tree is looked at only: nothing is filed, fixed or renewed by what it shows. */
static void another_tree_changes_nothing(void **state)
{
	static const char yaml[] =
		"version: 1\nproject: fake\nbuild:\n  sources: [src/*.c]\ntargets:\n"
		"  patched:\n    sources: [src/*.c]\nharnesses:\n  h:\n    source: fuzz.c\n";
	static const struct {
		struct fake_row there;
		enum verify_verdict verdict;
	} rows[] = { { { .build = "patched", .outcome = TARGET_OK }, VERIFY_GONE },
		{ { .build = "patched", CRASHES(MOVE) }, VERIFY_MASKED },
		{ { .build = "patched", CRASHES(COPY) }, VERIFY_SAME } };
	static const struct fake_row filing[] = { { CRASHES(COPY) } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct fake_row today[] = { rows[i].there, { CRASHES(COPY) } };
		struct verify_result r;
		struct bug_rec b;
		char id[17];

		(void)state;
		fake_open(&f, yaml);
		snprintf(id, sizeof(id), "%s", file_bug("x", filing));
		fake_rows(today, 2);
		r = verify(id, (struct verify_opts){ .target = "patched" });
		assert_int_equal(r.v[0].verdict, rows[i].verdict);
		assert_int_equal(r.v[0].after, BUG_OPEN);
		b = fake_bug(&f, id);
		assert_int_equal(b.state, BUG_OPEN);
		bug_rec_release(&b);
		assert_int_equal(fake_n_bugs(&f), 1);
		verify_result_release(&r);
		fake_close(&f);
	}
}

/* The harness changed since it was last seen to fail: passing is a fix only where the former harness passes, too. */
static const struct {
	const char *name;
	struct fake_row former; /* what the bug's input gives below the harness as it was */
	const char *unbuilt;
	bool trust;
	enum verify_verdict verdict;
	const char *why;
} changed[] = {
	{ .name = "the library was mended", .verdict = VERIFY_GONE },
	{ .name = "the input leads elsewhere",
		.former = { .build = ".former", CRASHES(COPY) },
		.verdict = VERIFY_CANNOT_TELL,
		.why = "on the harness as it was it fails still" },
	{ .name = "below it the library fails otherwise",
		.former = { .build = ".former", CRASHES(MOVE) },
		.verdict = VERIFY_CANNOT_TELL,
		.why = "fails in another way" },
	{ .name = "somebody looked",
		.former = { .build = ".former", CRASHES(COPY) },
		.trust = true,
		.verdict = VERIFY_GONE },
};

static void a_harness_that_changed(void **state)
{
	static const struct fake_row filing[] = { { CRASHES(COPY) } };

	for (size_t i = 0; i < ARRAY_LEN(changed); i++) {
		struct verify_result r;
		char id[17];

		set_up(state);
		snprintf(id, sizeof(id), "%s", file_bug("x", filing));
		r = verify(id, (struct verify_opts){ .done = NULL });
		assert_int_equal(r.v[0].verdict, VERIFY_SAME);
		verify_result_release(&r);
		fake_put(&f, "fuzz.c", "int LLVMFuzzerTestOneInput(void) { return 1; }\n");
		fake_rows(&changed[i].former, 1);
		r = verify(id, (struct verify_opts){ .trust_harness = changed[i].trust });
		if (r.v[0].verdict != changed[i].verdict || !changed[i].why != !r.v[0].why ||
			(changed[i].why && !strstr(r.v[0].why, changed[i].why)))
			fail_msg("%s: %s: %s", changed[i].name, verify_word(r.v[0].verdict),
				r.v[0].why ? r.v[0].why : "");
		verify_result_release(&r);
		tear_down(state);
	}
}

/* --- proof --- */

#define CLANG "clang with ASan and UBSan"
#define GCC "gcc with ASan and UBSan"
#define MSAN "clang with MSan"
#define PLAIN "no sanitizer"

static const struct {
	const char *name;
	struct fake_row rows[4];
	const char *unbuilt;
	/* on what is there; none of these builds is */
	bool soon;
	bool proven, flaky;
	const char *fails, *otherwise, *passes, *not_built, *why;
} proofs[] = {
	{ .name = "fails on all",
		.rows = { { CRASHES(COPY) } },
		.proven = true,
		.fails = CLANG ", " GCC ", " MSAN ", " PLAIN },
	{ .name = "soon",
		.rows = { { CRASHES(COPY) } },
		.soon = true,
		.proven = true,
		.fails = CLANG },
	{ .name = "soon, but not on the first build",
		.rows = { { .variant = "gcc-asan", CRASHES(COPY) } },
		.soon = true,
		.proven = true,
		.fails = GCC,
		.passes = CLANG },
	{ .name = "soon, but on none",
		.soon = true,
		.passes = CLANG ", " GCC ", " MSAN ", " PLAIN,
		.why = "it passes alone on every build" },
	{ .name = "fails on none",
		.passes = CLANG ", " GCC ", " MSAN ", " PLAIN,
		.why = "it passes alone on every build" },
	{ .name = "fails on one with a sanitizer",
		.rows = { { .variant = "gcc-asan", CRASHES(COPY) } },
		.proven = true,
		.fails = GCC,
		.passes = CLANG ", " MSAN ", " PLAIN },
	{ .name = "fails without a sanitizer only",
		.rows = { { .variant = "plain", CRASHES("") } },
		.fails = PLAIN,
		.passes = CLANG ", " GCC ", " MSAN,
		.why = "it passes alone on every build" },
	{ .name = "fails otherwise",
		.rows = { { .variant = "plain" }, { CRASHES(MOVE) } },
		.otherwise = CLANG ", " GCC ", " MSAN,
		.passes = PLAIN,
		.why = "fails in another way" },
	{ .name = "gcc names it otherwise, in the same function",
		.rows = { { .variant = "asan", CRASHES(COPY) },
			{ .variant = "gcc-asan",
				CRASHES(FAKE_ASAN("stack-buffer-overflow", "copy")) } },
		.proven = true,
		.fails = CLANG ", " GCC,
		.passes = MSAN ", " PLAIN },
	{ .name = "fails now and then",
		.rows = { { .variant = "asan", CRASHES(COPY), .runs = "F.." } },
		.proven = true,
		.flaky = true,
		.fails = CLANG,
		.passes = GCC ", " MSAN ", " PLAIN },
	{ .name = "two compilers are missing",
		.unbuilt = "gcc-asan msan",
		.rows = { { CRASHES(COPY) } },
		.proven = true,
		.fails = CLANG ", " PLAIN,
		.not_built = GCC ", " MSAN },
	{ .name = "nothing builds",
		.unbuilt = "asan gcc-asan msan plain",
		.not_built = CLANG ", " GCC ", " MSAN ", " PLAIN,
		.why = "it could be run on no build" },
	{ .name = "one build can't be run",
		.rows = { { .variant = "gcc-asan", .outcome = TARGET_ERROR, .text = "no memory" },
			{ CRASHES(COPY) } },
		.proven = true,
		.fails = CLANG ", " MSAN ", " PLAIN,
		.not_built = GCC },
};

static void proofs_on_every_build(void **state)
{
	static const struct fake_row filing[] = { { CRASHES(COPY) } };

	for (size_t i = 0; i < ARRAY_LEN(proofs); i++) {
		struct proof p = PROOF_INIT;
		struct err err = ERR_INIT;
		struct bug_details l;
		const char *const want[] = { proofs[i].fails, proofs[i].otherwise, proofs[i].passes,
			proofs[i].not_built };
		const struct buf *const got[] = { &p.fails, &p.otherwise, &p.passes, &p.not_built };

		set_up(state);
		if (bug_details_load(f.p, file_bug("x", filing), &l, &err) < 0)
			fail_msg("%s", err.msg);
		project_targets_close(f.p);
		fake_rows(proofs[i].rows, ARRAY_LEN(proofs[i].rows));
		fake_unbuilt(proofs[i].unbuilt);
		if (proof_run(f.p, &l, NULL, proofs[i].soon, &p, &err) < 0)
			fail_msg("%s: %s", proofs[i].name, err.msg);
		if (p.proven != proofs[i].proven || p.flaky != proofs[i].flaky)
			fail_msg("%s: %sproven%s", proofs[i].name, p.proven ? "" : "not ",
				p.flaky ? ", flaky" : "");
		for (size_t k = 0; k < ARRAY_LEN(want); k++)
			if (strcmp(buf_str(got[k]), want[k] ? want[k] : "") != 0)
				fail_msg("%s, list %zu: %s", proofs[i].name, k, buf_str(got[k]));
		if (proofs[i].why && !strstr(buf_str(&p.why), proofs[i].why))
			fail_msg("%s: because %s", proofs[i].name, buf_str(&p.why));
		if (proof_lacks(&f.p->cfg->harnesses[0], want, ARRAY_LEN(want)) !=
			(proofs[i].soon && proofs[i].proven))
			fail_msg("%s: which builds are lacking", proofs[i].name);
		proof_release(&p);
		bug_details_release(&l);
		tear_down(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verdict),
		cmocka_unit_test_setup_teardown(flaky_ones_are_tried_more, set_up, tear_down),
		cmocka_unit_test(another_tree_changes_nothing),
		cmocka_unit_test(a_harness_that_changed),
		cmocka_unit_test(proofs_on_every_build),
	};

	return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
