/* Starts it, passes interrupts on, and keeps what it printed. */
#include "base/prelude.h"
#include "night/child.h"
#include "base/clock.h"
#include "base/fs.h"
#include "proc/proc.h"
#include <signal.h>
#include <sys/wait.h>

#define OUT_MAX ((size_t)64 << 20)
#define TICK_MS 100
/* from the interrupt to the second one, and from that to its end by force */
#define SOON_MS 3000
#define LAST_MS 3000

/* Once when its time is up or ours is, twice when it doesn't listen. */
static void hurry(struct proc *p, uint64_t age, uint64_t wall_ms, uint64_t *told_ms, unsigned *told)
{
	unsigned want = (unsigned)proc_interrupted();

	if (wall_ms && age >= wall_ms)
		want = MAX(want, 1u);
	if (*told && age >= *told_ms + SOON_MS)
		want = MAX(want, 2u);
	while (*told < MIN(want, 2u)) {
		kill(proc_pid(p), SIGTERM);
		(*told)++;
		*told_ms = age;
	}
}

int child_run(const struct child_opts *opts, struct child_result *out, struct err *err)
{
	struct proc_spec spec = PROC_SPEC_INIT;
	struct strlist argv = STRLIST_INIT;
	struct proc_result r = { .status = 0 };
	uint64_t start = clock_mono_ms(), told_ms = 0;
	unsigned told = 0;
	struct proc *p;

	*out = (struct child_result){ .status = -1 };
	strlist_add_take(&argv, fs_self());
	strlist_add_all(&argv, opts->args);
	spec.argv = (const char *const *)argv.v;
	spec.in = PROC_NULL;
	spec.out = PROC_CAPTURE;
	spec.err = opts->log_fd ? PROC_FD : opts->quiet ? PROC_CAPTURE : PROC_INHERIT;
	spec.err_fd = opts->log_fd;
	spec.capture_max = OUT_MAX;
	p = proc_start(&spec, err);
	strlist_release(&argv);
	if (!p)
		return -1;
	while (!proc_step(p, TICK_MS)) {
		uint64_t age = clock_mono_ms() - start;

		if (opts->tick)
			opts->tick(opts->arg);
		hurry(p, age, opts->wall_ms, &told_ms, &told);
		if (told == 2 && age >= told_ms + LAST_MS) {
			kill(-proc_pid(p), SIGKILL);
			kill(proc_pid(p), SIGKILL);
		}
	}
	proc_result_take(p, &r);
	proc_free(p);
	out->ms = clock_mono_ms() - start;
	out->timed_out = opts->wall_ms && out->ms >= opts->wall_ms;
	out->status = WIFEXITED(r.status) ? WEXITSTATUS(r.status) : -1;
	proc_describe(&out->how, &r);
	out->out = r.out;
	out->log = r.err;
	r.out = r.err = (struct buf)BUF_INIT;
	proc_result_release(&r);
	return 0;
}

void child_result_release(struct child_result *r)
{
	buf_release(&r->out);
	buf_release(&r->log);
	buf_release(&r->how);
}
