/* The verdict file: what it means, what it refuses, and that editing leaves a hand's lines alone. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "store/dispositions.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define A "aaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbb"
#define C "cccccccccccccccc"
#define D "dddddddddddddddd"
#define DAY 86400000ull

static const struct {
	const char *text;
	size_t n;
	const char *fails; /* part of the message */
} parse_cases[] = {
	{ "", 0, NULL }, { "\n\n# only comments\n   # and blanks\n\t\n", 0, NULL },
	{ "merge " A " " B, 1, NULL },
	{ "  merge\t" A "   " B "  # the same free\r\nsplit " C "\r\n", 2, NULL },
	{ "merge AAAAAAAAAAAAAAAA " B "\n", 1, NULL },
	{ "merge " A " " B "\nmerge " A " " B "\n", 2, NULL },
	{ "merge " A " " B "\nmerge " C " " A "\nmerge " D " " C "\n", 3, NULL },
	{ "ignore " A " why no # 1 reason\n", 1, NULL },
	{ "ignore " A " until 2027-01-01 why x\nignore " A " why y\n", 2, NULL },
	{ "merge " A "\n", 0, "f:1: expected the 16 hex digits" },
	{ "\n\nmerge " A " bbbb\n", 0,
		"f:3: expected the 16 hex digits of a bug's id, not 'bbbb'" },
	{ "split " A "0\n", 0, "f:1: expected the 16 hex" },
	{ "split aaaaaaaaaaaaaaag\n", 0, "f:1: expected the 16 hex" },
	{ "split " A " " B "\n", 0, "f:1: expected the end of the line" },
	{ "join " A " " B "\n", 0, "f:1: expected merge, split or ignore, not 'join'" },
	{ "split " A "\n<<<<<<< HEAD\n", 0, "f:2: an unresolved git conflict" },
	{ "ignore " A "\n", 0, "f:1: ignore: expected 'until DATE' or 'why TEXT'" },
	{ "ignore " A " until 2027-13-01 why x\n", 0, "f:1: until: expected a day" },
	{ "ignore " A " until 2027-02-29 why x\n", 0, "f:1: until: expected a day" },
	{ "ignore " A " until soon why x\n", 0, "not 'soon'" },
	{ "ignore " A " until 2027-01-01\n", 0, "expected 'until DATE' or 'why TEXT'" },
	{ "ignore " A " why   \n", 0, "f:1: why: the reason is missing" },
	{ "merge " A " " A "\n", 0, "f:1: this merge closes a circle" },
	{ "merge " A " " B "\nmerge " C " " A "\nmerge " B " " C "\n", 0,
		"f:3: this merge closes" },
	{ "merge " A " " B "\nmerge " C " " B "\n", 0,
		"f:2: " B " is merged into another bug in line 1" },
	{ "split " B "\nmerge " A " " B "\n", 0, "split in line 1" },
	{ "merge " A " " B "\n\nsplit " B "\n", 0,
		"f:3: " B " is split here and merged in line 1" },
	{ "merge " A " " B "\nsplit " A "\n", 2, NULL }, /* A keeps B and joins nobody */
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parse_cases); i++) {
		struct dispositions v;
		struct err e = ERR_INIT;
		int rc = dispositions_parse(&v, strv_of(parse_cases[i].text), "f", &e);

		if ((rc < 0) != (parse_cases[i].fails != NULL) || v.n != parse_cases[i].n)
			fail_msg("'%s': %d, %zu, %s", parse_cases[i].text, rc, v.n, e.msg);
		if (rc < 0 && (!strstr(e.msg, parse_cases[i].fails) || e.kind != ERR_USAGE))
			fail_msg("'%s': %s", parse_cases[i].text, e.msg);
		if (rc == 0)
			assert_string_equal(buf_str(&v.text), parse_cases[i].text);
		dispositions_release(&v);
	}
}

