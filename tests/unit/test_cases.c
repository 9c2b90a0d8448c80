/* The generators: deterministic, named, bounded, and with the corners that they are for. */
#include "base/prelude.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "config/config.h"
#include "cases/cases.h"
#include "cases/spread.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
/* clang-format off */
#include <cmocka.h>
/* clang-format on */

static const struct cases_seed seeds[] = { { "one", { "{\"a\": [1, 2], \"b\": null}", 24 } },
	{ "two", { "k: v\n- \0x", 9 } }, { "tiny", { "x", 1 } } };
static const struct strv tokens[] = { { "null", 4 }, { "\"", 1 }, { "[]", 2 }, { "\"path\"", 6 } };

static struct cases_input input_of(const char *format, size_t max_len)
{
	return (struct cases_input){ .format = format,
		.max_len = max_len,
		.seeds = seeds,
		.n_seeds = ARRAY_LEN(seeds),
		.tokens = tokens,
		.n_tokens = ARRAY_LEN(tokens) };
}

static const char *const formats[] = { "raw", "text", "json", "yaml", "ini", "xml", "csv", "base64",
	"url", "binary" };

static int by_string(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void assert_unique(struct strlist *names, const char *format)
{
	qsort(names->v, names->n, sizeof(*names->v), by_string);
	for (size_t i = 1; i < names->n; i++)
		if (strcmp(names->v[i - 1], names->v[i]) == 0)
			fail_msg("%s: two cases named %s", format, names->v[i]);
}

/* Also those that are left out where another has the same bytes: a pattern brings them back. */
static void test_all_names(void **state)
{
	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
		struct cases_input in = input_of(formats[f], 2000);
		struct cases_stream *s = cases_stream_new(&in, "*");
		struct strlist names = STRLIST_INIT;
		struct edge_case *c;

		while ((c = cases_stream_next(s)) != NULL) {
			strlist_add(&names, c->name);
			free(c);
		}
		assert_unique(&names, formats[f]);
		strlist_release(&names);
		cases_stream_free(s);
	}
}

/* Every format: names are clean and unique, lengths within bounds, serials without a hole. */
static void test_contract(void **state)
{
	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
		struct cases_input in = input_of(formats[f], 2000);
		struct cases_stream *s = cases_stream_new(&in, NULL);
		struct strlist names = STRLIST_INIT;
		struct edge_case *c;
		uint64_t n = 0;

		while ((c = cases_stream_next(s)) != NULL) {
			assert_true(c->len <= in.max_len);
			assert_int_equal(c->serial, n);
			n++;
			assert_non_null(strchr(c->name, '/'));
			for (const char *p = c->name; *p; p++)
				assert_true(*p > ' ' && *p < 127);
			strlist_add(&names, c->name);
			free(c);
		}
		assert_true(n > 1000);
		assert_unique(&names, formats[f]);
		strlist_release(&names);
		cases_stream_free(s);
	}
}

/* A case is had again by its name alone, with the same bytes. */
static void test_by_name(void **state)
{
	struct cases_input in = input_of("json", 600);
	struct cases_stream *all = cases_stream_new(&in, NULL);
	struct edge_case *c, *again;
	size_t n = 0;

	(void)state;
	while ((c = cases_stream_next(all)) != NULL) {
		if (n++ % 97 == 0) {
			struct cases_stream *one = cases_stream_new(&in, c->name);

			again = cases_stream_next(one);
			assert_non_null(again);
			assert_string_equal(again->name, c->name);
			assert_int_equal(again->len, c->len);
			assert_memory_equal(again->data, c->data, c->len);
			free(again);
			assert_null(cases_stream_next(one));
			cases_stream_free(one);
		}
		free(c);
	}
	cases_stream_free(all);
}

