/*
 * Starting workers, and starting them again. A worker may die of the job that it does; the job's lease tells, and
 * whoever comes next takes it up. One worker refines, so that bugs are shown small and tested while the others
 * explore.
 */
#include "base/prelude.h"
#include "campaign/supervisor.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* for workers to end after the first interrupt */
#define STOP_PATIENCE_MS 15000
/* of a worker in a row that ended soon */
#define RESTARTS_MAX 3
#define SOON_MS 20000

static struct proc *start(const struct supervisor *c, enum worker_role role, struct err *err)
{
	static const char *const roles[] = { "any", "explore", "refine" };
	char *self = fs_self(), campaign[32];
	const char *argv[16] = { self, "worker", "--role", roles[role], "--campaign", campaign,
		"--config", c->config };
	const char *const *more = c->more_args;
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc *p;
	size_t n = 8;

	snprintf(campaign, sizeof(campaign), "%lld", (long long)c->campaign);
	while (more && *more && n < ARRAY_LEN(argv) - 1)
		argv[n++] = *more++;
	spec.argv = argv;
	spec.out = PROC_NULL;
	spec.err = PROC_INHERIT;
	p = proc_start(&spec, err);
	free(self);
	return p;
}

int supervisor_hire(struct supervisor *c, unsigned explorers, struct err *err)
{
	c->n = explorers + 1;
	c->v = xcalloc(c->n, sizeof(*c->v));
	for (size_t i = 0; i < c->n; i++) {
		struct supervisor_member *m = &c->v[i];

		m->role = i == 0 ? WORKER_REFINE : WORKER_EXPLORE;
		m->started_ms = clock_mono_ms();
		m->proc = start(c, m->role, err);
		if (!m->proc)
			return -1;
	}
	return 0;
}

/* A worker that died: say so, start another. What it had under way comes back at the end of its lease. */
static void watch(const struct supervisor *c, struct supervisor_member *w, bool replace)
{
	struct proc_result res;
	struct buf how = BUF_INIT;
	struct err err = ERR_INIT;

	if (!w->proc || !proc_step(w->proc, 0))
		return;
	proc_result_take(w->proc, &res);
	proc_describe(&how, &res);
	proc_free(w->proc);
	w->proc = NULL;
	if (replace && !proc_interrupted()) {
		/* it worked for a while: this end has nothing to do with the last */
		if (clock_mono_ms() >= w->started_ms + SOON_MS)
			w->restarts = 0;
		w->started_ms = clock_mono_ms();
		if (w->restarts++ < RESTARTS_MAX) {
			log_warn("a worker ended (%s); starting another", how.s);
			w->proc = start(c, w->role, &err);
		} else {
			log_error("a worker ended (%s), like those before it; no more in its place",
				how.s);
		}
		if (!w->proc && *err.msg)
			log_error("%s", err.msg);
	}
	buf_release(&how);
	proc_result_release(&res);
}

void supervisor_watch(struct supervisor *c, bool explore)
{
	for (size_t i = 0; i < c->n; i++)
		watch(c, &c->v[i], explore || c->v[i].role == WORKER_REFINE);
}

bool supervisor_has(const struct supervisor *c, enum worker_role role)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].proc && c->v[i].role == role)
			return true;
	return false;
}

static bool anyone_works(const struct supervisor *c)
{
	return supervisor_has(c, WORKER_REFINE) || supervisor_has(c, WORKER_EXPLORE);
}

static void terminate(const struct supervisor *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].proc)
			kill(proc_pid(c->v[i].proc), SIGTERM);
}

void supervisor_dismiss(struct supervisor *c)
{
	uint64_t until = clock_mono_ms() + STOP_PATIENCE_MS;
	bool hurried = false;

	terminate(c);
	while (anyone_works(c) && clock_mono_ms() < until) {
		for (size_t i = 0; i < c->n; i++)
			watch(c, &c->v[i], false);
		/* a second SIGTERM is to a worker what a second Ctrl-C is to us */
		if (proc_interrupted() > 1 && !hurried) {
			hurried = true;
			until = clock_mono_ms() + 1000;
			terminate(c);
		}
		usleep(20000);
	}
	for (size_t i = 0; i < c->n; i++) {
		proc_free(c->v[i].proc);
		c->v[i].proc = NULL;
	}
}
