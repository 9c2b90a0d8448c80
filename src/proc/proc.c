/*
 * Child processes: fork, exec, one poll loop, reap, drain.
 *
 * fork rather than posix_spawn, since limits, confinement, the session and the address space's layout are set between
 * the two. Everything that needs memory is made before, as another thread's lock (there are none now, but libraries
 * have some) would be held for ever in the child.
 *
 * Exit and end of output are separate events, in either order: a process has ended when both came. A grandchild that
 * holds the pipe open delays the second for ever, so that it is waited for only briefly.
 */
#include "base/prelude.h"
#include "proc/proc.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CAPTURE_DEFAULT ((size_t)1 << 20)
/* how long a grandchild may hold the pipe after the exit */
#define DRAIN_MS 200
/* from SIGTERM to SIGKILL */
#define KILL_AFTER_MS 500

/* One captured stream: the first half of max bytes, then a ring of the last half. */
struct capture {
	int fd; /* -1: at its end, or not captured */
	struct buf head, tail;
	size_t max;
	uint64_t dropped;
};

struct proc {
	pid_t pid;
	int pidfd;
	bool own_group;
	bool exited;
	uint64_t exited_ms;
	int status;
	struct rusage usage;
	struct capture out, err;
	int in_fd; /* what is left of the input goes here; -1: all sent */
	char *input;
	size_t input_len, input_done;
	uint64_t deadline_ms, killed_ms; /* of proc_run's wall limit; 0: none */
	bool timed_out;
};

static void capture_add(struct capture *c, const char *p, size_t n)
{
	size_t half = c->max / 2, room = c->head.len < half ? half - c->head.len : 0;
	size_t k = MIN(room, n);

	buf_add(&c->head, p, k);
	p += k;
	n -= k;
	if (!n)
		return;
	buf_add(&c->tail, p, n);
	/* at twice its size, so that each byte is moved once at most, not at each read */
	if (c->tail.len > 2 * half) {
		size_t cut = c->tail.len - half;

		memmove(c->tail.s, c->tail.s + cut, half);
		c->tail.len = half;
		c->dropped += cut;
	}
}

