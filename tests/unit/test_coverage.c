/* Coverage: what llvm-cov says as a model, what changed, what blocks, and how it is shown. Pure: small JSON by hand. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "cli/cover_out.h"
#include "coverage/export.h"
#include "coverage/lcov.h"
#include "report/bug_json.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define EXPORT(files, functions)                                                              \
	"{\"type\":\"llvm.coverage.json.export\",\"version\":\"2.0.1\",\"data\":[{\"files\":" \
	"[" files "],\"functions\":[" functions "]}]}"
#define FILE_OF(name, segments) "{\"filename\":\"" name "\",\"segments\":[" segments "]}"
#define FUNCTION(name, count, regions, branches)                                                   \
	"{\"name\":\"" name "\",\"count\":" #count                                                 \
	",\"filenames\":[\"/p/a.c\",\"/p/m.h\"],\"regions\":[" regions "],\"branches\":[" branches \
	"]}"

static int parse(const char *text, struct coverage_model *m)
{
	cJSON *j = cJSON_Parse(text);
	int rc = coverage_export_parse(j, m, NULL);

	cJSON_Delete(j);
	return rc;
}

/* --- the export --- */

/* lines: from the first on, one character each: '.' no code, '0' to '9' its count */
static const struct {
	const char *what, *segments, *lines;
} line_rows[] = {
	{ "one region", "[2,1,3,true,true,false],[4,2,0,false,false,false]", ".333" },
	{ "what begins in the line counts, where it is more",
		"[1,1,1,true,true,false],[2,5,4,true,true,false],[2,9,1,true,false,false],"
		"[3,2,0,false,false,false]",
		"141" },
	{ "a gap's count is only of the lines behind it",
		"[1,1,5,true,true,false],[1,9,0,true,false,true],[2,3,0,true,true,false],"
		"[2,9,5,true,false,false],[3,2,0,false,false,false]",
		"505" },
	{ "a gap doesn't begin anything",
		"[1,1,1,true,true,false],[1,9,7,true,true,true],[2,1,1,true,true,false],"
		"[2,9,0,false,false,false]",
		"17" },
	{ "a part that the preprocessor left out, with the line that ends it",
		"[1,1,2,true,true,false],[2,1,0,false,true,false],[3,1,2,true,false,false],"
		"[4,2,0,false,false,false]",
		"2..2" },
	{ "between functions",
		"[1,1,0,true,true,false],[1,9,0,false,false,false],"
		"[3,1,7,true,true,false],[3,9,0,false,false,false]",
		"0.7" },
	{ "of LLVM 10: no gaps", "[1,1,1,true,true],[2,2,0,false,false]", "11" },
	{ "as numbers", "[1,1,1,1,1,0],[2,2,0,0,0,0]", "11" },
	{ "out of order, or short, or words: left out",
		"[3,1,1,true,true,false],[1,1,9,true,true,false],[4],\"x\",[4,-1,1,true,true,false]"
		","
		"[4,1,0,false,false,false]",
		"..11" },
	{ "a line that can't be",
		"[4294967296,1,1,true,true,false],[5000000000,1,0,false,false,false]", "" },
	{ "nothing", "", "" },
};

static void lines_are_llvms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(line_rows); i++) {
		struct coverage_model m = COVERAGE_MODEL_INIT;
		char *text = xasprintf(EXPORT(FILE_OF("/p/a.c", "%s"), ""), line_rows[i].segments);
		struct buf got = BUF_INIT;

		assert_int_equal(parse(text, &m), 0);
		for (size_t l = 1; l < m.files[0].n_lines; l++) {
			uint64_t n = m.files[0].lines[l];

			buf_addch(&got, n == COVERAGE_NO_CODE ? '.' : '0' + (int)n);
		}
		while (got.len && got.s[got.len - 1] == '.')
			got.s[--got.len] = 0;
		if (strcmp(buf_str(&got), line_rows[i].lines) != 0)
			fail_msg("%s: %s, not %s", line_rows[i].what, buf_str(&got),
				line_rows[i].lines);
		buf_release(&got);
		coverage_model_release(&m);
		free(text);
	}
}

#define BEYOND \
	FUNCTION("f", 9e18, "[1,1,9,2,4e18,0,0,0]", "[2,1,2,5,1e30,4611686018427387904,0,0,4]")
