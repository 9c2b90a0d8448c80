/* Files as they are met in the wild: links, FIFOs, devices, trees that change meanwhile. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/dir.h"
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char *dir;

/* In the place of libc's: what was synced is noted, and a folder can be one whose second half can't be read. */
static unsigned dirs_synced, files_synced;
static bool half_read;

int fsync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	*(S_ISDIR(st.st_mode) ? &dirs_synced : &files_synced) += 1;
	return (int)syscall(SYS_fsync, fd);
}

struct dirent *readdir(DIR *d)
{
	struct dirent *(*next)(DIR *) =
		(struct dirent * (*)(DIR *))(uintptr_t)dlsym(RTLD_NEXT, "readdir");
	static unsigned n;

	if (half_read && ++n % 4 == 0) {
		errno = EIO;
		return NULL;
	}
	return next(d);
}

static char *in(const char *name)
{
	return fs_join(dir, name);
}

static void put(const char *name, const char *text)
{
	char *path = in(name);

	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(path);
}

static void assert_file(const char *path, const char *want)
{
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	if (fs_read(path, FS_NO_LIMIT, &b, &err) < 0)
		fail_msg("%s", err.msg);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static int set_up(void **state)
{
	(void)state;
	/* what must not wait for ever ends the test, in place of the patience of who runs it */
	signal(SIGALRM, SIG_DFL);
	alarm(20);
	dir = fs_tmpdir("thresh-test", NULL);
	return dir ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	alarm(0);
	assert_int_equal(fs_remove_tree(dir, NULL), 0);
	assert_false(fs_exists(dir));
	free(dir);
	return 0;
}

/* --- reading --- */

static void what_is_read(void **state)
{
	char *file = in("file"), *link = in("link"), *none = in("none");
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	put("file", "four");
	assert_int_equal(symlink("file", link), 0);
	assert_file(link, "four");
	buf_adds(&b, "and ");
	assert_int_equal(fs_read(file, 4, &b, NULL), 0);
	assert_string_equal(b.s, "and four");
	assert_int_equal(fs_read(file, 3, &b, &err), -1);
	assert_non_null(strstr(err.msg, "larger than 3 bytes"));
	assert_int_equal(fs_read(none, 3, &b, &err), -1);
	assert_non_null(strstr(err.msg, "none: No such file"));
	buf_release(&b);
	free(file);
	free(link);
	free(none);
}

/* Nobody writes into the FIFO: reading it fails, at once. */
static void what_is_no_file(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char *fifo = in("fifo"), *sock = in("socket"), *link = in("link");
	const char *const odd[] = { fifo, sock, link, dir, "/dev/null", "/dev/zero" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink("fifo", link), 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", sock);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct buf b = BUF_INIT;
		struct err err = ERR_INIT;

		if (fs_read(odd[i], FS_NO_LIMIT, &b, &err) == 0)
			fail_msg("%s was read", odd[i]);
		assert_true(err.msg[0]);
		assert_int_equal(b.len, 0);
		buf_release(&b);
	}
	close(fd);
	free(fifo);
	free(sock);
	free(link);
}

/* A file of /proc says that it has no bytes. */
static void size_unknown(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(fs_read("/proc/self/maps", FS_NO_LIMIT, &b, NULL), 0);
	assert_true(b.len > 100);
	buf_reset(&b);
	assert_int_equal(fs_read("/proc/self/maps", 10, &b, NULL), -1);
	buf_release(&b);
}

/* --- writing --- */

static unsigned n_files(void)
{
	struct strlist names = STRLIST_INIT;
	unsigned n;

	assert_int_equal(fs_list(dir, &names, NULL), 0);
	n = (unsigned)names.n;
	strlist_release(&names);
	return n;
}

/* Replaced as a whole, whoever reads the old one meanwhile; and nothing lies beside it, then. */
static void replaced(void **state)
{
	char *path = in("file"), *none = in("none/file"), text[8] = "";
	struct stat st;
	struct err err = ERR_INIT;
	int fd;

	(void)state;
	put("file", "old");
	fd = open(path, O_RDONLY);
	assert_int_equal(fs_write(path, "newer", 5, 0640, NULL), 0);
	assert_file(path, "newer");
	assert_int_equal(read(fd, text, sizeof(text)), 3);
	assert_string_equal(text, "old");
	close(fd);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(fs_write(path, NULL, 0, 0600, NULL), 0);
	assert_file(path, "");
	assert_int_equal(fs_write(none, "x", 1, 0600, &err), -1);
	assert_true(err.msg[0]);
	assert_int_equal(fs_write(dir, "x", 1, 0600, &err), -1);
	assert_int_equal(n_files(), 1);
	free(path);
	free(none);
}

/* Files in /dev/shm are files like any others; what names something open is written into. */
static void channels(void **state)
{
	static const char *const memory = "/dev/shm";
	char *path = in("out"), *name;
	int fd;

	(void)state;
	if (access(memory, W_OK) == 0) {
		name = xasprintf("%s/thresh-test-fs-%ld", memory, (long)getpid());
		assert_int_equal(fs_write(name, "old", 3, 0600, NULL), 0);
		assert_int_equal(fs_write(name, "new", 3, 0600, NULL), 0);
		assert_file(name, "new");
		assert_int_equal(unlink(name), 0);
		free(name);
	}
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(write(fd, "before ", 7), 7);
	name = xasprintf("/dev/fd/%d", fd);
	assert_int_equal(fs_write(name, "into", 4, 0600, NULL), 0);
	assert_int_equal(fs_write(name, " it", 3, 0600, NULL), 0);
	assert_file(path, "before into it");
	assert_int_equal(fs_write("/dev/null", "x", 1, 0600, NULL), 0);
	assert_false(fs_is_file("/dev/null"));
	close(fd);
	free(name);
	free(path);
}

static void through_a_fifo(void **state)
{
	char *fifo = in("fifo"), text[8] = "";
	int fd, status;
	pid_t pid;

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	pid = fork();
	if (pid == 0)
		_exit(fs_write(fifo, "through", 7, 0600, NULL) < 0);
	fd = open(fifo, O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), 7);
	assert_string_equal(text, "through");
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	free(fifo);
}

