/* Child processes, from their start to their result: one poll loop, drain, reap. */
#include "base/prelude.h"
#include "proc/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CAPTURE_DEFAULT ((size_t)1 << 20)
#define DRAIN_MS 200      /* a grandchild may hold the pipe after the exit */
#define KILL_AFTER_MS 500 /* from SIGTERM to SIGKILL */

struct proc *proc_start(const struct proc_spec *spec, struct err *err)
{
	struct child_plan plan = { .spec = spec, .ctl = -1, .input_fd = -1 };
	struct proc *p = xcalloc(1, sizeof(*p));
	char *path = spec->exe ? xstrdup(spec->exe) : fs_which(spec->argv[0]);
	char *here = fs_abspath(".");

	p->pidfd = p->ctl = p->in_fd = p->out.fd = p->err.fd = -1;
	p->out.max = p->err.max = spec->capture_max ? spec->capture_max : CAPTURE_DEFAULT;
	plan.path = path;
	plan.here = here;
	if (start_process(p, &plan, err) < 0) {
		proc_free(p);
		p = NULL;
	} else if (spec->wall_ms) {
		p->deadline_ms = clock_mono_ms() + spec->wall_ms;
	}
	for (char **e = plan.env; e && *e; e++)
		free(*e);
	free(plan.env);
	view_release(&plan.view);
	free(path);
	free(here);
	return p;
}

pid_t proc_pid(const struct proc *p)
{
	return p->pid;
}

int proc_fd(const struct proc *p)
{
	return p->ctl >= 0 ? p->ctl : p->pidfd;
}

static void feed_input(struct proc *p)
{
	while (p->in_fd >= 0) {
		ssize_t n = 0;

		if (p->input_done < p->input_len)
			n = write(p->in_fd, p->input_text + p->input_done,
				p->input_len - p->input_done);
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

static void look(struct proc *p)
{
	struct warden_msg m;

	if (p->ctl < 0)
		end_look(p);
	else
		while (!p->exited && inside_hear(p, &m))
			;
}

static void enforce_deadline(struct proc *p)
{
	uint64_t now = clock_mono_ms();

	if (!p->deadline_ms || p->exited || p->killed)
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
	else if (p->deadline_ms && !p->killed)
		next = MIN(next, p->timed_out ? p->killed_ms + KILL_AFTER_MS : p->deadline_ms);
	if (proc_fd(p) < 0)
		next = MIN(next, now + 10); /* no pidfd on this kernel: look again often */
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
		look(p);
		enforce_deadline(p);
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
		if (proc_fd(p) >= 0 && !p->exited)
			fds[n++] = (struct pollfd){ proc_fd(p), POLLIN, 0 };
		if (poll(fds, n, poll_bound(p, until)) < 0 && errno == EINTR && timeout_ms >= 0)
			return false; /* a signal: let the caller look */
		if (proc_interrupted() > 1 && !p->killed)
			proc_signal(p, SIGKILL); /* its terminal's Ctrl-C doesn't reach it */
	}
}

void proc_result_take(struct proc *p, struct proc_result *out)
{
	*out = (struct proc_result){
		.status = p->status, .timed_out = p->timed_out, .usage = p->usage
	};
	capture_take(&p->out, &out->out);
	out->out_dropped = p->out.dropped;
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
		proc_signal(p, SIGKILL); /* what is left of it, too */
		end_reap(p->pid);
	}
	for (size_t i = 0; i < PROC_SHM_MAX; i++)
		if (p->shm[i])
			shmdt(p->shm[i]);
	if (p->input)
		munmap(p->input, p->shm_size);
	close_fd(p->ctl);
	close_fd(p->pidfd);
	close_fd(p->in_fd);
	close_fd(p->out.fd);
	close_fd(p->err.fd);
	buf_release(&p->out.head);
	buf_release(&p->out.tail);
	buf_release(&p->err.head);
	buf_release(&p->err.tail);
	free(p->input_text);
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

int proc_try_sandbox(struct err *err)
{
	return start_trial(err);
}
