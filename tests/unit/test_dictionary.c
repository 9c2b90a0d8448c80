/* Dictionaries: lines, files, repair, and those that are inside the program. */
#include "base/prelude.h"
#include "base/fs.h"
#include "corpus/dict_repair.h"
#include "corpus/dictionary.h"
#include "corpus/shipped.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sys/stat.h>

#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10
#define X120 X60 X60

static struct strv text(const struct buf *b)
{
	return strv_n(buf_str(b), b->len);
}

static void test_lines(void **state)
{
	static const struct {
		const char *line;
		int rc;
		/* of a token */
		struct strv bytes;
		const char *name;
		unsigned level;
		/* of a fault */
		enum dict_fault fault;
		size_t column;
	} rows[] = {
		{ "\"word\"", 1, STRV("word"), "", 0, 0, 0 },
		{ "name=\"value\"", 1, STRV("value"), "name", 0, 0, 0 },
		{ "  name@2 = \"spaced\"  ", 1, STRV("spaced"), "name", 2, 0, 0 },
		{ "\tx\"tab\"\t\r", 1, STRV("tab"), "x", 0, 0, 0 },
		{ "=\"a\"", 1, STRV("a"), "", 0, 0, 0 },
		{ "\"\\x41\\x4a\\x4A\"", 1, STRV("AJJ"), "", 0, 0, 0 },
		{ "\"a\\\\b\\\"c\"", 1, STRV("a\\b\"c"), "", 0, 0, 0 },
		{ "\"\\xe2\\x82\\xac\"", 1, STRV("\xe2\x82\xac"), "", 0, 0, 0 },
		{ "\"\\x00\"", 1, STRV("\0"), "", 0, 0, 0 },
		{ "\"a\\x00b\"", 1, STRV("a\0b"), "", 0, 0, 0 },
		{ "\"#\"", 1, STRV("#"), "", 0, 0, 0 },
		{ "\"=@\"", 1, STRV("=@"), "", 0, 0, 0 },
		{ "\"" X120 "12345678\"", 1, STRV(X120 "12345678"), "", 0, 0, 0 },
		{ "", 0, { "", 0 }, "", 0, 0, 0 },
		{ "  \t", 0, { "", 0 }, "", 0, 0, 0 },
		{ "# \"comment\"", 0, { "", 0 }, "", 0, 0, 0 },
		{ "  #", 0, { "", 0 }, "", 0, 0, 0 },
		{ "bare", -1, { "", 0 }, "", 0, DICT_NO_QUOTE, 1 },
		{ "  a=b", -1, { "", 0 }, "", 0, DICT_NO_QUOTE, 3 },
		{ "\"", -1, { "", 0 }, "", 0, DICT_UNCLOSED, 2 },
		{ "\"unended", -1, { "", 0 }, "", 0, DICT_UNCLOSED, 9 },
		{ "\"\\\"", -1, { "", 0 }, "", 0, DICT_UNCLOSED, 4 },
		{ "\"a\" # Uses: 5", -1, { "", 0 }, "", 0, DICT_BEHIND, 4 },
		{ "\"a\",", -1, { "", 0 }, "", 0, DICT_BEHIND, 4 },
		{ "\"a\"b\"", -1, { "", 0 }, "", 0, DICT_BARE_QUOTE, 3 },
		{ "\"a\\nb\"", -1, { "", 0 }, "", 0, DICT_ESCAPE, 3 },
		{ "\"\\xzz\"", -1, { "", 0 }, "", 0, DICT_ESCAPE, 2 },
		{ "\"\\x4\"", -1, { "", 0 }, "", 0, DICT_ESCAPE, 2 },
		{ "\"\\x", -1, { "", 0 }, "", 0, DICT_ESCAPE, 2 },
		{ "\"a\\", -1, { "", 0 }, "", 0, DICT_ESCAPE, 3 },
		{ "\"a\tb\"", -1, { "", 0 }, "", 0, DICT_RAW_BYTE, 3 },
		{ "\"\xc3\xa4\"", -1, { "", 0 }, "", 0, DICT_RAW_BYTE, 2 },
		{ "\"\x7f\"", -1, { "", 0 }, "", 0, DICT_RAW_BYTE, 2 },
		{ "na-me=\"x\"", -1, { "", 0 }, "", 0, DICT_NAME, 3 },
		{ "n\xc3\xa4=\"x\"", -1, { "", 0 }, "", 0, DICT_NAME, 2 },
		{ "\xef\xbb\xbf\"x\"", -1, { "", 0 }, "", 0, DICT_NAME, 1 },
		{ "name@=\"x\"", -1, { "", 0 }, "", 0, DICT_LEVEL, 6 },
		{ "name@one=\"x\"", -1, { "", 0 }, "", 0, DICT_LEVEL, 6 },
		{ "name@100=\"x\"", -1, { "", 0 }, "", 0, DICT_LEVEL, 6 },
		{ "name@1x=\"x\"", -1, { "", 0 }, "", 0, DICT_NAME, 7 },
		{ "a=\"\"", -1, { "", 0 }, "", 0, DICT_EMPTY, 3 },
		{ "\"" X120 "123456789\"", -1, { "", 0 }, "", 0, DICT_TOO_LONG, 1 },
	};
	struct dict_line l = { .bytes = BUF_INIT };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int rc = dict_line_parse(strv_of(rows[i].line), &l);

		if (rc != rows[i].rc || l.fault != rows[i].fault || l.column != rows[i].column)
			fail_msg("%s: %d, fault %d at %zu", rows[i].line, rc, l.fault, l.column);
		if (rc > 0 && (!strv_eq(text(&l.bytes), rows[i].bytes) ||
				      !strv_eqs(l.name, rows[i].name) || l.level != rows[i].level))
			fail_msg("%s: %s", rows[i].line, buf_str(&l.bytes));
	}
	buf_release(&l.bytes);
}

