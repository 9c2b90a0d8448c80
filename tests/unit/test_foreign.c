/* Executables without the runtime: AFL++'s fork server where it is, working directories, and what is left behind. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "proc/proc.h"
#include "target/target.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>
#include <cmocka.h>

static char *dir, *top;

enum build { PLAIN, AFL, AFL_ASAN, AFL_LOOP, AFL_NEW, N_BUILDS };
static const struct {
	const char *cc, *name, *flags[2], *more; /* more: another source file */
} builds[] = {
	[PLAIN] = { "gcc", "plain", { "-O1" } },
	[AFL] = { "afl-clang-fast", "afl", { "-O1" } },
	[AFL_ASAN] = { "afl-clang-fast", "afl-asan", { "-O1", "-fsanitize=address" } },
	[AFL_LOOP] = { "afl-clang-fast", "afl-loop", { "-O1", "-DLOOP" } },
	[AFL_NEW] = { "gcc", "afl-new", { "-O1", "-g" }, "afl_new.c" },
};
static char *exe[N_BUILDS];

/* NULL when the compiler isn't there or can't. */
static char *compile(enum build b)
{
	char *out = xasprintf("%s/%s", dir, builds[b].name);
	char *source = xasprintf("%s/tests/data/targets/afl.c", top);
	char *more =
		builds[b].more ? xasprintf("%s/tests/data/targets/%s", top, builds[b].more) : NULL;
	const char *argv[] = { builds[b].cc, "-g", source, "-o", out, builds[b].flags[0],
		builds[b].flags[1] ? builds[b].flags[1] : more, more, NULL };
	static const char *const env[] = { "AFL_QUIET=1", NULL };
	struct proc_spec ps = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	bool ok;

	ps.argv = argv;
	ps.env = env;
	ps.err = PROC_CAPTURE;
	ok = proc_run(&ps, &r, NULL) == 0 && r.status == 0;
	proc_result_release(&r);
	free(source);
	free(more);
	if (ok)
		return out;
	free(out);
	return NULL;
}

static int set_up(void **state)
{
	struct err err = ERR_INIT;
	char *sub;

	(void)state;
	top = fs_abspath(getenv("TOP") ? getenv("TOP") : ".");
	dir = fs_tmpdir("thresh-test-foreign", &err);
	assert_non_null(dir);
	for (int b = 0; b < N_BUILDS; b++)
		exe[b] = compile((enum build)b);
	assert_non_null(exe[PLAIN]);
	assert_non_null(exe[AFL_NEW]);
	sub = fs_join(dir, "sub");
	assert_int_equal(fs_mkdirs(sub, &err), 0);
	free(sub);
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(fs_write("here.txt", "here\n", 5, 0600, &err), 0);
	assert_int_equal(fs_write("sub/there.txt", "there\n", 6, 0600, &err), 0);
	return 0;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	for (int b = 0; b < N_BUILDS; b++)
		free(exe[b]);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(fs_remove_tree(dir, &err), 0);
	free(dir);
	free(top);
	return 0;
}

static void need(enum build b)
{
	if (exe[b])
		return;
	print_message("SKIP: %s is not here, or can't compile\n", builds[b].cc);
	skip();
}

static struct target *open_at(const char *path, const char *arg, uint64_t timeout_ms)
{
	const char *const argv[] = { path, arg, NULL };
	struct target_spec spec = { .argv = argv, .timeout_ms = timeout_ms };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);

	if (!t)
		fail_msg("%s", err.msg);
	return t;
}

static struct target_result run_n(struct target *t, const void *data, size_t n, struct buf *text)
{
	struct target_input in = { .data = data, .len = n };
	struct target_result r;
	struct err err = ERR_INIT;

	buf_reset(text);
	if (target_run_one(t, &in, &r, text, &err) < 0)
		fail_msg("%s", err.msg);
	return r;
}

static struct target_result run(struct target *t, const char *input, struct buf *text)
{
	return run_n(t, input, strlen(input), text);
}

/* Nothing between the process that ran and us but, in a process namespace, the first process there. */
static bool is_ours(long parent)
{
	return parent == getpid() || parent == 1;
}

/* The process that started the one that ran: the fork server, or this one. */
static long parent_of_run(struct target *t)
{
	struct buf text = BUF_INIT;
	long pid;

	assert_int_equal(run(t, "p", &text).outcome, TARGET_OK);
	assert_non_null(strstr(buf_str(&text), "round 1\n")); /* no state is handed on */
	assert_true(strncmp(buf_str(&text), "parent ", 7) == 0);
	pid = strtol(text.s + 7, NULL, 10);
	buf_release(&text);
	return pid;
}

