/* Trails: what is written is read back, and what counts as a place that an input no longer gets to. */
#include "base/prelude.h"
#include "campaign/trail.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char first[] = "int f(int x)\n{\n\tif (x)\n\t\treturn g(x);\n\treturn 0;\n}\n";
static const char edited[] = "int f(int x)\n{\n\tif (x > 2)\n\t\treturn g( x );\n\treturn 0;\n}\n";

/* Lines are numbers in `text`, hits behind a colon: "3:1 4:2". */
static void trail_of(struct trail *t, const char *text, const char *places)
{
	struct trail_text lines;
	struct strv rest = strv_of(places), part;

	*t = (struct trail){ .n = 0 };
	trail_read(&lines, strv_of(text));
	while (strv_split(&rest, ' ', &part)) {
		unsigned line = (unsigned)(part.s[0] - '0'), hits = (unsigned)(part.s[2] - '0');

		trail_add(t, "lib/f.c", lines.sha256, lines.lines[line - 1], hits,
			line == 4 ? "g" : "f");
	}
	trail_sort(t);
	trail_text_release(&lines);
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
		struct trail was, now;
		struct trail_text today;
		const char *lost;

		trail_of(&was, first, cases[i].was);
		trail_of(&now, cases[i].now_text, cases[i].now);
		trail_read(&today, strv_of(cases[i].now_text));
		lost = trail_lost(&was, &now, &today, STRV("g"));
		if ((lost == NULL) != (cases[i].lost == NULL) ||
			(lost && strcmp(lost, cases[i].lost) != 0))
			fail_msg("%s: lost %s", cases[i].name, lost ? lost : "nothing");
		trail_release(&was);
		trail_release(&now);
		trail_text_release(&today);
	}
}

static void test_format(void **state)
{
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct trail t, again;

	(void)state;
	trail_of(&t, first, "4:2 2:1 2:1 5:1");
	trail_add(&t, "a file", "", 7, 1, "operator delete(void *)");
	trail_sort(&t);
	trail_format(&a, &t);
	assert_int_equal(trail_parse(strv_n(a.s, a.len), &again), 0);
	trail_format(&b, &again);
	assert_string_equal(a.s, b.s);
	assert_int_equal(again.n, 2);
	assert_int_equal(again.v[1].n, 3); /* one line of two places */
	trail_release(&t);
	trail_release(&again);
	buf_release(&a);
	buf_release(&b);
}

static const char *const broken[] = { "", "x", "thresh trail 2\n", "thresh trail 1\n1 1 f\n",
	"thresh trail 1\nfile - \n", "thresh trail 1\nfile 12 x\n",
	"thresh trail 1\nfile - x\n123456789 1 f\n", "thresh trail 1\nfile - x\n1 -1 f\n",
	"thresh trail 1\nfile - x\n1 1\n" };

static void test_broken(void **state)
{
	struct trail t;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		if (trail_parse(strv_of(broken[i]), &t) == 0)
			fail_msg("taken: %s", broken[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lost),
		cmocka_unit_test(test_format), cmocka_unit_test(test_broken) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
