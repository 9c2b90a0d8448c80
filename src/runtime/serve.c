/*
 * The target server's far end: initialises the target once, then forks a child for each batch of inputs, and
 * another one for what is left when a child dies of an input. The near end (src/target) only writes inputs
 * and reads results. Runs no code of the target itself after LLVMFuzzerInitialize.
 */
#include "thresh_rt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HIGH_FD 200 /* out of the way of targets that close the low ones */
#define MAX_STRAYS 100000
#define MAX_TWINS 256
#define FORK_TRIES 25
#define FORK_TRIED 5 /* exit status of one that was made to see whether it can be */

void __msan_unpoison(const volatile void *p, size_t n) __attribute__((weak));
pid_t _Fork(void) __attribute__((weak)); /* of glibc 2.34 and later */

__attribute__((used)) const char thresh_rt_mark[] = THRESH_RT_MARK;

static struct {
	int sock;
	struct thresh_rt_child_env env;
	size_t task_size, seg_size;
	uint32_t twice; /* the input that failed in company, and runs alone; UINT32_MAX: none */
	uint64_t forks;
	uint64_t forked_us; /* when the child was made */
	int clean;          /* the working directory is a scratch directory of ours */
	int shares;         /* what twins share was used: they'd be in each other's way */
	int passed;         /* all inputs of the last child did */
	char scratch[32];   /* what its name begins with */
	pid_t twins[MAX_TWINS];
	unsigned n_twins;
	struct sigaction children; /* what the target does on SIGCHLD */
} far;

static int thresh_rt_send(enum thresh_rt_type type, uint64_t a, uint64_t b)
{
	struct thresh_rt_msg m = { THRESH_RT_MAGIC, type, a, b };

	/* not by its name, which a target may have given to a function of its own */
	return syscall(SYS_sendto, far.sock, &m, sizeof(m), MSG_NOSIGNAL, NULL, 0) ==
			       (long)sizeof(m)
		       ? 0
		       : -1;
}

/* The next message, and the descriptors that came with it, each -1 where there is none. -1 at the end. */
static int thresh_rt_receive(struct thresh_rt_msg *m, int fds[THRESH_RT_MAX_FDS])
{
	union {
		struct cmsghdr align;
		char space[CMSG_SPACE(THRESH_RT_MAX_FDS * sizeof(int))];
	} control;
	struct iovec iov = { m, sizeof(*m) };
	struct msghdr h;
	struct cmsghdr *c;
	size_t i, bytes;
	ssize_t n;

	for (i = 0; i < THRESH_RT_MAX_FDS; i++)
		fds[i] = -1;
	memset(&h, 0, sizeof(h));
	h.msg_iov = &iov;
	h.msg_iovlen = 1;
	h.msg_control = control.space;
	h.msg_controllen = sizeof(control.space);
	do
		n = syscall(SYS_recvmsg, far.sock, &h, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*m) || m->magic != THRESH_RT_MAGIC)
		return -1;
	c = CMSG_FIRSTHDR(&h);
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		bytes = c->cmsg_len - CMSG_LEN(0);
		memcpy(fds, CMSG_DATA(c),
			bytes < THRESH_RT_MAX_FDS * sizeof(int) ? bytes
								: THRESH_RT_MAX_FDS * sizeof(int));
	}
	return 0;
}

static void thresh_rt_unmap(void)
{
	if (far.env.task != NULL)
		munmap((void *)(uintptr_t)far.env.task, far.task_size);
	if (far.env.seg != NULL)
		munmap(far.env.seg, far.seg_size);
	far.env.task = NULL;
	far.env.seg = NULL;
}

/* All of it; NULL when it can't be had. The descriptor is consumed. */
static void *thresh_rt_map(int fd, int prot, size_t *size)
{
	struct stat st;
	void *p = MAP_FAILED;

	if (fstat(fd, &st) == 0)
		p = mmap(NULL, *size = (size_t)st.st_size, prot, MAP_SHARED, fd, 0);
	close(fd);
	return p != MAP_FAILED ? p : NULL;
}

static int thresh_rt_map_both(const int fds[THRESH_RT_MAX_FDS])
{
	thresh_rt_unmap();
	/* the target must not change it under us: its descriptor gives no more than this, and is gone */
	far.env.task = thresh_rt_map(fds[0], PROT_READ, &far.task_size);
	far.env.seg = thresh_rt_map(fds[1], PROT_READ | PROT_WRITE, &far.seg_size);
	return far.env.task != NULL && far.env.seg != NULL ? 0 : -1;
}

