/*
 * The protocol, as its users see it. Both words and pids are four bytes in the machine's order; control goes to
 * descriptor 198 of the target, status comes from 199.
 *
 * Old (to AFL++ 4.1): the target sends a hello with option bits. One that takes inputs from shared memory waits for
 * an answer that says so. New (4.2): the hello is "AFL" and a version, the answer its complement; then come options,
 * their parameters, and the hello again.
 *
 * A run: we send a word (is the last child, which stopped itself, dead?), get the child's pid, then its wait status.
 */
#include "base/prelude.h"
#include "target/forkserver.h"
#include "runtime/thresh_rt_protocol.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "target/internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP, INPUT }; /* its segments */

#define CONTROL_FD 198
#define STATUS_FD 199

#define NEW_HELLO 0x41464c00u /* and the version in the last byte */
#define NEW_MAP_SIZE 0x1u
#define NEW_SHARED_INPUT 0x2u
#define NEW_DICTIONARY 0x800u
#define NEW_ERROR 0xeffe0000u

#define OLD_ENABLED 0x80000001u
#define OLD_SHARED_INPUT 0x01000000u
#define OLD_ERROR 0xf800008fu
#define OLD_MAP_SIZE 0x40000000u /* the size less one, twice, is in these: */
#define OLD_MAP_BITS 0x00fffffeu

/* The largest map that the old protocol can name. Only pages that are touched cost memory. */
#define MAP_SIZE ((size_t)8 << 20)
#define MAP_USUAL 65536
#define INPUT_MAX ((size_t)1 << 20) /* what their targets read of an input, whichever way */
#define DICTIONARY_MAX (64u << 20)
#define STRAYS_MS 250

struct forkserver {
	struct proc *proc;
	pid_t guard; /* ends the server's session when we are killed */
	int guard_fd;
	int control, status, err_fd, in_fd;
	bool shared_input;
	uint32_t map_size;
	enum { IDLE, FORKING, RUNNING } state;
	pid_t child;  /* 0: none that may be signalled */
	bool stopped; /* the last child stopped itself: it is dead now */
	bool killed;
	uint64_t cpu_s, looked_ms;
};

bool forkserver_likely(const char *exe)
{
	return fs_holds(exe, "__AFL_SHM_ID");
}

/* __AFL_INIT() in its source: initialises once, forks after that. The compiler leaves this text for us. */
static bool wants_deferred(const char *exe)
{
	return fs_holds(exe, "##SIG_AFL_DEFER_FORKSRV##");
}

/* --- words --- */

/* Within the time; -1 at the end of the pipe or when it is up. */
static int read_all(struct forkserver *a, void *p, size_t n, uint64_t deadline)
{
	char *to = p;

	while (n > 0) {
		struct pollfd pf = { .fd = a->status, .events = POLLIN };
		uint64_t now = clock_mono_ms();
		ssize_t got = read(a->status, to, n);

		if (got == 0)
			return -1;
		if (got > 0) {
			to += got;
			n -= (size_t)got;
			continue;
		}
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		if (now >= deadline || proc_interrupted() == 2)
			return -1;
		poll(&pf, 1, (int)MIN(deadline - now, (uint64_t)100));
	}
	return 0;
}

