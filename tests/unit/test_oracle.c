/* Is it still the same bug? The reducer's oracle on targets that are tables: what it takes, what it hands on. */
#include "base/prelude.h"
#include "fake.h"
#include "minimize/minimize.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define HEAP(function) FAKE_ASAN("heap-buffer-overflow", function)
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

/* What was handed on, by a word in it. */
struct others {
	unsigned n;
	char last[4096];
};

static void other(void *arg, const void *input, size_t len, const struct target_result *r)
{
	struct others *o = arg;

	(void)input;
	(void)len;
	o->n++;
	snprintf(o->last, sizeof(o->last), STRV_FMT, STRV_ARG(r->text));
}

static int reduce(const char *input, enum minimize_same same, struct minimize_result *out,
	struct others *others, struct err *err)
{
	const struct config_harness *h = project_harness(f.p, "h", err);
	struct crash_rules rules = project_rules(f.p, "h");
	struct minimize_spec spec = { .target = project_target(f.p, h, VARIANT_ASAN, NULL, 1, err),
		.rules = &rules,
		.resolve = project_resolve,
		.resolve_arg = f.p,
		.same = same,
		.format = "raw",
		.seed = 1,
		.other = other,
		.arg = others };

	assert_non_null(spec.target);
	return minimize_run(&spec, input, strlen(input), out, err);
}

static const struct {
	const char *name, *input;
	struct fake_row rows[3];
	enum minimize_same same;
	const char *want;
	unsigned others;
	const char *other; /* in the text of the last one; NULL: there's none */
} rows[] = {
	{ "one failure", "xxxxAyyyy", { { .input = "~A", CRASHES(HEAP("left")) } }, SAME_SIGNATURE,
		"A", 0, NULL },
	{ "another one behind it", "xBxxAx",
		{ { .input = "~A", CRASHES(HEAP("left")) },
			{ .input = "~B", CRASHES(HEAP("right")) } },
		SAME_SIGNATURE, "A", 1, "right" },
	{ "another one before it", "xAxxBx",
		{ { .input = "~B", CRASHES(HEAP("right")) },
			{ .input = "~A", CRASHES(HEAP("left")) } },
		SAME_SIGNATURE, "B", 1, "left" },
	{ "both at once are a third", "xBxxAx",
		{ { .input = "~A", CRASHES(HEAP("left")) },
			{ .input = "~B", CRASHES(FAKE_ASAN("heap-use-after-free", "gone")) } },
		SAME_SIGNATURE, "A", 1, "gone" },
	{ "the same place in another way", "xBxxAx",
		{ { .input = "~A", CRASHES(HEAP("left")) },
			{ .input = "~B", CRASHES(FAKE_ASAN("heap-use-after-free", "left")) } },
		SAME_KIND_TOP_FRAME, "A", 1, "use-after-free" },
	{ "a hang on its way", "xxAHx",
		{ { .input = "~AH", CRASHES(HEAP("left")) }, { .input = "~H", .ms = 60000 } },
		SAME_SIGNATURE, "AH", 1, "timeout" },
	{ "what is slow on its way is no hang", "xxAHx",
		{ { .input = "~AH", CRASHES(HEAP("left")) }, { .input = "~H", .ms = 900 } },
		SAME_SIGNATURE, "AH", 0, NULL },
	{ "a hang", "xxHxx", { { .input = "~H", .ms = 60000 } }, SAME_SIGNATURE, "H", 0, NULL },
	{ "a hang, and a crash on its way", "xxAHx",
		{ { .input = "~AH", .ms = 60000 }, { .input = "~A", CRASHES(HEAP("left")) } },
		SAME_SIGNATURE, "AH", 1, "left" },
	{ "out of memory", "xxMxx", { { .input = "~M", .bytes = (uint64_t)1 << 40 } },
		SAME_SIGNATURE, "M", 0, NULL },
	{ "an exit", "xxExx",
		{ { .input = "~E",
			.outcome = TARGET_EXIT,
			.exit_code = 3,
			.text = "==7== ERROR: thresh: fuzz target exited with status 3\n    #0 0x1 "
				"in "
				"quit /fake/src/lib.c:9:1\n" } },
		SAME_SIGNATURE, "E", 0, NULL },
};