#define BODY "[1,1,9,2,1,0,0,0]"

static const struct {
	const char *what, *text;
	int rc;
	/* of all files */
	size_t files, functions, functions_covered, regions, regions_covered, sides, sides_covered;
} export_rows[] = {
	{ "a function", EXPORT("", FUNCTION("f", 1, BODY, "")), 0, 1, 1, 1, 1, 1, 0, 0 },
	{ "one that wasn't called", EXPORT("", FUNCTION("f", 0, "[1,1,9,2,0,0,0,0]", "")), 0, 1, 1,
		0, 1, 0, 0, 0 },
	{ "instances of one place are one, and covered where one is",
		EXPORT("",
			FUNCTION("f", 0, "[1,1,9,2,0,0,0,0]", "[2,1,2,5,0,0,0,0,4]") "," FUNCTION(
				"g", 2, "[1,1,9,2,2,0,0,0]", "[2,1,2,5,0,2,0,0,4]")),
		0, 1, 1, 1, 1, 1, 2, 1 },
	{ "two functions of one name are two",
		EXPORT("",
			FUNCTION("f", 1, BODY, "") "," FUNCTION("f", 1, "[20,1,29,2,1,0,0,0]", "")),
		0, 1, 2, 2, 2, 2, 0, 0 },
	{ "gaps, expansions and skipped parts are no regions",
		EXPORT("",
			FUNCTION("f", 1,
				BODY ",[2,1,2,3,0,0,0,3],[3,1,3,3,0,0,1,1],[4,1,4,3,0,0,0,2]", "")),
		0, 1, 1, 1, 1, 1, 0, 0 },
	{ "what a macro holds is of the file that it is in",
		EXPORT("", FUNCTION("f", 1, BODY ",[7,1,7,9,1,1,0,0]", "[7,1,7,5,1,0,1,0,4]")), 0,
		2, 1, 1, 2, 2, 2, 1 },
	{ "a file number that isn't there",
		EXPORT("", FUNCTION("f", 1, BODY ",[7,1,7,9,1,9,0,0]", "[7,1,7,5,1,0,7,0,4]")), 0,
		1, 1, 1, 1, 1, 0, 0 },
	{ "a region that ends before it begins",
		EXPORT("", FUNCTION("f", 1, BODY ",[7,1,6,9,1,0,0,0],[7,4,7,3,1,0,0,0]", "")), 0, 1,
		1, 1, 1, 1, 0, 0 },
	{ "no regions", EXPORT("", FUNCTION("f", 1, "", "")), 0, 0, 0, 0, 0, 0, 0, 0 },
	{ "other things than they should be",
		EXPORT("7,{\"filename\":3}", "\"f\",{\"name\":1},{\"name\":\"f\",\"count\":\"x\"}"),
		0, 0, 0, 0, 0, 0, 0, 0 },
	{ "counts beyond every number", EXPORT("", BEYOND "," BEYOND "," BEYOND "," BEYOND), 0, 1,
		1, 1, 1, 1, 2, 2 },
	{ "nothing at all", "{}", -1, 0, 0, 0, 0, 0, 0, 0 },
	{ "another tool's", "{\"type\":\"x\",\"data\":[{\"files\":[],\"functions\":[]}]}", -1, 0, 0,
		0, 0, 0, 0, 0 },
	{ "without data", "{\"type\":\"llvm.coverage.json.export\",\"data\":[]}", -1, 0, 0, 0, 0, 0,
		0, 0 },
	{ "no JSON", "{\"type\":\"llvm.cov", -1, 0, 0, 0, 0, 0, 0, 0 },
};

static void exports_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(export_rows); i++) {
		struct coverage_model m = COVERAGE_MODEL_INIT;
		struct coverage_counts c = { .lines = { 0 } };

		if (parse(export_rows[i].text, &m) != export_rows[i].rc)
			fail_msg("%s: another result", export_rows[i].what);
		for (size_t k = 0; k < m.n; k++)
			coverage_count(&m.files[k], &c);
		if (m.n != export_rows[i].files || c.functions.n != export_rows[i].functions ||
			c.functions.covered != export_rows[i].functions_covered ||
			c.regions.n != export_rows[i].regions ||
			c.regions.covered != export_rows[i].regions_covered ||
			c.branches.n != export_rows[i].sides ||
			c.branches.covered != export_rows[i].sides_covered)
			fail_msg("%s: %zu files, %zu/%zu, %zu/%zu, %zu/%zu", export_rows[i].what,
				m.n, c.functions.covered, c.functions.n, c.regions.covered,
				c.regions.n, c.branches.covered, c.branches.n);
		coverage_model_release(&m);
	}
}