static void check_outcomes(enum build b, const char *arg)
{
	static const struct {
		const char *in;
		enum target_outcome outcome;
		int sig;
	} rows[] = { { "n", TARGET_OK, 0 }, { "A", TARGET_CRASH, SIGABRT }, { "x", TARGET_EXIT, 0 },
		{ "w", TARGET_TIMEOUT, SIGKILL }, { "p", TARGET_OK, 0 },
		{ "s", TARGET_TIMEOUT, SIGKILL }, { "", TARGET_OK, 0 },
		{ "k", TARGET_CRASH, SIGKILL }, { "n", TARGET_OK, 0 } };
	struct target *t;
	struct buf text = BUF_INIT;
	long parent;

	need(b);
	t = open_at(exe[b], arg, 3000);
	parent = parent_of_run(t);
	assert_int_equal(is_ours(parent), b == PLAIN);
	target_set_timeout(t, 300);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct target_result r;

		if (b == PLAIN && rows[i].in[0] == 'k')
			continue;
		target_set_timeout(t, rows[i].outcome == TARGET_TIMEOUT ? 300 : 10000);
		r = run(t, rows[i].in, &text);
		if (r.outcome != rows[i].outcome || (r.sig != rows[i].sig && b != AFL_ASAN))
			fail_msg("'%s': %s, signal %d: %s", rows[i].in,
				target_outcome_name(r.outcome), r.sig, buf_str(&text));
		if (rows[i].in[0] == 'A' && b == AFL_ASAN)
			assert_non_null(strstr(buf_str(&text), "ERROR: AddressSanitizer"));
	}
	assert_int_equal(is_ours(parent_of_run(t)), b == PLAIN);
	buf_release(&text);
	target_close(t);
}

static void test_plain(void **state)
{
	(void)state;
	check_outcomes(PLAIN, NULL);
	check_outcomes(PLAIN, "@@");
}

static void test_afl(void **state)
{
	(void)state;
	check_outcomes(AFL, NULL);
	check_outcomes(AFL, "@@");
}

static void test_afl_asan(void **state)
{
	(void)state;
	check_outcomes(AFL_ASAN, "@@");
}

static void test_afl_loop(void **state)
{
	(void)state;
	check_outcomes(AFL_LOOP, NULL);
}

static void test_afl_new(void **state)
{
	(void)state;
	check_outcomes(AFL_NEW, NULL);
	check_outcomes(AFL_NEW, "@@");
}

/* The same server over many inputs, of all lengths in any order; reports are each run's own. */
static void test_one_server(void **state)
{
	static unsigned char data[300000];
	static const size_t lens[] = { 1, 300000, 2, 70000, 65536, 1 };
	struct buf text = BUF_INIT, want = BUF_INIT;
	struct target *t;
	long parent;

	(void)state;
	need(AFL_LOOP);
	for (int b = AFL; b <= AFL_LOOP; b++)
		for (int by_path = 0; by_path < 2; by_path++) {
			t = open_at(exe[b], by_path ? "@@" : NULL, 5000);
			parent = parent_of_run(t);
			memset(data, 'l', sizeof(data));
			for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
				run_n(t, data, lens[i], &text);
				buf_reset(&want);
				buf_addf(&want, "length %zu\n", lens[i]);
				assert_string_equal(buf_str(&text), want.s);
			}
			assert_int_equal(parent_of_run(t), parent);
			target_close(t);
		}
	buf_release(&text);
	buf_release(&want);
}

static void test_asan_report(void **state)
{
	struct buf text = BUF_INIT;
	struct target *t;

	(void)state;
	need(AFL_ASAN);
	t = open_at(exe[AFL_ASAN], NULL, 5000);
	assert_int_equal(run(t, "hhh", &text).outcome, TARGET_CRASH);
	assert_non_null(strstr(buf_str(&text), "heap-buffer-overflow"));
	assert_int_equal(run(t, "n", &text).outcome, TARGET_OK);
	assert_int_equal(text.len, 0);
	buf_release(&text);
	target_close(t);
}

/* What runs leave behind in its directory is gone; what is in ours can be read and not written. */
static void check_directory(enum build b)
{
	static const char want[] = "here.txt: here\nsub/there.txt: there\nleft: missing\n";
	struct buf text = BUF_INIT;
	struct target *t;

	need(b);
	t = open_at(exe[b], NULL, 5000);
	for (int i = 0; i < 2; i++) {
		run(t, "r", &text);
		if (strncmp(buf_str(&text), want, sizeof(want) - 1))
			fail_msg("%s", buf_str(&text));
	}
	assert_false(fs_exists("left"));
	buf_release(&text);
	target_close(t);
}