static void same_bug_or_handed_on(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct minimize_result r = { .input = BUF_INIT };
		struct others others = { .n = 0 };
		struct err err = ERR_INIT;

		set_up(state);
		fake_rows(rows[i].rows, ARRAY_LEN(rows[i].rows));
		if (reduce(rows[i].input, rows[i].same, &r, &others, &err) < 0)
			fail_msg("%s: %s", rows[i].name, err.msg);
		if (strcmp(buf_str(&r.input), rows[i].want) != 0)
			fail_msg("%s: left is %s", rows[i].name, buf_str(&r.input));
		if (others.n != rows[i].others ||
			(rows[i].other && !strstr(others.last, rows[i].other)))
			fail_msg(
				"%s: %u others, the last: %s", rows[i].name, others.n, others.last);
		assert_true(r.one_minimal);
		assert_int_equal(r.k, r.n);
		minimize_result_release(&r);
		tear_down(state);
	}
}

/* Where any failure will do, the first that gets small is taken. */
static void any_failure(void **state)
{
	struct minimize_result r = { .input = BUF_INIT };
	struct others others = { .n = 0 };
	struct err err = ERR_INIT;

	(void)state;
	FAKE_ROWS({ .input = "~AxB", CRASHES(HEAP("both")) },
		{ .input = "~A", CRASHES(HEAP("left")) },
		{ .input = "~B", CRASHES(HEAP("right")) });
	assert_int_equal(reduce("xxAxBxx", SAME_ANY, &r, &others, &err), 0);
	assert_int_equal(r.input.len, 1);
	minimize_result_release(&r);
}

/* Half of its runs pass: still reduced, and told so. */
static void flaky(void **state)
{
	struct minimize_result r = { .input = BUF_INIT };
	struct others others = { .n = 0 };
	struct err err = ERR_INIT;

	(void)state;
	FAKE_ROWS({ .input = "~A", CRASHES(HEAP("left")), .runs = "F." });
	assert_int_equal(reduce("xxxxAyyyy", SAME_SIGNATURE, &r, &others, &err), 0);
	assert_string_equal(buf_str(&r.input), "A");
	assert_true(r.k > 0 && r.k < r.n);
	assert_non_null(strstr(buf_str(&r.words), "fail"));
	minimize_result_release(&r);
}

/* Nothing to be reduced: said, with the reason. */
static void refusals(void **state)
{
	static const struct {
		struct fake_row row;
		const char *words;
		enum err_kind kind;
	} no[] = { { { .input = "~nothing" }, "doesn't", ERR_USAGE },
		{ { CRASHES(HEAP("start")) }, "whatever the input", ERR_USAGE },
		{ { .outcome = TARGET_ERROR, .text = "no memory" }, "no memory", ERR_SYSTEM } };

	for (size_t i = 0; i < ARRAY_LEN(no); i++) {
		struct minimize_result r = { .input = BUF_INIT };
		struct others others = { .n = 0 };
		struct err err = ERR_INIT;

		set_up(state);
		fake_rows(&no[i].row, 1);
		assert_int_equal(reduce("xxAxx", SAME_SIGNATURE, &r, &others, &err), -1);
		if (!strstr(err.msg, no[i].words) || err.kind != no[i].kind)
			fail_msg("%zu: %s", i, err.msg);
		minimize_result_release(&r);
		tear_down(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bug_or_handed_on),
		cmocka_unit_test_setup_teardown(any_failure, set_up, tear_down),
		cmocka_unit_test_setup_teardown(flaky, set_up, tear_down),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
}
