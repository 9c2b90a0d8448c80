/* The sandbox from the inside: every way out is shut, what a target needs is there, and what is lacking is said. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "proc/ways.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static char *dir;

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	dir = fs_tmpdir("thresh-test-sandbox", &err);
	return dir ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(dir, NULL);
	free(dir);
	return 0;
}

/* --- in a process of its own, which has other rights --- */

/* True when it returned so. */
static bool in_child(bool (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(fn() ? 0 : 1);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0;
}

static bool put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return ok;
}

/* As in a container that permits no namespaces. False: not even that can be had here. */
static bool without_namespaces(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct none[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	unsigned uid = (unsigned)geteuid(), gid = (unsigned)getegid();
	char map[64];

	if (unshare(CLONE_NEWUSER) < 0 || !put_text("/proc/self/setgroups", "deny"))
		return false;
	/* not root, who needs no user namespace for the others */
	snprintf(map, sizeof(map), "1234 %u 1", uid);
	if (!put_text("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "1234 %u 1", gid);
	return put_text("/proc/self/gid_map", map) &&
	       put_text("/proc/sys/user/max_user_namespaces", "0") &&
	       syscall(SYS_capset, &head, none) == 0;
}

/* --- ways out --- */

struct counts {
	size_t open, shut;
	struct buf names;
};

static void seen(void *arg, const char *what, enum way_state state)
{
	struct counts *c = arg;

	c->open += state == WAY_OPEN;
	c->shut += state == WAY_SHUT;
	if (state == WAY_OPEN)
		buf_addf(&c->names, "%s\n", what);
}

static struct counts go_all(enum proc_confine confine)
{
	struct counts c = { 0, 0, BUF_INIT };
	struct err err = ERR_INIT;

	if (ways_try(confine, seen, &c, &err) < 0)
		buf_addf(&c.names, "%s\n", err.msg);
	return c;
}

static void test_shut(void **state)
{
	struct counts c = go_all(PROC_CONFINED);

	(void)state;
	if (!sandbox_have()->view || !sandbox_have()->processes) {
		buf_release(&c.names);
		print_message("SKIP: not all namespaces are here\n");
		skip();
	}
	assert_string_equal(buf_str(&c.names), "");
	assert_true(c.shut > 20);
	buf_release(&c.names);
}

/* Else the trials themselves would be at fault. */
static void test_open_when_free(void **state)
{
	struct counts c = go_all(PROC_FREE);

	(void)state;
	assert_true(c.open > 20);
	if (c.shut > 0)
		print_message("%zu of them shut all the same; open: %s", c.shut, c.names.s);
	assert_true(c.shut <= 1); /* a container may have no other owner to give a file to */
	buf_release(&c.names);
}

static bool shut_without_namespaces(void)
{
	struct counts c;
	struct buf lacks = BUF_INIT;
	bool ok;

	if (!without_namespaces())
		return false;
	log_set_level(LOG_ERROR);
	c = go_all(PROC_CONFINED);
	sandbox_lacks(&lacks);
	ok = !sandbox_have()->view && lacks.len > 0 &&
	     strcmp(buf_str(&c.names), "read your passwords and keys\nleave a process "
				       "behind\nwrite to System V memory of yours\n") == 0;
	if (!ok)
		fprintf(stderr, "lacks: %s\nopen:\n%s", buf_str(&lacks), buf_str(&c.names));
	return ok;
}

static void test_without_namespaces(void **state)
{
	(void)state;
	if (sandbox_have()->landlock < 6 || !in_child(without_namespaces)) {
		print_message("SKIP: this kernel's Landlock is older, or has no user namespaces\n");
		skip();
	}
	assert_true(in_child(shut_without_namespaces));
}

#ifdef __x86_64__
/* The same call as a program of 32 bits would make it: it has a number of its own. */
static int call_32(void *arg)
{
	int rc;

	(void)arg;
	__asm__ volatile("int $0x80"
			 : "=a"(rc)
			 : "a"(359 /* socket */), "b"(AF_UNIX), "c"(SOCK_STREAM), "d"(0)
			 : "memory", "r8", "r9", "r10", "r11");
	return rc == -EACCES ? 0 : 1;
}
#endif

static void test_32_bits(void **state)
{
#ifdef __x86_64__
	static const char *const argv[] = { "inside", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r;
	struct err err = ERR_INIT;

	spec.argv = argv;
	spec.exe = argv[0];
	spec.confine = PROC_CONFINED;
	spec.inside = call_32;
	assert_int_equal(proc_run(&spec, &r, &err), 0);
	proc_result_release(&r);
	if (r.status == SIGSEGV) { /* this kernel has no such calls */
		print_message("SKIP: no 32-bit calls here\n");
		skip();
	}
	assert_int_equal(r.status, 0);
#else
	print_message("SKIP: not x86\n");
	skip();
#endif
	(void)state;
}

/* --- what a target needs --- */

static bool makes_files(void)
{
	char name[] = "/tmp/target-XXXXXX";
	int fd = mkstemp(name);
	FILE *f = tmpfile();

	return fd >= 0 && write(fd, "x", 1) == 1 && f && fputs("x", f) >= 0 && fflush(f) == 0 &&
	       chmod(name, 0640) == 0 && truncate(name, 0) == 0 && unlink(name) == 0;
}

static bool shares_memory(void)
{
	int fd = shm_open("/target", O_RDWR | O_CREAT | O_EXCL, 0600);

	return fd >= 0 && ftruncate(fd, 8192) == 0 &&
	       mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED &&
	       shm_unlink("/target") == 0;
}

static bool opens_a_terminal(void)
{
	int master, slave;
	char c = 0;

	return openpty(&master, &slave, NULL, NULL, NULL) == 0 && isatty(slave) &&
	       write(master, "x\n", 2) == 2 && read(slave, &c, 1) == 1 && c == 'x';
}

static bool serves_itself(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(at);
	int s = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), a;
	char byte = 0;

	if (bind(s, (struct sockaddr *)&at, n) < 0 || listen(s, 1) < 0 ||
		getsockname(s, (struct sockaddr *)&at, &n) < 0 ||
		connect(c, (struct sockaddr *)&at, n) < 0)
		return false;
	a = accept(s, NULL, NULL);
	return a >= 0 && write(c, "x", 1) == 1 && read(a, &byte, 1) == 1 && byte == 'x';
}

static bool starts_processes(void)
{
	int pair[2], status = -1;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return false;
	pid = fork();
	if (pid == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool knows_itself(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)getpid());
	return access(path, R_OK) == 0 && access("/proc/self/maps", R_OK) == 0 &&
	       access("/proc/meminfo", R_OK) == 0 && getuid() == geteuid();
}

static bool uses_devices(void)
{
	int null = open("/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600),
	    random = open("/dev/urandom", O_RDONLY);
	char byte;

	return null >= 0 && write(null, "x", 1) == 1 && random >= 0 &&
	       read(random, &byte, 1) == 1 && access("/dev/stdin", F_OK) == 0;
}

static bool writes_here(void)
{
	/* with a /proc of its own */
	return (getppid() != 1 || put_text("/proc/self/comm", "renamed")) &&
	       mkdir("sub", 0700) == 0 && close(open("sub/file", O_WRONLY | O_CREAT, 0600)) == 0 &&
	       chmod("sub/file", 0644) == 0 && rename("sub/file", "file") == 0 &&
	       link("file", "other") == 0 && utimensat(AT_FDCWD, "file", NULL, 0) == 0;
}

static const struct {
	const char *name;
	bool (*fn)(void);
} needs[] = {
	{ "files in /tmp", makes_files },
	{ "shared memory", shares_memory },
	{ "a terminal", opens_a_terminal },
	{ "its own server", serves_itself },
	{ "processes", starts_processes },
	{ "/proc", knows_itself },
	{ "devices", uses_devices },
	{ "its folder", writes_here },
};

static int run_need(void *arg)
{
	bool (*const *fn)(void) = arg;

	return (*fn)() ? 0 : 1;
}

static struct proc_spec confined(void)
{
	static const char *const argv[] = { "inside", NULL };
	static const char *writable[2];
	struct proc_spec spec = PROC_SPEC_INIT;

	writable[0] = dir;
	spec.argv = argv;
	spec.exe = argv[0];
	spec.confine = PROC_CONFINED;
	spec.cwd = dir;
	spec.writable = writable;
	spec.wall_ms = 20000;
	return spec;
}

static void test_needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(needs); i++) {
		bool (*fn)(void) = needs[i].fn;
		struct proc_spec spec = confined();
		struct proc_result r;
		struct err err = ERR_INIT;

		spec.inside = run_need;
		spec.inside_arg = &fn;
		if (proc_run(&spec, &r, &err) < 0)
			fail_msg("%s: %s", needs[i].name, err.msg);
		if (!sandbox_have()->view) {
			print_message("SKIP: no namespaces here\n");
			skip();
		}
		if (r.status != 0)
			fail_msg("%s: status %d", needs[i].name, r.status);
		proc_result_release(&r);
	}
}

/* Where this process's temporary files go, a confined one can't write. */
static bool makes_temporary_files(void)
{
	static const char *const argv[] = { "/bin/sh", "-c",
		"f=$(mktemp) && echo x >\"$f\" && test -z \"$TMP$TEMP$TEMPDIR\" && rm \"$f\"",
		NULL };
	static const char *const in_tmp[] = { "/bin/sh", "-c", "test \"$TMPDIR\" = /tmp", NULL };
	static const char *const own[] = { "TMPDIR=.", "TEMP", "TMP", "TEMPDIR", NULL };
	static const char *const vars[] = { "TMPDIR", "TMP", "TEMP", "TEMPDIR" };
	char *kept[ARRAY_LEN(vars)];
	bool ok = true;

	log_set_level(LOG_ERROR);
	for (size_t i = 0; i < ARRAY_LEN(vars); i++) {
		kept[i] = getenv(vars[i]) ? xstrdup(getenv(vars[i])) : NULL;
		setenv(vars[i], "/usr", 1);
	}
	/* nobody says where; somebody does; and whoever has a /tmp of his own has them there */
	for (int way = 0; way < (sandbox_have()->view ? 3 : 2); way++) {
		struct proc_spec spec = confined();
		struct proc_result r = { 0 };
		struct err err = ERR_INIT;

		spec.argv = way < 2 ? argv : in_tmp;
		spec.exe = NULL;
		spec.env = way == 1 ? own : NULL;
		ok &= proc_run(&spec, &r, &err) == 0 && r.status == 0;
		proc_result_release(&r);
	}
	for (size_t i = 0; i < ARRAY_LEN(vars); i++) {
		if (kept[i])
			setenv(vars[i], kept[i], 1);
		else
			unsetenv(vars[i]);
		free(kept[i]);
	}
	return ok;
}

static bool makes_them_without_namespaces(void)
{
	return without_namespaces() && makes_temporary_files();
}

static void test_temporary_files(void **state)
{
	(void)state;
	assert_true(makes_temporary_files());
}

static void test_temporary_files_without(void **state)
{
	(void)state;
	if (!in_child(without_namespaces)) {
		print_message("SKIP: no user namespaces here\n");
		skip();
	}
	assert_true(in_child(makes_them_without_namespaces));
}

/* As linkers and copiers do. */
static bool sets_modes_and_times(bool builds)
{
	static const char *const argv[] = { "/bin/sh", "-c",
		"echo x >made && chmod 755 made && touch -d 2001-01-01 made", NULL };
	struct proc_spec spec = confined();
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	bool ok;

	log_set_level(LOG_ERROR);
	spec.argv = argv;
	spec.exe = NULL;
	spec.builds = builds;
	ok = proc_run(&spec, &r, &err) == 0 && r.status == 0;
	proc_result_release(&r);
	return ok;
}

/* There, nothing but the filter keeps it from those of the user's files, so that others have to do without. */
static bool builds_without_namespaces(void)
{
	return without_namespaces() && sets_modes_and_times(true) &&
	       (!sandbox_have()->seccomp || !sets_modes_and_times(false));
}

static void test_builds(void **state)
{
	(void)state;
	assert_true(sets_modes_and_times(true));
}

static void test_builds_without(void **state)
{
	(void)state;
	if (!in_child(without_namespaces)) {
		print_message("SKIP: no user namespaces here\n");
		skip();
	}
	assert_true(in_child(builds_without_namespaces));
}

/* --- ends --- */

static int fork_many(void *arg)
{
	(void)arg;
	for (int i = 0; i < 60; i++)
		if (fork() == 0) {
			setsid();
			signal(SIGTERM, SIG_IGN);
			for (;;)
				pause();
		}
	return 7;
}

/* The pipe's other end is held by all that came from it. */
static void check_all_gone(bool kill_it)
{
	struct proc_spec spec = confined();
	struct proc_result r;
	struct err err = ERR_INIT;
	struct proc *p;
	int ends[2];
	char byte;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	spec.inside = fork_many;
	spec.keep_fd = ends[1];
	spec.keep_as = 3;
	p = proc_start(&spec, &err);
	if (!p)
		fail_msg("%s", err.msg);
	close(ends[1]);
	if (kill_it) {
		proc_signal(p, SIGKILL);
	} else {
		while (!proc_step(p, -1))
			;
		proc_result_take(p, &r);
		assert_int_equal(r.status, 7 << 8);
		proc_result_release(&r);
	}
	proc_free(p);
	if (!sandbox_have()->processes) {
		print_message("SKIP: no process namespaces here\n");
		skip();
	}
	assert_int_equal(read(ends[0], &byte, 1), 0); /* at once: nobody is left */
	close(ends[0]);
}

static void test_ends_all(void **state)
{
	(void)state;
	check_all_gone(false);
	check_all_gone(true);
}

/* Nobody but the first process of a namespace of its own is aimed at: should the sandbox fail, nothing else is to be hit. */
static int stop_them(void *arg)
{
	(void)arg;
	if (getppid() != 1)
		return 4;
	kill(getppid(), SIGSTOP);
	kill(getppid(), SIGKILL);
	return 3;
}

/* Whoever started it can be neither stopped nor killed. */
static void test_not_stopped(void **state)
{
	struct proc_spec spec = confined();
	struct proc_result r;
	struct err err = ERR_INIT;
	bool safe;

	(void)state;
	assert_int_equal(proc_try_sandbox(&err), 0);
	safe = sandbox_have()->processes;
	if (!safe) {
		print_message("SKIP: no process namespaces here\n");
		skip();
	}
	spec.inside = stop_them;
	assert_int_equal(proc_run(&spec, &r, &err), 0);
	assert_int_equal(r.status, 3 << 8);
	proc_result_release(&r);
}

static bool required_fails(void)
{
	struct proc_spec spec = confined();
	struct proc_result r;
	struct err err = ERR_INIT;

	if (!without_namespaces())
		return false;
	log_set_level(LOG_ERROR);
	spec.inside = run_need;
	spec.confine_wholly = true;
	spec.writable = NULL;
	spec.cwd = "/";
	return proc_run(&spec, &r, &err) < 0 && err.kind == ERR_USAGE &&
	       strstr(err.msg, "required");
}

static void test_required_without(void **state)
{
	(void)state;
	if (!in_child(without_namespaces)) {
		print_message("SKIP: no user namespaces here\n");
		skip();
	}
	assert_true(in_child(required_fails));
}

static void test_required(void **state)
{
	struct proc_spec spec = confined();
	struct proc_result r;
	struct err err = ERR_INIT;
	bool (*fn)(void) = starts_processes;

	(void)state;
	assert_int_equal(proc_try_sandbox(&err), 0);
	if (!sandbox_have()->view || !sandbox_have()->processes || !sandbox_have()->landlock) {
		print_message("SKIP: not all of it is here\n");
		skip();
	}
	spec.inside = run_need;
	spec.inside_arg = &fn;
	spec.confine_wholly = true;
	if (proc_run(&spec, &r, &err) < 0)
		fail_msg("%s", err.msg);
	assert_int_equal(r.status, 0);
	proc_result_release(&r);
}

/* A folder to write to that isn't there is an error, not a confinement without it. */
static void test_half_way(void **state)
{
	struct proc_spec spec = confined();
	const char *writable[] = { "/nowhere/at/all", NULL };
	struct err err = ERR_INIT;

	(void)state;
	spec.inside = run_need;
	spec.writable = writable;
	assert_null(proc_start(&spec, &err));
	assert_non_null(strstr(err.msg, "/nowhere/at/all"));
}

/* --- descriptors --- */

static int holds_both(void *arg)
{
	char a = 0, b = 0;
	(void)arg;
	return read(198, &a, 1) == 1 && read(199, &b, 1) == 1 && a == 'a' && b == 'b' ? 0 : 1;
}

/* Numbers that are given to it may be those of descriptors that are still needed to start it. */
static void test_kept_descriptors(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	for (unsigned more = 0; more < 30; more++) {
		struct proc_spec spec = confined();
		struct proc_result r;
		int a[2], b[2], many[400], n = 0, last;

		do {
			last = many[n++] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		} while (last >= 0 && last < 180 + (int)more);
		assert_int_equal(pipe2(a, O_CLOEXEC), 0);
		assert_int_equal(pipe2(b, O_CLOEXEC), 0);
		assert_int_equal(write(a[1], "a", 1), 1);
		assert_int_equal(write(b[1], "b", 1), 1);
		spec.inside = holds_both;
		spec.out = spec.err = PROC_CAPTURE;
		spec.keep_fd = a[0];
		spec.keep_as = 198;
		spec.keep_fd2 = b[0];
		spec.keep_as2 = 199;
		if (proc_run(&spec, &r, &err) < 0)
			fail_msg("%s", err.msg);
		assert_int_equal(r.status, 0);
		proc_result_release(&r);
		for (int i = 0; i < 2; i++) {
			close(a[i]);
			close(b[i]);
		}
		while (n > 0)
			close(many[--n]);
	}
}

/* --- the wait for a death --- */

NORETURN static int endure(void *arg)
{
	(void)arg;
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

static void test_quiet_wait(void **state)
{
	struct proc_spec spec = confined();
	struct proc_result r;
	struct err err = ERR_INIT;
	clock_t before = clock();

	(void)state;
	spec.inside = endure;
	spec.wall_ms = 200;
	assert_int_equal(proc_run(&spec, &r, &err), 0);
	assert_true(r.timed_out);
	assert_int_equal(r.status, SIGKILL);
	assert_true((double)(clock() - before) / CLOCKS_PER_SEC < 0.2); /* it waited for 700 ms */
	proc_result_release(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		/* first: what a process has found to work, it goes on with */
		cmocka_unit_test(test_without_namespaces),
		cmocka_unit_test(test_required_without),
		cmocka_unit_test(test_temporary_files_without),
		cmocka_unit_test(test_builds_without),
		cmocka_unit_test(test_shut),
		cmocka_unit_test(test_open_when_free),
		cmocka_unit_test(test_32_bits),
		cmocka_unit_test(test_needs),
		cmocka_unit_test(test_temporary_files),
		cmocka_unit_test(test_builds),
		cmocka_unit_test(test_ends_all),
		cmocka_unit_test(test_not_stopped),
		cmocka_unit_test(test_required),
		cmocka_unit_test(test_half_way),
		cmocka_unit_test(test_kept_descriptors),
		cmocka_unit_test(test_quiet_wait),
	};

	return cmocka_run_group_tests_name("sandbox", tests, set_up, tear_down);
}