static void test_hostile(void **state)
{
	static const char nul[] = "split " A "\0\n";
	struct dispositions v;
	char *big = xmalloc(100001);

	(void)state;
	assert_int_equal(dispositions_parse(&v, strv_n(nul, sizeof(nul) - 1), "f", NULL), -1);
	memset(big, 'a', 100000);
	assert_int_equal(dispositions_parse(&v, strv_n(big, 100000), "f", NULL), -1);
	memcpy(big, "split ", 6);
	assert_int_equal(dispositions_parse(&v, strv_n(big, 100000), "f", NULL), -1);
	free(big);
}

static struct disposition make(enum disposition_kind kind, const char *id, const char *into,
	uint64_t until, const char *why)
{
	struct disposition v = { .kind = kind, .until_ms = until, .why = (char *)why };

	snprintf(v.id, sizeof(v.id), "%s", id);
	snprintf(v.into, sizeof(v.into), "%s", into);
	return v;
}

#define HEAD "# ours\r\n\nmerge " A " " B " # why not\n"

static const struct {
	const char *before;
	struct {
		enum disposition_kind kind;
		const char *id, *into;
		uint64_t until;
		const char *why;
	} add;
	const char *after; /* NULL: refused */
} add_cases[] = {
	{ "", { DISPOSITION_SPLIT, A, "", 0, NULL }, "split " A "\n" },
	{ "# no newline", { DISPOSITION_SPLIT, A, "", 0, NULL }, "# no newline\nsplit " A "\n" },
	{ HEAD, { DISPOSITION_MERGE, B, A, 0, NULL }, HEAD },
	{ HEAD, { DISPOSITION_MERGE, B, C, 0, NULL }, "# ours\r\n\nmerge " C " " B "\n" },
	{ HEAD "\n# end", { DISPOSITION_SPLIT, B, "", 0, NULL },
		"# ours\r\n\n\n# end\nsplit " B "\n" },
	{ HEAD, { DISPOSITION_MERGE, A, B, 0, NULL }, NULL },
	{ HEAD, { DISPOSITION_MERGE, A, A, 0, NULL }, NULL },
	{ HEAD, { DISPOSITION_MERGE, A, "short", 0, NULL }, NULL },
	{ HEAD, { DISPOSITION_IGNORE, A, "", 0, " " }, NULL },
	{ HEAD, { DISPOSITION_IGNORE, A, "", 20819 * DAY, "one\ntwo\x1b[31m" },
		HEAD "ignore " A " until 2027-01-01 why one two [31m\n" },
	{ "ignore " A " why x\nsplit " A "\n", { DISPOSITION_IGNORE, A, "", 0, "y" },
		"split " A "\nignore " A " why y\n" },
	{ "ignore " A " why x", { DISPOSITION_IGNORE, A, "", 0, "x" }, "ignore " A " why x" },
};

static void test_add(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(add_cases); i++) {
		struct disposition add = make(add_cases[i].add.kind, add_cases[i].add.id,
			add_cases[i].add.into, add_cases[i].add.until, add_cases[i].add.why);
		const char *want = add_cases[i].after ? add_cases[i].after : add_cases[i].before;
		struct err e = ERR_INIT;
		struct dispositions v;
		int rc;

		assert_int_equal(
			dispositions_parse(&v, strv_of(add_cases[i].before), "f", NULL), 0);
		rc = dispositions_add(&v, &add, &e);
		if ((rc < 0) != !add_cases[i].after || strcmp(buf_str(&v.text), want) != 0)
			fail_msg("row %zu: %d %s: '%s'", i, rc, e.msg, buf_str(&v.text));
		dispositions_release(&v);
	}
}