/* --- trees --- */

static void directories(void **state)
{
	char *deep = in("a/b//c"), *file = in("file"), *below = in("file/x");
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(fs_mkdirs(deep, NULL), 0);
	assert_int_equal(fs_mkdirs(deep, NULL), 0);
	assert_true(fs_is_dir(deep));
	put("file", "x");
	assert_int_equal(fs_mkdirs(file, &err), -1);
	assert_non_null(strstr(err.msg, "not a directory"));
	assert_int_equal(fs_mkdirs(below, &err), -1);
	free(deep);
	free(file);
	free(below);
}

/* Everything goes, whatever its rights; what links lead to stays. */
static void removed(void **state)
{
	char *tree = in("tree"), *locked = in("tree/locked/inner"), *outside = in("outside"),
	     *kept = in("outside/kept"), *link = in("tree/link"), *dangling = in("tree/dangling"),
	     *top = in("top");

	(void)state;
	assert_int_equal(fs_mkdirs(locked, NULL), 0);
	assert_int_equal(fs_mkdirs(outside, NULL), 0);
	put("tree/file", "x");
	put("tree/locked/file", "x");
	put("outside/kept", "kept");
	assert_int_equal(symlink("../outside", link), 0);
	assert_int_equal(symlink("nowhere", dangling), 0);
	free(locked);
	locked = in("tree/locked");
	assert_int_equal(chmod(locked, 0), 0);
	assert_int_equal(fs_remove_tree(tree, NULL), 0);
	assert_false(fs_exists(tree));
	assert_file(kept, "kept");
	/* a link itself is removed, not what it leads to; what isn't there is fine */
	assert_int_equal(symlink("outside", top), 0);
	assert_int_equal(fs_remove_tree(top, NULL), 0);
	assert_file(kept, "kept");
	assert_int_equal(fs_remove_tree(top, NULL), 0);
	assert_int_equal(fs_remove(top, NULL), 0);
	assert_int_equal(fs_remove(outside, NULL), -1);
	free(tree);
	free(locked);
	free(outside);
	free(kept);
	free(link);
	free(dangling);
	free(top);
}

