/* Trails: what is written is read back, and what counts as a place that an input no longer gets to. */
#include "base/prelude.h"
#include "retest/exec_trace.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char first[] = "int f(int x)\n{\n\tif (x)\n\t\treturn g(x);\n\treturn 0;\n}\n";
static const char edited[] = "int f(int x)\n{\n\tif (x > 2)\n\t\treturn g( x );\n\treturn 0;\n}\n";

/* Lines are numbers in `text`, hits behind a colon: "3:1 4:2". */
static void exec_trace_of(struct exec_trace *t, const char *text, const char *places)
{
	struct exec_trace_text lines;
	struct strv rest = strv_of(places), part;

	*t = (struct exec_trace){ .n = 0 };
	exec_trace_read(&lines, strv_of(text));
	while (strv_split(&rest, ' ', &part)) {
		unsigned line = (unsigned)(part.s[0] - '0'), hits = (unsigned)(part.s[2] - '0');

		exec_trace_add(t, "lib/f.c", lines.sha256, lines.lines[line - 1], hits,
			line == 4 ? "g" : "f");
	}
	exec_trace_sort(t);
	exec_trace_text_release(&lines);
}

static const struct {
	const char *name, *was, *now_text, *now;
	const char *lost; /* NULL: gets everywhere */
} cases[] = {
	{ "the same way", "2:1 4:2", first, "2:1 4:2", NULL },
	{ "further", "2:1", first, "2:1 5:1", NULL },
	{ "more often", "2:1 4:2", first, "2:1 4:3", NULL },
	{ "less often", "2:1 4:2", first, "2:1 4:1", "g" },
	{ "not at all", "2:1 4:2", first, "", "g" },
	{ "not to one place", "2:1 4:2", first, "2:1 5:1", "g" },
	{ "in another file, less often", "2:1 4:2", edited, "2:1 4:1", NULL },
	{ "a line that was edited away", "2:1 3:1 4:2", edited, "2:1 4:2", NULL },
	{ "a line that is still there", "2:1 3:1 4:2", edited, "2:1", "g" },
	{ "white space is no edit", "4:1", edited, "4:1", NULL },
};

static void test_lost(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct exec_trace was, now;
		struct exec_trace_text today;
		const char *lost;

		exec_trace_of(&was, first, cases[i].was);
		exec_trace_of(&now, cases[i].now_text, cases[i].now);
		exec_trace_read(&today, strv_of(cases[i].now_text));
		lost = exec_trace_lost(&was, &now, &today, STRV("g"));
		if ((lost == NULL) != (cases[i].lost == NULL) ||
			(lost && strcmp(lost, cases[i].lost) != 0))
			fail_msg("%s: lost %s", cases[i].name, lost ? lost : "nothing");
		exec_trace_release(&was);
		exec_trace_release(&now);
		exec_trace_text_release(&today);
	}
}

static void test_format(void **state)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct exec_trace t, again;

	(void)state;
	exec_trace_of(&t, first, "4:2 2:1 2:1 5:1");
	exec_trace_add(&t, "a file", "", 7, 1, "operator delete(void *)");
	exec_trace_sort(&t);
	exec_trace_format(&a, &t);
	assert_int_equal(exec_trace_parse(strv_n(a.s, a.len), &again), 0);
	exec_trace_format(&b, &again);
	assert_string_equal(a.s, b.s);
	assert_int_equal(again.n, 2);
	assert_int_equal(again.v[1].n, 3); /* one line of two places */
	exec_trace_release(&t);
	exec_trace_release(&again);
	buf_release(&a);
	buf_release(&b);
}

static const char *const broken[] = { "", "x", "thresh trail 2\n", "thresh trail 1\n1 1 f\n",
	"thresh trail 1\nfile - \n", "thresh trail 1\nfile 12 x\n",
	"thresh trail 1\nfile - x\n123456789 1 f\n", "thresh trail 1\nfile - x\n1 -1 f\n",
	"thresh trail 1\nfile - x\n1 1\n" };

static void test_broken(void **state)
{
	struct exec_trace t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		if (exec_trace_parse(strv_of(broken[i]), &t) == 0)
			fail_msg("taken: %s", broken[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lost),
		cmocka_unit_test(test_format), cmocka_unit_test(test_broken) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