static void test_file(void **state)
{
	static const char in[] =
		"\"a\"\r\n\"b\"\r\n# no\nx=\"a\"\nbad\n\"" X120 "\"\n\"\\x00\\x00\"\n\"c";
	struct dictionary d = DICTIONARY_INIT;
	struct dict_problems p = { .n = 0 };
	struct buf b = BUF_INIT;
	struct strv *all;

	(void)state;
	dictionary_parse(strv_n(in, sizeof(in) - 1), "here", &d, &p);
	assert_int_equal(d.n, 4);
	assert_int_equal(p.faults, 2);
	assert_int_equal(p.notes, 2);
	assert_int_equal(p.n, 4);
	assert_int_equal(p.v[0].fault, DICT_AGAIN);
	assert_int_equal(p.v[0].line, 4);
	assert_int_equal(p.v[0].detail, 1);
	assert_int_equal(p.v[1].fault, DICT_NO_QUOTE);
	assert_int_equal(p.v[2].fault, DICT_LONG);
	assert_int_equal(p.v[3].fault, DICT_UNCLOSED);
	assert_int_equal(p.v[3].line, 8);
	dict_problem_words(&b, &p.v[2]);
	assert_string_equal(
		b.s, "the token has 120 bytes; libFuzzer passes over what is longer than 64");
	buf_reset(&b);
	dict_problems_words(&b, "f.dict", &p);
	assert_string_equal(b.s,
		"f.dict:5:1: a token stands in quotes; write name=\"text\", or # in "
		"front of a comment (and 1 more line)");
	all = dictionary_bytes(&d);
	assert_true(strv_eq(all[3], STRV("\0\0")));
	assert_non_null(dictionary_find(&d, STRV("b")));
	assert_null(dictionary_find(&d, STRV("c")));
	assert_false(dictionary_add(&d, STRV("b"), NULL));
	assert_false(dictionary_add(&d, STRV(""), NULL));
	assert_false(dictionary_add(&d, STRV(X120 X10), NULL));
	free(all);
	buf_release(&b);
	dict_problems_release(&p);
	dictionary_release(&d);
}

/* What is written is read as the same, whatever is in it. */
static void test_print(void **state)
{
	struct dictionary d = DICTIONARY_INIT, again = DICTIONARY_INIT;
	struct dict_problems p = { .n = 0 };
	struct buf b = BUF_INIT;

	(void)state;
	for (unsigned c = 0; c < 256; c++) {
		char bytes[3] = { 'x', (char)c, '\\' };

		assert_true(dictionary_add(&d, strv_n(bytes, c % 3 + 1 > 1 ? c % 3 + 1 : 2),
			c < 128 ? "low" : "high\nnot a line"));
	}
	dictionary_print(&b, &d);
	assert_true(strv_starts(text(&b), "# low\n\"x"));
	assert_true(strv_contains(text(&b), "\n\n# high\\x0anot a line\n\""));
	dictionary_parse(text(&b), NULL, &again, &p);
	assert_int_equal(p.n, 0);
	assert_int_equal(again.n, d.n);
	for (size_t i = 0; i < d.n; i++)
		assert_true(strv_eq(again.v[i].bytes, d.v[i].bytes));
	buf_release(&b);
	dictionary_release(&d);
	dictionary_release(&again);
}