/*
 * The race that O_NOFOLLOW is for: between being told that it is a directory and opening it, somebody puts a link in its
 * place. This takes the place of libc's for the program under test; the swap is made when the name comes by.
 */
static const char *swap_name, *swap_for;

int unlinkat(int dirfd, const char *name, int flags)
{
	long rc = syscall(SYS_unlinkat, dirfd, name, flags);
	int e = errno;

	if (rc < 0 && swap_name && strcmp(name, swap_name) == 0) {
		swap_name = NULL;
		if (syscall(SYS_unlinkat, dirfd, name, AT_REMOVEDIR) < 0 ||
			symlinkat(swap_for, dirfd, name) < 0)
			fail_msg("the race can't be had: %s", strerror(errno));
	}
	errno = e;
	return (int)rc;
}

static void removed_in_a_race(void **state)
{
	char *victim = in("tree/victim"), *outside = in("outside"), *kept = in("outside/kept"),
	     *tree = in("tree");

	(void)state;
	assert_int_equal(fs_mkdirs(victim, NULL), 0);
	assert_int_equal(fs_mkdirs(outside, NULL), 0);
	put("outside/kept", "kept");
	swap_name = "victim";
	swap_for = outside;
	fs_remove_tree(tree, NULL); /* it may fail, for all that happened */
	assert_null(swap_name);
	assert_file(kept, "kept");
	free(victim);
	free(outside);
	free(kept);
	free(tree);
}

static void listed(void **state)
{
	static const char *const want[] = { "a/x", "a/y", "b" };
	char *a = in("a"), *loop = in("a/loop"), *none = in("none"), *fifo = in("fifo"),
	     *b = in("b");
	struct strlist l = STRLIST_INIT;

	(void)state;
	assert_int_equal(fs_mkdirs(a, NULL), 0);
	put("a/y", "x");
	put("a/x", "x");
	put("b", "x");
	assert_int_equal(symlink("..", loop), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(fs_walk(dir, &l, NULL), 0);
	assert_int_equal(l.n, ARRAY_LEN(want));
	for (size_t i = 0; i < l.n; i++)
		assert_string_equal(l.v[i] + strlen(dir) + 1, want[i]);
	strlist_release(&l);
	assert_int_equal(fs_list(a, &l, NULL), 0);
	assert_int_equal(l.n, 3);
	assert_string_equal(l.v[0], "loop");
	strlist_release(&l);
	assert_int_equal(fs_walk(b, &l, NULL), 0);
	assert_int_equal(l.n, 1);
	strlist_release(&l);
	assert_int_equal(fs_list(none, &l, NULL), -1);
	assert_int_equal(fs_walk(none, &l, NULL), -1);
	assert_int_equal(fs_walk(fifo, &l, NULL), -1);
	free(a);
	free(b);
	free(loop);
	free(none);
	free(fifo);
}

/* --- names --- */

static void names(void **state)
{
	static const struct {
		const char *dir, *name, *joined, *dirname, *basename;
	} rows[] = { { "a", "b", "a/b", "a", "b" }, { "a/", "b", "a/b", "a", "b" },
		{ "a", "/b", "/b", "/", "b" }, { "", "b", "b", ".", "b" },
		{ "/", "b", "/b", "/", "b" } };
	char *abs, *want, *cwd = getcwd(NULL, 0);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *joined = fs_join(rows[i].dir, rows[i].name), *d = fs_dirname(joined);

		assert_string_equal(joined, rows[i].joined);
		assert_string_equal(d, rows[i].dirname);
		assert_string_equal(fs_basename(joined), rows[i].basename);
		free(joined);
		free(d);
	}
	want = fs_join(cwd, "x/y");
	abs = fs_abspath("././x/y");
	assert_string_equal(abs, want);
	free(abs);
	abs = fs_abspath(".");
	assert_string_equal(abs, cwd);
	free(abs);
	free(want);
	free(cwd);
}