static int thresh_rt_is_twin(pid_t pid)
{
	unsigned i;

	for (i = 0; i < far.n_twins; i++)
		if (far.twins[i] == pid)
			return 1;
	return 0;
}

static void thresh_rt_forget_twin(pid_t pid)
{
	unsigned i;

	for (i = 0; i < far.n_twins; i++)
		if (far.twins[i] == pid)
			far.twins[i--] = far.twins[--far.n_twins];
}

/* The folders as the next child is to find them. What failed may leave what it likes. */
static void thresh_rt_clean(void)
{
	if (thresh_rt_folders_clean && thresh_rt_folders_clean(&far.shares) && far.passed)
		far.env.seg->left |= THRESH_RT_LEFT_FILES;
}

/* SIGKILL to each child there is, twins apart; how many there were. */
static unsigned thresh_rt_kill_children(void)
{
	char path[64], text[8192];
	unsigned n = 0;
	ssize_t got, i;
	pid_t pid = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text));
	close(fd);
	for (i = 0; i < got; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			pid = pid * 10 + (text[i] - '0');
			continue;
		}
		if (pid > 1 && !thresh_rt_is_twin(pid)) {
			kill(pid, SIGKILL);
			n++;
		}
		pid = 0;
	}
	return n;
}

/* Processes that the target started and left behind are ours, as we are a subreaper: end them. 1: there were some. */
static int thresh_rt_reap_strays(void)
{
	unsigned tries;
	int met = 0;
	pid_t pid;

	for (tries = 0; tries < MAX_STRAYS; tries++) {
		pid = waitpid(-1, NULL, WNOHANG);
		if (pid < 0)
			return met;
		met |= pid > 0 && !thresh_rt_is_twin(pid);
		thresh_rt_forget_twin(pid);
		if (pid == 0 && thresh_rt_kill_children() > 0) {
			waitpid(-1, NULL, 0);
			met = 1;
		} else if (pid == 0) {
			return met;
		}
	}
	return met;
}

/*
 * MemorySanitizer's fork() locks and unlocks a million entries of each of its tables in parent and child, which copies
 * megabytes: twenty times what all else here takes. Where there is one thread no lock is held, and nothing has to be locked.
 */
static pid_t thresh_rt_fork_once(void)
{
	struct stat tasks;

	if (__msan_unpoison && _Fork && stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3)
		return _Fork();
	return fork();
}

/* What the machine is short of, it may have again in a moment. */
static pid_t thresh_rt_fork(void)
{
	struct timespec wait = { 0, 20000000 };
	pid_t pid;
	int i;

	for (i = 0; (pid = thresh_rt_fork_once()) < 0 && (errno == EAGAIN || errno == ENOMEM) &&
		    i < FORK_TRIES;
		i++)
		nanosleep(&wait, NULL);
	return pid;
}

/* Runs [from, to) in a child, in an empty directory of its own; its wait status, or -1 with errno when it can't be forked. */
static int thresh_rt_fork_run(uint32_t from, uint32_t to, int *status)
{
	pid_t pid;

	thresh_rt_clean();
	far.env.seg->ended = THRESH_RT_ENDED_NOT;
	far.env.seg->current = from;
	far.forked_us = thresh_rt_now_us();
	pid = thresh_rt_fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		close(far.sock);
		sigaction(SIGCHLD, &far.children, NULL);
		thresh_rt_child(&far.env, from, to);
	}
	far.forks++;
	setpgid(pid, pid); /* as the child does: whoever comes first */
	thresh_rt_send(THRESH_RT_CHILD, (uint64_t)pid, (uint64_t)from << 32 | to);
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -1;
	far.passed = *status == 0;
	kill(-pid, SIGKILL);
	if (thresh_rt_reap_strays() && far.passed)
		far.env.seg->left |= THRESH_RT_LEFT_PROCESSES;
	return 0;
}