static const struct {
	const char *in, *want;
} name_rows[] = {
	{ "f", "f" },
	{ "a.c:f", "f" },
	{ "a.c;f", "f" },
	{ "/x:y/a.c:f", "f" },
	{ "a.c:_ZL1fv", "_ZL1fv" },
	{ "-[Reader read:]", "-[Reader read:]" },
	{ "odd:", "odd:" },
};

static void static_functions_have_their_own_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(name_rows); i++) {
		struct coverage_model m = COVERAGE_MODEL_INIT;
		char *text = xasprintf(EXPORT("", FUNCTION("%s", 1, BODY, "")), name_rows[i].in);

		assert_int_equal(parse(text, &m), 0);
		assert_string_equal(m.files[0].functions[0].name, name_rows[i].want);
		coverage_model_release(&m);
		free(text);
	}
}

static const char tracefile[] =
	"TN:\nSF:/p/a.c\nFN:1,f\nFNDA:1,f\nFNF:1\nFNH:1\nBRDA:2,0,0,1\nBRDA:2,0,1,0\n"
	"BRDA:3,0,0,-\nBRDA:3,0,1,-\nBRF:4\nBRH:1\nDA:1,1\nDA:2,1\nDA:3,1\nDA:4,1\nDA:5,1\n"
	"DA:6,1\nDA:7,1\nDA:8,1\nDA:9,1\nLF:9\nLH:9\nend_of_record\n";

/* What is kept says the same as what came. */
static void trimming_loses_nothing(void **state)
{
	cJSON *j = cJSON_Parse(
		EXPORT(FILE_OF("/p/a.c", "[1,1,1,true,true,false],[9,2,0,false,false,false]"),
			FUNCTION("f", 1, BODY, "[2,1,2,5,1,0,0,0,4],[3,1,3,5,0,0,0,0,4]")));
	struct coverage_model a = COVERAGE_MODEL_INIT, b = COVERAGE_MODEL_INIT;
	struct buf before = BUF_INIT, after = BUF_INIT;

	(void)state;
	assert_int_equal(coverage_export_parse(j, &a, NULL), 0);
	coverage_export_trim(j);
	assert_int_equal(coverage_export_parse(j, &b, NULL), 0);
	assert_true(coverage_lcov_add(&before, &a.files[0]));
	assert_true(coverage_lcov_add(&after, &b.files[0]));
	assert_string_equal(before.s, after.s);
	assert_string_equal(before.s, tracefile);
	buf_release(&before);
	buf_release(&after);
	coverage_model_release(&a);
	coverage_model_release(&b);
	cJSON_Delete(j);
}

/* --- what changed --- */

struct remembered {
	const char *name, *file;
	unsigned line;
	const char *hash, *lines;
};

#define OLD                                        \
	{                                          \
		"f", "/p/a.c", 10, "aaaa", "+-+ -" \
	}