static void tidied(void **state)
{
	static const struct {
		const char *path, *tidy;
	} rows[] = { { "/", "/" }, { "", "/" }, { "/a/b", "/a/b" }, { "//a/./b//", "/a/b" },
		{ "/a/../b", "/b" }, { "/a/b/../..", "/" }, { "/../../a", "/a" },
		{ "/a/../../b/c/..", "/b" }, { "/a/...", "/a/..." } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *tidy = fs_tidy(rows[i].path);

		assert_string_equal(tidy, rows[i].tidy);
		free(tidy);
	}
}

static void on_path(void **state)
{
	char *was = xstrdup(getenv("PATH")), *tool = in("tool"), *found, *path;

	(void)state;
	put("tool", "#!/bin/sh\n");
	path = xasprintf("/nonexistent:%s", dir);
	setenv("PATH", path, 1);
	assert_null(fs_which("tool")); /* not executable */
	assert_int_equal(chmod(tool, 0700), 0);
	found = fs_which("tool");
	assert_string_equal(found, tool);
	free(found);
	found = fs_which(tool);
	assert_string_equal(found, tool);
	free(found);
	assert_null(fs_which("tool/"));
	assert_null(fs_which("no-such-tool"));
	setenv("PATH", was, 1);
	free(was);
	free(tool);
	free(path);
}

/* A name that was made or replaced is on the disk when the call returns, as what it names is. */
static void names_are_synced(void **state)
{
	char *below = in("a/b"), *path = in("a/b/file");

	(void)state;
	dirs_synced = files_synced = 0;
	assert_int_equal(fs_mkdirs(below, NULL), 0);
	assert_int_equal(dirs_synced, 2); /* one for each that was made */
	dirs_synced = 0;
	assert_int_equal(fs_write(path, "x", 1, 0600, NULL), 0);
	assert_int_equal(files_synced, 1);
	assert_int_equal(dirs_synced, 1);
	free(below);
	free(path);
}

/* A folder that can't be read to its end is no folder with fewer files. */
static void read_to_the_end(void **state)
{
	struct strlist names = STRLIST_INIT;
	struct err err = ERR_INIT;
	int fd;

	(void)state;
	for (int i = 0; i < 8; i++) {
		char name[8];

		snprintf(name, sizeof(name), "f%d", i);
		put(name, "");
	}
	half_read = true;
	assert_int_equal(fs_list(dir, &names, &err), -1);
	assert_non_null(strstr(err.msg, strerror(EIO)));
	fd = dir_open(dir, &err);
	assert_true(fd >= 0);
	assert_int_equal(dir_list(fd, &names, &err), -1);
	half_read = false;
	close(fd);
	strlist_release(&names);
	assert_int_equal(fs_list(dir, &names, NULL), 0);
	assert_int_equal(names.n, 8);
	strlist_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tidied),
		cmocka_unit_test_setup_teardown(names_are_synced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(read_to_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(size_unknown, set_up, tear_down),
		cmocka_unit_test_setup_teardown(replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(channels, set_up, tear_down),
		cmocka_unit_test_setup_teardown(through_a_fifo, set_up, tear_down),
		cmocka_unit_test_setup_teardown(directories, set_up, tear_down),
		cmocka_unit_test_setup_teardown(removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(removed_in_a_race, set_up, tear_down),
		cmocka_unit_test_setup_teardown(listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(on_path, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("fs", tests, NULL, NULL);
}
