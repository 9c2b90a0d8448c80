/* Folders that others write to: links, pipes and devices in the place of files lead nowhere, and nothing waits. */
#include "base/prelude.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static char *top, *ours, *precious;
static int dir;

static char *below(const char *name)
{
	return fs_join(ours, name);
}

static void put(const char *dir_path, const char *name, const char *text)
{
	char *path = fs_join(dir_path, name);

	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(path);
}

static int set_up(void **state)
{
	char *path;

	(void)state;
	top = fs_tmpdir("thresh-test-dir", NULL);
	ours = fs_join(top, "ours");
	precious = fs_join(top, "precious");
	assert_int_equal(fs_mkdirs(precious, NULL), 0);
	put(precious, "file", "keep me");
	dir = dir_make(ours, NULL);
	assert_true(dir >= 0);
	put(ours, "plain", "text");
	assert_int_equal(symlinkat(precious, dir, "link"), 0);
	path = fs_join(precious, "file");
	assert_int_equal(symlinkat(path, dir, "file-link"), 0);
	free(path);
	assert_int_equal(symlinkat("plain", dir, "near-link"), 0);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(mkdirat(dir, "sub", 0700), 0);
	assert_int_equal(symlinkat("..", dir, "sub/up"), 0);
	path = below("sub");
	put(path, "deep", "deep text");
	free(path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(dir);
	assert_int_equal(fs_remove_tree(top, NULL), 0);
	free(top);
	free(ours);
	free(precious);
	return 0;
}

static bool is_safe(void)
{
	char *path = fs_join(precious, "file");
	struct buf b = BUF_INIT;
	struct stat st;
	bool safe = fs_read(path, 100, &b, NULL) == 0 && strcmp(buf_str(&b), "keep me") == 0 &&
		    stat(path, &st) == 0 && (st.st_mode & 0777) == 0600;

	buf_release(&b);
	free(path);
	return safe;
}

static void test_read(void **state)
{
	static const struct {
		const char *name, *want; /* NULL: it fails */
		uint64_t max;
	} rows[] = {
		{ "plain", "text", 100 },
		{ "plain", "text", 4 },
		{ "plain", NULL, 3 },
		{ "sub/deep", "deep text", 100 },
		{ "file-link", NULL, 100 },
		{ "near-link", NULL, 100 },
		{ "link/file", NULL, 100 },
		{ "sub/up/plain", NULL, 100 },
		{ "../precious/file", NULL, 100 },
		{ "fifo", NULL, 100 },
		{ "sub", NULL, 100 },
		{ "absent", NULL, 100 },
		{ "/dev/zero", NULL, 100 },
		{ "../ours/plain", NULL, 100 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;
		struct err err = ERR_INIT;
		int rc = dir_read(dir, rows[i].name, rows[i].max, &b, &err);

		if (rc != (rows[i].want ? 0 : -1))
			fail_msg("%s: %d %s", rows[i].name, rc, err.msg);
		if (rows[i].want)
			assert_string_equal(buf_str(&b), rows[i].want);
		buf_release(&b);
	}
}

static void test_below(void **state)
{
	static const char *const none[] = { "link", "sub/up", "..", "fifo", "plain", "absent" };
	int fd = dir_below(dir, "sub");

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_int_equal(dir_below(dir, none[i]), -1);
}

static void test_read_path(void **state)
{
	static const struct {
		const char *name;
		int rc;
	} rows[] = { { "plain", 0 }, { "file-link", -1 }, { "fifo", -1 }, { "sub", -1 },
		{ "sub/deep", 0 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *path = below(rows[i].name);
		struct buf b = BUF_INIT;

		assert_int_equal(dir_read_path(path, 100, &b, NULL), rows[i].rc);
		buf_release(&b);
		free(path);
	}
}

/* In the place of a link or a pipe, not through it. */
static void test_write(void **state)
{
	static const char *const names[] = { "file-link", "fifo", "plain", "new" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct buf b = BUF_INIT;

		assert_int_equal(dir_write(dir, names[i], "written", 7, NULL), 0);
		assert_int_equal(dir_read(dir, names[i], 100, &b, NULL), 0);
		assert_string_equal(buf_str(&b), "written");
		buf_release(&b);
	}
	assert_true(is_safe());
	assert_int_equal(dir_write(dir, "sub", "no", 2, NULL), -1);
}

/* What stands in a folder's place goes; what it led to stays. */
static void test_make(void **state)
{
	char *path = below("link");
	struct stat st;
	int fd = dir_make(path, NULL);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_true(is_safe());
	free(path);
	path = below("near-link");
	assert_int_equal(dir_open(path, NULL), -1);
	free(path);
}

/* Deeper than descriptors reach, and some of it locked. */
static void test_remove_deep(void **state)
{
	int at = dup(dir);

	(void)state;
	for (int i = 0; i < 3000; i++) {
		int next;

		assert_int_equal(mkdirat(at, "d", 0700), 0);
		assert_int_equal(mkdirat(at, "locked", 0), 0);
		next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	close(at);
	assert_int_equal(dir_remove(dir, "d"), 0);
	assert_int_equal(faccessat(dir, "d", F_OK, AT_SYMLINK_NOFOLLOW), -1);
}

static void test_remove(void **state)
{
	char *path = below("sub");
	struct stat st;

	(void)state;
	assert_int_equal(chmod(path, 0), 0);
	free(path);
	assert_int_equal(dir_remove(dir, "sub"), 0);
	assert_int_equal(fstatat(dir, "sub", &st, AT_SYMLINK_NOFOLLOW), -1);
	assert_int_equal(dir_remove(dir, "sub"), 0);
	assert_int_equal(dir_remove(dir, "link"), 0);
	assert_true(is_safe());
	/* the directory above stays as it is: the link in there is no way to it */
	assert_int_equal(dir_remove(dir, "plain"), 0);
}

static void test_empty(void **state)
{
	struct strlist names = STRLIST_INIT;
	struct dir_sum sum;

	(void)state;
	dir_sum(dir, &sum);
	assert_int_equal(sum.files, 4); /* plain, fifo, sub, sub/deep */
	assert_int_equal(sum.bytes, strlen("text") + strlen("deep text"));
	dir_empty(dir, false);
	assert_int_equal(dir_list(dir, &names, NULL), 0);
	assert_int_equal(names.n, 3);
	strlist_release(&names);
	dir_empty(dir, true);
	names = (struct strlist)STRLIST_INIT;
	assert_int_equal(dir_list(dir, &names, NULL), 0);
	assert_int_equal(names.n, 0);
	strlist_release(&names);
	assert_true(is_safe());
}

static void test_list_odd(void **state)
{
	static const char *const kinds[] = { "fifo", "file-link", "link", "near-link", "sub" };
	struct strlist names = STRLIST_INIT, odd = STRLIST_INIT;

	(void)state;
	assert_int_equal(dir_list_odd(dir, &names, &odd, NULL), 0);
	assert_int_equal(names.n, ARRAY_LEN(kinds) + 1); /* and the plain one */
	assert_int_equal(odd.n, ARRAY_LEN(kinds));
	strlist_sort(&odd);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		assert_string_equal(odd.v[i], kinds[i]);
	strlist_release(&names);
	strlist_release(&odd);
}

/* As on kernels before 5.6. It holds for the rest of this process. */
static void no_openat2(void **state)
{
	static struct sock_filter f[] = {
		{ BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 437 },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS },
		{ BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW },
	};
	struct sock_fprog program = { ARRAY_LEN(f), f };

	(void)state;
	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_read),
		T(test_read_path),
		T(test_below),
		T(test_write),
		T(test_make),
		T(test_remove),
		T(test_remove_deep),
		T(test_empty),
		T(test_list_odd),
		cmocka_unit_test(no_openat2),
		T(test_read),
		T(test_below),
	};

	return cmocka_run_group_tests_name("dir", tests, NULL, NULL);
}
