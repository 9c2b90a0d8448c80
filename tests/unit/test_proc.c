/* Child processes: what they get, what is seen of them, and that nothing of them is left. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

/* What must not wait for ever ends the test program, long after it should have ended by itself. */
#define PATIENCE_S 120

static struct proc_spec shell(const char *const *argv)
{
	struct proc_spec spec = PROC_SPEC_INIT;

	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	return spec;
}

#define SH(script) ((const char *const[]){ "sh", "-c", (script), NULL })

static struct proc_result run(const struct proc_spec *spec)
{
	struct proc_result r;
	struct err err = ERR_INIT;

	if (proc_run(spec, &r, &err) < 0)
		fail_msg("%s", err.msg);
	return r;
}

static void no_children_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* --- ends --- */

static void how_it_ended(void **state)
{
	static const struct {
		const char *script, *out, *err, *words;
	} rows[] = {
		{ "echo out; echo err >&2", "out\n", "err\n", "exit status 0" },
		{ "exit 3", "", "", "exit status 3" },
		{ "kill -SEGV $$", "", "", "killed by SIGSEGV (signal 11)" },
		{ "kill -KILL $$", "", "", "killed by SIGKILL (signal 9)" },
		{ "printf 'no line end'", "no line end", "", "exit status 0" },
		{ "exec >&- 2>&-; exit 4", "", "", "exit status 4" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *const *argv = SH(rows[i].script);
		struct proc_spec spec = shell(argv);
		struct proc_result r = run(&spec);
		struct buf b = BUF_INIT;

		proc_describe(&b, &r);
		assert_string_equal(buf_str(&b), rows[i].words);
		assert_string_equal(buf_str(&r.out), rows[i].out);
		assert_string_equal(buf_str(&r.err), rows[i].err);
		assert_false(r.timed_out);
		proc_result_release(&r);
		buf_release(&b);
	}
	no_children_left();
}

static void cannot_start(void **state)
{
	char *dir = fs_tmpdir("thresh-test", NULL), *plain = fs_join(dir, "plain"),
	     *bad = fs_join(dir, "bad");
	const struct {
		const char *program, *cwd, *words;
	} rows[] = {
		{ "/no/such/program", NULL, "no such program" },
		{ "no-such-program", NULL, "no such program on PATH" },
		{ plain, NULL, "no such program" },
		{ bad, NULL, "can't run it" },
		{ "true", "/no/such/folder", "can't run it in /no/such/folder" },
	};

	(void)state;
	assert_int_equal(fs_write(plain, "not executable", 14, 0600, NULL), 0);
	assert_int_equal(fs_write(bad, "#!/no/such/interpreter\n", 23, 0700, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *const argv[] = { rows[i].program, NULL };
		struct proc_spec spec = shell(argv);
		struct proc_result r;
		struct err err = ERR_INIT;

		spec.cwd = rows[i].cwd;
		assert_int_equal(proc_run(&spec, &r, &err), -1);
		if (!strstr(err.msg, rows[i].words) || !strstr(err.msg, rows[i].program))
			fail_msg("%s: %s", rows[i].program, err.msg);
		proc_result_release(&r);
	}
	no_children_left();
	fs_remove_tree(dir, NULL);
	free(plain);
	free(bad);
	free(dir);
}

/* --- input and output --- */

/* More both ways than any pipe holds: neither waits for the other. */
static void fed_and_captured(void **state)
{
	static const char *const argv[] = { "cat", NULL };
	struct proc_spec spec = shell(argv);
	size_t n = 3 << 20;
	char *input = xmalloc(n);
	struct proc_result r;

	(void)state;
	for (size_t i = 0; i < n; i++)
		input[i] = (char)(i * 7);
	spec.in = PROC_CAPTURE;
	spec.input = input;
	spec.input_len = n;
	spec.capture_max = 2 * n;
	r = run(&spec);
	assert_int_equal(r.out.len, n);
	assert_memory_equal(r.out.s, input, n);
	proc_result_release(&r);
	free(input);
}

/* One that doesn't read what it is given is no error. */
static void input_unread(void **state)
{
	const char *const *argv = SH("exit 5");
	struct proc_spec spec = shell(argv);
	char *input = xcalloc(1, 1 << 20);
	struct proc_result r;

	(void)state;
	signal(SIGPIPE, SIG_IGN); /* as the program has it */
	spec.in = PROC_CAPTURE;
	spec.input = input;
	spec.input_len = 1 << 20;
	r = run(&spec);
	assert_int_equal(WEXITSTATUS(r.status), 5);
	proc_result_release(&r);
	free(input);
}

/* Of a flood the beginning and the end, and how much lay between. */
static void flood(void **state)
{
	const char *const *argv =
		SH("echo first; head -c 1000000 /dev/zero | tr '\\0' x; echo; echo last");
	struct proc_spec spec = shell(argv);
	struct proc_result r;

	(void)state;
	spec.capture_max = 1000;
	r = run(&spec);
	assert_true(r.out.len < 1100);
	assert_true(strncmp(r.out.s, "first\nxxx", 9) == 0);
	assert_non_null(strstr(r.out.s, "[... 999012 bytes left out ...]"));
	assert_int_equal(r.out_dropped, 999012);
	assert_string_equal(r.out.s + r.out.len - 9, "xxx\nlast\n");
	proc_result_release(&r);
}

static void descriptors(void **state)
{
	const char *const *argv =
		SH("echo kept >&7; ls /proc/self/fd; read line; echo \"got $line\"");
	struct proc_spec spec = shell(argv);
	int kept[2], both[2];
	char text[512] = "";
	struct proc_result r;

	(void)state;
	assert_int_equal(pipe2(kept, O_CLOEXEC), 0);
	assert_int_equal(pipe2(both, O_CLOEXEC), 0);
	spec.keep_fd = kept[1];
	spec.keep_as = 7;
	spec.out = spec.err = PROC_FD;
	spec.out_fd = spec.err_fd = both[1];
	r = run(&spec);
	assert_int_equal(r.status, 0);
	assert_int_equal(read(kept[0], text, sizeof(text)), 5);
	assert_string_equal(text, "kept\n");
	memset(text, 0, sizeof(text));
	assert_true(read(both[0], text, sizeof(text) - 1) > 0);
	/* 0, 1, 2, 7, and what ls opened: nothing of ours beside */
	assert_string_equal(text, "0\n1\n2\n3\n7\ngot \n");
	for (int i = 0; i < 2; i++) {
		close(kept[i]);
		close(both[i]);
	}
	proc_result_release(&r);
}

/* Standard input is never ours unless asked for: nothing waits for a terminal. */
static void no_input(void **state)
{
	static const char *const argv[] = { "cat", NULL };
	struct proc_spec spec = shell(argv);
	struct proc_result r = run(&spec);

	(void)state;
	assert_int_equal(r.status, 0);
	assert_int_equal(r.out.len, 0);
	proc_result_release(&r);
}

static void environment(void **state)
{
	static const char *const env[] = { "THRESH_T_NEW=new", "THRESH_T_OVER=over",
		"THRESH_T_GONE", NULL };
	const char *const *argv = SH(
		"echo \"$THRESH_T_NEW $THRESH_T_OVER ${THRESH_T_GONE-unset} $THRESH_T_KEPT $PWD\"");
	struct proc_spec spec = shell(argv);
	struct proc_result r;

	(void)state;
	setenv("THRESH_T_OVER", "under", 1);
	setenv("THRESH_T_GONE", "here", 1);
	setenv("THRESH_T_KEPT", "kept", 1);
	spec.env = env;
	spec.cwd = "/";
	r = run(&spec);
	assert_string_equal(buf_str(&r.out), "new over unset kept /\n");
	proc_result_release(&r);
	unsetenv("THRESH_T_OVER");
	unsetenv("THRESH_T_GONE");
	unsetenv("THRESH_T_KEPT");
}

/* A child begins as if nobody had ignored or blocked anything. */
static void signals_are_default(void **state)
{
	static const char *const argv[] = { "grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status",
		NULL };
	struct proc_spec spec = shell(argv);
	struct proc_result r;
	sigset_t block, old;
	uint64_t ignored;

	(void)state;
	/* what nohup, or a shell in the background, had us ignore is passed on; not what we ignore ourselves */
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR2);
	sigprocmask(SIG_BLOCK, &block, &old);
	r = run(&spec);
	sigprocmask(SIG_SETMASK, &old, NULL);
	assert_true(strv_starts(strv_of(buf_str(&r.out)), "SigBlk:\t0000000000000000\nSigIgn:\t"));
	ignored = strtoull(strrchr(buf_str(&r.out), '\t') + 1, NULL, 16);
	/* libc's own two, 32 and 33, can't be set back by anybody */
	assert_int_equal(ignored & ~((uint64_t)3 << 31), 0);
	proc_result_release(&r);
}

/* --- limits and time --- */

static void limits(void **state)
{
	static const struct {
		const char *script;
		struct proc_limits limits;
		const char *out;
	} rows[] = {
		{ "ulimit -f", { .file_bytes = 1 << 20 }, "2048\n" },
		{ "ulimit -t", { .cpu_s = 77 }, "77\n" },
		{ "ulimit -v", { .as_bytes = (uint64_t)1 << 32 }, "4194304\n" },
		{ "ulimit -c", { .core = false }, "0\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *const *argv = SH(rows[i].script);
		struct proc_spec spec = shell(argv);
		struct proc_result r;

		spec.limits = rows[i].limits;
		r = run(&spec);
		assert_string_equal(buf_str(&r.out), rows[i].out);
		proc_result_release(&r);
	}
}

/* Asked to end, and made to where it doesn't listen: its whole group. */
static void wall_clock(void **state)
{
	static const struct {
		const char *script;
		int sig; /* 0: it ends by itself when asked */
	} rows[] = {
		{ "sleep 1000", SIGTERM },
		{ "trap 'exit 9' TERM; while :; do sleep 0.05; done", 0 },
		{ "trap '' TERM; while :; do sleep 0.05; done", SIGKILL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *const *argv = SH(rows[i].script);
		struct proc_spec spec = shell(argv);
		struct proc_result r;
		struct buf b = BUF_INIT;

		spec.wall_ms = 100;
		r = run(&spec);
		assert_true(r.timed_out);
		if (rows[i].sig)
			assert_int_equal(WTERMSIG(r.status), rows[i].sig);
		else
			assert_int_equal(WEXITSTATUS(r.status), 9);
		proc_describe(&b, &r);
		assert_non_null(strstr(buf_str(&b), "no end within its time"));
		proc_result_release(&r);
		buf_release(&b);
	}
	no_children_left();
}

/* A zombie is gone, too: whoever is to reap it may take his time. */
static bool is_gone(pid_t pid)
{
	char *path = xasprintf("/proc/%d/stat", (int)pid);
	struct buf b = BUF_INIT;
	bool gone = fs_read(path, 4096, &b, NULL) < 0 || strstr(buf_str(&b), ") Z");

	buf_release(&b);
	free(path);
	return gone;
}

static void wait_until_gone(pid_t pid)
{
	while (!is_gone(pid))
		usleep(1000);
}

/* What a child leaves behind holds its pipe: the result comes all the same, and the rest ends with it. */
static void grandchildren(void **state)
{
	const char *const *argv = SH("(echo $BASHPID; exec sleep 1000) & echo $!; exit 6");
	struct proc_spec spec = shell(argv);
	struct proc_result r = run(&spec);
	pid_t left = (pid_t)strtol(buf_str(&r.out), NULL, 10);

	(void)state;
	assert_int_equal(WEXITSTATUS(r.status), 6);
	assert_true(left > 1);
	wait_until_gone(left);
	proc_result_release(&r);
	no_children_left();
}

/* Freed while it runs. */
static void freed_early(void **state)
{
	const char *const *argv = SH("echo up; exec sleep 1000");
	struct proc_spec spec = shell(argv);
	struct proc *p = proc_start(&spec, NULL);
	pid_t pid;

	(void)state;
	assert_non_null(p);
	pid = proc_pid(p);
	assert_false(proc_step(p, 0));
	proc_free(p);
	wait_until_gone(pid);
	no_children_left();
	proc_free(NULL);
}

/* Step by step, by somebody who polls for many. */
static void step_by_step(void **state)
{
	const char *const *argv = SH("read x; echo \"$x\"; exit 2");
	struct proc_spec spec = shell(argv);
	struct proc_result r;
	struct proc *p;
	int in[2];

	(void)state;
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	spec.in = PROC_FD;
	spec.in_fd = in[0];
	p = proc_start(&spec, NULL);
	assert_non_null(p);
	assert_false(proc_step(p, 0));
	assert_int_equal(write(in[1], "go\n", 3), 3);
	while (!proc_step(p, 100))
		;
	proc_result_take(p, &r);
	assert_string_equal(buf_str(&r.out), "go\n");
	assert_int_equal(WEXITSTATUS(r.status), 2);
	proc_free(p);
	close(in[0]);
	close(in[1]);
	proc_result_release(&r);
}

/* A program whose file is written to this moment: who writes it is about to be done. */
static void still_written(void **state)
{
	char *dir = fs_tmpdir("thresh-test", NULL), *path = fs_join(dir, "new");
	const char *const argv[] = { path, NULL };
	struct proc_spec spec = shell(argv);
	struct proc_result r;
	int fd;

	(void)state;
	assert_int_equal(fs_copy("/bin/true", path, 0700, NULL), 0);
	fd = open(path, O_WRONLY);
	if (fork() == 0) {
		usleep(100000);
		_exit(0);
	}
	close(fd);
	r = run(&spec);
	assert_int_equal(r.status, 0);
	assert_true(wait(NULL) > 0);
	proc_result_release(&r);
	fs_remove_tree(dir, NULL);
	free(path);
	free(dir);
}

/* --- confinement, where the kernel has it --- */

static void confined(void **state)
{
	char *dir = fs_tmpdir("thresh-test", NULL), *free_dir = fs_join(dir, "free"),
	     *script = xasprintf("echo x > '%s/in' && echo in; echo x > '%s/out' && echo out; "
				 "echo x > /dev/null && echo null; cat /etc/passwd > /dev/null && "
				 "echo read",
		     free_dir, dir);
	const char *const writable[] = { free_dir, NULL };
	const char *const *argv = SH(script);
	struct proc_spec spec = shell(argv);
	struct proc_result r;

	(void)state;
	assert_int_equal(fs_mkdirs(free_dir, NULL), 0);
	spec.confine = PROC_CONFINED;
	spec.writable = writable;
	r = run(&spec);
	if (access("/sys/kernel/security", F_OK) < 0 && strstr(buf_str(&r.out), "out"))
		print_message("# no Landlock here\n");
	else
		assert_string_equal(buf_str(&r.out), "in\nnull\nread\n");
	proc_result_release(&r);
	fs_remove_tree(dir, NULL);
	free(script);
	free(free_dir);
	free(dir);
}

static int set_up(void **state)
{
	(void)state;
	alarm(PATIENCE_S);
	/* what we were started with is nobody's here */
	for (int fd = 3; fd < 1024; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_it_ended),
		cmocka_unit_test(cannot_start),
		cmocka_unit_test(fed_and_captured),
		cmocka_unit_test(input_unread),
		cmocka_unit_test(flood),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(no_input),
		cmocka_unit_test(environment),
		cmocka_unit_test(signals_are_default),
		cmocka_unit_test(limits),
		cmocka_unit_test(wall_clock),
		cmocka_unit_test(grandchildren),
		cmocka_unit_test(freed_early),
		cmocka_unit_test(step_by_step),
		cmocka_unit_test(still_written),
		cmocka_unit_test(confined),
	};

	return cmocka_run_group_tests_name("proc", tests, set_up, NULL);
}