static uint64_t thresh_rt_err_size(void)
{
	struct stat st;

	return fstat(far.env.err_fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* Told before the next child runs, which could write into the record. */
static void thresh_rt_tell_failure(uint32_t i, const struct thresh_rt_rec *rec, uint64_t company)
{
	uint64_t how = THRESH_RT_SETTLED_HOW(i, rec->verdict) | company;

	thresh_rt_send(THRESH_RT_SETTLED, how | (uint32_t)rec->status,
		rec->err_from << 32 | (uint32_t)rec->err_to);
}

/* Whose leaks weren't looked for: told likewise, as the next child could say that they were. */
static void thresh_rt_tell_suspects(uint32_t from, uint32_t to)
{
	const struct thresh_rt_rec *recs = thresh_rt_recs(far.env.seg);
	uint32_t i;

	for (i = from; i < to; i++)
		if ((recs[i].flags & THRESH_RT_SUSPECT) != 0)
			thresh_rt_send(THRESH_RT_SETTLED,
				THRESH_RT_SETTLED_HOW(i, THRESH_RT_NONE) |
					THRESH_RT_SETTLED_SUSPECT,
				0);
}

/* Input i ended its child. True: it isn't settled, but has to run alone. */
static int thresh_rt_settle_failure(uint32_t i, int first, int status)
{
	struct thresh_rt_rec *rec = &thresh_rt_recs(far.env.seg)[i];

	rec->status = status;
	thresh_rt_told_append(far.env.err_fd, thresh_rt_err_size() - rec->err_from);
	rec->err_to = thresh_rt_err_size();
	if (rec->verdict == THRESH_RT_NONE && WIFEXITED(status) && thresh_rt_told_error())
		rec->verdict = THRESH_RT_CRASHED; /* it ended in its own way on a report */
	if (first) /* it had no time to look at the clock: all that its process took */
		rec->wall_us = (uint32_t)(thresh_rt_now_us() - far.forked_us);
	if (first || (far.env.task->flags & THRESH_RT_CONFIRM) == 0 ||
		(rec->verdict == THRESH_RT_TIMED_OUT &&
			(far.env.task->flags & THRESH_RT_HANGS) != 0) ||
		i == far.twice) {
		thresh_rt_tell_failure(i, rec, 0);
		__atomic_store_n(&far.env.seg->done, i + 1, __ATOMIC_RELEASE);
		return 0;
	}
	thresh_rt_tell_failure(i, rec, THRESH_RT_SETTLED_COMPANY);
	rec->verdict = THRESH_RT_NONE;
	rec->status = 0;
	rec->flags &= ~(uint32_t)THRESH_RT_SUSPECT;
	far.twice = i;
	return 1;
}

/* Where the child that starts at `from` has to stop. */
static uint32_t thresh_rt_range_end(uint32_t from, uint32_t n)
{
	const struct thresh_rt_in *ins = thresh_rt_ins(far.env.task);
	uint32_t to = from + 1;

	if ((far.env.task->flags & THRESH_RT_EACH) != 0 ||
		(ins[from].flags & THRESH_RT_ALONE) != 0 || from == far.twice)
		return to;
	while (to < n && (ins[to].flags & THRESH_RT_ALONE) == 0)
		to++;
	return to;
}

static int thresh_rt_batch(void)
{
	const struct thresh_rt_task *task = far.env.task;
	struct thresh_rt_seg *seg = far.env.seg;
	uint32_t n = task->n, next = 0, to, done, failed;
	uint64_t start = thresh_rt_now_us();
	int status;

	if (n > THRESH_RT_MAX_BATCH || ftruncate(far.env.err_fd, 0) < 0)
		return -1;
	seg->done = seg->current = 0;
	seg->feat_used = 0;
	seg->left = 0;
	seg->denied = 0;
	far.twice = UINT32_MAX;
	far.passed = 0;
	far.forks = 0;
	while (next < n) {
		to = thresh_rt_range_end(next, n);
		if (thresh_rt_fork_run(next, to, &status) < 0)
			return -1;
		done = seg->done < next ? next : seg->done > to ? to : seg->done;
		thresh_rt_tell_suspects(next, done);
		if (status != 0 || seg->ended == THRESH_RT_ENDED_NOT ||
			(done == next && seg->ended != THRESH_RT_ENDED_STOP)) {
			failed = done < to ? done : to - 1;
			next = thresh_rt_settle_failure(failed, failed == next, status)
				       ? failed
				       : failed + 1;
			to = n;
		} else {
			to = seg->ended == THRESH_RT_ENDED_STOP ? done : n;
			next = done;
		}
		if (next == to || task->stop ||
			thresh_rt_now_us() - start > (uint64_t)task->budget_ms * 1000)
			break;
	}
	thresh_rt_clean();
	if (thresh_rt_network_used)
		far.shares |= thresh_rt_network_used();
	return thresh_rt_send(
		THRESH_RT_DONE, next, far.forks | (far.shares ? THRESH_RT_SHARES : 0));
}

/*
 * Does a leak check work here? Not under a debugger, not where ptrace is forbidden. Tried in a child, unless the near end
 * knows it already from another server of the same target: it takes longer than all else here.
 */
static unsigned thresh_rt_probe_leaks(void)
{
	const char *known = getenv(THRESH_RT_LEAKS_ENV);
	pid_t pid;
	int status;

	if (!__lsan_do_recoverable_leak_check || known == NULL)
		return 0;
	if (known[0] == THRESH_RT_LEAKS_WORK[0])
		return THRESH_RT_HAS_LEAKS;
	if (known[0] == THRESH_RT_LEAKS_FAIL[0])
		return THRESH_RT_LEAKS_BROKEN;
	pid = fork();
	if (pid < 0)
		return 0;
	if (pid == 0)
		thresh_rt_quit(__lsan_do_recoverable_leak_check() ? 3 : 0);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		return THRESH_RT_LEAKS_BROKEN;
	return THRESH_RT_HAS_LEAKS;
}

/*
 * The first report of a process builds the sanitizer's list of modules and its unwinder's tables, which takes
 * longer than all else about a crash. Done once here, the children inherit it. Where coverage is measured few fail, and only
 * the start would take longer.
 */
static void thresh_rt_warm_up(void)
{
	int null = -1;

	if (thresh_rt_n_counters() == 0 || (far.env.has & THRESH_RT_HAS_SANITIZER) != 0)
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || !__sanitizer_set_report_fd || !__sanitizer_print_stack_trace)
		return;
	__sanitizer_set_report_fd((void *)(intptr_t)null);
	__sanitizer_print_stack_trace();
	thresh_rt_told_aim();
	close(null);
}

/* Where descriptors are few, the highest there are. */
static int thresh_rt_dup_high(int fd)
{
	int from, to = -1;

	for (from = HIGH_FD; to < 0 && from > STDERR_FILENO; from /= 2)
		to = fcntl(fd, F_DUPFD_CLOEXEC, from);
	return to;
}

static void thresh_rt_complain(const char *text)
{
	if (syscall(SYS_write, STDERR_FILENO, text, strlen(text)) < 0)
		/* its end says it, too */
		return;
}

/*
 * A target may define functions of libc's names itself; with a fork or waitpid that isn't one, each input would seem to
 * pass, or to crash.
 */
static void thresh_rt_check_fork(void)
{
	pid_t pid = thresh_rt_fork(), got;
	int status = 0;

	if (pid < 0 && (errno == EAGAIN || errno == ENOMEM))
		return; /* nothing is known */
	if (pid == 0)
		syscall(SYS_exit_group, FORK_TRIED);
	while ((got = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		continue;
	if (pid > 0 && got == pid && WIFEXITED(status) && WEXITSTATUS(status) == FORK_TRIED)
		return;
	thresh_rt_complain("thresh: fork and waitpid don't start a process here and wait for it\n");
	thresh_rt_quit(THRESH_RT_EXIT_OWN);
}

/* Whoever ignores its children is told of none, and the server has to be; the target's own is in force where it runs. */
static void thresh_rt_mind_children(void)
{
	struct sigaction usual;

	memset(&usual, 0, sizeof(usual));
	usual.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &usual, &far.children);
}

static void thresh_rt_start(int fd, int argc, char **argv)
{
	const char *scratch;
	int own;

	far.sock = thresh_rt_dup_high(fd);
	far.env.err_fd = thresh_rt_dup_high(STDERR_FILENO);
	if (far.sock < 0 || far.env.err_fd < 0) {
		thresh_rt_complain("thresh: no descriptors here for the target server; raise "
				   "`ulimit -n`\n");
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
	}
	close(fd);
	unsetenv(THRESH_RT_FD_ENV);
	scratch = getenv(THRESH_RT_SCRATCH_ENV);
	far.clean = scratch != NULL;
	snprintf(far.scratch, sizeof(far.scratch), "%s", scratch != NULL ? scratch : "");
	own = getenv(THRESH_RT_OWN_ENV) != NULL;
	unsetenv(THRESH_RT_SCRATCH_ENV);
	unsetenv(THRESH_RT_OWN_ENV);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	thresh_rt_mind_children();
	thresh_rt_check_fork();
	sigaction(SIGCHLD, &far.children, NULL);
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)far.env.err_fd);
	if (__lsan_disable && __lsan_enable)
		__lsan_disable(); /* what initialising keeps is nobody's leak */
	thresh_rt_fault_before();
	if (LLVMFuzzerInitialize && LLVMFuzzerInitialize(&argc, &argv) != 0) {
		fputs("thresh: LLVMFuzzerInitialize failed: it didn't return 0\n", stderr);
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
	}
	thresh_rt_mind_children();
	if (__lsan_disable && __lsan_enable)
		__lsan_enable();
	thresh_rt_places_init();
	thresh_rt_fault_init();
	thresh_rt_told_init(far.env.err_fd);
	thresh_rt_hooks_install();
	if (thresh_rt_folders_init)
		thresh_rt_folders_init(far.clean, own);
}

