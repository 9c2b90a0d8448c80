/* Inputs by content, what is brought in as seeds. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/batch.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char *dir, *store;

static int set_up(void **state)
{
	(void)state;
	log_set_level(LOG_ERROR);
	dir = fs_tmpdir("thresh-test", NULL);
	store = fs_join(dir, "inputs");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(dir, NULL);
	free(dir);
	free(store);
	return 0;
}

static void put(const char *name, const char *text)
{
	char *path = fs_join(dir, name), *parent = fs_dirname(path);

	assert_int_equal(fs_mkdirs(parent, NULL), 0);
	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(parent);
	free(path);
}

static unsigned n_stored(void)
{
	struct strlist l = STRLIST_INIT;
	unsigned n;

	assert_int_equal(fs_list(store, &l, NULL), 0);
	n = (unsigned)l.n;
	strlist_release(&l);
	return n;
}

/* synced or not, what is there is the same */
static int (*const ways[])(const char *dir, const void *p, size_t n, char sha1[SHA1_HEX],
	bool *added, struct err *err) = { inputs_put, inputs_put_unsynced };

static void by_content(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *name;
	} rows[] = { { "", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ "abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "a\0b", 3, "4a3dec2d1f8245280855c42db0ee4239f917fdb8" } };

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
		size_t row = i / 2;
		char sha1[SHA1_HEX], *path;
		struct buf b = BUF_INIT;
		bool added = false;

		assert_int_equal(
			ways[i % 2](store, rows[row].bytes, rows[row].len, sha1, &added, NULL), 0);
		assert_string_equal(sha1, rows[row].name);
		assert_true(added);
		assert_int_equal(
			ways[i % 2](store, rows[row].bytes, rows[row].len, sha1, &added, NULL), 0);
		assert_false(added);
		buf_adds(&b, "before");
		assert_int_equal(inputs_get(store, sha1, &b, NULL), 0);
		assert_int_equal(b.len, 6 + rows[row].len);
		assert_memory_equal(b.s + 6, rows[row].bytes, rows[row].len);
		buf_release(&b);
		assert_int_equal(n_stored(), 1);
		path = inputs_path(store, sha1);
		assert_int_equal(unlink(path), 0);
		free(path);
	}
}

/* A name from anywhere never leads out of the folder; bytes that changed are said to be damaged. */
static void not_believed(void **state)
{
	static const char *const bad[] = { "", "x", "../../etc/passwd",
		"A9993E364706816ABA3E25717850C26C9CD0D89D",
		"a9993e364706816aba3e25717850c26c9cd0d89",
		"a9993e364706816aba3e25717850c26c9cd0d89dd",
		"a9993e364706816aba3e25717850c26c9cd0d89/" };
	char sha1[SHA1_HEX], *path;
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(inputs_is_name(bad[i]));
		assert_int_equal(inputs_get(store, bad[i], &b, &err), -1);
	}
	assert_int_equal(inputs_put(store, "abc", 3, sha1, NULL, NULL), 0);
	path = inputs_path(store, sha1);
	assert_int_equal(fs_write(path, "abd", 3, 0600, NULL), 0);
	assert_int_equal(inputs_get(store, sha1, &b, &err), -1);
	assert_non_null(strstr(err.msg, "damaged"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(inputs_get(store, sha1, &b, &err), -1);
	free(path);
	buf_release(&b);
}

static void imported(void **state)
{
	char *seeds = fs_join(dir, "seeds"), *fifo = fs_join(seeds, "fifo"),
	     *dangling = fs_join(seeds, "dangling"), *link = fs_join(seeds, "link"),
	     *round = fs_join(seeds, "round"), *one = fs_join(seeds, "deep/er/one"),
	     *none = fs_join(dir, "none");
	struct import_stats stats = { 0 };
	struct err err = ERR_INIT;

	(void)state;
	put("seeds/a", "a");
	put("seeds/same", "a");
	put("seeds/empty", "");
	put("seeds/deep/er/one", "one");
	put("seeds/large", "larger than that");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink("nowhere", dangling), 0);
	assert_int_equal(symlink("deep/er/one", link), 0);
	assert_int_equal(symlink("..", round), 0);
	assert_int_equal(inputs_import(store, seeds, 10, &stats, NULL), 0);
	assert_int_equal(stats.added, 3); /* a, nothing, one */
	assert_int_equal(stats.known, 2); /* same, and one by its link */
	assert_int_equal(stats.too_large, 1);
	assert_int_equal(stats.skipped, 3);
	assert_int_equal(n_stored(), 3);
	/* again, and a single file: nothing is added */
	stats = (struct import_stats){ 0 };
	assert_int_equal(inputs_import(store, seeds, 10, &stats, NULL), 0);
	assert_int_equal(stats.added, 0);
	assert_int_equal(inputs_import(store, one, 10, &stats, NULL), 0);
	assert_int_equal(stats.added, 0);
	assert_int_equal(inputs_import(store, none, 10, &stats, &err), -1);
	assert_non_null(strstr(err.msg, "none"));
	free(seeds);
	free(fifo);
	free(dangling);
	free(link);
	free(round);
	free(one);
	free(none);
}