static const struct {
	const char *format, *name, *bytes;
	size_t len;
} known[] = {
	{ "json", "json/number/exponent-overflow", "1e309", 5 },
	{ "json", "token/0/shape-0", "{\"null\":1}", 10 },
	{ "ini", "token/1/shape-250-with-0", "path=null\n", 10 },
	{ "json", "token/0/all-from-0-shape-0",
		"{\"null\":\"null\",\"path\":\"null\",\"null\":\"null\",\"path\":\"null\"}", 57 },
	{ "ini", "token/1/for-0-of-all-shape-201",
		"[a]\nnull=path\npath=#ab12345\nnull=path\npath=#ab12345\n", 52 },
	{ "ini", "token/1/shape-213", ".path", 5 },
	{ "text", "token/1/shape-225", "a=\"${path}\"", 11 },
	{ "raw", "token/0/shape-50-with-1", "{\"null\":\"path\"}", 15 },
	{ "binary", "dns/a/whole",
		"\x12\x34\x81\x80\0\1\0\1\0\0\0\0\1a\1b\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\x7f"
		"\0\0\1",
		37 },
	{ "raw", "dns/header/cut-2", "\x12\x34", 2 },
	{ "json", "json/number/exponent-overflow@array", "[1e309]", 7 },
	{ "json", "json/escape/surrogate-end-of-input", "\"\\ud800", 7 },
	{ "json", "json/depth/arrays-unclosed-3", "[[[", 3 },
	{ "json", "json/depth/arrays-2", "[[]]", 4 },
	{ "json", "json/long/string-4", "\"aaaa\"", 6 },
	{ "json", "json/long/string-10", "\"aaaaaaaaaa\"", 12 },
	{ "json", "json/depth/arrays-unclosed-10", "[[[[[[[[[[", 10 },
	{ "ini", "ini/long/key-12", "kkkkkkkkkkkk=v\n", 15 },
	{ "csv", "csv/long/field-10", "aaaaaaaaaa,b\n", 13 },
	{ "json", "json/literal/null-nul", "nul\0", 4 },
	{ "yaml", "yaml/scalar/norway@value", "k: no\n", 6 },
	{ "yaml", "yaml/depth/block-sequences-2", "- - a", 5 },
	{ "text", "utf8/overlong-3-byte-slash", "\xe0\x80\xaf", 3 },
	{ "text", "utf8/utf16le-mark-alone", "\xff\xfe", 2 },
	{ "text", "utf8/utf32be-110000", "\0\0\xfe\xff\0\x11\0\0", 8 },
	{ "raw", "raw/empty", "", 0 },
	{ "raw", "raw/byte-ff", "\xff", 1 },
	{ "raw", "raw/run-00-7", "\0\0\0\0\0\0\0", 7 },
	{ "raw", "seed/two/prefix-8", "k: v\n- \0", 8 },
	{ "raw", "seed/two/suffix-1", "x", 1 },
	{ "raw", "seed/two/be16-at-7-is-7fff", "k: v\n- \x7f\xff", 9 },
	{ "raw", "seed/two/reversed", "x\0 -\nv :k", 9 },
	{ "raw", "seed/tiny/times-2", "xx", 2 },
	{ "raw", "token/0/around-2", "null[]null", 10 },
	{ "raw", "token/0/split-by-1", "nu\"ll", 5 },
	{ "raw", "token/0/in-one/deleted-at-19", "{\"a\": [1, 2], \"b\": }", 20 },
	{ "binary", "binary/tag-0/be16/body-2-says-ffff",
		"\xff\xff"
		"AA",
		4 },
	{ "text", "text/own-end/here-long@equals-blank", "k = <<EOD\nb\nEOD", 15 },
	{ "json", "text/own-end/triple-cut", "\"\"\"a\"\"", 6 },
	{ "text", "host/name/dot-escaped-at-end", "a\\.", 3 },
	{ "raw", "host/address/v6-scope@prefix-129", "fe80::1%eth0/129", 16 },
	{ "text", "host/limit/62-times-1-of-1-ended", NULL, 62 * 4 + 1 },
	{ "yaml", "yaml/long/tag-prefix-percent-2", "%TAG !e! %41%41\n---\n!e!b c\n", 27 },
	{ "binary", "raw/deep-81-100000", NULL, 100000 },
	{ "json", "raw/deep-28-100000", NULL, 100000 },
	{ "base64", "base64/padding-3", "Q===", 4 },
	{ "url", "url/port-65536", "http://a:65536", 14 },
	{ "ini", "ini/section-unended-end-of-input", "[s", 2 },
	{ "csv", "csv/quote-alone", "\"", 1 },
	{ "xml", "xml/entity-beyond", "<a>&#x110000;</a>", 17 },
};

