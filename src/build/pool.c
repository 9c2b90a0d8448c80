/* Many processes, a few at once, in one poll loop. */
#include "base/prelude.h"
#include "build/pool.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/progress.h"
#include "proc/proc.h"
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#define LOOK_MS 20 /* how long a full pipe of one may wait while another is polled for */
#define END_MS 1000
#define CAPTURE_MAX ((size_t)4 << 20)

struct slot {
	struct pool_task *task;
	struct proc *p;
	uint64_t start_ms;
	bool timed_out;
};

static void start_task(struct slot *s, struct pool_task *task)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct err err = ERR_INIT;

	spec.argv = task->argv;
	spec.env = task->env;
	spec.cwd = task->cwd;
	spec.out = spec.err = PROC_CAPTURE;
	spec.capture_max = CAPTURE_MAX;
	*s = (struct slot){ .task = task, .start_ms = clock_mono_ms() };
	s->p = proc_start(&spec, &err);
	task->started = s->p != NULL;
	if (!s->p)
		buf_addf(&task->out, "%s\n", err.msg);
}

static void end_task(struct slot *s)
{
	struct proc_result r;
	struct pool_task *task = s->task;

	proc_result_take(s->p, &r);
	task->ok = WIFEXITED(r.status) && WEXITSTATUS(r.status) == 0 && !s->timed_out;
	buf_add(&task->out, buf_str(&r.out), r.out.len);
	buf_add(&task->out, buf_str(&r.err), r.err.len);
	if (s->timed_out)
		buf_addf(&task->out, "%s: no end within %llu s\n", task->argv[0],
			(unsigned long long)(task->wall_ms / 1000));
	else if (WIFSIGNALED(r.status)) {
		buf_addf(&task->out, "%s: ", task->argv[0]);
		proc_describe(&task->out, &r);
		buf_addch(&task->out, '\n');
	}
	task->ms = clock_mono_ms() - s->start_ms;
	proc_result_release(&r);
	proc_free(s->p);
	s->p = NULL;
}

/* Look at each running one; the number that ended. */
static size_t look(struct slot *slots, unsigned n)
{
	size_t ended = 0;

	for (unsigned i = 0; i < n; i++) {
		struct slot *s = &slots[i];

		if (!s->p)
			continue;
		if (s->task->wall_ms && !s->timed_out &&
			clock_mono_ms() >= s->start_ms + s->task->wall_ms) {
			s->timed_out = true;
			proc_signal(s->p, SIGKILL);
		}
		if (proc_step(s->p, 0)) {
			end_task(s);
			ended++;
		}
	}
	return ended;
}

static void wait_any(const struct slot *slots, unsigned n)
{
	struct pollfd fds[256];
	nfds_t k = 0;

	for (unsigned i = 0; i < n && k < ARRAY_LEN(fds); i++)
		if (slots[i].p && proc_fd(slots[i].p) >= 0)
			fds[k++] = (struct pollfd){ proc_fd(slots[i].p), POLLIN, 0 };
	poll(fds, k, LOOK_MS);
}

/* Compilers that are killed leave what they were at in /tmp; those that are asked to end take it away. */
static void ask_to_end(struct slot *slots, unsigned n, size_t running)
{
	uint64_t until = clock_mono_ms() + END_MS;

	for (unsigned i = 0; i < n; i++)
		if (slots[i].p)
			proc_signal(slots[i].p, SIGTERM);
	while (running && clock_mono_ms() < until) {
		size_t ended = look(slots, n);

		running -= ended;
		if (running && !ended)
			wait_any(slots, n);
	}
}

int pool_run(struct pool_task **tasks, size_t n, unsigned jobs, const char *what, struct err *err)
{
	unsigned n_slots = (unsigned)MIN((size_t)MAX(jobs, 1U), MAX(n, (size_t)1));
	struct slot *slots = xcalloc(n_slots, sizeof(*slots));
	struct progress progress;
	size_t next = 0, running = 0;
	int rc = 0;

	progress_begin(&progress, what, n);
	while (next < n || running) {
		size_t ended;

		if (proc_interrupted()) {
			rc = err_set(err, "interrupted");
			break;
		}
		for (unsigned i = 0; i < n_slots && next < n; i++) {
			if (slots[i].p)
				continue;
			start_task(&slots[i], tasks[next++]);
			running += slots[i].p != NULL;
		}
		ended = look(slots, n_slots);
		running -= ended;
		progress_at(&progress, next - running);
		if (running && !ended)
			wait_any(slots, n_slots);
	}
	if (running)
		ask_to_end(slots, n_slots, running);
	for (unsigned i = 0; i < n_slots; i++)
		proc_free(slots[i].p);
	free(slots);
	progress_end(&progress);
	return rc;
}