static const struct {
	const char *what;
	struct remembered before[2], now[2];
	/* of all functions, "line line"; and how many */
	const char *lost, *gained;
	size_t edited, gone;
} change_rows[] = {
	{ "the same", { OLD }, { OLD }, "", "", 0, 0 },
	{ "a line is lost", { OLD }, { { "f", "/p/a.c", 10, "aaaa", "+-- -" } }, "12", "", 0, 0 },
	{ "one is lost, one gained", { OLD }, { { "f", "/p/a.c", 10, "aaaa", "++- -" } }, "12",
		"11", 0, 0 },
	{ "it moved down", { OLD }, { { "f", "/p/a.c", 90, "aaaa", "+-+ -" } }, "", "", 0, 0 },
	{ "it moved down and lost a line: where it is now", { OLD },
		{ { "f", "/p/a.c", 90, "aaaa", "--+ -" } }, "90", "", 0, 0 },
	{ "it moved to another file", { OLD }, { { "f", "/p/b.c", 90, "aaaa", "+-+ +" } }, "", "94",
		0, 0 },
	{ "it was edited", { OLD }, { { "f", "/p/a.c", 10, "bbbb", "-----" } }, "", "", 1, 0 },
	{ "it went away", { OLD }, { { "g", "/p/a.c", 10, "aaaa", "-----" } }, "", "", 0, 1 },
	{ "it is new", { { NULL } }, { OLD }, "", "", 0, 0 },
	{ "its text couldn't be read", { { "f", "/p/a.c", 10, "", "+" } },
		{ { "f", "/p/a.c", 10, "", "-" } }, "", "", 0, 0 },
	{ "two static ones of one text, each in its file",
		{ OLD, { "f", "/p/b.c", 20, "aaaa", "+++++" } },
		{ { "f", "/p/a.c", 10, "aaaa", "--+ -" }, { "f", "/p/b.c", 20, "aaaa", "+++++" } },
		"10", "", 0, 0 },
	{ "of two one moved: nobody knows which", { OLD, { "f", "/p/b.c", 20, "aaaa", "+++++" } },
		{ OLD, { "f", "/p/c.c", 20, "aaaa", "-----" } }, "", "", 0, 0 },
	{ "lines without code", { OLD }, { { "f", "/p/a.c", 10, "aaaa", " -+ +" } }, "", "14", 0,
		0 },
	{ "of different lengths", { OLD }, { { "f", "/p/a.c", 10, "aaaa", "-" } }, "10", "", 0, 0 },
};

static struct coverage_memory memory_of(const struct remembered *f)
{
	struct coverage_memory m = { NULL };

	for (size_t i = 0; i < 2 && f[i].name; i++) {
		GROW(m.v, m.n, m.cap);
		m.v[m.n] = (struct coverage_memory_function){ .name = xstrdup(f[i].name),
			.line = f[i].line };
		snprintf(m.v[m.n].hash, sizeof(m.v[m.n].hash), "%s", f[i].hash);
		m.v[m.n].file = xstrdup(f[i].file);
		m.v[m.n++].lines = xstrdup(f[i].lines);
	}
	return m;
}

/* There and back as JSON: what is compared is what was kept. */
static struct coverage_memory kept(const struct remembered *f)
{
	struct coverage_memory m = memory_of(f), back = { NULL };
	cJSON *j = coverage_memory_json(&m);

	coverage_memory_parse(j, &back);
	assert_int_equal(back.n, m.n);
	cJSON_Delete(j);
	coverage_memory_release(&m);
	return back;
}

static void add_numbers(struct buf *b, const unsigned *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%s%u", b->len ? " " : "", v[i]);
}

static void only_the_same_text_is_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(change_rows); i++) {
		struct coverage_memory before = kept(change_rows[i].before),
				       now = memory_of(change_rows[i].now);
		struct coverage_changes c = { NULL }, back = { NULL };
		struct buf lost = BUF_INIT, gained = BUF_INIT;
		cJSON *j;

		coverage_compare(&before, &now, &c);
		j = coverage_changes_json(&c);
		coverage_changes_parse(j, &back);
		cJSON_Delete(j);
		for (size_t k = 0; k < back.n; k++) {
			add_numbers(&lost, back.v[k].lost, back.v[k].n_lost);
			add_numbers(&gained, back.v[k].gained, back.v[k].n_gained);
		}
		if (strcmp(buf_str(&lost), change_rows[i].lost) != 0 ||
			strcmp(buf_str(&gained), change_rows[i].gained) != 0 ||
			back.edited != change_rows[i].edited || back.gone != change_rows[i].gone)
			fail_msg("%s: lost %s, gained %s, %zu edited, %zu gone",
				change_rows[i].what, buf_str(&lost), buf_str(&gained), back.edited,
				back.gone);
		buf_release(&lost);
		buf_release(&gained);
		coverage_changes_release(&c);
		coverage_changes_release(&back);
		coverage_memory_release(&before);
		coverage_memory_release(&now);
	}
}

