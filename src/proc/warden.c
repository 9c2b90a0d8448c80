/*
 * The first process of a confined child's process namespace: when it ends, for whatever reason, so do all others in there.
 * It starts the program, reaps what nobody else does, and does what we ask of it, as only from the inside can be told
 * which process is which. Nothing in there can kill, stop or trace it. We ended is the end of its socket.
 *
 * It is a copy of this program that never returns to what it was copied from.
 */
#include "base/prelude.h"
#include "proc/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_ROUNDS 1000 /* of processes that start others while they are ended */

struct warden {
	struct child_plan *plan;
	pid_t program; /* 0: it ended */
	int ctl, signals;
	void *input;
	size_t input_size;
};

static void say(struct warden *w, const struct warden_msg *m)
{
	while (send(w->ctl, m, sizeof(*m), MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			_exit(1); /* nobody is there any more */
}

/* Whoever ended, the program or an orphan. When there is none left, there is nothing to watch over. */
static void reap(struct warden *w)
{
	struct warden_msg m = { .type = WARDEN_ENDED };
	pid_t pid;

	while ((pid = wait4(-1, &m.status, WNOHANG, &m.usage)) > 0)
		if (pid == w->program) {
			w->program = 0;
			say(w, &m);
		}
	if (pid < 0 && errno == ECHILD)
		_exit(0);
}

/* Our children but the program: what it left. How many. */
static unsigned kill_strays(const struct warden *w)
{
	char text[8192];
	int fd = open("/proc/self/task/1/children", O_RDONLY | O_CLOEXEC);
	unsigned n = 0;
	pid_t pid = 0;
	ssize_t got;

	if (fd < 0)
		return 0;
	got = read(fd, text, sizeof(text));
	close(fd);
	for (ssize_t i = 0; i < got; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			pid = pid * 10 + (text[i] - '0');
			continue;
		}
		if (pid > 1 && pid != w->program) {
			kill(pid, SIGKILL);
			n++;
		}
		pid = 0;
	}
	return n;
}

static void tidy(struct warden *w)
{
	struct warden_msg m = { .type = WARDEN_DONE };
	unsigned n;

	for (unsigned i = 0; i < KILL_ROUNDS && (n = kill_strays(w)) > 0; i++) {
		int status;
		pid_t pid = waitpid(-1, &status, 0);

		m.b += n;
		if (pid == w->program) {
			struct warden_msg end = { .type = WARDEN_ENDED, .status = status };

			w->program = 0;
			say(w, &end);
		}
	}
	if (w->plan->level->view && w->plan->view.own_tmp)
		view_tidy();
	say(w, &m);
}

static void send_signal(const struct warden *w, int32_t pid, int sig)
{
	if (pid == PROGRAM_INSIDE) {
		if (w->program)
			kill(w->program, sig);
	} else if (pid != 0) {
		kill(pid, sig);
	} else if (w->program) {
		kill(-w->program, sig);
		kill(w->program, sig); /* which may have left its group */
	}
}

static void limit_cpu(pid_t pid, uint64_t seconds)
{
	struct rlimit rl = { (rlim_t)seconds, (rlim_t)seconds + 1 };

	if (pid > 1)
		prlimit(pid, RLIMIT_CPU, &rl, NULL);
}

/* From the file that we share with our parent into what the program sees: this is another IPC namespace. */
static void copy_input(struct warden *w, int32_t which, uint64_t n)
{
	struct warden_msg m = { .type = WARDEN_DONE };

	if (which >= 0 && which < PROC_SHM_MAX && w->plan->shm[which] && w->input)
		memcpy(w->plan->shm[which], w->input,
			MIN(n, MIN(w->input_size, w->plan->spec->shm[which].size)));
	say(w, &m);
}

/* And the other way. */
static void take_output(struct warden *w, int32_t which, uint64_t n)
{
	struct warden_msg m = { .type = WARDEN_DONE };

	if (which >= 0 && which < PROC_SHM_MAX && w->plan->shm[which] && w->input)
		m.b = shm_take(w->plan->shm[which], MIN(n, w->plan->spec->shm[which].size),
			w->input, w->input_size / sizeof(uint32_t));
	say(w, &m);
}

static void obey(struct warden *w)
{
	struct warden_msg m;
	ssize_t n = recv(w->ctl, &m, sizeof(m), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != (ssize_t)sizeof(m))
		_exit(0);
	switch ((enum warden_type)m.type) {
	case WARDEN_SIGNAL:
		send_signal(w, m.a, (int)m.b);
		break;
	case WARDEN_LIMIT:
		limit_cpu(m.a, m.b);
		break;
	case WARDEN_SHM:
		copy_input(w, m.a, m.b);
		break;
	case WARDEN_TAKE:
		take_output(w, m.a, m.b);
		break;
	case WARDEN_TIDY:
		tidy(w);
		break;
	case WARDEN_GO:
	case WARDEN_ENDED:
	case WARDEN_DONE:
		break;
	}
}

static void prepare(struct warden *w)
{
	struct child_plan *c = w->plan;
	sigset_t set;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w->signals < 0)
		child_fail(c, true, "signals of its first process");
	if (c->input_fd >= 0) {
		w->input_size = c->input_size;
		w->input = mmap(
			NULL, w->input_size, PROT_READ | PROT_WRITE, MAP_SHARED, c->input_fd, 0);
		if (w->input == MAP_FAILED)
			child_fail(c, true, "memory for its inputs");
	}
	if (shm_make(c) < 0)
		child_fail(c, true, "shared memory");
}

void warden_main(struct child_plan *c)
{
	struct warden w = { .plan = c, .ctl = c->ctl };
	struct signalfd_siginfo info;

	prepare(&w);
	w.program = fork();
	if (w.program < 0)
		child_fail(c, true, "its first process");
	if (w.program == 0)
		child_become(c);
	{
		const int kept[] = { w.ctl, w.signals };

		child_close_others(kept, ARRAY_LEN(kept));
		for (int fd = 0; fd < 3; fd++)
			close(fd);
	}
	for (;;) {
		struct pollfd p[] = { { w.ctl, POLLIN, 0 }, { w.signals, POLLIN, 0 } };

		poll(p, ARRAY_LEN(p), -1);
		if (p[1].revents)
			while (read(w.signals, &info, sizeof(info)) > 0)
				;
		reap(&w);
		if (p[0].revents)
			obey(&w);
	}
}
