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

/* for workers that are told to end now */
#define NOW_MS 3000
/* of a worker in a row that ended soon */
#define RESTARTS_MAX 3
/* before another try, where the machine refuses a process */
#define REFUSED_MS 500
#define REFUSED_MAX_MS 5000
#define SOON_MS 20000

static struct proc *start_proc(const struct supervisor *c, enum worker_role role, struct err *err)
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

/* -1: it can't be, and waiting won't help. */
static int start(const struct supervisor *c, struct supervisor_member *m, struct err *err)
{
	m->started_ms = clock_mono_ms();
	m->again_ms = 0;
	m->proc = start_proc(c, m->role, err);
	if (m->proc) {
		m->refusals = 0;
		return 0;
	}
	if (err->kind != ERR_REFUSED)
		return -1;
	if (!m->refusals++)
		log_warn("a worker can't be started now: %s; tried again", err->msg);
	m->again_ms =
		m->started_ms + MIN((uint64_t)REFUSED_MS * m->refusals, (uint64_t)REFUSED_MAX_MS);
	return 0;
}

int supervisor_hire(struct supervisor *c, unsigned explorers, struct err *err)
{
	c->n = explorers + 1;
	c->v = xcalloc(c->n, sizeof(*c->v));
	for (size_t i = 0; i < c->n; i++) {
		c->v[i].role = i == 0 ? WORKER_REFINE : WORKER_EXPLORE;
		if (start(c, &c->v[i], err) < 0)
			return -1;
	}
	return 0;
}

/* True when it has ended; how: appended. */
static bool reap(struct supervisor_member *m, struct buf *how)
{
	struct proc_result res;

	if (!m->proc || !proc_step(m->proc, 0))
		return false;
	proc_result_take(m->proc, &res);
	proc_describe(how, &res);
	proc_result_release(&res);
	proc_free(m->proc);
	m->proc = NULL;
	return true;
}

/* A worker that died: say so, start another. True: one did. */
static bool watch(const struct supervisor *c, struct supervisor_member *m, bool replace)
{
	struct buf how = BUF_INIT;
	struct err err = ERR_INIT;
	uint64_t now = clock_mono_ms();
	bool died = reap(m, &how);

	replace &= !proc_interrupted();
	if (died && replace) {
		m->restarts = now >= m->started_ms + SOON_MS ? 0 : m->restarts;
		if (m->restarts++ < RESTARTS_MAX) {
			log_warn("a worker ended (%s); starting another", how.s);
			m->again_ms = now;
		} else {
			log_error("a worker ended (%s), like those before it; no more in its place",
				how.s);
		}
	}
	if (!m->proc && m->again_ms && replace && now >= m->again_ms && start(c, m, &err) < 0)
		log_error("%s", err.msg);
	buf_release(&how);
	return died;
}

bool supervisor_watch(struct supervisor *c, bool explore)
{
	bool died = false;

	for (size_t i = 0; i < c->n; i++)
		died |= watch(c, &c->v[i], explore || c->v[i].role == WORKER_REFINE);
	return died;
}

static bool is_role(const struct supervisor_member *m, enum worker_role role)
{
	return role == WORKER_ANY || m->role == role;
}

bool supervisor_has(const struct supervisor *c, enum worker_role role)
{
	for (size_t i = 0; i < c->n; i++)
		if ((c->v[i].proc || c->v[i].again_ms) && is_role(&c->v[i], role))
			return true;
	return false;
}

static void terminate(const struct supervisor *c, enum worker_role role)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].proc && is_role(&c->v[i], role))
			kill(proc_pid(c->v[i].proc), SIGTERM);
}

/* Until all of them have ended, or the time is up. True: all have. */
static bool wait_for(struct supervisor *c, enum worker_role role, uint64_t until)
{
	int told = proc_interrupted();
	struct buf how = BUF_INIT;
	bool any = true;

	while (any && clock_mono_ms() < until && proc_interrupted() == told) {
		any = false;
		for (size_t i = 0; i < c->n; i++) {
			if (!is_role(&c->v[i], role))
				continue;
			reap(&c->v[i], &how);
			any |= c->v[i].proc != NULL;
		}
		if (any)
			usleep(20000);
	}
	buf_release(&how);
	return !any;
}

bool supervisor_dismiss(struct supervisor *c, enum worker_role role, uint64_t patience_ms)
{
	bool all;

	for (size_t i = 0; i < c->n; i++)
		if (is_role(&c->v[i], role))
			c->v[i].again_ms = 0;
	terminate(c, role);
	all = wait_for(c, role, clock_mono_ms() + patience_ms);
	if (!all) {
		terminate(c, role);
		all = wait_for(c, role, clock_mono_ms() + NOW_MS);
	}
	for (size_t i = 0; i < c->n && !all; i++) {
		if (!is_role(&c->v[i], role))
			continue;
		proc_free(c->v[i].proc);
		c->v[i].proc = NULL;
	}
	return !all;
}
