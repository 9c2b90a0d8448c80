/* Which link of the chain from an engine to a proven test is dead, from what became of the planted bugs. */
#include "base/prelude.h"
#include "night/chain.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ALL true, true, true, true
#define FILED true, true, false, false
#define SMALL true, true, true, false
#define NOT_FILED true, false, false, false
#define NOT_WANTED false, false, false, false

static const struct {
	struct chain_facts facts;
	enum chain_link link;
	const char *why;
} rows[] = {
	{ { .seen = { { ALL }, { ALL }, { ALL }, { ALL } } }, CHAIN_ALIVE, "" },
	{ { .seen = { { ALL }, { ALL }, { ALL }, { NOT_WANTED } } }, CHAIN_ALIVE, "" },
	{ { .not_built = "canary: no compiler", .engine = "aflpp: x" }, CHAIN_BUILD,
		"canary: no compiler" },
	/* the others found all of it: the engine is dead all the same */
	{ { .engine = "aflpp: it ran nothing", .seen = { { ALL }, { ALL }, { ALL }, { ALL } } },
		CHAIN_ENGINE, "aflpp: it ran nothing" },
	{ { .seen = { { NOT_FILED }, { ALL }, { ALL }, { ALL } } }, CHAIN_ENGINE,
		"a crash behind a value: nothing found it" },
	{ { .unfiled = 1, .seen = { { NOT_FILED }, { ALL }, { NOT_FILED }, { ALL } } },
		CHAIN_TRIAGE, "a crash behind a value, a hang: its finding became no bug" },
	{ { .seen = { { FILED }, { ALL }, { SMALL }, { ALL } } }, CHAIN_MINIMIZE,
		"a crash behind a value: its reproducer was not made small" },
	{ { .seen = { { ALL }, { SMALL }, { ALL }, { ALL } } }, CHAIN_TEST,
		"a leak: no regression test was written and proven" },
};

static void judges(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf why = BUF_INIT;

		assert_int_equal(chain_judge(&rows[i].facts, &why), rows[i].link);
		assert_string_equal(buf_str(&why), rows[i].why);
		buf_release(&why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(judges) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