static void hostile_memory_is_left_out(void **state)
{
	static const char *const texts[] = { "{}", "7", "[]", "[7,\"x\",{},{\"name\":\"f\"}]",
		"[{\"name\":\"f\",\"file\":\"a\",\"lines\":\"+\",\"hash\":"
		"\"0123456789012345678901234567890123456789x\"}]" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		cJSON *j = cJSON_Parse(texts[i]);
		struct coverage_memory m = { NULL };
		struct coverage_changes c = { NULL };

		coverage_memory_parse(j, &m);
		coverage_changes_parse(j, &c);
		assert_int_equal(m.n, 0);
		assert_int_equal(c.n, 0);
		cJSON_Delete(j);
	}
}

/* --- blockers --- */

/*
 * A function's source from line 1 on; regions and branches as llvm-cov gives them for it. Lines are uncovered where a
 * region without a count has them.
 */
static const struct {
	const char *what, *source, *regions, *branches;
	/* "line never lines functions; ..." */
	const char *want;
} blocker_rows[] = {
	{ "an if that is never true", "{\nif (a)\n{\nx;\ny;\n}\nz;\n}\n",
		"[1,1,8,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,6,2,0,0,0,0]", "[2,5,2,6,0,1,0,0,4]",
		"2 true 4 0; " },
	{ "one that is never false, with an else", "{\nif (a)\nx;\nelse\ny;\nz;\n}\n",
		"[1,1,7,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,2,1,0,0,0],[5,1,5,2,0,0,0,0]",
		"[2,5,2,6,1,0,0,0,4]", "2 false 1 0; " },
	{ "one that always returns", "{\nif (a)\nreturn;\ny;\nz;\n}\n",
		"[1,1,6,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,7,1,0,0,0],[4,1,6,2,0,0,0,0]",
		"[2,5,2,6,1,0,0,0,4]", "2 false 3 0; " },
	{ "no else: what stands further below isn't behind it", "{\nif (a)\nx;\nif (b)\ny;\n}\n",
		"[1,1,6,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,2,1,0,0,0],[4,5,4,6,1,0,0,0],"
		"[5,1,5,2,0,0,0,0]",
		"[2,5,2,6,1,0,0,0,4],[4,5,4,6,0,1,0,0,4]", "4 true 1 0; " },
	{ "the first of two conditions has both behind it", "{\nif (a &&\nb)\nx;\n}\n",
		"[1,1,5,2,1,0,0,0],[2,5,2,6,1,0,0,0],[2,5,3,2,1,0,0,0],[3,1,3,2,0,0,0,0],"
		"[4,1,4,2,0,0,0,0]",
		"[2,5,2,6,0,1,0,0,4],[3,1,3,2,0,0,0,0,4]", "2 true 2 0; " },
	{ "behind the first of two that is never false is no part of what both guard",
		"{\nif (a &&\nb) x;\n}\n",
		"[1,1,4,2,1,0,0,0],[2,5,2,6,1,0,0,0],[2,5,3,2,1,0,0,0],[3,1,3,2,1,0,0,0],"
		"[3,4,3,5,0,0,0,0]",
		"[2,5,2,6,1,0,0,0,4],[3,1,3,2,0,1,0,0,4]", "3 true 1 0; " },
	{ "but the other way of both is", "{\nif (a &&\nb) x;\nelse\ny;\n}\n",
		"[1,1,6,2,1,0,0,0],[2,5,2,6,1,0,0,0],[2,5,3,2,1,0,0,0],[3,1,3,2,1,0,0,0],"
		"[3,4,3,5,1,0,0,0],[5,1,5,2,0,0,0,0]",
		"[2,5,2,6,1,0,0,0,4],[3,1,3,2,1,0,0,0,4]", "2 false 1 0; 3 false 1 0; " },
	{ "two conditions of a line: the first, where the same is behind them",
		"{\nif (a && b) x;\nelse\ny;\n}\n",
		"[1,1,5,2,1,0,0,0],[2,5,2,6,1,0,0,0],[2,5,2,11,1,0,0,0],[2,10,2,11,1,0,0,0],"
		"[2,13,2,14,1,0,0,0],[4,1,4,2,0,0,0,0]",
		"[2,5,2,6,1,0,0,0,4],[2,10,2,11,1,0,0,0,4]", "2 false 1 0; " },
	{ "a label, and not the one behind it",
		"switch (a) {\ncase 1:\nx;\nbreak;\ncase 2:\ny;\n}\n",
		"[1,1,7,2,1,0,0,0],[2,1,4,6,0,0,0,0],[5,1,6,3,0,0,0,0]",
		"[1,9,1,10,1,0,0,0,4],[2,1,2,7,0,1,0,0,4],[5,1,5,7,0,1,0,0,4]",
		"2 true 3 0; 5 true 2 0; " },
	{ "a loop that is never entered", "{\nfor (i;\ni < n;\ni++)\nx;\n}\n",
		"[1,1,6,2,1,0,0,0],[3,1,3,6,1,0,0,0],[4,1,4,4,0,0,0,0],[5,1,5,2,0,0,0,0]",
		"[3,1,3,6,0,1,0,0,4]", "3 true 2 0; " },
	{ "functions that it names, and what these name",
		"{\nif (a)\none(1);\n}\nvoid one(int a)\n{\ntwo ();\n}\nvoid two(void)\n{\n}\n",
		"[1,1,4,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,7,0,0,0,0]", "[2,5,2,6,0,1,0,0,4]",
		"2 true 6 2; " },
	{ "a comment between", "{\nif (a) /* if b */\n// or c\nx;\n}\n",
		"[1,1,5,2,1,0,0,0],[2,5,2,6,1,0,0,0],[4,1,4,2,0,0,0,0]", "[2,5,2,6,0,1,0,0,4]",
		"2 true 1 0; " },
	{ "never reached, and reached both ways: no frontier", "{\nif (a)\nx;\n}\n",
		"[1,1,4,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,2,0,0,0,0]",
		"[2,5,2,6,0,0,0,0,4],[2,7,2,8,3,4,0,0,4]", "" },
	{ "nothing behind it", "{\nif (a)\nx;\n}\n", "[1,1,4,2,1,0,0,0],[2,5,2,6,1,0,0,0]",
		"[2,5,2,6,0,1,0,0,4]", "" },
	{ "a source that is gone", NULL, "[1,1,4,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,2,0,0,0,0]",
		"[2,5,2,6,0,1,0,0,4]", "" },
	{ "best first", "{\nif (a)\nx;\nif (b)\n{\ny;\n}\n}\n",
		"[1,1,8,2,1,0,0,0],[2,5,2,6,1,0,0,0],[3,1,3,2,0,0,0,0],[4,5,4,6,1,0,0,0],"
		"[5,1,7,2,0,0,0,0]",
		"[2,5,2,6,0,1,0,0,4],[4,5,4,6,0,1,0,0,4]", "4 true 3 0; 2 true 1 0; " },
};

