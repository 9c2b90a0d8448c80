/*
 * The worker loop: take a job, do it, say how it went. The table says who does which kind, and how often one is
 * tried: a job that takes its worker down each time must not do so for ever.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/internal.h"
#include "proc/proc.h"
#include "project/lease.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define IDLE_MS 100

const struct job_kind job_kinds[] = {
	{ "fuzz", WORKER_EXPLORE, 2, job_fuzz },
	{ "edge", WORKER_EXPLORE, 2, job_edge },
	{ "triage", WORKER_REFINE, 3, job_triage },
	{ "sweep", WORKER_REFINE, 3, job_sweep },
	{ "minimize", WORKER_REFINE, 3, job_minimize },
	{ "regress", WORKER_REFINE, 3, job_regress },
	{ NULL, WORKER_ANY, 0, NULL },
};

int worker_role_parse(const char *name, enum worker_role *out)
{
	static const char *const names[] = { "any", "explore", "refine" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*out = (enum worker_role)i;
			return 0;
		}
	}
	return -1;
}

static const struct job_kind *kind_by_name(const char *name)
{
	for (const struct job_kind *k = job_kinds; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

/* How a job ended, told to the store. 1: its lease was lost meanwhile, and somebody else has it. */
static int settle(struct project *p, const struct job_kind *kind, const struct job_rec *job,
	const char *owner, int rc, const struct err *why, struct err *err)
{
	/* interrupted: not its fault, it stays to be done; what an engine found so far is in the store already */
	if (proc_interrupted() && (rc < 0 || kind->role == WORKER_REFINE))
		return store_job_release(p->store, job->id, owner, err);
	if (rc == 0)
		return store_job_done(p->store, job->id, owner, err);
	log_warn("%s of %s: %s", job->kind, job->harness, why->msg);
	/* what is wrong with the input or the project will be so the next time */
	return store_job_fail(p->store, job->id, owner, why->msg,
		why->kind == ERR_USAGE ? 1 : kind->max_attempts, err);
}

static int do_job(struct project *p, const struct job_rec *job, const char *owner, struct err *err)
{
	const struct job_kind *kind = kind_by_name(job->kind);
	struct job_ctx ctx = {
		.project = p, .job = job, .owner = owner, .renewed_ms = clock_wall_ms()
	};
	struct err why = ERR_INIT;
	int rc;

	if (!kind) {
		rc = store_job_fail(
			p->store, job->id, owner, "a kind this thresh doesn't know", 1, err);
		/* taken so often, and nobody came back to say how it ended */
	} else if (job->attempts > kind->max_attempts) {
		log_error("%s of %s: took its worker down each time; given up", job->kind,
			job->harness);
		rc = store_job_fail(p->store, job->id, owner, "took its worker down each time",
			kind->max_attempts, err);
	} else {
		log_debug("%s %s %s", job->kind, job->harness, job->payload);
		rc = kind->run(&ctx, &why);
		rc = settle(p, kind, job, owner, rc, &why, err);
	}
	return rc < 0 ? -1 : 0;
}

static size_t kinds_of(enum worker_role role, const char **out)
{
	size_t n = 0;

	for (const struct job_kind *k = job_kinds; k->name; k++)
		if (role == WORKER_ANY || k->role == role)
			out[n++] = k->name;
	out[n] = NULL;
	return n;
}

int worker_run(struct project *p, const struct worker_opts *opts, struct err *err)
{
	const char *kinds[ARRAY_LEN(job_kinds)];
	char owner[LEASE_OWNER_MAX];
	int rc = 0;

	lease_owner(owner);
	kinds_of(opts->role, kinds);
	p->id = opts->campaign;
	while (rc == 0 && !proc_interrupted()) {
		struct job_rec job = { 0 };
		int got = store_job_take(
			p->store, p->id, kinds, owner, clock_wall_ms(), LEASE_MS, &job, err);

		if (got < 0)
			return -1;
		if (got == 0)
			rc = do_job(p, &job, owner, err);
		else if (opts->until_idle)
			break;
		else
			usleep(IDLE_MS * 1000);
		job_rec_release(&job);
	}
	return rc;
}