/* The child's side of it: all that was this process's own becomes that of the new one. */
static void thresh_rt_be_twin(const int fds[THRESH_RT_MAX_FDS], pid_t parent, unsigned number)
{
	char cwd[4096], dir[64];
	int i;

	/* by its name: a directory that came as a descriptor would be one of another tree, where more may be written */
	snprintf(dir, sizeof(dir), "../%s%u", far.scratch, number);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (getppid() != parent || dup3(fds[0], far.sock, O_CLOEXEC) < 0 ||
		dup3(fds[1], far.env.err_fd, O_CLOEXEC) < 0 || dup2(fds[1], STDERR_FILENO) < 0 ||
		chdir(dir) < 0)
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
	for (i = 0; i < THRESH_RT_MAX_FDS; i++)
		close(fds[i]);
	if (getenv("TMPDIR") != NULL && getcwd(cwd, sizeof(cwd)) != NULL)
		setenv("TMPDIR", cwd, 1);
	thresh_rt_unmap();
	far.n_twins = 0;
	thresh_rt_told_init(far.env.err_fd);
	if (thresh_rt_send(THRESH_RT_HELLO, far.env.has, thresh_rt_n_counters()) < 0)
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
}

/*
 * A second server that costs a fork, not a start: for as long as this one lives. Where it can't be had, the other end of
 * its socket finds nobody there.
 */
