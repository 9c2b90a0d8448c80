/* Mutations of a text's structure: the parts that are seen, what becomes of them, and that nothing is written out of bounds. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "runtime/thresh_rt_parts.h"
#include "runtime/thresh_rt_structure.h"
#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>
/* not in the library: it goes into targets */
#include "runtime/parts.c"
#include "runtime/structure.c"

#define TRIES 6000

static bool has_part(const struct thresh_rt_parts *p, enum thresh_rt_part_kind kind, const char *s)
{
	for (unsigned i = 0; i < p->n; i++)
		if (p->part[i].kind == kind && p->part[i].to - p->part[i].from == strlen(s) &&
			!memcmp(p->s + p->part[i].from, s, strlen(s)))
			return true;
	return false;
}

static void test_parts(void **state)
{
	static const struct {
		const char *text;
		enum thresh_rt_part_kind kind;
		const char *part;
	} rows[] = {
		{ "{\"a\": [1, 2], \"b\": \"x,y\"}", GROUP, "[1, 2]" },
		{ "{\"a\": [1, 2], \"b\": \"x,y\"}", ITEM, "\"a\": [1, 2]" },
		{ "{\"a\": [1, 2], \"b\": \"x,y\"}", KEY, "\"b\"" },
		{ "{\"a\": [1, 2], \"b\": \"x,y\"}", VALUE, "\"x,y\"" },
		{ "{\"a\": \"\\\"]\"}", STRING, "\"\\\"]\"" },
		{ "a: 1\nb:\n  c: 2\n  d: 3\ne: 4\n", LINE, "b:\n  c: 2\n  d: 3\n" },
		{ "a: 1\nb:\n  c: 2\n", VALUE, "1" },
		{ "<a><b x=\"1\">t</b><c/></a>", ELEMENT, "<b x=\"1\">t</b>" },
		{ "<a><b x=\"1\">t</b><c/></a>", ELEMENT, "<c/>" },
		{ "<a><b x=\"1\">t</b><c/></a>", VALUE, "<b x=\"1\">t</b><c/>" },
		{ "one,\"t,wo\",three\n1,2,3\n", ITEM, "\"t,wo\"" },
		{ "[s]\nkey = value ; more\n", VALUE, "value" },
		{ "f(a, (b + c)); it's 'so'", GROUP, "(a, (b + c))" },
		{ "it's 'so'", STRING, "'so'" },
		/* what doesn't match is passed over */
		{ "]]}{\"a\":[1,2", ITEM, "2" },
		{ "<a></b><c>x</c>", ELEMENT, "<c>x</c>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct thresh_rt_parts p;

		thresh_rt_parts_look(&p, (const uint8_t *)rows[i].text, strlen(rows[i].text));
		if (!has_part(&p, rows[i].kind, rows[i].part))
			fail_msg("%s: no part %s", rows[i].text, rows[i].part);
	}
}

/* Quotes that nothing closes, each with a backslash in front, as in JSON within JSON that was cut: no more than other bytes. */
static void test_time(void **state)
{
	static const char quotes[] = "\"'`";
	static uint8_t text[THRESH_RT_PARTS_LOOKED];
	static struct thresh_rt_parts p;
	clock_t begin = clock(), plain, slowest = 0;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (unsigned k = 0; k < 8; k++)
		thresh_rt_parts_look(&p, text, sizeof(text));
	plain = clock() - begin;
	for (const char *quote = quotes; *quote; quote++) {
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = (uint8_t)(i % 2 ? '\\' : *quote);
		begin = clock();
		for (unsigned k = 0; k < 8; k++)
			thresh_rt_parts_look(&p, text, sizeof(text));
		slowest = MAX(slowest, clock() - begin);
	}
	assert_true(slowest < 60 * (plain + CLOCKS_PER_SEC / 1000));
}

/* Each within so many tries: what a mutation is for. */
static void test_reached(void **state)
{
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{ "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"c\":3}" },
		{ "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}" },
		{ "{\"a\":1,\"b\":2}", "{\"b\":1,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "{\"a\":1,\"a\":1,\"b\":2}" },
		{ "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":null}" },
		{ "{\"a\":1,\"b\":2}", "{\"a\":{\"a\":1,\"b\":2},\"b\":2}" },
		{ "{\"a\":[1,2]}", "{\"a\":[]}" },
		{ "{\"a\":[1,2]}", "{\"a\":[[1,2]]}" },
		{ "a: 1\nb: 2\n", "b: 2\na: 1\n" },
		{ "a: 1\nb: 2\n", "a: 1\na: 1\nb: 2\n" },
		{ "<a><b>x</b></a>", "<a></a>" },
		{ "<a><b>x</b></a>", "<a><b>x</b><b>x</b></a>" },
		{ "<a><b>x</b></a>", "<a><b><b>x</b></b></a>" },
		{ "1,2,3\n", "1,3\n" },
	};
	uint8_t out[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *t = rows[i].text, *w = rows[i].wanted;
		bool reached = false;

		for (unsigned k = 0; k < TRIES && !reached; k++) {
			size_t n = thresh_rt_structure(
				(const uint8_t *)t, strlen(t), out, sizeof(out), k);

			reached = n == strlen(w) && !memcmp(out, w, n);
		}
		if (!reached)
			fail_msg("%s: never became %s", t, w);
	}
}

/* Most of what comes of a whole text is whole, and some of it is far deeper or longer. */
static void test_whole(void **state)
{
	static const char text[] =
		"{\"list\":[{\"id\":1,\"name\":\"one\"},{\"id\":2,\"name\":\"two\"}],\"ok\":true}";
	static uint8_t out[8192];
	unsigned whole = 0, deep = 0, made = 0;
	size_t longest = 0;

	(void)state;
	for (unsigned k = 0; k < TRIES; k++) {
		size_t n = thresh_rt_structure(
			(const uint8_t *)text, sizeof(text) - 1, out, sizeof(out), k);
		cJSON *j = n ? cJSON_ParseWithLength((const char *)out, n) : NULL;

		made += n > 0;
		whole += j != NULL;
		deep += n > 400 && memmem(out, n, "[[[[[[[[", 8) != NULL;
		longest = MAX(longest, n);
		cJSON_Delete(j);
	}
	assert_true(made > TRIES * 9 / 10);
	assert_true(whole > made / 2);
	assert_true(deep > 0);
	assert_true(longest > 2000);
}

static void test_bounds(void **state)
{
	static const char *const texts[] = { "", "{", "\"", "<", "<>", "</a>", "a:", ",,,,",
		"\n\n\n", "{}", "[[[[[[[[", "'", "\\", "\"\\", "<a><a><a>", "::::", "x",
		"((((]]]]" };
	static uint8_t binary[300];

	(void)state;
	for (size_t i = 0; i < sizeof(binary); i++)
		binary[i] = (uint8_t)(i * 7 % 31);
	assert_true(thresh_rt_structure_has(binary, sizeof(binary)));
	assert_false(thresh_rt_structure_has(binary, 2));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		for (size_t max = 1; max < 40; max += 3)
			for (unsigned k = 0; k < 200; k++) {
				/* blocks of exactly their size, for a sanitizer to see */
				size_t size = strlen(texts[i]), n;
				uint8_t *in = xmalloc(MAX(size, (size_t)1)), *to = xmalloc(max);

				memcpy(in, texts[i], size);
				thresh_rt_structure_keep(in, size);
				n = thresh_rt_structure(in, size, to, max, k);
				assert_true(n <= max);
				assert_true(n == 0 || n != size || memcmp(in, to, n) != 0);
				free(in);
				free(to);
			}
}

/* Parts of what was kept come in, and the same seed does the same. */
static void test_kept(void **state)
{
	static const char text[] = "[1,2]", other[] = "[\"grafted\"]";
	uint8_t a[128], b[128];
	unsigned grafted = 0;

	(void)state;
	for (unsigned k = 0; k < 64; k++)
		thresh_rt_structure_keep((const uint8_t *)other, sizeof(other) - 1);
	for (unsigned k = 0; k < 500; k++) {
		size_t n = thresh_rt_structure(
			(const uint8_t *)text, sizeof(text) - 1, a, sizeof(a), k);

		assert_int_equal(thresh_rt_structure(
					 (const uint8_t *)text, sizeof(text) - 1, b, sizeof(b), k),
			n);
		assert_memory_equal(a, b, n);
		grafted += memmem(a, n, "grafted", 7) != NULL;
	}
	assert_true(grafted > 20);
}

/* A dictionary's words come where there are keys and values, in the text's quotes, two of them at once. */
static void test_words(void **state)
{
	static const char dictionary[] = "# \"no\"\nname=\"op\"\n\"mo\\x76e\"\n\"\\\"from\\\"\"\n"
					 "\"unended\n\"" /* the last has no end either */;
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{ "{\"a\":\"b\"}", "{\"op\":\"b\"}" },
		{ "{\"a\":\"b\"}", "{\"a\":\"move\"}" },
		{ "{\"a\":1}", "{\"a\":\"op\"}" },
		{ "{\"a\":\"b\",\"c\":1}", "{\"a\":\"b\",\"op\":\"move\",\"c\":1}" },
		{ "{\"a\":\"b\"}", "{\"a\":\"b\",\"from\":\"b\"}" },
		{ "[{}]", "[{\"op\":\"move\"}]" },
		{ "[1]", "[\"from\",1]" },
		{ "a=1\nb=2\n", "a=1\nop=move\nb=2\n" },
		{ "a: 1\nb: 2\n", "a: 1\nb: 2\nfrom: op\n" },
	};
	char *dir = fs_tmpdir("thresh-test-words", NULL), *path = fs_join(dir, "dict");
	uint8_t out[256];

	(void)state;
	assert_int_equal(fs_write(path, dictionary, sizeof(dictionary) - 1, 0600, NULL), 0);
	thresh_rt_structure_words(path);
	assert_int_equal(words.n, 3);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *t = rows[i].text, *w = rows[i].wanted;
		bool reached = false;

		for (unsigned k = 0; k < 10 * TRIES && !reached; k++) {
			size_t n = thresh_rt_structure(
				(const uint8_t *)t, strlen(t), out, sizeof(out), k);

			reached = n == strlen(w) && !memcmp(out, w, n);
		}
		if (!reached)
			fail_msg("%s: never became %s", t, w);
	}
	test_bounds(state);
	fs_remove_tree(dir, NULL);
	free(path);
	free(dir);
}

/* Of words in the order of their worth the first come more often, and the last at times. */
static void test_first_words(void **state)
{
	static struct thresh_rt_lexicon l;
	unsigned times[100] = { 0 };
	uint64_t seed = 1;

	(void)state;
	for (l.n = 1; l.n <= ARRAY_LEN(times); l.n += l.n == 1 ? 3 : 96)
		for (unsigned i = 0; i < TRIES; i++) {
			const struct thresh_rt_lexeme *w = thresh_rt_lexicon_any(&l, &seed);

			assert_true(w >= l.word && w < l.word + l.n);
			times[w - l.word] += l.n == ARRAY_LEN(times);
		}
	assert_true(times[1] > TRIES / 25);
	assert_true(times[99] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_reached),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_first_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
