/* What can befall a store that is a file: other owners, corruption, modes, a full disk, many openers at once. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/store.h"
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

struct fixture {
	char *dir, *path, *url;
};

static int set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	f->dir = fs_tmpdir("thresh-store", NULL);
	f->path = fs_join(f->dir, "t.db");
	f->url = xasprintf("sqlite:%s", f->path);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	fs_remove_tree(f->dir, NULL);
	free(f->dir);
	free(f->path);
	free(f->url);
	free(f);
	return 0;
}

static void make_store(struct fixture *f, int findings)
{
	struct store *s = store_open(f->url, NULL);
	char hex[SHA1_HEX];

	assert_non_null(s);
	assert_int_equal(store_begin(s, NULL), 0);
	for (int i = 0; i < findings; i++) {
		struct finding_rec r = { .harness = (char *)"h", .input = hex };

		hash_sha1(&i, sizeof(i), hex);
		assert_int_equal(store_finding_add(s, &r, NULL, NULL, NULL), 0);
	}
	assert_int_equal(store_commit(s, NULL), 0);
	store_close(s);
}

static void read_all(const char *path, struct buf *b)
{
	buf_reset(b);
	assert_int_equal(fs_read(path, FS_NO_LIMIT, b, NULL), 0);
}

static void patch(const char *path, off_t at, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
	close(fd);
}

/* Opening must fail, say why, and leave the file and its directory as they are. */
static void refuse(struct fixture *f, enum err_kind kind, const char *words)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	struct strlist names = STRLIST_INIT;
	struct err e = ERR_INIT;
	struct store *s;

	read_all(f->path, &before);
	s = store_open(f->url, &e);
	assert_null(s);
	assert_int_equal(e.kind, kind);
	if (!strstr(e.msg, words) || !strstr(e.msg, f->path))
		fail_msg("'%s' lacks '%s'", e.msg, words);
	read_all(f->path, &after);
	assert_int_equal(before.len, after.len);
	assert_memory_equal(buf_str(&before), buf_str(&after), before.len);
	assert_int_equal(fs_list(f->dir, &names, NULL), 0);
	assert_int_equal(names.n, 1);
	strlist_release(&names);
	buf_release(&before);
	buf_release(&after);
}

static void test_newer(void **state)
{
	struct fixture *f = *state;

	make_store(f, 3);
	patch(f->path, 60, "\0\0\x4e\x20", 4);
	refuse(f, ERR_USAGE, "made by a newer thresh");
}

static void test_foreign(void **state)
{
	struct fixture *f = *state;

	make_store(f, 3);
	patch(f->path, 68, "\x0f\x05\x51\x12", 4); /* another application id */
	refuse(f, ERR_USAGE, "another program's database");
}

/* No application id, but tables: most databases of the world. The log that looking makes may stay. */
static void test_foreign_nameless(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	make_store(f, 3);
	patch(f->path, 68, "\0\0\0\0", 4);
	assert_null(store_open(f->url, &e));
	assert_non_null(strstr(e.msg, "another program's database"));
	assert_int_equal(e.kind, ERR_USAGE);
}

static void test_garbage(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fs_write(f->path, "junk\n", 5, 0600, NULL), 0);
	refuse(f, ERR_SYSTEM, "corrupt database");
	{
		char *big = xmalloc(20000);

		memset(big, 0xa5, 20000);
		assert_int_equal(fs_write(f->path, big, 20000, 0600, NULL), 0);
		free(big);
	}
	refuse(f, ERR_SYSTEM, "move it away");
}

static void test_truncated(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;

	make_store(f, 500);
	assert_int_equal(truncate(f->path, 8192 + 100), 0);
	assert_null(store_open(f->url, &e));
	assert_non_null(strstr(e.msg, "corrupt database"));
	assert_non_null(strstr(e.msg, "move it away"));
}

static int count(void *arg, const struct finding_rec *r)
{
	(void)r;
	++*(size_t *)arg;
	return 0;
}

/* Every page but the first overwritten: found when it is read, never a crash, never a wrong answer. */
static void test_rotten_pages(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	struct store *s;
	uint64_t size;
	char junk[4096];
	size_t n = 0;

	make_store(f, 500);
	assert_int_equal(fs_size(f->path, &size, NULL), 0);
	memset(junk, 0xee, sizeof(junk));
	for (uint64_t at = 4096; at < size; at += 4096)
		patch(f->path, (off_t)at, junk, sizeof(junk));
	s = store_open(f->url, &e);
	if (s) {
		assert_int_equal(store_findings(s, NULL, -1, count, &n, &e), -1);
		store_close(s);
	}
	assert_non_null(strstr(e.msg, "corrupt database"));
}