static void thresh_rt_twin(const int fds[THRESH_RT_MAX_FDS], unsigned number)
{
	pid_t self = getpid(), pid = -1;
	int i;

	if (fds[1] >= 0 && far.clean && far.n_twins < MAX_TWINS)
		pid = fork();
	if (pid == 0) {
		thresh_rt_be_twin(fds, self, number);
		return;
	}
	if (pid > 0)
		far.twins[far.n_twins++] = pid;
	for (i = 0; i < THRESH_RT_MAX_FDS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

int thresh_rt_serve(int fd, int argc, char **argv)
{
	struct thresh_rt_msg m = { 0 };
	int got[THRESH_RT_MAX_FDS];

	thresh_rt_start(fd, argc, argv);
	if (__asan_init || __msan_init || __tsan_init)
		far.env.has |= THRESH_RT_HAS_SANITIZER;
	if (thresh_rt_alloc_begin)
		far.env.has |= THRESH_RT_HAS_ALLOC;
	if (thresh_rt_io_begin)
		far.env.has |= THRESH_RT_HAS_IO;
	if (thresh_rt_heap_hooked() || thresh_rt_alloc_begin)
		far.env.has |= THRESH_RT_HAS_HEAP;
	/* else a file that it opened or named would be shared by inputs that run at the same time */
	if (!LLVMFuzzerInitialize)
		far.env.has |= THRESH_RT_HAS_TWIN;
	thresh_rt_warm_up();
	far.env.has |= thresh_rt_probe_leaks();
	if (thresh_rt_send(THRESH_RT_HELLO, far.env.has, thresh_rt_n_counters()) < 0)
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
	while (thresh_rt_receive(&m, got) == 0) {
		if (m.type == THRESH_RT_SEGMENT && got[1] >= 0) {
			if (thresh_rt_map_both(got) < 0)
				thresh_rt_send(THRESH_RT_FAILED, (uint64_t)errno, 0);
		} else if (m.type == THRESH_RT_RUN && far.env.seg != NULL) {
			if (thresh_rt_batch() < 0)
				thresh_rt_send(THRESH_RT_FAILED, (uint64_t)errno, 0);
		} else if (m.type == THRESH_RT_TWIN) {
			thresh_rt_twin(got, (unsigned)m.b);
		}
	}
	thresh_rt_quit(0);
}