static void test_repair(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "\"fine\"", "\"fine\"\n" },
		{ "x@1 = \"fine\"\r\n", "x@1 = \"fine\"\n" },
		{ "# comment\n\n\"a\"\n", "# comment\n\n\"a\"\n" },
		{ "bare", "\"bare\"\n" },
		{ "two words", "\"two words\"\n" },
		{ "k=v", "k=\"v\"\n" },
		{ "k='v'", "k=\"v\"\n" },
		{ "=", "\"=\"\n" },
		{ "\"open", "\"open\"\n" },
		{ "\"a\\\"", "\"a\\\\\"\n" },
		{ "\"a\" # Uses: 5", "# Uses: 5\n\"a\"\n" },
		{ "\"#\" # a \"hash\"", "# a \"hash\"\n\"#\"\n" },
		{ "\"a\"#b\"", "\"a\\\"#b\"\n" },
		{ "\"a\" // b", "# // b\n\"a\"\n" },
		{ "\"a\",", "\"a\"\n" },
		{ "\"a\"b\"", "\"a\\\"b\"\n" },
		{ "\"a\\nb\\t\\0\"", "\"a\\x0ab\\x09\\x00\"\n" },
		{ "\"\\u0041\\xg\"", "\"\\\\u0041\\\\xg\"\n" },
		{ "\"\xc3\xa4\t\"", "\"\\xc3\\xa4\\x09\"\n" },
		{ "na-me@2=\"x\"", "na_me@2=\"x\"\n" },
		{ "n@one=\"x\"", "n=\"x\"\n" },
		{ "\xef\xbb\xbf\"x\"", "\"x\"\n" },
		{ "\"\"", "# no token: \"\"\n" },
		{ "a=\"\"", "# no token: a=\"\"\n" },
		{ "\"\x01\"", "# no token: \"\\x01\"\n" },
		{ "\x01\x02", "# no token: \\x01\\x02\n" },
		{ "\"" X120 X10 "\"", "# too long: \"" X120 X10 "\"\n" },
		{ "\"a\"\nx=\"a\"\na", "\"a\"\n# again: x=\"a\"\n# again: a\n" },
	};
	struct buf b = BUF_INIT, twice = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dictionary d = DICTIONARY_INIT;
		struct dict_problems p = { .n = 0 };

		buf_reset(&b);
		buf_reset(&twice);
		dict_repair(strv_of(rows[i].in), &b, NULL, NULL);
		if (strcmp(b.s, rows[i].out) != 0)
			fail_msg("%s: %s", rows[i].in, b.s);
		dictionary_parse(text(&b), NULL, &d, &p);
		if (p.n)
			fail_msg("%s: %s: still faulty", rows[i].in, b.s);
		/* and then there is nothing to repair */
		assert_int_equal(dict_repair(text(&b), &twice, NULL, NULL), 0);
		assert_string_equal(twice.s, b.s);
		dict_problems_release(&p);
		dictionary_release(&d);
	}
	buf_release(&b);
	buf_release(&twice);
}

static void test_shipped(void **state)
{
	static const struct {
		const char *name, *token;
	} rows[] = { { "json", "\"op\":" }, { "yaml", "%YAML 1.1" }, { "xml", "<![CDATA[" },
		{ "ini", "[section]" }, { "csv", "\"\"" }, { "url", "://" }, { "http", "Host: " } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dictionary d = DICTIONARY_INIT;
		struct dict_problems p = { .n = 0 };
		struct buf why = BUF_INIT;

		assert_int_equal(dictionary_of_harness(NULL, rows[i].name, &d, &p, NULL), 0);
		if (p.n) {
			dict_problem_words(&why, &p.v[0]);
			fail_msg("%s:%zu: %s", rows[i].name, p.v[0].line, why.s);
		}
		assert_true(d.n >= 50);
		assert_non_null(dictionary_find(&d, strv_of(rows[i].token)));
		assert_non_null(strstr(shipped_dict_names(), rows[i].name));
		dictionary_release(&d);
	}
	assert_null(shipped_dict("raw"));
	assert_null(shipped_dict(NULL));
}

/* A file goes before what is shipped under its name; what can't be read is said. */
static void test_of_harness(void **state)
{
	struct err err = ERR_INIT;
	char *dir = fs_tmpdir("thresh-test", &err), *own = fs_join(dir, "http");
	char *none = fs_join(dir, "none.dict"), *shipped = fs_join(dir, "csv");
	const struct {
		const char *path, *format;
		int rc;
		size_t least;
		const char *from;
	} rows[] = { { own, "json", 0, 1, "declared: http" },
		{ shipped, "raw", 0, 50, "thresh's own for csv" }, { NULL, "raw", 0, 0, NULL },
		{ none, "json", -1, 0, NULL }, { dir, NULL, -1, 0, NULL } };

	(void)state;
	assert_int_equal(fs_write(own, "\"x\"", 3, 0600, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct dictionary d = DICTIONARY_INIT;

		err = (struct err)ERR_INIT;
		assert_int_equal(
			dictionary_of_harness(rows[i].path, rows[i].format, &d, NULL, &err),
			rows[i].rc);
		assert_true(rows[i].least ? d.n >= rows[i].least : d.n == 0);
		if (rows[i].from)
			assert_string_equal(d.v[0].from, rows[i].from);
		if (rows[i].rc < 0)
			assert_non_null(strstr(err.msg, rows[i].path));
		dictionary_release(&d);
	}
	fs_remove_tree(dir, NULL);
	free(dir);
	free(own);
	free(none);
	free(shipped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_of_harness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