/* What something cut off is no new database: that would be "no bugs". */
static void test_empty_file(void **state)
{
	struct fixture *f = *state;
	struct err e = ERR_INIT;
	uint64_t size = 1;

	assert_int_equal(fs_write(f->path, "", 0, 0600, NULL), 0);
	assert_null(store_open(f->url, &e));
	assert_non_null(strstr(e.msg, "empty file"));
	assert_int_equal(fs_size(f->path, &size, NULL), 0);
	assert_int_equal(size, 0);
}

static void test_private(void **state)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	struct fixture *f = *state;
	mode_t old = umask(0);
	struct store *s = store_open(f->url, NULL);

	assert_non_null(s);
	assert_int_equal(store_fact_set(s, "a", "b", NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		char *path = xasprintf("%s%s", f->path, tails[i]);
		struct stat st;

		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		free(path);
	}
	store_close(s);
	assert_int_equal(umask(old), 0); /* given back */
}

static void test_urls(void **state)
{
	static const struct {
		const char *url, *words;
		enum err_kind kind;
	} cases[] = {
		{ "", "known: sqlite:PATH", ERR_USAGE },
		{ "t.db", "known: sqlite:PATH", ERR_USAGE },
		{ "mysql:x", "known: sqlite:PATH", ERR_USAGE },
		{ "sqlite:", "the path is missing", ERR_USAGE },
		{ "sqlite:/", "not a regular file", ERR_USAGE },
		{ "sqlite:/dev/null", "not a regular file", ERR_USAGE },
		{ "sqlite:/dev/null/x.db", "/dev/null", ERR_SYSTEM },
		{ "sqlite:/proc/none/x.db", "/proc/none", ERR_SYSTEM },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;

		assert_null(store_open(cases[i].url, &e));
		if (!strstr(e.msg, cases[i].words) || e.kind != cases[i].kind)
			fail_msg("%s: %s", cases[i].url, e.msg);
	}
}

/* Run fn in a child; its exit status. */
static int in_child(int (*fn)(struct fixture *f), struct fixture *f)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(fn(f));
	assert_true(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static int open_unwritable(struct fixture *f)
{
	struct err e = ERR_INIT;

	if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
		return 77;
	if (store_open(f->url, &e))
		return 1;
	return strstr(e.msg, "must be writable") ? 0 : 2;
}

static void test_unwritable(void **state)
{
	struct fixture *f = *state;
	int rc;

	make_store(f, 3);
	assert_int_equal(chmod(f->path, 0444), 0);
	assert_int_equal(chmod(f->dir, 0555), 0);
	rc = in_child(open_unwritable, f);
	assert_int_equal(fs_remove(f->path, NULL), geteuid() == 0 ? 0 : -1);
	if (rc == 0)
		rc = in_child(open_unwritable, f); /* nothing there, and nothing can be made */
	assert_int_equal(chmod(f->dir, 0755), 0);
	if (rc == 77)
		skip();
	assert_int_equal(rc, 0);
}

/* Facts until the disk refuses; then all that were accepted must be there, and writing must go on once it can. */
static int fill(
	struct fixture *f, const char *url, const char *words, void (*relieve)(void *), void *arg)
{
	struct store *s = store_open(url, NULL);
	struct err e = ERR_INIT;
	char *big = xmalloc(20001), *v = NULL, key[16];
	int n = 0;

	(void)f;
	memset(big, 'x', 20000);
	big[20000] = '\0';
	if (!s)
		return 1;
	for (; n < 10000; n++) {
		snprintf(key, sizeof(key), "%d", n);
		if (store_fact_set(s, key, big, &e) < 0)
			break;
	}
	if (n < 3 || n == 10000 || !strstr(e.msg, words)) {
		fprintf(stderr, "# after %d: %s\n", n, e.msg);
		return 2;
	}
	relieve(arg);
	if (store_fact_set(s, "after", "1", &e) < 0) {
		fprintf(stderr, "# %s\n", e.msg);
		return 3;
	}
	store_close(s);
	s = store_open(url, NULL);
	if (!s)
		return 4;
	for (int i = 0; i < n; i++) {
		snprintf(key, sizeof(key), "%d", i);
		if (store_fact_get(s, key, &v, NULL) != 0 || strcmp(v, big) != 0)
			return 5;
		free(v);
	}
	if (store_fact_get(s, "after", &v, NULL) != 0)
		return 6;
	store_close(s);
	free(v);
	free(big);
	return 0;
}

static void lift_limit(void *arg)
{
	struct rlimit *r = arg;

	r->rlim_cur = r->rlim_max;
	setrlimit(RLIMIT_FSIZE, r);
}

static int fill_limited(struct fixture *f)
{
	struct rlimit r;

	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_FSIZE, &r) < 0)
		return 77;
	r.rlim_cur = 400000;
	if (setrlimit(RLIMIT_FSIZE, &r) < 0)
		return 77;
	return fill(f, f->url, f->path, lift_limit, &r);
}

