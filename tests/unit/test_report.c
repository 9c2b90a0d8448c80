/* What reports are written as: JUnit XML, whose readers are strict and whose texts are hostile. */
#include "base/prelude.h"
#include "base/mem.h"
#include "report/junit.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define FFFD "\xef\xbf\xbd"
#define CASE "    <testcase classname=\"h\" name=\"n\" time=\"0.001500\">"
#define FAILURE CASE "\n      <failure type=\"crash\""
#define TEXT(s)                    \
	{                          \
		(s), sizeof(s) - 1 \
	}
#define END "</failure>\n    </testcase>\n"

static const struct {
	const char *what;
	struct junit_row row; /* classname, name and time as in CASE where there are none */
	bool brief;
	const char *want;
} rows[] = {
	{ "a pass", { .result = JUNIT_PASSED }, false, CASE "</testcase>\n" },
	{ "a brief pass", { .result = JUNIT_PASSED }, true,
		"    <testcase classname=\"h\" name=\"n\" time=\"0.001500\"/>\n" },
	{ "a number", { .property = "heap_bytes", .value = UINT64_MAX }, true,
		CASE "\n      <properties><property name=\"heap_bytes\" "
		     "value=\"18446744073709551615\"/></properties>\n    </testcase>\n" },
	{ "skipped", { .result = JUNIT_SKIPPED }, false, CASE "<skipped/></testcase>\n" },
	{ "skipped, and why", { .result = JUNIT_SKIPPED, .message = "a \"known\" bug" }, false,
		CASE "\n      <skipped message=\"a &quot;known&quot; bug\"/>\n    </testcase>\n" },
	{ "a failure",
		{ .result = JUNIT_FAILED,
			.type = "crash",
			.message = "no",
			.text = TEXT("==1==\n\tat f") },
		false, FAILURE " message=\"no\">==1==\n\tat f" END },
	{ "no message", { .result = JUNIT_FAILED, .type = "crash" }, false, FAILURE ">" END },
	{ "a failure with a number",
		{ .result = JUNIT_FAILED,
			.type = "crash",
			.message = "m",
			.property = "rss_bytes",
			.value = 1 },
		false,
		CASE "\n      <properties><property name=\"rss_bytes\" value=\"1\"/></properties>"
		     "\n      <failure type=\"crash\" message=\"m\">" END },
	{ "an error", { .result = JUNIT_ERROR, .message = "no build", .text = TEXT("why") }, false,
		CASE "\n      <error type=\"error\" message=\"no build\">why</error>\n    "
		     "</testcase>\n" },
	{ "names", { .classname = "a<b>", .name = "x\"'&\xff" }, false,
		"    <testcase classname=\"a&lt;b&gt;\" name=\"x&quot;&#39;&amp;" FFFD
		"\" time=\"0.001500\"></testcase>\n" },
	{ "the end of a CDATA section, or of the element",
		{ .result = JUNIT_FAILED, .type = "crash", .text = TEXT("]]></failure>") }, false,
		FAILURE ">]]&gt;&lt;/failure&gt;" END },
	{ "C0 controls, DEL",
		{ .result = JUNIT_FAILED, .type = "crash", .text = TEXT("a\0b\x1b[31m\r\x7f") },
		false, FAILURE ">a" FFFD "b" FFFD "[31m" FFFD FFFD END },
	{ "C1 controls, and not what comes behind them",
		{ .result = JUNIT_FAILED,
			.type = "crash",
			.text = TEXT("\xc2\x80\xc2\x9b"
				     "2J\xc2\x9f\xc2\xa0\xc3\x9f") },
		false, FAILURE ">" FFFD FFFD "2J" FFFD "\xc2\xa0\xc3\x9f" END },
	{ "invalid UTF-8: overlong, a surrogate, too large, cut short",
		{ .result = JUNIT_FAILED,
			.type = "crash",
			.text = TEXT("\xc0\xaf|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82") },
		false,
		FAILURE ">" FFFD FFFD "|" FFFD FFFD FFFD "|" FFFD FFFD FFFD FFFD
			"|" FFFD FFFD END },
	{ "what XML can't say",
		{ .result = JUNIT_FAILED,
			.type = "crash",
			.text = TEXT("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd") },
		false, FAILURE ">" FFFD FFFD FFFD END },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct junit j = { .rows = BUF_INIT, .brief = rows[i].brief };
		struct junit_row row = rows[i].row;

		row.classname = row.classname ? row.classname : "h";
		row.name = row.name ? row.name : "n";
		row.us = 1500;
		junit_add(&j, &row);
		if (strcmp(buf_str(&j.rows), rows[i].want) != 0)
			fail_msg("%s: got:\n%s\nwant:\n%s", rows[i].what, buf_str(&j.rows),
				rows[i].want);
		assert_int_equal(j.tests, 1);
		assert_int_equal(j.failures, row.result == JUNIT_FAILED);
		assert_int_equal(j.errors, row.result == JUNIT_ERROR);
		assert_int_equal(j.skipped, row.result == JUNIT_SKIPPED);
		junit_release(&j);
	}
}