static void test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct cases_input in =
			input_of(known[i].format, MAX((size_t)4096, known[i].len / 4));
		struct cases_stream *s = cases_stream_new(&in, known[i].name);
		struct edge_case *c = cases_stream_next(s);

		if (!c)
			fail_msg("%s: no such case", known[i].name);
		assert_int_equal(c->len, known[i].len);
		if (known[i].bytes)
			assert_memory_equal(c->data, known[i].bytes, known[i].len);
		free(c);
		cases_stream_free(s);
	}
}

/* Two documents are had in all the ways in which harnesses take two. */
static const struct {
	const char *name, *bytes;
	size_t len;
} two[] = {
	{ "pair/merge-null-member", "[{\"a\":1},{\"a\":null}]", 20 },
	{ "pair/merge-null-member-swapped", "[{\"a\":null},{\"a\":1}]", 20 },
	{ "pair/merge-null-member@lines", "{\"a\":1}\n{\"a\":null}", 18 },
	{ "pair/merge-null-member@nul", "{\"a\":1}\0{\"a\":null}", 18 },
	{ "pair/merge-null-member-swapped@nul-ended", "{\"a\":null}\0{\"a\":1}\0", 19 },
	{ "pair/merge-null-member@halves", "{\"a\":1}   {\"a\":null}", 20 },
	{ "pair/merge-null-member-swapped@halves", "{\"a\":null}{\"a\":1}   ", 20 },
	{ "pair/merge-null-member@length", "\7{\"a\":1}{\"a\":null}", 18 },
	{ "pair/pointer-index", "[[1,2],\"/1\"]", 12 },
	{ "pair/pointer-index-as-text@lines", "[1,2]\n/1", 8 },
	{ "pair/pointer-index-as-text-swapped@nul", "/1\0[1,2]", 8 },
	{ "pair/op-null@lines", "{\"a\":1}\n[{\"op\":null,\"path\":\"/a\"}]", 33 },
	{ "pair/merge-null-member@doc-patch", "{\"doc\":{\"a\":1},\"patch\":{\"a\":null}}", 34 },
	{ "pair/merge-null-member@patch-doc", "{\"patch\":{\"a\":1},\"doc\":{\"a\":null}}", 34 },
	{ "pair/merge-null-member@null-doc", NULL, 0 },
	{ "pair/merge-null-member@doc-doc", NULL, 0 },
	{ "pair/merge-null-member@doc-a1", "{\"doc\":{\"a\":1},\"a1\":{\"a\":null}}", 31 },
};

static void test_pairs(void **state)
{
	static const struct strv words[] = { { "{\"a\":", 5 }, { "null", 4 }, { "\"doc\"", 5 },
		{ "~1", 2 }, { "patch", 5 }, { "doc", 3 }, { "a b", 3 }, { "a1", 2 } };
	struct cases_input in = {
		.format = "json", .max_len = 4096, .tokens = words, .n_tokens = ARRAY_LEN(words)
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(two); i++) {
		struct cases_stream *s = cases_stream_new(&in, two[i].name);
		struct edge_case *c = cases_stream_next(s);

		if (!c != !two[i].bytes)
			fail_msg("%s: %s", two[i].name, c ? "is one" : "no such case");
		if (c && (c->len != two[i].len || memcmp(c->data, two[i].bytes, c->len) != 0))
			fail_msg("%s: %.*s", two[i].name, (int)c->len, (const char *)c->data);
		free(c);
		cases_stream_free(s);
	}
}

/* Behind options: a format's cases each behind one, the short ones behind each; what is made of bytes alone as it is. */
static void test_heads(void **state)
{
	static const struct strv heads[] = { { "\0\1", 2 }, { "01", 2 }, { "\xff\xff", 2 } };
	struct cases_input in = input_of("json", 600);
	struct cases_stream *s;
	struct strlist names = STRLIST_INIT;
	size_t behind[ARRAY_LEN(heads)] = { 0 }, whole = 0, all = 0;
	struct edge_case *c;

	(void)state;
	in.heads = heads;
	in.n_heads = ARRAY_LEN(heads);
	s = cases_stream_new(&in, NULL);
	while ((c = cases_stream_next(s)) != NULL) {
		bool of_format = strncmp(c->name, "json/", 5) == 0, any = false;

		for (size_t i = 0; i < ARRAY_LEN(heads) && of_format; i++)
			if (c->len >= 2 && memcmp(c->data, heads[i].s, 2) == 0) {
				behind[i]++;
				any = true;
				all += c->len == 4 && memcmp(c->data + 2, "[]", 2) == 0;
			}
		assert_int_equal(any, of_format);
		whole += strncmp(c->name, "raw/e", 5) == 0 && c->len == 0;
		strlist_add(&names, c->name);
		free(c);
	}
	cases_stream_free(s);
	assert_unique(&names, "behind heads");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		assert_true(behind[i] > 500);
	assert_int_equal(all, ARRAY_LEN(heads));
	assert_int_equal(whole, 1);
	for (size_t i = 0; i < names.n; i += 97) {
		s = cases_stream_new(&in, names.v[i]);
		c = cases_stream_next(s);
		assert_non_null(c);
		assert_string_equal(c->name, names.v[i]);
		free(c);
		cases_stream_free(s);
	}
	strlist_release(&names);
}

