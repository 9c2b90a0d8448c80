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
#include "campaign/cluster.h"
#include "campaign/jobs.h"
#include "campaign/patience.h"
#include "proc/proc.h"
#include "project/lease.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define IDLE_MS 100
#define FAR_IDLE_MS 500 /* of a store that many ask */
#define BATCH_MAX 8
#define FETCH_LEASES 10
/* of a campaign's exploring, before what can wait is begun; and what part of the time that gets then */
#define ALONE_MS 60000
#define WAITING_PART 4
/* so often between two looks for workers that died */
#define IDLE_LOOKS 30
#define IDLE_REFUSALS 40
/* about half a minute: then it counts as an attempt of the job */
#define JOB_REFUSALS 12
/* for a store that can't be written; and once told to end, by who would end it soon in another way */
#define SETTLE_MS 600000
#define SETTLE_ENDING_MS 20000

const struct job_kind job_kinds[] = {
	{ "fuzz", WORKER_EXPLORE, 2, job_fuzz, 1, 1, false, true },
	{ "edge", WORKER_EXPLORE, 2, job_edge, 1, 1, false, true },
	{ "sweep", WORKER_REFINE, 3, job_sweep, 1, 1, false, true },
	{ "triage", WORKER_REFINE, 3, job_triage, 10, 8, false, false },
	{ "recheck", WORKER_REFINE, 3, job_recheck, 10, 1, true, false },
	{ "minimize", WORKER_REFINE, 3, job_minimize, 10, 1, true, true },
	{ "regress", WORKER_REFINE, 3, job_regress, 10, 1, true, false },
	{ NULL, WORKER_ANY, 0, NULL, 0, 0, false, false },
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

/* What a worker has spent on what can wait. */
struct ledger {
	uint64_t started_ms, spent_ms;
	bool explored;
};

struct worker {
	struct project *p;
	const struct worker_opts *opts;
	char owner[LEASE_OWNER_MAX], near[LEASE_OWNER_MAX];
	struct patience store, machine;
	struct ledger ledger;
	/* NULL: the store is this machine's alone */
	struct depot *depot;
	uint64_t shown_ms;
	/* rounds in a row in which there was nothing to do, and the store's mark at the last look */
	unsigned idle;
	uint64_t mark;
	/* the store may believe that it holds a job which it doesn't: an answer, or a job that was given back, got lost */
	bool unsure;
	/* leased beside the one that is done: the next ones */
	struct {
		struct job_rec v[BATCH_MAX];
		size_t n, next;
	} held;
};

static const struct job_kind *kind_by_name(const char *name)
{
	for (const struct job_kind *k = job_kinds; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

/* How a job ended, told to the store. 1: its lease was lost meanwhile, and somebody else has it. */
static int settle_once(struct project *p, const struct job_kind *kind, const struct job_rec *job,
	const char *owner, const struct patience *machine, int rc, const struct err *why,
	struct err *err)
{
	/* interrupted: not its fault, it stays to be done; what an engine found so far is in the store already */
	if (proc_interrupted() && (rc < 0 || kind->role == WORKER_REFINE))
		return store_job_release(p->store, job->id, owner, NULL, err);
	if (rc == 0)
		return store_job_done(p->store, job->id, owner, err);
	/* nor is this, unless it is so for it alone and for long: others wait behind it */
	if (why->kind == ERR_REFUSED && machine->of_job < JOB_REFUSALS)
		return store_job_release(p->store, job->id, owner, why->msg, err);
	log_warn(JOB_FMT ": %s", JOB_ARG(job), why->msg);
	/* what is wrong with the input or the project will be so the next time */
	return store_job_fail(p->store, job->id, owner, why->msg,
		why->kind == ERR_USAGE ? 1 : kind->max_attempts, err);
}

/* A store that can't be written now is waited for, since without it the work is done again. */
static int settle(struct project *p, const struct job_kind *kind, const struct job_rec *job,
	const char *owner, const struct patience *machine, int rc, const struct err *why,
	struct err *err)
{
	uint64_t until = clock_mono_ms() + SETTLE_MS;
	struct patience patience = { 0 };
	int settled;

	do {
		settled = settle_once(p, kind, job, owner, machine, rc, why, err);
		if (proc_interrupted())
			until = MIN(until, clock_mono_ms() + SETTLE_ENDING_MS);
	} while (settled < 0 && patience_wait(&patience, "the store", err) &&
		 proc_interrupted() < 2 && clock_mono_ms() < until);
	return settled;
}

/*
 * For tests: jobs of this kind fail, as THRESH_TEST_BREAK says. A night has to notice each part that no longer works, and
 * those parts can't be broken from outside.
 */
static bool is_broken(const struct job_kind *kind, struct err *why)
{
	const char *broken = getenv("THRESH_TEST_BREAK");

	if (!broken || strcmp(broken, kind->name) != 0)
		return false;
	err_usage(why, "broken on purpose, by THRESH_TEST_BREAK");
	return true;
}

/* What it needs, the first time all of a corpus. 0, 1 its lease was lost, -1: this worker can't have it. */
static int fetch(struct worker *w, struct job_ctx *ctx, struct err *why)
{
	const struct job_rec *job = ctx->job;
	int rc;

	if (!w->depot)
		return 0;
	rc = store_job_renew(
		w->p->store, job->id, w->owner, STORE_CLOCK, lease_ms() * FETCH_LEASES, why);
	if (rc == 0 && w->opts->ready)
		rc = w->opts->ready(w->opts->arg, w->depot, job, why);
	if (rc == 0)
		rc = depot_sync(w->depot, job->harness, why);
	ctx->renewed_ms = clock_mono_ms();
	return rc;
}

/* What it brought is given to others, whatever came of it. */
static int run_job(
	struct worker *w, const struct job_kind *kind, struct job_ctx *ctx, struct err *why)
{
	struct err late = ERR_INIT;
	int rc = kind->run(ctx, why);

	if (depot_sync(w->depot, ctx->job->harness, &late) < 0)
		log_warn(JOB_FMT ": %s; what it brought goes to others later", JOB_ARG(ctx->job),
			late.msg);
	return rc;
}

/* What is wrong is this worker's, or the store's, and no fault of the job: others may do it. */
static int leave_job(
	struct worker *w, const struct job_rec *job, const struct err *why, struct err *err)
{
	struct err also = ERR_INIT;

	if (store_job_release(w->p->store, job->id, w->owner, why->msg, &also) < 0)
		log_debug(JOB_FMT ": %s", JOB_ARG(job), also.msg);
	*err = *why;
	return -1;
}

static int do_job(struct worker *w, const struct job_rec *job, struct err *err)
{
	const struct job_kind *kind = kind_by_name(job->kind);
	struct project *p = w->p;
	struct patience *machine = &w->machine;
	const char *owner = w->owner;
	struct job_ctx ctx = { .project = p,
		.job = job,
		.owner = owner,
		.renewed_ms = clock_mono_ms(),
		.depot = w->depot };
	struct err why = ERR_INIT;
	char what[160];
	int rc;

	store_fence(p->store, job);
	rc = kind && job->attempts <= kind->max_attempts ? fetch(w, &ctx, &why) : 0;
	if (rc < 0) {
		rc = leave_job(w, job, &why, err);
	} else if (rc == 1) {
		/* said below */
	} else if (!kind) {
		rc = store_job_fail(
			p->store, job->id, owner, "a kind this thresh doesn't know", 1, err);
		/* taken so often, and nobody came back to say how it ended */
	} else if (job->attempts > kind->max_attempts) {
		log_error(JOB_FMT ": took its worker down each time; given up", JOB_ARG(job));
		rc = store_job_fail(p->store, job->id, owner, "took its worker down each time",
			kind->max_attempts, err);
	} else {
		log_debug("%s %s %s", job->kind, job->harness, job->payload);
		rc = is_broken(kind, &why) ? -1 : run_job(w, kind, &ctx, &why);
		machine->of_job = machine->job == job->id ? machine->of_job + 1 : 0;
		machine->job = job->id;
		rc = settle(p, kind, job, owner, machine, rc, &why, err);
		snprintf(what, sizeof(what), JOB_FMT, JOB_ARG(job));
		if (!patience_wait(machine, what, &why))
			patience_end(machine);
	}
	if (rc == 1)
		log_warn(JOB_FMT ": its lease ran out, and another worker has it", JOB_ARG(job));
	store_fence(p->store, NULL);
	return rc < 0 ? -1 : 0;
}

static bool can_do(const struct worker *w, const struct job_kind *k)
{
	if (!w->opts->anywhere)
		return true;
	/* is it the same bug still? without names it isn't known */
	return k->anywhere && (k->run != job_minimize || w->p->tools.symbolizer);
}

static void kinds_of(const struct worker *w, bool all, const char **out)
{
	enum worker_role role = w->opts->role;
	size_t n = 0;

	for (const struct job_kind *k = job_kinds; k->name; k++)
		if ((role == WORKER_ANY || k->role == role) && (all || !k->can_wait) &&
			can_do(w, k))
			out[n++] = k->name;
	out[n] = NULL;
}

/*
 * Engines that have to share a processor with a minimisation find less. Where a campaign explores, what can wait does: for a
 * while, and then for a part of the time.
 */
static bool takes_all(struct worker *w)
{
	struct ledger *l = &w->ledger;
	uint64_t had = clock_mono_ms() - l->started_ms;

	if (w->opts->role != WORKER_REFINE || w->opts->until_idle || l->explored)
		return true;
	l->explored = jobs_explored(w->p);
	return l->explored || (had >= ALONE_MS && l->spent_ms < had / WAITING_PART);
}

static void note(struct ledger *l, const struct job_rec *job, uint64_t since)
{
	if (kind_by_name(job->kind) && kind_by_name(job->kind)->can_wait)
		l->spent_ms += clock_mono_ms() - since;
}

/* How many more it may take. */
static uint64_t jobs_left(const struct worker_opts *o)
{
	return o->max_jobs && o->jobs ? o->max_jobs - MIN(o->max_jobs, *o->jobs) : UINT64_MAX;
}

static uint64_t lease_of(const struct job_kind *kind)
{
	return lease_ms() * (kind ? kind->leases : 1);
}

/* 1: none is left, or all that are were lost. A sign of life keeps them, however long the one before took. */
static int take_held(struct worker *w, struct job_rec *job, struct err *err)
{
	int rc = 1;

	while (rc == 1 && w->held.next < w->held.n) {
		struct job_rec *next = &w->held.v[w->held.next];

		store_fence(w->p->store, next);
		rc = store_job_renew(w->p->store, next->id, w->owner, STORE_CLOCK,
			lease_of(kind_by_name(next->kind)), err);
		store_fence(w->p->store, NULL);
		if (rc < 0)
			return -1;
		*job = *next;
		*next = (struct job_rec){ 0 };
		w->held.next++;
		if (rc == 1)
			job_rec_release(job);
	}
	if (w->held.next == w->held.n)
		w->held.n = w->held.next = 0;
	return rc;
}

/* What is left of a batch: somebody else's, and no attempt of theirs. */
static void give_back(struct worker *w)
{
	struct err err = ERR_INIT;

	for (; w->held.next < w->held.n; w->held.next++) {
		struct job_rec *j = &w->held.v[w->held.next];

		if (store_job_release(w->p->store, j->id, w->owner, NULL, &err) < 0)
			log_debug(JOB_FMT ": %s", JOB_ARG(j), err.msg);
		job_rec_release(j);
	}
}

/* Of short jobs some more at once, where each asking is a way to another machine. */
static int take_batch(struct worker *w, const struct job_kind *kind, struct err *err)
{
	const char *same[] = { kind->name, NULL };

	return store_jobs_take(w->p->store, w->p->id, same, w->owner, w->near, STORE_CLOCK,
		lease_ms(), w->held.v, (size_t)MIN(jobs_left(w->opts), (uint64_t)kind->batch) - 1,
		&w->held.n, err);
}

static int take_one(
	struct worker *w, const char *const *kinds, struct job_rec *job, struct err *err)
{
	const struct job_kind *kind;
	struct store *s = w->p->store;
	int got = store_job_take(
		s, w->p->id, kinds, w->owner, w->near, STORE_CLOCK, lease_ms(), job, err);

	kind = got == 0 ? kind_by_name(job->kind) : NULL;
	if (!kind || !store_is_shared(s))
		return got;
	if (kind->batch > 1 && jobs_left(w->opts) > 1 && take_batch(w, kind, err) < 0)
		w->held.n = 0;
	/* all that it holds is kept by the same sign of life */
	if (kind->leases > 1)
		got = store_job_renew(s, job->id, w->owner, STORE_CLOCK, lease_of(kind), err);
	if (got != 0)
		job_rec_release(job);
	return got;
}

/* So that it is known how many there are, also while there is nothing to do. */
static int show_life(struct worker *w, struct err *err)
{
	uint64_t now = clock_mono_ms();

	if (!w->depot || (w->shown_ms && now < w->shown_ms + lease_ms() / 3))
		return 0;
	w->shown_ms = now;
	return store_worker_beat(w->p->store, w->owner, lease_ms(), err);
}

/* The next job; those of workers that died are given back now and then, when there is nothing else to do. */
static int look(struct worker *w, struct job_rec *job, struct err *err)
{
	const char *kinds[ARRAY_LEN(job_kinds)];
	int got;

	kinds_of(w, takes_all(w), kinds);
	got = take_one(w, kinds, job, err);
	if (got == 1 && show_life(w, err) < 0)
		got = -1;
	if (got == 1 && w->idle % IDLE_LOOKS == 0 &&
		store_jobs_release_dead(w->p->store, lease_owner_alive, NULL, true, err) < 0)
		got = -1;
	return got;
}

static bool is_other(void *arg, const char *owner)
{
	return strcmp(owner, arg) != 0;
}

/* Holding nothing: its sign of life must not keep from others what it doesn't do. */
static int disown(struct worker *w, struct err *err)
{
	int rc = w->unsure ? store_jobs_release_dead(w->p->store, is_other, w->owner, false, err)
			   : 0;

	w->unsure &= rc < 0;
	return rc;
}

/* Where nothing was written since the last look, there is nothing new but what time alone brings: that is looked for less. */
static int take(struct worker *w, struct job_rec *job, struct err *err)
{
	uint64_t mark = 0;
	int got = 1;

	if (w->held.n)
		return take_held(w, job, err);
	if (disown(w, err) < 0 || store_mark(w->p->store, &mark, err) < 0)
		got = -1;
	else if (mark != w->mark || w->idle % IDLE_LOOKS == 0)
		got = look(w, job, err);
	w->mark = mark;
	/* with nothing to do it is asked, too: not each loss is noticed */
	w->unsure |= got == 1 && w->idle % IDLE_LOOKS == 0;
	w->idle = got == 1 ? w->idle + 1 : 0;
	return got;
}

/* One round: 1: there was nothing to do. */
static int work_once(struct worker *w, struct err *err)
{
	struct job_rec job = { 0 };
	uint64_t since = clock_mono_ms();
	int got = take(w, &job, err), rc = got;

	w->unsure |= got < 0;
	if (got < 0 && patience_wait(&w->store, "the store", err))
		return 0;
	if (got < 0)
		return -1;
	patience_end(&w->store);
	if (got == 0) {
		rc = do_job(w, &job, err);
		/* one that was left to others is none */
		if (rc == 0 && w->opts->jobs)
			++*w->opts->jobs;
		note(&w->ledger, &job, since);
	}
	job_rec_release(&job);
	return rc;
}

int worker_run(struct project *p, const struct worker_opts *opts, struct err *err)
{
	/* unsure: this process may have been at work here before */
	struct worker w = {
		.p = p, .opts = opts, .ledger = { .started_ms = clock_mono_ms() }, .unsure = true
	};
	struct err gone = ERR_INIT;
	int rc = 0;

	w.depot = depot_open(p);
	lease_owner(w.owner);
	/* a worker that is stopped must not keep what others, far away, could do meanwhile */
	if (!store_is_shared(p->store))
		lease_near(w.near);
	else /* who started it has told of it */
		rc = cluster_follow_clock(p->store, false, err);
	p->id = opts->campaign;
	while (rc == 0 && !proc_interrupted() && jobs_left(opts) &&
		!(opts->is_over && opts->is_over(opts->arg))) {
		rc = work_once(&w, err);
		if (rc == 1 && opts->until_idle)
			break;
		if (rc == 1) {
			usleep((w.depot ? FAR_IDLE_MS : IDLE_MS) * 1000);
			rc = 0;
		}
		/* nobody else would end it */
		if (rc == 0 && opts->until_idle && w.machine.refusals > IDLE_REFUSALS)
			rc = err_set(err, "this machine refuses what the jobs need; see above");
	}
	give_back(&w);
	if (w.depot && store_worker_beat(p->store, w.owner, 0, &gone) < 0)
		log_debug("the store: %s", gone.msg);
	depot_close(w.depot);
	return rc < 0 ? -1 : 0;
}