static int send_word(struct forkserver *a, uint32_t word)
{
	ssize_t n;

	do
		n = send(a->control, &word, sizeof(word), MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(word) ? 0 : -1;
}

static int skip(struct forkserver *a, uint32_t n, uint64_t deadline)
{
	char chunk[4096];

	for (uint32_t k; n > 0; n -= k) {
		k = MIN(n, (uint32_t)sizeof(chunk));
		if (read_all(a, chunk, k, deadline) < 0)
			return -1;
	}
	return 0;
}

static int greet_new(struct forkserver *a, uint32_t hello, uint64_t deadline, struct err *err)
{
	uint32_t options, size = 0, again;

	if (send_word(a, ~hello) < 0 || read_all(a, &options, sizeof(options), deadline) < 0)
		return err_set(err, "its fork server ended during the greeting");
	if ((options & NEW_MAP_SIZE) && read_all(a, &size, sizeof(size), deadline) < 0)
		return err_set(err, "its fork server ended during the greeting");
	if (size > MAP_SIZE)
		return err_set(err, "its coverage map of %u bytes is too large", size);
	a->map_size = size ? size : MAP_USUAL;
	if (options & NEW_DICTIONARY)
		if (read_all(a, &size, sizeof(size), deadline) < 0 || size > DICTIONARY_MAX ||
			skip(a, size, deadline) < 0)
			return err_set(err, "its fork server sent no dictionary");
	if (read_all(a, &again, sizeof(again), deadline) < 0 || again != hello)
		return err_set(err, "its fork server greets in an unknown way");
	a->shared_input = (options & NEW_SHARED_INPUT) != 0;
	return 0;
}

static int greet(struct forkserver *a, uint64_t deadline, struct err *err)
{
	uint32_t hello;

	if (read_all(a, &hello, sizeof(hello), deadline) < 0)
		return err_set(err, "no fork server answers");
	if ((hello & ~0xffu) == NEW_HELLO)
		return greet_new(a, hello, deadline, err);
	if ((hello & OLD_ERROR) == OLD_ERROR || (hello & 0xffff0000u) == NEW_ERROR)
		return err_set(err, "its fork server reports error 0x%x", hello);
	if ((hello & OLD_ENABLED) == OLD_ENABLED && (hello & OLD_MAP_SIZE) != 0)
		a->map_size = MIN(((hello & OLD_MAP_BITS) >> 1) + 1, (uint32_t)MAP_SIZE);
	a->shared_input = (hello & OLD_ENABLED) == OLD_ENABLED && (hello & OLD_SHARED_INPUT) != 0;
	if (a->shared_input && send_word(a, OLD_ENABLED | OLD_SHARED_INPUT) < 0)
		return err_set(err, "its fork server ended during the greeting");
	return 0;
}

/* --- start --- */

/*
 * The server dies with us, as it is our child. Its own child does not, and may hang for ever; so a process of ours
 * waits for the end of this pipe. It holds nothing else open.
 */
static int guard_start(struct forkserver *a, struct err *err)
{
	pid_t session = proc_pid(a->proc);
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_errno(err, "pipe");
	a->guard = fork();
	if (a->guard == 0) {
		char c;

		setsid();
		dup2(fds[0], 0);
		syscall(SYS_close_range, 1u, ~0u, 0u);
		while (read(0, &c, 1) < 0 && errno == EINTR)
			;
		kill(-session, SIGKILL);
		_exit(0);
	}
	close(fds[0]);
	a->guard_fd = fds[1];
	if (a->guard < 0) {
		a->guard = 0;
		return err_errno(err, "fork");
	}
	return 0;
}

static void guard_stop(struct forkserver *a)
{
	if (a->guard > 0) {
		kill(a->guard, SIGKILL);
		while (waitpid(a->guard, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (a->guard_fd >= 0)
		close(a->guard_fd);
	a->guard = 0;
	a->guard_fd = -1;
}

static int start(
	struct forkserver *a, const struct proc_spec *spec, const char *exe, struct err *err)
{
	struct proc_spec ps = *spec;
	struct strlist env = STRLIST_INIT;
	int control[2] = { -1, -1 }, status[2] = { -1, -1 }, rc = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) < 0 ||
		pipe2(status, O_CLOEXEC) < 0) {
		err_errno(err, "pipe");
		goto out;
	}
	for (const char *const *e = spec->env; e && *e; e++)
		strlist_add(&env, *e);
	strlist_addf(&env, "AFL_MAP_SIZE=%zu", MAP_SIZE);
	strlist_add(&env, "AFL_NO_SNAPSHOT=1");
	strlist_add(&env, "__AFL_PERSISTENT"); /* not in this child's environment */
	strlist_add(&env, wants_deferred(exe) ? "__AFL_DEFER_FORKSRV=1" : "__AFL_DEFER_FORKSRV");
	ps.env = (const char *const *)env.v;
	ps.in = PROC_FD;
	ps.in_fd = a->in_fd;
	ps.err = PROC_FD;
	ps.err_fd = a->err_fd;
	ps.limits.cpu_s = 0; /* each child's own: see RUNNING */
	ps.keep_fd = control[0];
	ps.keep_as = CONTROL_FD;
	ps.keep_fd2 = status[1];
	ps.keep_as2 = STATUS_FD;
	ps.shm[MAP] = (struct proc_shm){ "__AFL_SHM_ID", MAP_SIZE };
	ps.shm[INPUT] = (struct proc_shm){ "__AFL_SHM_FUZZ_ID", INPUT_MAX + sizeof(uint32_t) };
	a->proc = proc_start(&ps, err);
	if (!a->proc)
		goto out;
	a->control = control[1];
	a->status = status[0];
	control[1] = status[0] = -1;
	fcntl(a->status, F_SETFL, O_NONBLOCK);
	rc = 0;
out:
	for (int i = 0; i < 2; i++) {
		if (control[i] >= 0)
			close(control[i]);
		if (status[i] >= 0)
			close(status[i]);
	}
	strlist_release(&env);
	return rc;
}

struct forkserver *forkserver_open(
	const struct proc_spec *spec, const char *exe, uint64_t start_ms, struct err *err)
{
	struct forkserver *a = xcalloc(1, sizeof(*a));
	int rc = -1;

	a->control = a->status = a->err_fd = a->guard_fd = -1;
	a->map_size = MAP_USUAL;
	a->err_fd = memfd_create("thresh-stderr", MFD_CLOEXEC);
	a->in_fd = memfd_create("thresh-input", MFD_CLOEXEC);
	if (a->err_fd < 0 || fcntl(a->err_fd, F_SETFL, O_APPEND) < 0 || a->in_fd < 0)
		err_errno(err, "memory for its streams");
	else if (start(a, spec, exe, err) == 0 &&
		 (proc_has_inside(a->proc) || guard_start(a, err) == 0))
		rc = greet(a, clock_mono_ms() + start_ms, err);
	if (rc < 0) {
		forkserver_close(a);
		return NULL;
	}
	return a;
}

void forkserver_close(struct forkserver *a)
{
	if (!a)
		return;
	guard_stop(a);
	proc_free(a->proc);
	for (size_t i = 0; i < 4; i++) {
		int fd = ((int[]){ a->control, a->status, a->err_fd, a->in_fd })[i];

		if (fd >= 0)
			close(fd);
	}
	free(a);
}

/* --- runs --- */

static int set_shared(struct forkserver *a, const void *in, size_t len)
{
	uint32_t n = (uint32_t)MIN(len, INPUT_MAX);

	return proc_shm_put(a->proc, INPUT, &n, sizeof(n), in, n);
}

/* The child's standard input is the same open file as ours: at its start again, for whoever reads next. */
static int set_stdin(struct forkserver *a, const void *in, size_t len)
{
	const char *p = in;
	off_t at = 0;

	if (ftruncate(a->in_fd, 0) < 0 || lseek(a->in_fd, 0, SEEK_SET) < 0)
		return -1;
	while (len > 0) {
		ssize_t n = pwrite(a->in_fd, p, len, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int forkserver_begin(
	struct forkserver *a, const void *in, size_t len, bool on_stdin, uint64_t cpu_s)
{
	if (a->shared_input && set_shared(a, in, len) < 0)
		return -1;
	if (set_stdin(a, in, on_stdin ? len : 0) < 0 || ftruncate(a->err_fd, 0) < 0)
		return -1;
	if (send_word(a, a->stopped) < 0)
		return -1;
	a->stopped = a->killed = false;
	a->child = 0;
	a->cpu_s = cpu_s;
	a->state = FORKING;
	return 0;
}

int forkserver_fd(const struct forkserver *a)
{
	return a->status;
}

static void kill_child(struct forkserver *a)
{
	if (a->child > 0)
		proc_signal_inside(a->proc, a->child, SIGKILL);
}

/*
 * Is it what it says, a child of the server's? Nothing else is ever signalled. Where it has a process namespace, no id can
 * mean anything that isn't in there.
 */
static void forked(struct forkserver *a, int32_t pid)
{
	a->state = RUNNING;
	if (pid <= 1 || (!proc_has_inside(a->proc) &&
				(pid == proc_pid(a->proc) || getsid(pid) != proc_pid(a->proc))))
		return;
	a->child = pid;
	proc_limit_inside(a->proc, pid, a->cpu_s);
	if (a->killed)
		kill_child(a);
}

int forkserver_poll(struct forkserver *a, int *status)
{
	int32_t word;
	ssize_t n;

	for (;;) {
		n = read(a->status, &word, sizeof(word));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n != (ssize_t)sizeof(word) || a->state == IDLE)
			return -1;
		if (a->state == FORKING) {
			forked(a, word);
			continue;
		}
		a->state = IDLE;
		*status = word;
		if (WIFSTOPPED(word)) { /* the end of a round, elsewhere: here nothing goes on */
			a->stopped = true;
			kill_child(a);
			*status = 0;
		}
		return 1;
	}
}

void forkserver_kill(struct forkserver *a)
{
	a->killed = true;
	if (a->state == RUNNING && a->child > 0)
		kill_child(a);
	else if (a->state == RUNNING) /* it left the session: not ours to name */
		proc_signal(a->proc, SIGKILL);
}

void forkserver_text(struct forkserver *a, struct buf *out)
{
	result_read_text(a->err_fd, 0, UINT64_MAX, out);
}

bool forkserver_strays(struct forkserver *a, bool surely)
{
	uint64_t now = clock_mono_ms();
	pid_t session = proc_pid(a->proc);
	bool found = false;
	struct dirent *e;
	DIR *d;

	if (proc_has_inside(a->proc)) /* it ends them all, and goes on */
		return proc_tidy(a->proc) < 0;
	if (!surely && now - a->looked_ms < STRAYS_MS)
		return false;
	a->looked_ms = now;
	d = opendir("/proc");
	while (d && !found && (e = readdir(d))) {
		long pid = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? strtol(e->d_name, NULL, 10)
								      : 0;

		found = pid > 1 && pid != session && getsid((pid_t)pid) == session;
	}
	if (d)
		closedir(d);
	return found;
}

long forkserver_features(struct forkserver *a, uint32_t **features, size_t *cap)
{
	long n;

	if (*cap < a->map_size) {
		*cap = a->map_size;
		*features = xrealloc(*features, *cap * sizeof(**features));
	}
	n = proc_shm_take(a->proc, MAP, a->map_size, *features, *cap);
	for (long i = 0; i < n; i++) {
		uint32_t mark = (*features)[i];

		(*features)[i] = (mark >> 8) << 3 | thresh_rt_bucket((uint8_t)(mark & 0xff));
	}
	return n;
}
