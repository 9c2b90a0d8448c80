/* Trees copied: everything of a file but its owner, links as links, and no end of trouble told apart from success. */
#include "base/prelude.h"
#include "base/copy.h"
#include "base/fs.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char *top;

static char *at(const char *name)
{
	static char paths[4][4096];
	static unsigned next;
	char *p = paths[next++ % 4];

	snprintf(p, sizeof(paths[0]), "%s/%s", top, name);
	return p;
}

static int set_up(void **state)
{
	(void)state;
	top = fs_tmpdir("thresh-copy", NULL);
	return top ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(top, NULL);
	free(top);
	return 0;
}

static void put(const char *name, const char *text, mode_t mode)
{
	char *dir = fs_dirname(at(name));

	assert_int_equal(fs_mkdirs(dir, NULL), 0);
	assert_int_equal(fs_write(at(name), text, strlen(text), 0600, NULL), 0);
	assert_int_equal(chmod(at(name), mode), 0);
	free(dir);
}

static const struct {
	const char *name;
	mode_t mode;
} files[] = { { "tree/a", 0644 }, { "tree/run", 0755 }, { "tree/secret", 0400 },
	{ "tree/sub/deep/b", 0600 } };

static void make_tree(void)
{
	const struct timespec old[2] = { { 1000000000, 0 }, { 1000000001, 500 } };

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		put(files[i].name, files[i].name, files[i].mode);
		assert_int_equal(utimensat(AT_FDCWD, at(files[i].name), old, 0), 0);
	}
	assert_int_equal(mkdir(at("tree/empty"), 0700), 0);
	assert_int_equal(symlink("../nowhere", at("tree/link")), 0);
	assert_int_equal(mkfifo(at("tree/pipe"), 0600), 0);
	assert_int_equal(chmod(at("tree/sub"), 0555), 0);
	assert_int_equal(utimensat(AT_FDCWD, at("tree/sub"), old, 0), 0);
}

static void same(const char *a, const char *b)
{
	struct stat x, y;

	assert_int_equal(lstat(a, &x), 0);
	if (lstat(b, &y) < 0)
		fail_msg("%s isn't there", b);
	assert_int_equal(x.st_mode, y.st_mode);
	assert_int_equal(x.st_mtim.tv_sec, y.st_mtim.tv_sec);
	assert_int_equal(x.st_mtim.tv_nsec, y.st_mtim.tv_nsec);
}

static void test_tree(void **state)
{
	struct err err = ERR_INIT;
	char target[64];
	ssize_t n;

	(void)state;
	make_tree();
	if (copy_tree(at("tree"), at("copy"), &err) < 0)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		char *copy = xasprintf("%s/copy%s", top, files[i].name + 4);
		struct buf b = BUF_INIT;

		same(at(files[i].name), copy);
		assert_int_equal(fs_read(copy, FS_NO_LIMIT, &b, &err), 0);
		assert_string_equal(b.s, files[i].name);
		buf_release(&b);
		free(copy);
	}
	same(at("tree/sub"), at("copy/sub"));
	assert_true(fs_is_dir(at("copy/empty")));
	n = readlink(at("copy/link"), target, sizeof(target));
	assert_int_equal(n, 10);
	assert_memory_equal(target, "../nowhere", 10);
	assert_false(fs_exists(at("copy/pipe")));
}

/* Its size is said to be 0. */
static void test_no_size(void **state)
{
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(copy_tree("/proc/self/status", at("status"), &err), 0);
	assert_int_equal(fs_read(at("status"), FS_NO_LIMIT, &b, &err), 0);
	assert_true(b.len > 100);
	buf_release(&b);
}

static void test_refused(void **state)
{
	static const struct {
		const char *from, *to, *words;
	} rows[] = {
		{ "none", "copy", "No such file" },
		{ "tree", "tree/sub/copy", "into itself" },
		{ "tree", "tree/copy", "into itself" },
		{ "tree/a", "tree/run", "File exists" },
		{ "tree/link", "tree/run", "File exists" },
		{ "tree/sub", "tree/empty", "File exists" },
		{ "tree/a", "none/a", "No such file" },
	};

	(void)state;
	make_tree();
	chmod(at("tree/sub"), 0755);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = ERR_INIT;

		if (copy_tree(at(rows[i].from), at(rows[i].to), &err) == 0 ||
			!strstr(err.msg, rows[i].words))
			fail_msg("%s to %s: %s", rows[i].from, rows[i].to, err.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tree, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