/* Lines as the regions have them: the innermost decides. */
static void fill_lines(struct coverage_file *f)
{
	for (size_t i = 0; i < f->n_regions; i++)
		for (unsigned l = f->regions[i].at.line; l <= f->regions[i].at.end_line; l++) {
			if (l < f->n_lines && f->lines[l] != COVERAGE_NO_CODE)
				f->lines[l] = COVERAGE_NO_CODE;
			coverage_add_line(f, l, f->regions[i].count);
		}
}

static void look_for_blockers(const char *path, size_t i)
{
	/* the two of one row's source */
	static const char callees[] = FUNCTION("one", 0, "[6,1,8,2,0,0,0,0]", "") "," FUNCTION(
		"two", 0, "[10,1,11,2,0,0,0,0]", "");
	char *text = xasprintf(EXPORT("", FUNCTION("f", 1, "%s", "%s") "%s%s"),
		blocker_rows[i].regions, blocker_rows[i].branches,
		blocker_rows[i].source && strstr(blocker_rows[i].source, "void one") ? "," : "",
		blocker_rows[i].source && strstr(blocker_rows[i].source, "void one") ? callees
										     : "");
	struct coverage_model m = COVERAGE_MODEL_INIT;
	struct coverage_texts *texts = coverage_texts_new();
	struct coverage_calls calls;
	struct coverage_blockers found = { NULL };
	struct buf got = BUF_INIT;
	const bool wanted[] = { true };

	assert_int_equal(parse(text, &m), 0);
	free(m.files[0].path);
	m.files[0].path = xstrdup(path);
	fill_lines(&m.files[0]);
	coverage_calls_init(&calls, &m, texts);
	coverage_blockers_find(&m, wanted, texts, &calls, &found);
	for (size_t k = 0; k < found.n; k++)
		buf_addf(&got, "%u %s %zu %zu; ", found.v[k].at.line,
			found.v[k].never_true ? "true" : "false", found.v[k].lines,
			found.v[k].reached.functions);
	if (strcmp(buf_str(&got), blocker_rows[i].want) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", blocker_rows[i].what, buf_str(&got),
			blocker_rows[i].want);
	buf_release(&got);
	coverage_blockers_release(&found);
	coverage_calls_release(&calls);
	coverage_texts_free(texts);
	coverage_model_release(&m);
	free(text);
}