static size_t count(const struct cases_input *in, const char *pattern)
{
	struct cases_stream *s = cases_stream_new(in, pattern);
	struct edge_case *c;
	size_t n = 0;

	while ((c = cases_stream_next(s)) != NULL) {
		n++;
		free(c);
	}
	cases_stream_free(s);
	return n;
}

static void test_patterns(void **state)
{
	struct cases_input in = input_of("json", 4096);
	size_t json = count(&in, "json/*"), numbers = count(&in, "json/number/*");

	(void)state;
	assert_true(numbers > 500 && json > numbers);
	assert_true(count(&in, "*/number/*") == numbers);
	assert_true(count(&in, "*") > json);
	assert_int_equal(count(&in, "yaml/*"), 0);
	assert_int_equal(count(&in, "no such"), 0);
	assert_int_equal(count(&in, ""), 0);
	assert_int_equal(count(&in, "[r]aw/empty"), 1);
}

/* Nothing to make cases from is no reason to fail; neither is a limit of one byte. */
static void test_bounds(void **state)
{
	static const struct cases_seed empty[] = { { "empty", { "", 0 } } };
	struct cases_input in = { .format = "raw", .max_len = 1 };
	uint64_t same, long_;
	struct cases_stream *s;

	(void)state;
	assert_int_equal(count(&in, NULL), 257);
	in.seeds = empty;
	in.n_seeds = 1;
	in.max_len = 64;
	assert_true(count(&in, "seed/*") > 0);
	in = input_of("json", 20);
	s = cases_stream_new(&in, NULL);
	free(cases_stream_next(s));
	cases_stream_free(s); /* in the middle of a step */
	s = cases_stream_new(&in, NULL);
	for (struct edge_case *c; (c = cases_stream_next(s)) != NULL;)
		free(c);
	cases_stream_left_out(s, &same, &long_);
	assert_true(same > 0 && long_ > 0);
	cases_stream_free(s);
}

static void test_spread(void **state)
{
	(void)state;
	for (size_t len = 1; len < 50; len++) {
		for (size_t n = 2; n <= len; n++) {
			assert_int_equal(cases_spread(0, n, len), 0);
			assert_int_equal(cases_spread(n - 1, n, len), len - 1);
			for (size_t i = 1; i < n; i++)
				assert_true(cases_spread(i, n, len) > cases_spread(i - 1, n, len));
		}
	}
	assert_int_equal(cases_spread(0, 1, 9), 0);
	assert_int_equal(cases_spread(511, 512, SIZE_MAX), SIZE_MAX - 1);
}

/* Every format that the project file knows has cases of its own; every row of the table is complete. */
static void test_table(void **state)
{
	const struct config_key *k = config_keys;

	(void)state;
	while (strcmp(k->path, "harnesses.*.format") != 0)
		k++;
	for (size_t i = 0; k->words[i]; i++) {
		struct cases_input in = input_of(k->words[i], 512);
		bool known_here = false;

		for (size_t f = 0; f < ARRAY_LEN(formats); f++)
			known_here = known_here || strcmp(formats[f], k->words[i]) == 0;
		assert_true(known_here);
		if (i > 0) { /* raw has no name of its own but the general ones */
			char *pattern = xasprintf("%s/*", k->words[i]);

			assert_true(count(&in, pattern) > 50);
			free(pattern);
		}
	}
	for (const struct cases_generator *g = cases_generators; g->name; g++) {
		assert_non_null(g->help);
		assert_non_null(g->make);
		assert_true(!g->formats || g->formats[0] == ' ');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contract),
		cmocka_unit_test(test_all_names),
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