static void test_frame(void **state)
{
	static const struct junit_row some[] = { { "h", "a", 250000, .result = JUNIT_PASSED },
		{ "h", "b", 1000000, .result = JUNIT_FAILED },
		{ "h", "c", 0, .result = JUNIT_ERROR },
		{ "h", "d", 250001, .result = JUNIT_SKIPPED } };

	(void)state;
	for (int brief = 0; brief < 2; brief++) {
		struct junit j = { .rows = BUF_INIT, .brief = brief };
		struct buf out = BUF_INIT, want = BUF_INIT;

		for (size_t i = 0; i < ARRAY_LEN(some); i++)
			junit_add(&j, &some[i]);
		junit_write(&j, "a&b", &out);
		buf_addf(&want,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
			"  <testsuite name=\"a&amp;b\" tests=\"4\" failures=\"1\" errors=\"1\"%s "
			"time=\"1.500001\">\n%s  </testsuite>\n</testsuites>\n",
			brief ? "" : " skipped=\"1\"", buf_str(&j.rows));
		assert_string_equal(buf_str(&out), buf_str(&want));
		buf_release(&out);
		buf_release(&want);
		junit_release(&j);
	}
}

static size_t count(const struct buf *b, const char *what)
{
	struct strv rest = strv_n(b->s, b->len);
	size_t n = 0, at;

	/* (strstr asks for the whole text's length each time, under a sanitizer) */
	while ((at = strv_find(rest, what)) != SIZE_MAX) {
		rest = strv_from(rest, at + strlen(what));
		n++;
	}
	return n;
}

/* The head of a long text is kept, whole characters of it, and the rest is counted. */
static void test_long_text(void **state)
{
	static const struct {
		size_t len, kept; /* of "\xc3\xa9" over and over, behind one "x" */
	} cases[] = {
		{ JUNIT_TEXT_MAX, JUNIT_TEXT_MAX },
		{ JUNIT_TEXT_MAX + 1, JUNIT_TEXT_MAX - 1 },
		{ 3 * JUNIT_TEXT_MAX + 1, JUNIT_TEXT_MAX - 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct junit j = JUNIT_INIT;
		char *text = xmalloc(cases[i].len + 1), *left;
		struct junit_row row = { .classname = "h",
			.name = "n",
			.result = JUNIT_FAILED,
			.type = "crash",
			.text = { text, cases[i].len } };

		text[0] = 'x';
		for (size_t k = 1; k <= cases[i].len; k++)
			text[k] = (char)(k % 2 ? 0xc3 : 0xa9);
		junit_add(&j, &row);
		left = xasprintf(
			"\xa9\n[%zu bytes left out]\n</failure>", cases[i].len - cases[i].kept);
		/* the first ends in half a character, which is its own fault */
		assert_int_equal(count(&j.rows, FFFD), cases[i].kept == cases[i].len);
		assert_int_equal(count(&j.rows, "\xc3\xa9"), (cases[i].kept - 1) / 2);
		assert_int_equal(count(&j.rows, left), cases[i].kept < cases[i].len);
		free(left);
		free(text);
		junit_release(&j);
	}
}

/* A file that isn't read says nothing: failures have their room, however many pass. */
static void test_large(void **state)
{
	enum { PASSES = 400000, FAILURES = 600 };
	char *text = xmalloc(JUNIT_TEXT_MAX);
	struct junit j = { .rows = BUF_INIT, .brief = true };
	struct junit_row row = { .classname = "h", .name = "a name", .result = JUNIT_PASSED };
	struct buf out = BUF_INIT;

	(void)state;
	memset(text, 'x', JUNIT_TEXT_MAX);
	for (size_t i = 0; i < PASSES; i++)
		junit_add(&j, &row);
	assert_in_range(j.tests, 100000, PASSES - 1);
	row.result = JUNIT_FAILED;
	row.text = strv_n(text, JUNIT_TEXT_MAX);
	for (size_t i = 0; i < FAILURES; i++)
		junit_add(&j, &row);
	assert_in_range(j.failures, 200, FAILURES - 1);
	assert_int_equal(j.tests + j.left_out, PASSES + FAILURES);
	junit_write(&j, "s", &out);
	assert_in_range(out.len, JUNIT_BYTES / 2, JUNIT_BYTES);
	assert_int_equal(count(&out, "<testcase"), j.tests);
	assert_int_equal(count(&out, "<system-err>"), 1);
	buf_release(&out);
	junit_release(&j);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
