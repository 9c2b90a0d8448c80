/* Prefixes: which end as none did before, and what libFuzzer is given of a corpus, once. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "campaign/cutting.h"
#include "corpus/cuts.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct {
	const char *before, *prefix;
	size_t kinds;
	bool is_new;
} endings[] = {
	{ "{", "{", 2, false },
	{ "{", "{\"", 2, true },
	{ "{\"a", "{\"b", 2, false }, /* a letter is a letter */
	{ "{\"a", "[\"b", 2, false }, /* what is further away doesn't count ... */
	{ "{\"a", "[\"b", 3, true },  /* ... unless more does */
	{ "a1", "b2", 2, false },
	{ "a1", "ab", 2, true },
	{ "a:", "a;", 2, true },              /* each sign for itself */
	{ "\xc3\xa9", "\xc3\xbf", 2, false }, /* the rest of a character */
	{ "\xc3\xa9", "\xa9\xa9", 2, true },
	{ "a", "a", 6, false },
	{ "aa", "a", 2, true }, /* where it begins is an ending, too */
	{ "a\n", "a ", 2, true },
};

static void new_endings(void **state)
{
	unsigned char *seen = xmalloc(CUTS_BYTES);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		memset(seen, 0, CUTS_BYTES);
		assert_true(cuts_is_new(seen, strv_of(endings[i].before), endings[i].kinds));
		if (cuts_is_new(seen, strv_of(endings[i].prefix), endings[i].kinds) !=
			endings[i].is_new)
			fail_msg("%s behind %s, %zu kinds", endings[i].prefix, endings[i].before,
				endings[i].kinds);
		assert_false(cuts_is_new(seen, strv_of(endings[i].prefix), endings[i].kinds));
	}
	free(seen);
}

static char *top, *corpus, *exe;
static struct project project;
static const struct config_harness harness = { .name = "parse" };

static int set_up(void **state)
{
	(void)state;
	top = fs_tmpdir("thresh-test", NULL);
	project = (struct project){ .state_dir = top };
	corpus = project_corpus_dir(&project, harness.name);
	exe = fs_join(top, "exe");
	assert_int_equal(fs_mkdirs(corpus, NULL), 0);
	return fs_write(exe, "1", 1, 0700, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(top, NULL);
	free(corpus);
	free(exe);
	free(top);
	return 0;
}

static void put_input(const char *text, size_t n)
{
	char sha1[SHA1_HEX], *path;

	hash_sha1(text, n, sha1);
	path = fs_join(corpus, sha1);
	assert_int_equal(fs_write(path, text, n, 0600, NULL), 0);
	free(path);
}

/* What is given, one a line; "" for nothing. */
static const char *given(struct buf *out)
{
	char *path = cutting_make(&project, &harness, exe);
	struct buf b = BUF_INIT;
	uint64_t at = 8;
	uint32_t n;

	buf_reset(out);
	if (path)
		assert_int_equal(fs_read(path, FS_NO_LIMIT, &b, NULL), 0);
	for (; at < b.len; at += n) {
		memcpy(&n, b.s + at, sizeof(n));
		at += sizeof(n);
		assert_true(n && n <= b.len - at);
		buf_add(out, b.s + at, n);
		buf_addch(out, '\n');
	}
	buf_release(&b);
	if (path)
		assert_int_equal(fs_remove(path, NULL), 0); /* as the engine does */
	free(path);
	return buf_str(out);
}

static void each_once(void **state)
{
	struct buf out = BUF_INIT;
	char *endings_file = fs_join(top, "work/parse/cuts/endings");
	char *large = xmalloc(20000), *path;

	(void)state;
	assert_string_equal(given(&out), "");
	put_input("{\"k\":1}", 7);
	/* all but the whole; two kinds tell all of them from each other */
	assert_string_equal(given(&out), "{\n{\"\n{\"k\n{\"k\"\n{\"k\":\n{\"k\":1\n");
	assert_string_equal(given(&out), "");
	/* the first two begin as nothing did; what follows ends as before in two kinds, and in more it doesn't */
	put_input("[\"x\":2}", 7);
	assert_string_equal(given(&out), "[\n[\"\n[\"x\n[\"x\"\n[\"x\":\n[\"x\":2\n");
	put_input("[\"y\":3}", 7);
	assert_string_equal(given(&out), "");
	/* one too long for that is looked at once, and not cut */
	memset(large, '<', 20000);
	put_input(large, 20000);
	assert_string_equal(given(&out), "");
	/* what nobody took is given again, and nothing else meanwhile */
	put_input("<1", 2);
	path = cutting_make(&project, &harness, exe);
	assert_non_null(path);
	free(path);
	put_input(">1", 2);
	assert_string_equal(given(&out), "<\n");
	assert_string_equal(given(&out), ">\n");
	/* another build: all of it again */
	assert_int_equal(fs_write(exe, "12", 2, 0700, NULL), 0);
	assert_non_null(strstr(given(&out), "{\"k\":1\n"));
	assert_non_null(strstr(buf_str(&out), "[\n"));
	assert_string_equal(given(&out), "");
	/* a memory that was lost, or is somebody's joke: all of it once more */
	assert_int_equal(fs_write(endings_file, "x", 1, 0600, NULL), 0);
	put_input("(1", 2);
	assert_non_null(strstr(given(&out), "(\n"));
	assert_non_null(strstr(buf_str(&out), "{\"k\":1\n"));
	/* no build, nothing for it */
	assert_int_equal(fs_remove(exe, NULL), 0);
	put_input(")1", 2);
	assert_string_equal(given(&out), "");
	buf_release(&out);
	free(endings_file);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_endings),
		cmocka_unit_test_setup_teardown(each_once, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("cuts", tests, NULL, NULL);
}
