/* What makes a harness sick, and what only deserves a word: facts in, names of rules out. */
#include "base/prelude.h"
#include "base/buf.h"
#include "health/health.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* a healthy one: ten inputs, four of them seeds */
#define WELL .inputs = 10, .seeds = 4, .counters = 100, .passed = 11, .beyond_empty = 9

static const struct {
	struct health_facts facts;
	const char *want; /* "*" behind those that are sick */
} rows[] = {
	{ { WELL }, "" },
	{ { .inputs = 10, .counters = 9, .passed = 11 }, "dead*" },
	/* a failure says that there is something to be reached */
	{ { .inputs = 10, .counters = 9, .passed = 10, .failed = 1 }, "" },
	/* the others might */
	{ { .inputs = 10, .counters = 9, .passed = 11, .cut = true }, "" },
	{ { .counters = 9, .passed = 1, .cut = true }, "not-measured" },
	{ { .counters = 9, .passed = 1 }, "" },
	/* too few to be sure */
	{ { .inputs = 3, .counters = 9, .passed = 4 }, "" },
	/* the empty input failed: nothing to compare with */
	{ { .inputs = 10, .counters = 9, .passed = 10 }, "" },
	{ { .inputs = 10, .passed = 11, .beyond_empty = 0 }, "no-counters*" },
	{ { .empty_hangs = true }, "hang*" },
	{ { WELL, .rejected = 10, .seeds_rejected = { 4, NULL } }, "rejects-all*" },
	{ { WELL, .rejected = 10, .seeds_rejected = { 4, NULL }, .cut = true }, "" },
	{ { WELL, .rejected = 9, .seeds_rejected = { 3, NULL } }, "rejects" },
	{ { WELL, .rejected = 8, .seeds_rejected = { 2, NULL } }, "" },
	{ { .inputs = 10, .counters = 9, .failed = 10 }, "fails-always" },
	{ { WELL, .seeds_failed = { 1, NULL } }, "seeds-fail" },
	{ { WELL, .seeds_failed = { 4, NULL }, .leak_tried = 11, .sanitizer_failed = 11 },
		"fails-always" },
	{ { WELL, .seeds_failed = { 4, NULL }, .leak_tried = 11, .sanitizer_failed = 10 },
		"seeds-fail" },
	{ { WELL, .seeds_shallow = { 3, NULL } }, "shallow" },
	{ { WELL, .seeds_shallow = { 2, NULL } }, "" },
	{ { WELL, .denied = { 1, NULL } }, "denied" },
	{ { WELL, .unstable = { 1, NULL } }, "" },
	{ { WELL, .unstable = { 2, NULL } }, "unstable" },
	{ { WELL, .stateful = { 1, NULL } }, "state" },
	{ { WELL, .stateful = { 2, NULL }, .unstable = { 1, NULL } }, "" },
	{ { WELL, .stateful = { 9, NULL }, .unstable = { 2, NULL } }, "unstable" },
	{ { WELL, .fails_behind = { 1, NULL } }, "state" },
	{ { WELL, .leak_tried = 11, .leaks = { 11, NULL }, .empty_leaks = true }, "leaks-always" },
	{ { WELL, .leak_tried = 11, .leaks = { 1, NULL } }, "leaks" },
	{ { WELL, .run_us = 9999 }, "" },
	{ { WELL, .run_us = 10000 }, "slow" },
	{ { WELL, .files = { 1, NULL }, .processes = { 1, NULL } }, "files processes" },
};

static void judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct health h = { NULL };
		struct buf got = BUF_INIT;

		health_judge(&rows[i].facts, &h);
		for (size_t k = 0; k < h.n; k++) {
			assert_true(*h.v[k].cause && *h.v[k].mend);
			buf_addf(&got, "%s%s%s", k ? " " : "", h.v[k].rule,
				h.v[k].severity == HEALTH_SICK ? "*" : "");
		}
		assert_string_equal(buf_str(&got), rows[i].want);
		assert_true((health_sick(&h) != NULL) == (strchr(rows[i].want, '*') != NULL));
		buf_release(&got);
		health_release(&h);
	}
}

static void names_the_first(void **state)
{
	struct health_facts f = { WELL, .leak_tried = 11 };
	struct health h = { NULL };

	(void)state;
	health_count_add(&f.leaks, "one.bin");
	health_count_add(&f.leaks, "two.bin");
	health_judge(&f, &h);
	assert_int_equal(h.n, 1);
	assert_string_equal(h.v[0].cause, "2 of 11 inputs leak memory (the first: one.bin)");
	health_release(&h);
	health_facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges),
		cmocka_unit_test(names_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
