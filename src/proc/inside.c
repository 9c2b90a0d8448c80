/* Our end of a warden's socket; where there is no warden, the same is done from here, as well as it can be. */
#include "base/prelude.h"
#include "proc/inside.h"
#include "base/clock.h"
#include "proc/internal.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define ANSWER_MS 10000 /* a warden that takes longer is lost */

/* It is gone, and with it all of its namespace: somebody killed it, as a rule we. */
static void warden_gone(struct proc *p)
{
	struct rusage usage;

	if (p->exited || p->pid <= 0)
		return;
	while (wait4(p->pid, NULL, 0, &usage) < 0 && errno == EINTR)
		;
	p->pid = 0;
	end_set(p, SIGKILL, &usage);
}

enum warden_type inside_hear(struct proc *p, struct warden_msg *m)
{
	ssize_t n;

	do
		n = recv(p->ctl, m, sizeof(*m), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return 0;
	if (n != (ssize_t)sizeof(*m)) {
		warden_gone(p);
		return WARDEN_ENDED;
	}
	if (m->type == WARDEN_ENDED && !p->exited)
		end_set(p, m->status, &m->usage);
	return (enum warden_type)m->type;
}

static int tell(struct proc *p, enum warden_type type, int32_t a, uint64_t b)
{
	struct warden_msg m = { .type = type, .a = a, .b = b };

	if (p->pid <= 0)
		return -1;
	return send(p->ctl, &m, sizeof(m), MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)sizeof(m) ? 0
											      : -1;
}

/* And its answer, which takes no time to speak of unless there is much to end. */
static int ask(struct proc *p, enum warden_type type, int32_t a, uint64_t b, uint64_t *answer)
{
	uint64_t until = clock_mono_ms() + ANSWER_MS, now;
	struct warden_msg m;

	if (tell(p, type, a, b) < 0)
		return -1;
	while ((now = clock_mono_ms()) < until && p->pid > 0) {
		struct pollfd pf = { p->ctl, POLLIN, 0 };

		poll(&pf, 1, (int)(until - now));
		if (inside_hear(p, &m) == WARDEN_DONE) {
			*answer = m.b;
			return 0;
		}
	}
	return -1;
}

bool proc_has_inside(const struct proc *p)
{
	return p->ctl >= 0;
}

int proc_tidy(struct proc *p)
{
	uint64_t n;

	if (p->ctl < 0 || ask(p, WARDEN_TIDY, 0, 0, &n) < 0)
		return -1;
	return (int)MIN(n, (uint64_t)INT32_MAX);
}

int proc_shm_put(struct proc *p, size_t which, const void *head, size_t head_len, const void *data,
	size_t len)
{
	char *to = p->ctl >= 0 ? p->input : p->shm[which];
	uint64_t answer;

	if (!to)
		return -1;
	memcpy(to, head, head_len);
	if (len)
		memcpy(to + head_len, data, len);
	return p->ctl >= 0 ? ask(p, WARDEN_SHM, (int32_t)which, head_len + len, &answer) : 0;
}

long proc_shm_take(struct proc *p, size_t which, size_t n, uint32_t *out, size_t max)
{
	uint64_t found;

	if (p->ctl < 0)
		return p->shm[which] ? (long)shm_take(p->shm[which], n, out, max) : -1;
	if (!p->input || ask(p, WARDEN_TAKE, (int32_t)which, n, &found) < 0)
		return -1;
	found = MIN(found, MIN((uint64_t)max, p->shm_size / sizeof(*out)));
	memcpy(out, p->input, (size_t)found * sizeof(*out));
	return (long)found;
}

void proc_signal(struct proc *p, int sig)
{
	if (p->pid <= 0)
		return;
	if (sig == SIGKILL)
		p->killed = true;
	if (p->ctl >= 0 && sig != SIGKILL) {
		tell(p, WARDEN_SIGNAL, 0, (uint64_t)sig);
		return;
	}
	/* it isn't reaped, so the number is its own, and so is that of its group */
	if (p->ctl < 0)
		kill(-p->pid, sig);
	kill(p->pid, sig);
}

void proc_signal_program(struct proc *p, int sig)
{
	if (p->pid > 0 && !p->exited)
		p->ctl >= 0 ? (void)tell(p, WARDEN_SIGNAL, PROGRAM_INSIDE, (uint64_t)sig)
			    : (void)kill(p->pid, sig);
}

void proc_signal_inside(struct proc *p, pid_t pid, int sig)
{
	if (pid == 0 || pid == 1 || pid == -1)
		return;
	if (p->ctl >= 0)
		tell(p, WARDEN_SIGNAL, pid, (uint64_t)sig);
	else
		kill(pid, sig);
}

void proc_limit_inside(struct proc *p, pid_t pid, uint64_t cpu_s)
{
	struct rlimit rl = { (rlim_t)cpu_s, (rlim_t)cpu_s + 1 };

	if (pid <= 1)
		return;
	if (p->ctl >= 0)
		tell(p, WARDEN_LIMIT, pid, cpu_s);
	else
		prlimit(pid, RLIMIT_CPU, &rl, NULL);
}