/* Read what is there; closes at the end of file. */
static void capture_read(struct capture *c)
{
	char chunk[65536];
	ssize_t n;

	while (c->fd >= 0) {
		n = read(c->fd, chunk, sizeof(chunk));
		if (n > 0) {
			capture_add(c, chunk, (size_t)n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		close(c->fd);
		c->fd = -1;
	}
}

static void capture_take(struct capture *c, struct buf *out)
{
	size_t half = c->max / 2;

	if (c->tail.len > half) {
		size_t cut = c->tail.len - half;

		memmove(c->tail.s, c->tail.s + cut, half);
		c->tail.len = half;
		c->dropped += cut;
	}
	*out = c->head;
	c->head = (struct buf)BUF_INIT;
	if (c->dropped)
		buf_addf(out, "\n[... %llu bytes left out ...]\n", (unsigned long long)c->dropped);
	buf_add(out, buf_str(&c->tail), c->tail.len);
	buf_release(&c->tail);
}

/* Ours, less what `extra` names, plus what it sets. */
static char **make_env(const char *const *extra)
{
	struct strlist env = STRLIST_INIT;

	for (char **e = environ; e && *e; e++) {
		size_t name = strcspn(*e, "=");
		bool replaced = false;

		for (const char *const *x = extra; x && *x && !replaced; x++)
			replaced = strcspn(*x, "=") == name && strncmp(*x, *e, name) == 0;
		if (!replaced)
			strlist_add(&env, *e);
	}
	for (const char *const *x = extra; x && *x; x++)
		if (strchr(*x, '='))
			strlist_add(&env, *x);
	if (!env.v)
		env.v = xcalloc(1, sizeof(*env.v));
	return env.v;
}

/* Everything the child needs, made before the fork: after it only async-signal-safe calls. */
struct child_plan {
	const struct proc_spec *spec;
	const char *path;
	char **env;
	int in, out, err; /* descriptors to become 0, 1, 2 */
	int report;       /* exec failure's errno goes here */
};

static void set_limit(int which, uint64_t value)
{
	struct rlimit rl = { .rlim_cur = (rlim_t)value, .rlim_max = (rlim_t)value };

	if (value)
		setrlimit((__rlimit_resource_t)which, &rl);
}

static void raise_stack(uint64_t more)
{
	struct rlimit rl;

	if (!more || getrlimit(RLIMIT_STACK, &rl) < 0 || rl.rlim_cur == RLIM_INFINITY)
		return;
	rl.rlim_cur += more;
	setrlimit(RLIMIT_STACK, &rl);
}

static int dup_to(int fd, int want)
{
	if (fd == want)
		return fcntl(fd, F_SETFD, 0);
	return dup2(fd, want) < 0 ? -1 : 0;
}

/* Lift fd above the ones that dup2 is about to overwrite. */
static int lifted(int fd)
{
	return fd >= 0 && fd < 10 ? fcntl(fd, F_DUPFD_CLOEXEC, 10) : fd;
}

NORETURN static void child_fail(int report)
{
	int e = errno;

	if (write(report, &e, sizeof(e)) < 0)
		_exit(127);
	_exit(127);
}

NORETURN static void child_main(struct child_plan *c)
{
	const struct proc_spec *spec = c->spec;
	struct rlimit no_core = { 0, 0 };
	sigset_t none;
	int keep, keep2;

	/* a group of its own, so that all that it starts can be killed together */
	if (!spec->same_group)
		setsid();
	/* we may be killed: nobody else would end it then */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/*
	 * targets want certain descriptors; none of ours may be in their place when they are made
	 */
	c->report = lifted(c->report);
	keep = lifted(spec->keep_fd);
	keep2 = lifted(spec->keep_fd2);
	c->in = lifted(c->in);
	c->out = lifted(c->out);
	c->err = lifted(c->err);
	if (dup_to(c->in, 0) < 0 || dup_to(c->out, 1) < 0 || dup_to(c->err, 2) < 0)
		child_fail(c->report);
	if ((keep >= 0 && dup_to(keep, spec->keep_as) < 0) ||
		(keep2 >= 0 && dup_to(keep2, spec->keep_as2) < 0))
		child_fail(c->report);
	if (spec->cwd && chdir(spec->cwd) < 0)
		child_fail(c->report);
	/* ignored signals and blocked ones outlive an exec */
	for (int sig = 1; sig < NSIG; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	set_limit(RLIMIT_CPU, spec->limits.cpu_s);
	set_limit(RLIMIT_AS, spec->limits.as_bytes);
	set_limit(RLIMIT_FSIZE, spec->limits.file_bytes);
	raise_stack(spec->limits.stack_more);
	if (!spec->limits.core)
		setrlimit(RLIMIT_CORE, &no_core);
	if (spec->no_aslr)
		personality(ADDR_NO_RANDOMIZE);
	if (spec->confine)
		proc_confine_self(spec->confine, spec->writable);
	/* A freshly linked program may still be open for writing in a sibling that was forked meanwhile. */
	for (int tries = 0; tries < 20; tries++) {
		struct timespec wait = { 0, 20000000 };

		execve(c->path, (char *const *)(uintptr_t)spec->argv, c->env);
		if (errno != ETXTBSY)
			break;
		nanosleep(&wait, NULL);
	}
	child_fail(c->report);
}

struct fds {
	int v[16];
	size_t n;
};

static int keep_open(struct fds *f, int fd)
{
	if (fd >= 0)
		f->v[f->n++] = fd;
	return fd;
}

static int open_stream(enum proc_io io, int fd, int standard, struct fds *child, int *near_end)
{
	int pipefd[2];

	switch (io) {
	case PROC_NULL:
		return keep_open(child, open("/dev/null", O_RDWR | O_CLOEXEC));
	case PROC_INHERIT:
		return standard;
	case PROC_FD:
		return fd;
	case PROC_CAPTURE:
		break;
	}
	if (pipe2(pipefd, O_CLOEXEC) < 0)
		return -1;
	*near_end = standard == 0 ? pipefd[1] : pipefd[0];
	fcntl(*near_end, F_SETFL, O_NONBLOCK);
	return keep_open(child, standard == 0 ? pipefd[0] : pipefd[1]);
}

/* The errno of a failed exec; 0 when it worked. */
static int exec_error(int fd)
{
	int e = 0;
	ssize_t n;

	do
		n = read(fd, &e, sizeof(e));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(e) ? e : 0;
}

static int start(struct proc *p, struct child_plan *plan, struct err *err)
{
	const struct proc_spec *spec = plan->spec;
	struct fds child = { .n = 0 };
	int report[2] = { -1, -1 }, rc = -1, e;

	plan->in = open_stream(spec->in, spec->in_fd, 0, &child, &p->in_fd);
	plan->out = open_stream(spec->out, spec->out_fd, 1, &child, &p->out.fd);
	plan->err = open_stream(spec->err, spec->err_fd, 2, &child, &p->err.fd);
	if (plan->in < 0 || plan->out < 0 || plan->err < 0 || pipe2(report, O_CLOEXEC) < 0) {
		err_errno(err, "%s: can't set up its descriptors", plan->path);
		goto out;
	}
	/* close-on-exec: its end tells that the exec worked */
	plan->report = report[1];
	p->pid = fork();
	if (p->pid < 0) {
		err_errno(err, "%s: can't fork", plan->path);
		goto out;
	}
	if (p->pid == 0)
		child_main(plan);
	close(report[1]);
	report[1] = -1;
	e = exec_error(report[0]);
	if (e) {
		while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
			;
		p->pid = 0;
		errno = e;
		err_errno(err, "%s: can't run it%s%s", plan->path, spec->cwd ? " in " : "",
			spec->cwd ? spec->cwd : "");
		goto out;
	}
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	p->own_group = !spec->same_group;
	rc = 0;
out:
	if (report[0] >= 0)
		close(report[0]);
	if (report[1] >= 0)
		close(report[1]);
	for (size_t i = 0; i < child.n; i++)
		close(child.v[i]);
	return rc;
}

struct proc *proc_start(const struct proc_spec *spec, struct err *err)
{
	struct child_plan plan = { .spec = spec };
	struct proc *p = xcalloc(1, sizeof(*p));
	char *path = fs_which(spec->argv[0]);
	int rc = -1;

	p->pidfd = p->in_fd = p->out.fd = p->err.fd = -1;
	p->out.max = p->err.max = spec->capture_max ? spec->capture_max : CAPTURE_DEFAULT;
	if (!path) {
		err_set(err,
			strchr(spec->argv[0], '/') ? "%s: no such program"
						   : "%s: no such program on PATH",
			spec->argv[0]);
		goto out;
	}
	plan.path = path;
	plan.env = make_env(spec->env);
	if (spec->in == PROC_CAPTURE) {
		/* a copy: the caller's may be gone before the child reads */
		p->input = xmemdup(spec->input ? spec->input : "", spec->input_len);
		p->input_len = spec->input_len;
	}
	rc = start(p, &plan, err);
	if (rc == 0 && spec->wall_ms)
		p->deadline_ms = clock_mono_ms() + spec->wall_ms;
	for (char **e = plan.env; *e; e++)
		free(*e);
	free(plan.env);
out:
	free(path);
	if (rc < 0) {
		proc_free(p);
		return NULL;
	}
	return p;
}

pid_t proc_pid(const struct proc *p)
{
	return p->pid;
}

int proc_fd(const struct proc *p)
{
	return p->pidfd;
}

void proc_signal(struct proc *p, int sig)
{
	if (p->pid <= 0)
		return;
	/* also after its own end: the number stays taken as long as the group has a member */
	if (p->own_group)
		kill(-p->pid, sig);
	if (!p->exited)
		kill(p->pid, sig);
}

static void feed_input(struct proc *p)
{
	while (p->in_fd >= 0) {
		ssize_t n = 0;

		if (p->input_done < p->input_len)
			n = write(p->in_fd, p->input + p->input_done, p->input_len - p->input_done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n > 0)
			p->input_done += (size_t)n;
		if (n < 0 || p->input_done == p->input_len) {
			close(p->in_fd);
			p->in_fd = -1;
		}
	}
}

static void reap(struct proc *p)
{
	if (p->exited)
		return;
	if (wait4(p->pid, &p->status, WNOHANG, &p->usage) == p->pid) {
		p->exited = true;
		p->exited_ms = clock_mono_ms();
	}
}

static void enforce_deadline(struct proc *p)
{
	uint64_t now = clock_mono_ms();

	if (!p->deadline_ms || p->exited)
		return;
	if (!p->timed_out && now >= p->deadline_ms) {
		p->timed_out = true;
		p->killed_ms = now;
		proc_signal(p, SIGTERM);
	} else if (p->timed_out && now >= p->killed_ms + KILL_AFTER_MS) {
		proc_signal(p, SIGKILL);
	}
}

static bool finished(const struct proc *p)
{
	if (!p->exited)
		return false;
	return (p->out.fd < 0 && p->err.fd < 0) || clock_mono_ms() >= p->exited_ms + DRAIN_MS;
}

/* How long the poll may sleep: to the next of the caller's bound, our deadline, the drain's end. */
static int poll_bound(const struct proc *p, uint64_t until)
{
	uint64_t now = clock_mono_ms(), next = until;

	if (p->exited)
		next = MIN(next, p->exited_ms + DRAIN_MS);
	else if (p->deadline_ms)
		next = MIN(next, p->timed_out ? p->killed_ms + KILL_AFTER_MS : p->deadline_ms);
	/* no pidfd on this kernel: look again often */
	if (p->pidfd < 0)
		next = MIN(next, now + 10);
	if (next == UINT64_MAX)
		return -1;
	return next <= now ? 0 : (int)MIN(next - now, (uint64_t)60000);
}

bool proc_step(struct proc *p, int timeout_ms)
{
	uint64_t until = timeout_ms < 0 ? UINT64_MAX : clock_mono_ms() + (uint64_t)timeout_ms;

	for (;;) {
		struct pollfd fds[4];
		nfds_t n = 0;

		feed_input(p);
		capture_read(&p->out);
		capture_read(&p->err);
		reap(p);
		enforce_deadline(p);
		/* what was written just before the exit is still in the pipe */
		if (finished(p)) {
			capture_read(&p->out);
			capture_read(&p->err);
			return true;
		}
		if (clock_mono_ms() >= until)
			return false;
		if (p->out.fd >= 0)
			fds[n++] = (struct pollfd){ p->out.fd, POLLIN, 0 };
		if (p->err.fd >= 0)
			fds[n++] = (struct pollfd){ p->err.fd, POLLIN, 0 };
		if (p->in_fd >= 0)
			fds[n++] = (struct pollfd){ p->in_fd, POLLOUT, 0 };
		if (p->pidfd >= 0 && !p->exited)
			fds[n++] = (struct pollfd){ p->pidfd, POLLIN, 0 };
		/* a signal: let the caller look */
		if (poll(fds, n, poll_bound(p, until)) < 0 && errno == EINTR && timeout_ms >= 0)
			return false;
		/* in its own session the terminal's Ctrl-C doesn't reach it */
		if (proc_interrupted() > 1 && p->own_group)
			proc_signal(p, SIGKILL);
	}
}

void proc_result_take(struct proc *p, struct proc_result *out)
{
	*out = (struct proc_result){
		.status = p->status, .timed_out = p->timed_out, .usage = p->usage
	};
	capture_take(&p->out, &out->out);
	capture_take(&p->err, &out->err);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void proc_free(struct proc *p)
{
	if (!p)
		return;
	if (p->pid > 0) {
		/* also of one that has ended: the rest of its group may not have */
		proc_signal(p, SIGKILL);
		if (!p->exited)
			while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
				;
	}
	close_fd(p->pidfd);
	close_fd(p->in_fd);
	close_fd(p->out.fd);
	close_fd(p->err.fd);
	buf_release(&p->out.head);
	buf_release(&p->out.tail);
	buf_release(&p->err.head);
	buf_release(&p->err.tail);
	free(p->input);
	free(p);
}

void proc_result_release(struct proc_result *r)
{
	buf_release(&r->out);
	buf_release(&r->err);
}

int proc_run(const struct proc_spec *spec, struct proc_result *out, struct err *err)
{
	struct proc *p = proc_start(spec, err);

	*out = (struct proc_result){ 0 };
	if (!p)
		return -1;
	while (!proc_step(p, -1))
		;
	proc_result_take(p, out);
	proc_free(p);
	return 0;
}

void proc_describe(struct buf *b, const struct proc_result *r)
{
	if (r->timed_out)
		buf_adds(b, "no end within its time, ");
	if (WIFSIGNALED(r->status)) {
		const char *name = sigabbrev_np(WTERMSIG(r->status));

		buf_addf(b, "killed by SIG%s (signal %d)", name ? name : "?", WTERMSIG(r->status));
	} else {
		buf_addf(b, "exit status %d", WEXITSTATUS(r->status));
	}
}
