/* Inputs read by a process of its own: all of them, in order, whatever becomes of the files or of that process. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "distill/read_ahead.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

/* enough for a process */
#define N 2500
#define MAX_SIZE 100

static char *dir;
static struct strlist names;

static int set_up(void **state)
{
	(void)state;
	dir = fs_tmpdir("thresh-test", NULL);
	return dir ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(dir, NULL);
	free(dir);
	strlist_release(&names);
	return 0;
}

static void write_plain(const char *name, const char *text)
{
	char *path = fs_join(dir, name);

	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(path);
}

static void make_inputs(unsigned n)
{
	char text[32], sha1[SHA1_HEX];

	for (unsigned i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "input %u", i);
		hash_sha1(text, strlen(text), sha1);
		write_plain(sha1, text);
		strlist_add(&names, sha1);
	}
	strlist_sort(&names);
}

/* Of every hundred names one vanished, one grew, one is a pipe, one a link, one too large. */
static void spoil(void)
{
	char large[MAX_SIZE + 2], sha1[SHA1_HEX];

	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	for (size_t i = 0; i < names.n; i++) {
		char *path = fs_join(dir, names.v[i]);

		if (i % 100 == 3 || i % 100 == 5 || i % 100 == 7)
			assert_int_equal(unlink(path), 0);
		if (i % 100 == 4)
			write_plain(names.v[i], "input that grew");
		if (i % 100 == 5)
			assert_int_equal(mkfifo(path, 0600), 0);
		if (i % 100 == 7)
			assert_int_equal(symlink(names.v[0], path), 0);
		free(path);
	}
	hash_sha1(large, strlen(large), sha1);
	write_plain(sha1, large);
	strlist_add(&names, sha1);
	strlist_sort(&names);
}

/* Ends what this process started: the reader. */
static void kill_child(void)
{
	char path[64], text[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	assert_int_equal(kill((pid_t)strtol(text, NULL, 10), SIGKILL), 0);
}

static void all_that_can_be_read(bool killed)
{
	struct read_ahead *r;
	struct buf b = BUF_INIT;
	size_t i, got = 0, last = 0;
	char sha1[SHA1_HEX];

	make_inputs(N);
	spoil();
	r = read_ahead_open(dir, &names, MAX_SIZE);
	if (killed)
		kill_child();
	while (read_ahead_next(r, &i, &b)) {
		assert_true(!got || i > last);
		last = i;
		hash_sha1(buf_str(&b), b.len, sha1);
		assert_string_equal(sha1, names.v[i]);
		got++;
	}
	/* four of each hundred, and the large one */
	assert_int_equal(got, N - N / 100 * 4);
	assert_int_equal(read_ahead_gone(r), names.n - got);
	read_ahead_close(r);
	buf_release(&b);
}

static void in_order(void **state)
{
	(void)state;
	all_that_can_be_read(false);
}

static void reader_killed(void **state)
{
	(void)state;
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		skip();
	all_that_can_be_read(true);
}

static void few_and_none(void **state)
{
	struct read_ahead *r = read_ahead_open(dir, &names, MAX_SIZE);
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	assert_false(read_ahead_next(r, &i, &b));
	read_ahead_close(r);
	make_inputs(3);
	r = read_ahead_open(dir, &names, MAX_SIZE);
	for (size_t k = 0; k < 3; k++) {
		assert_true(read_ahead_next(r, &i, &b));
		assert_int_equal(i, k);
	}
	assert_false(read_ahead_next(r, &i, &b));
	assert_int_equal(read_ahead_gone(r), 0);
	/* left before its end */
	read_ahead_close(r);
	read_ahead_close(NULL);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reader_killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(few_and_none, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