static void test_remove(void **state)
{
	struct dispositions v;

	(void)state;
	assert_int_equal(
		dispositions_parse(&v, STRV(HEAD "split " C "\nmerge " A " " B), "f", NULL), 0);
	assert_int_equal(dispositions_remove(&v, DISPOSITION_MERGE, A), 0);
	assert_int_equal(dispositions_remove(&v, DISPOSITION_MERGE, B), 2);
	assert_string_equal(buf_str(&v.text), "# ours\r\n\nsplit " C "\n");
	assert_int_equal(v.n, 1);
	assert_int_equal(v.v[0].line, 3);
	dispositions_release(&v);
}

static void test_apply(void **state)
{
	char out[DISPOSITION_ID_LEN + 1];
	struct dispositions v;

	(void)state;
	assert_int_equal(dispositions_parse(&v,
				 STRV("merge " A " " B "\nmerge " C " " A "\nsplit " D "\nignore " B
				      " until 2027-01-01 why x\n"),
				 "f", NULL),
		0);
	dispositions_resolve(&v, B, out);
	assert_string_equal(out, C);
	dispositions_resolve(&v, C, out);
	assert_string_equal(out, C);
	dispositions_resolve(&v, D, out);
	assert_string_equal(out, D);
	assert_true(dispositions_is_split(&v, D));
	assert_false(dispositions_is_split(&v, A));
	assert_non_null(dispositions_ignored(&v, C, 20819 * DAY - 1));
	assert_string_equal(dispositions_ignored(&v, A, 0)->why, "x");
	assert_null(dispositions_ignored(&v, C, 20819 * DAY));
	assert_null(dispositions_ignored(&v, D, 0));
	dispositions_release(&v);
}

static void test_dates(void **state)
{
	static const struct {
		const char *s;
		int rc;
		uint64_t days;
	} cases[] = {
		{ "1970-01-01", 0, 0 },
		{ "2000-02-29", 0, 11016 },
		{ "2026-11-22", 0, 20779 },
		{ "2027-01-01", 0, 20819 },
		{ "9999-12-31", 0, 2932896 },
		{ "1900-01-01", -1, 0 },
		{ "2027-1-01", -1, 0 },
		{ "2027-00-10", -1, 0 },
		{ "2027-04-31", -1, 0 },
		{ "2100-02-29", -1, 0 },
		{ "2027-01-01x", -1, 0 },
		{ "", -1, 0 },
	};
	char date[DISPOSITION_DATE_LEN];
	uint64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (disposition_date_parse(strv_of(cases[i].s), &ms) != cases[i].rc)
			fail_msg("'%s'", cases[i].s);
		if (cases[i].rc < 0)
			continue;
		assert_int_equal(ms, cases[i].days * DAY);
		disposition_date(ms, date);
		assert_string_equal(date, cases[i].s);
	}
	disposition_date(UINT64_MAX, date);
	assert_string_equal(date, "9999-12-31");
}

static void test_files(void **state)
{
	struct disposition add = make(DISPOSITION_SPLIT, A, "", 0, NULL);
	char *dir = fs_tmpdir("thresh-verdicts", NULL), *path = fs_join(dir, DISPOSITIONS_FILE);
	struct err e = ERR_INIT;
	struct dispositions v;

	(void)state;
	assert_int_equal(dispositions_load(&v, path, &e), 0);
	assert_int_equal(dispositions_save(&v, path, &e), 0);
	assert_false(fs_exists(path));
	assert_int_equal(dispositions_add(&v, &add, &e), 0);
	assert_int_equal(dispositions_save(&v, path, &e), 0);
	dispositions_release(&v);
	assert_int_equal(dispositions_load(&v, path, &e), 0);
	assert_true(dispositions_is_split(&v, A));
	dispositions_release(&v);
	assert_int_equal(dispositions_load(&v, dir, &e), -1);
	assert_int_equal(fs_write(path, "huh\n", 4, 0600, &e), 0);
	assert_int_equal(dispositions_load(&v, path, &e), -1);
	assert_non_null(strstr(e.msg, "thresh.verdicts:1: "));
	fs_remove_tree(dir, NULL);
	free(path);
	free(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_apply),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
