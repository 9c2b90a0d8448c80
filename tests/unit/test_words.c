/* What libFuzzer prints of a failing input, whatever a target prints around it. */
#include "base/prelude.h"
#include "engine/words.h"
#include "base/hash.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define SHA_ABC "a9993e364706816aba3e25717850c26c9cd0d89d" /* of "abc", which is YWJj */
#define WROTE "artifact_prefix='/x/'; Test unit written to /x/crash-" SHA_ABC "\n"

static const struct {
	const char *text, *name, *input, *report;
} cases[] = {
	{ "#1\tINITED cov: 1\n", "", "", "" },
	{ "INFO: Seed: 1\n==1==ERROR: AddressSanitizer: SEGV on x\n    #0 0x1 in f\nMS: 1 "
	  "Bit-\n" WROTE "Base64: YWJj\n",
		"crash-" SHA_ABC, "abc",
		"==1==ERROR: AddressSanitizer: SEGV on x\n    #0 0x1 in f\n" },
	/* the first line of a signal's report belongs to it */
	{ "AddressSanitizer:DEADLYSIGNAL\n==1==ERROR: AddressSanitizer: SEGV\n" WROTE,
		"crash-" SHA_ABC, "",
		"AddressSanitizer:DEADLYSIGNAL\n==1==ERROR: AddressSanitizer: SEGV\n" },
	/* what was said right before it belongs to it, what was said before libFuzzer's own lines doesn't */
	{ "old words\n#2\tNEW cov: 1\nterminate called\n  what():  no room\n==1== ERROR: "
	  "libFuzzer: deadly signal\n",
		"", "",
		"terminate called\n  what():  no room\n==1== ERROR: libFuzzer: deadly signal\n" },
	/* the last report is the one that ended it */
	{ "a.c:1:1: runtime error: one\nfree words\n==1== ERROR: libFuzzer: timeout\nstat::a: "
	  "1\nmore\n",
		"", "", "==1== ERROR: libFuzzer: timeout\n" },
	/* bytes that aren't those of the name are nobody's */
	{ WROTE "Base64: YWJk\n", "crash-" SHA_ABC, "", "" },
	{ WROTE "Base64: YW Jj\n", "crash-" SHA_ABC, "", "" },
	{ "Base64: YWJj\n", "", "", "" },
	{ "Test unit written to \nBase64: YWJj\n", "", "", "" },
	{ "Test unit written to /x/crash-" SHA_ABC SHA_ABC "\n", "", "", "" },
};

static void reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct words w = WORDS_INIT;
		struct strv text = strv_of(cases[i].text), line;

		while (strv_line(&text, &line))
			words_line(&w, line);
		assert_string_equal(w.name, cases[i].name);
		assert_string_equal(buf_str(&w.input), cases[i].input);
		assert_string_equal(buf_str(&w.report), cases[i].report);
		words_reset(&w);
		assert_string_equal(w.name, "");
		assert_string_equal(buf_str(&w.report), "");
		words_release(&w);
	}
}

/* A report without end doesn't take all memory. */
static void stays_bounded(void **state)
{
	struct words w = WORDS_INIT;

	(void)state;
	words_line(&w, STRV("==1==ERROR: AddressSanitizer: x"));
	for (int i = 0; i < 100000; i++)
		words_line(&w, STRV("    #0 0x1 in a function with a name of some length"));
	assert_true(w.report.len <= (256 << 10));
	words_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(reads),
		cmocka_unit_test(stays_bounded) };

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