/* A pipe in its place would be waited for, a link followed. */
static void check_replaced(enum build b)
{
	static const char *const how[] = { "if", "id", "il", "i-" };
	struct buf text = BUF_INIT, here = BUF_INIT;
	struct target *t;

	need(b);
	t = open_at(exe[b], "@@", 5000);
	for (size_t i = 0; i < ARRAY_LEN(how); i++) {
		assert_int_equal(run(t, how[i], &text).outcome, TARGET_OK);
		assert_string_equal(buf_str(&text), "");
		assert_int_equal(run(t, "l", &text).outcome, TARGET_OK);
		assert_string_equal(buf_str(&text), "length 1\n");
	}
	target_close(t);
	assert_int_equal(fs_read("here.txt", 100, &here, NULL), 0);
	assert_string_equal(buf_str(&here), "here\n");
	buf_release(&here);
	buf_release(&text);
}

static void test_replaced_input(void **state)
{
	(void)state;
	check_replaced(PLAIN);
	check_replaced(AFL);
}

static void test_directory(void **state)
{
	(void)state;
	check_directory(PLAIN);
	check_directory(AFL);
}

/* A relative command, and paths that lead up. */
static void test_relative_command(void **state)
{
	struct buf text = BUF_INIT;
	struct target *t;

	(void)state;
	assert_int_equal(chdir("sub"), 0);
	t = open_at("../plain", "../here.txt", 5000);
	assert_int_equal(run(t, "", &text).outcome, TARGET_OK);
	target_close(t);
	assert_int_equal(chdir(".."), 0);
	t = open_at("./plain", "-", 5000);
	assert_int_equal(run(t, "x", &text).outcome, TARGET_EXIT);
	target_close(t);
	buf_release(&text);
}

static unsigned processes_named(const char *path)
{
	struct strlist names = STRLIST_INIT;
	unsigned n = 0;

	assert_int_equal(fs_list("/proc", &names, NULL), 0);
	for (size_t i = 0; i < names.n; i++) {
		char link[64], to[4096];
		ssize_t got;

		if (names.v[i][0] < '1' || names.v[i][0] > '9')
			continue;
		snprintf(link, sizeof(link), "/proc/%.20s/exe", names.v[i]);
		got = readlink(link, to, sizeof(to) - 1);
		if (got <= 0)
			continue;
		to[got] = '\0';
		n += strcmp(to, path) == 0;
	}
	strlist_release(&names);
	return n;
}

/* Children that a run leaves behind don't outlive the target, nor pile up. */
static void test_strays(void **state)
{
	struct buf text = BUF_INIT;
	struct target *t;

	(void)state;
	need(AFL);
	t = open_at(exe[AFL], NULL, 10000);
	for (int i = 0; i < 3; i++) {
		run(t, "g", &text);
		usleep(300000); /* it looks a few times a second */
	}
	run(t, "n", &text);
	assert_true(processes_named(exe[AFL]) <= 2);
	target_close(t);
	assert_int_equal(processes_named(exe[AFL]), 0);
	buf_release(&text);
}

/* kill -9 of the near end, in the middle of a hang: nothing runs on, and the next start removes what is left. */
static void check_killed(enum build b)
{
	char *base = fs_join(dir, "scratch");
	struct strlist left = STRLIST_INIT;
	pid_t pid;

	need(b);
	assert_int_equal(fs_mkdirs(base, NULL), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const char *const argv[] = { exe[b], NULL };
		struct target_spec spec = { .argv = argv, .timeout_ms = 60000, .scratch = base };
		struct target_input in = { .data = "w", .len = 1 };
		struct target_result r;
		struct target *t = target_open(&spec, NULL);

		if (t)
			target_run_one(t, &in, &r, NULL, NULL);
		_exit(0);
	}
	for (int i = 0; i < 200 && processes_named(exe[b]) < (b == PLAIN ? 1 : 2); i++)
		usleep(50000);
	assert_true(processes_named(exe[b]) > 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	for (int i = 0; i < 200 && processes_named(exe[b]) > 0; i++)
		usleep(50000);
	assert_int_equal(processes_named(exe[b]), 0);
	assert_int_equal(fs_list(base, &left, NULL), 0);
	assert_int_equal(left.n, 1);
	strlist_release(&left);
	assert_int_equal(fs_remove_tree(base, NULL), 0);
	free(base);
}

static void test_killed(void **state)
{
	(void)state;
	check_killed(PLAIN);
	check_killed(AFL);
	check_killed(AFL_LOOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_afl),
		cmocka_unit_test(test_afl_asan),
		cmocka_unit_test(test_afl_loop),
		cmocka_unit_test(test_afl_new),
		cmocka_unit_test(test_one_server),
		cmocka_unit_test(test_asan_report),
		cmocka_unit_test(test_replaced_input),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_relative_command),
		cmocka_unit_test(test_strays),
		cmocka_unit_test(test_killed),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("foreign", tests, set_up, tear_down);
}