/* What a target put in an input's place is neither written into nor waited for. */
static void in_the_way(void **state)
{
	char sha1[SHA1_HEX], *path, *elsewhere = fs_join(dir, "elsewhere");
	struct buf b = BUF_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(inputs_put(store, "abc", 3, sha1, NULL, NULL), 0);
	path = inputs_path(store, sha1);
	assert_int_equal(fs_write(elsewhere, "mine", 4, 0600, NULL), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(unlink(path), 0);
		assert_int_equal(i % 2 ? symlink(elsewhere, path) : mkfifo(path, 0600), 0);
		alarm(20);
		assert_int_equal(ways[i / 2](store, "abc", 3, sha1, NULL, NULL), 0);
		alarm(0);
		assert_int_equal(lstat(path, &st), 0);
		assert_true(S_ISREG(st.st_mode));
	}
	assert_int_equal(fs_read(elsewhere, 10, &b, NULL), 0);
	assert_string_equal(b.s, "mine");
	buf_release(&b);
	free(path);
	free(elsewhere);
}

/* More than one sync's worth, each twice, and links in the way: each is there once, whole, and nothing else. */
static void batched(void **state)
{
	enum { N = 5000 };
	char sha1[SHA1_HEX], text[16], *path, *elsewhere = fs_join(dir, "elsewhere");
	struct inputs_batch *b;
	struct strlist names = STRLIST_INIT;
	struct buf got = BUF_INIT;
	bool added;

	(void)state;
	assert_int_equal(fs_write(elsewhere, "mine", 4, 0600, NULL), 0);
	assert_int_equal(inputs_put(store, "n7", 2, sha1, NULL, NULL), 0);
	path = inputs_path(store, sha1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(elsewhere, path), 0);
	b = inputs_batch_new(store, NULL);
	assert_non_null(b);
	for (int i = 0; i < 2 * N; i++) {
		int n = snprintf(text, sizeof(text), "n%d", i / 2);

		assert_int_equal(inputs_batch_put(b, text, (size_t)n, sha1, &added, NULL), 0);
		assert_int_equal(added, i % 2 == 0);
	}
	assert_int_equal(inputs_batch_end(b, NULL), 0);
	assert_int_equal(fs_list(store, &names, NULL), 0);
	assert_int_equal(names.n, N);
	for (size_t i = 0; i < names.n; i++) {
		buf_reset(&got);
		assert_int_equal(inputs_get(store, names.v[i], &got, NULL), 0);
	}
	buf_reset(&got);
	assert_int_equal(fs_read(elsewhere, 10, &got, NULL), 0);
	assert_string_equal(got.s, "mine");
	strlist_release(&names);
	buf_release(&got);
	free(path);
	free(elsewhere);
}

/* A distillation meanwhile gives files with other names their own: what it named is there, and no error. */
static void named_meanwhile(void **state)
{
	char sha1[SHA1_HEX], *path, *tmp;
	struct inputs_batch *b = inputs_batch_new(store, NULL);
	struct buf got = BUF_INIT;
	bool added;

	(void)state;
	assert_int_equal(inputs_batch_put(b, "abc", 3, sha1, &added, NULL), 0);
	path = inputs_path(store, sha1);
	tmp = xasprintf("%s.tmp-%ld", path, (long)getpid());
	assert_int_equal(rename(tmp, path), 0);
	assert_int_equal(inputs_batch_end(b, NULL), 0);
	assert_int_equal(inputs_get(store, sha1, &got, NULL), 0);
	assert_int_equal(n_stored(), 1);
	/* but one that was taken away is missing */
	b = inputs_batch_new(store, NULL);
	assert_int_equal(inputs_batch_put(b, "other", 5, sha1, &added, NULL), 0);
	free(path);
	free(tmp);
	path = inputs_path(store, sha1);
	tmp = xasprintf("%s.tmp-%ld", path, (long)getpid());
	assert_int_equal(unlink(tmp), 0);
	assert_int_equal(inputs_batch_end(b, NULL), -1);
	buf_release(&got);
	free(path);
	free(tmp);
}

/* What can't be named is an error, and no half file of it stays. */
static void batch_fails(void **state)
{
	char sha1[SHA1_HEX], *path;
	struct inputs_batch *b;
	struct err err = ERR_INIT;
	bool added;

	(void)state;
	b = inputs_batch_new(store, NULL);
	assert_int_equal(inputs_batch_put(b, "abc", 3, sha1, &added, NULL), 0);
	path = inputs_path(store, sha1);
	assert_int_equal(fs_mkdirs(path, NULL), 0);
	assert_int_equal(inputs_batch_end(b, &err), -1);
	assert_non_null(strstr(err.msg, sha1));
	assert_int_equal(n_stored(), 1); /* the folder in the way */
	assert_null(inputs_batch_new("/dev/null/x", &err));
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_content, set_up, tear_down),
		cmocka_unit_test_setup_teardown(not_believed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(in_the_way, set_up, tear_down),
		cmocka_unit_test_setup_teardown(imported, set_up, tear_down),
		cmocka_unit_test_setup_teardown(batched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(named_meanwhile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(batch_fails, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("inputs", tests, NULL, NULL);
}