static void what_blocks(void **state)
{
	char *dir = fs_tmpdir("thresh-test", NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(blocker_rows); i++) {
		char *path = xasprintf("%s/%zu.c", dir, i);

		if (blocker_rows[i].source)
			assert_int_equal(fs_write(path, blocker_rows[i].source,
						 strlen(blocker_rows[i].source), 0600, NULL),
				0);
		look_for_blockers(path, i);
		free(path);
	}
	fs_remove_tree(dir, NULL);
	free(dir);
}

/* --- the table --- */

static const char table_want[] = "HARNESS   INPUTS  LINES        %  FUNCTIONS  BRANCHES\n"
				 "one            5    3/6   50.0 %        1/2       1/2\n"
				 "two            7    5/6   83.3 %        1/2       2/2\n"
				 "together            6/6  100.0 %        2/2       2/2\n"
				 "two: 1 input fails on the lines build and doesn't count\n";

static void union_and_table(void **state)
{
	static const char one[] = EXPORT(
		FILE_OF("/p/a.c", "[1,1,1,true,true,false],[3,2,0,true,true,"
				  "false],[4,1,0,true,true,false],[6,2,0,"
				  "false,false,false]"),
		"{\"name\":\"f\",\"count\":1,\"filenames\":[\"/p/"
		"a.c\"],\"regions\":[[1,1,3,2,1,0,0,0]],"
		"\"branches\":[[2,1,2,2,0,1,0,0,4]]},{\"name\":\"g\",\"count\":0,\"filenames\":["
		"\"/p/a.c\"],\"regions\":[[4,1,6,2,0,0,0,0]],\"branches\":[]}");
	static const char two[] = EXPORT(
		FILE_OF("/p/a.c", "[1,1,0,true,true,false],[2,1,1,true,true,"
				  "false],[6,2,0,false,false,false]"),
		"{\"name\":\"f\",\"count\":0,\"filenames\":[\"/p/"
		"a.c\"],\"regions\":[[1,1,3,2,0,0,0,0]],"
		"\"branches\":[[2,1,2,2,1,1,0,0,4]]},{\"name\":\"g\",\"count\":1,\"filenames\":["
		"\"/p/a.c\"],\"regions\":[[4,1,6,2,1,0,0,0]],\"branches\":[]}");
	struct config_build build = { .name = "" };
	struct config_harness h[2] = { { .name = "one", .source = "/p/a.c", .build = &build },
		{ .name = "two", .source = "/p/a.c", .build = &build } };
	struct config cfg = { .dir = "/p", .state_dir = "/p/.thresh" };
	struct coverage v[2] = { { .h = &h[0], .inputs = { .ran = 5 } },
		{ .h = &h[1], .inputs = { .ran = 7, .failed = 1 } } };
	struct term term = { .columns = 80 };
	struct coverage_view w;
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(parse(one, &v[0].model), 0);
	assert_int_equal(parse(two, &v[1].model), 0);
	coverage_view_init(&w, &cfg, v, 2);
	cover_out_text(&w, 20, 10, &term, &b);
	b.s[strlen(table_want) < b.len ? strlen(table_want) : b.len] = 0;
	assert_string_equal(b.s, table_want);
	coverage_view_release(&w);
	coverage_model_release(&v[0].model);
	coverage_model_release(&v[1].model);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_llvms),
		cmocka_unit_test(exports_are_read),
		cmocka_unit_test(static_functions_have_their_own_name),
		cmocka_unit_test(trimming_loses_nothing),
		cmocka_unit_test(only_the_same_text_is_compared),
		cmocka_unit_test(hostile_memory_is_left_out),
		cmocka_unit_test(what_blocks),
		cmocka_unit_test(union_and_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