static void test_write_errors(void **state)
{
	int rc = in_child(fill_limited, *state);

	if (rc == 77)
		skip();
	assert_int_equal(rc, 0);
}

static void drop_ballast(void *arg)
{
	fs_remove(arg, NULL);
}

static int fill_tmpfs(struct fixture *f)
{
	char *ballast = fs_join(f->dir, "ballast"), junk[4096] = { 1 };
	int fd, rc;

	if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
		mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount("tmpfs", f->dir, "tmpfs", 0, "size=2m,mode=0777") < 0)
		return 77;
	fd = open(ballast, O_WRONLY | O_CREAT, 0600);
	for (int i = 0; fd >= 0 && i < 200; i++)
		if (write(fd, junk, sizeof(junk)) < 0)
			return 8;
	close(fd);
	rc = fill(f, f->url, "no space left", drop_ballast, ballast);
	free(ballast);
	return rc;
}

static void test_full_disk(void **state)
{
	int rc = in_child(fill_tmpfs, *state);

	if (rc == 77)
		skip();
	assert_int_equal(rc, 0);
}

#define OPENERS 8

static int open_and_write(struct fixture *f)
{
	struct err e = ERR_INIT;
	struct store *s = store_open(f->url, &e);
	char key[32];
	int rc;

	if (!s) {
		fprintf(stderr, "# %s\n", e.msg);
		return 1;
	}
	snprintf(key, sizeof(key), "%ld", (long)getpid());
	rc = store_fact_set(s, key, "1", &e);
	store_close(s);
	return rc == 0 ? 0 : 2;
}

/* All make the same database at the same time. */
static void test_open_together(void **state)
{
	struct fixture *f = *state;
	int status;

	for (int i = 0; i < OPENERS; i++)
		if (fork() == 0)
			_exit(open_and_write(f));
	for (int i = 0; i < OPENERS; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

/* The last commits are in the log only when its writer is killed: the next opener finds them. */
static int write_and_die(struct fixture *f)
{
	struct store *s = store_open(f->url, NULL);

	if (!s || store_fact_set(s, "k", "v", NULL) < 0)
		return 1;
	raise(SIGKILL);
	return 2;
}

/* "v": the fact that write_and_die left; NULL: none. */
static void has_fact(const char *url, const char *want)
{
	struct err e = ERR_INIT;
	struct store *s = store_open(url, &e);
	char *v = NULL;

	if (!s)
		fail_msg("%s", e.msg);
	assert_int_equal(store_fact_get(s, "k", &v, NULL), want ? 0 : 1);
	if (want)
		assert_string_equal(v, want);
	else
		assert_null(v);
	free(v);
	store_close(s);
}

static void test_killed_writer(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(in_child(write_and_die, f), 100 + SIGKILL);
	has_fact(f->url, "v");
}

/*
 * Moved away as our own messages say, its log left behind: the new one takes nothing of it, though many make it at once;
 * and the old one is whole where the log was set aside.
 */
static void test_left_over(void **state)
{
	struct fixture *f = *state;
	char *away = xasprintf("%s.away", f->path), *back = xasprintf("%s.left-2", f->path);
	char *taken = xasprintf("%s.left-1-wal", f->path), *url = xasprintf("sqlite:%s", back);
	struct buf b = BUF_INIT;

	assert_int_equal(fs_write(taken, "log", 3, 0600, NULL), 0);
	assert_int_equal(in_child(write_and_die, f), 100 + SIGKILL);
	assert_int_equal(rename(f->path, away), 0);
	test_open_together(state);
	has_fact(f->url, NULL);
	assert_int_equal(rename(away, back), 0);
	has_fact(url, "v");
	read_all(taken, &b);
	assert_string_equal(buf_str(&b), "log");
	buf_release(&b);
	free(url);
	free(taken);
	free(back);
	free(away);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_newer),
		T(test_foreign),
		T(test_foreign_nameless),
		T(test_garbage),
		T(test_truncated),
		T(test_rotten_pages),
		T(test_empty_file),
		T(test_private),
		T(test_urls),
		T(test_unwritable),
		T(test_write_errors),
		T(test_full_disk),
		T(test_open_together),
		T(test_killed_writer),
		T(test_left_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
