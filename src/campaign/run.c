/*
 * One campaign. This process plans and watches; workers explore and refine. Killed at any instant, the next run goes
 * on where this one was: what is not in the store did not happen.
 *
 * Workers are never told anything: they take jobs from the store, and what they bring about is seen there. So this
 * process asks ten times a second whether something was written, and keeps nothing that it couldn't read from the store
 * again, but how long it has run.
 */
#include "base/prelude.h"
#include "campaign/run.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/account.h"
#include "campaign/begin.h"
#include "campaign/cluster.h"
#include "campaign/edges.h"
#include "campaign/gain.h"
#include "campaign/guarding.h"
#include "campaign/internal.h"
#include "campaign/jobs.h"
#include "campaign/patience.h"
#include "campaign/pollinate.h"
#include "campaign/prepare.h"
#include "campaign/settled.h"
#include "campaign/supervisor.h"
#include "campaign/watch.h"
#include "campaign/worker.h"
#include "engine/engine.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "sched/sched.h"
#include "triage/decide.h"
#include "triage/resignature.h"
#include <stdio.h>
#include <unistd.h>

#define SPEND_EVERY_MS 1000
/* a target that doesn't start costs no more than the budget, or this where that is less */
#define START_MOST_MS 5000
/* for slices that end late, as an engine's own clock has whole seconds */
#define OVERTIME_MS 2500
/* for workers to end after they are told to, before they are told again */
#define SOON_MS 1000
/* the same after an interrupt, which asks to keep everything */
#define STOP_PATIENCE_MS 15000
/* of the budget, for what was found: as much again as that at most */
#define FINISH_PART 4
#define FINISH_MIN_MS 10000
#define FINISH_MAX_MS 300000

/* What is known of one pair of harness and engine beside what the scheduler keeps. */
struct arm {
	struct stat_rec seen; /* the store's numbers when its last slice was accounted for */
	struct stat_rec now;  /* and those of today; strings unused */
	uint64_t gained;      /* by the books, when its last slice was accounted for */
};

struct run {
	struct project *project;
	const struct run_opts *opts;
	struct run_result *out;
	struct prepared *ready; /* by harness */
	struct supervisor crew;
	struct cluster cluster;
	int lock;
	struct sched_pair *pairs;
	struct arm *arms; /* by pair */
	struct sched_state sched;
	struct settled settled; /* slices that are accounted for */
	bool over;
	uint64_t edges_left; /* suites of edge cases to be run */
	uint64_t budget_ms, spent_before_ms, started_ms, spent_stored_ms;
	uint64_t slices; /* planned in this process: part of the jobs' keys */
	uint64_t bugs_before;
	/* of the store when `status` and `pairs` were read from it; 0: never */
	uint64_t mark;
	/* all regression tests are to be brought up to date */
	bool tests_asked;
	struct patience patience;
	struct run_status status;
	struct watch watch;
	uint64_t *edges; /* by harness */
};

static uint64_t elapsed(const struct run *r)
{
	return clock_mono_ms() - r->started_ms;
}

/* Planning. */

static const char *pair_harness(const struct run *r, const struct sched_pair *p)
{
	return r->opts->harnesses[p->harness]->name;
}

static const char *pair_engine(const struct run *r, const struct sched_pair *p)
{
	return r->project->cfg->engines.v[p->engine];
}

/* Which engine can work on which harness: each wanted by it, and built. */
static void make_pairs(struct run *r)
{
	const struct config *cfg = r->project->cfg;
	size_t max = r->opts->n_harnesses * cfg->engines.n, n = 0;

	r->pairs = xcalloc(MAX(max, (size_t)1), sizeof(*r->pairs));
	r->arms = xcalloc(MAX(max, (size_t)1), sizeof(*r->arms));
	for (size_t h = 0; h < r->opts->n_harnesses; h++) {
		const char *name = r->opts->harnesses[h]->name;
		unsigned stretch = sched_stretch_of(prepared_inputs(r->project, name));

		for (size_t e = 0; r->ready[h].ok && e < cfg->engines.n; e++) {
			if (!prepared_wants(r->opts->harnesses[h], cfg->engines.v[e]) ||
				!prepared_for(&r->ready[h], cfg->engines.v[e]))
				continue;
			r->arms[n].gained = gain_of(r->project, name, cfg->engines.v[e]);
			r->pairs[n++] = (struct sched_pair){
				.harness = (unsigned)h, .engine = (unsigned)e, .stretch = stretch
			};
		}
	}
	r->sched = (struct sched_state){ .pairs = r->pairs,
		.n = n,
		.harnesses = (unsigned)r->opts->n_harnesses,
		.workers = r->opts->jobs,
		.budget_ms = r->budget_ms,
		.seed = begin_seed(r->out->campaign) };
}

static uint64_t spent(const struct run *r)
{
	return r->spent_before_ms + elapsed(r);
}

static size_t find_pair(const struct run *r, const char *harness, const char *engine)
{
	size_t i = 0;

	while (i < r->sched.n && (strcmp(pair_harness(r, &r->pairs[i]), harness) != 0 ||
					 strcmp(pair_engine(r, &r->pairs[i]), engine) != 0))
		i++;
	return i;
}

static int one_stat(void *arg, const struct stat_rec *s)
{
	struct run *r = arg;
	size_t i = find_pair(r, s->harness, s->engine);

	r->status.execs += s->execs;
	r->status.crashes += s->crashes;
	if (i == r->sched.n)
		return 0;
	r->edges[r->pairs[i].harness] = MAX(r->edges[r->pairs[i].harness], s->edges);
	r->arms[i].now = *s;
	r->arms[i].now.harness = r->arms[i].now.engine = NULL;
	return 0;
}

/* Between two looks the engine's numbers went from `seen` to `now`: that is what the slice brought. */
static void account(struct run *r, size_t i, bool ok)
{
	struct arm *a = &r->arms[i];
	struct sched_pair *p = &r->pairs[i];
	uint64_t gained = gain_of(r->project, pair_harness(r, p), pair_engine(r, p));
	uint64_t execs = a->now.execs - a->seen.execs;

	sched_stretch(p, execs, a->now.corpus);
	sched_account(p, &r->sched, spent(r), a->now.wall_ms - a->seen.wall_ms, execs,
		gained - MIN(a->gained, gained), ok);
	a->seen = a->now;
	a->gained = gained;
}

static int one_job(void *arg, const struct job_rec *j)
{
	struct run *r = arg;
	struct fuzz_payload p;
	size_t i;

	if (fuzz_payload_parse(j->payload, &p) < 0)
		return 0;
	i = find_pair(r, j->harness, p.engine);
	if (j->state == JOB_DONE || j->state == JOB_FAILED) {
		if (settled_first(&r->settled, j->id) && i < r->sched.n)
			account(r, i, j->state == JOB_DONE);
		return 0;
	}
	r->settled.gap = true;
	if (i == r->sched.n)
		return 0;
	/* on one machine only one at once: so is the work folder of a pair */
	r->pairs[i].running = r->pairs[i].running << 1 | 1;
	if (j->state == JOB_LEASED) {
		r->status.execs_per_s += r->arms[i].now.execs_per_s;
		watch_tell_now(&r->watch, &r->status, j->harness, p.engine);
	}
	return 0;
}

static int one_edge(void *arg, const struct job_rec *j)
{
	struct run *r = arg;

	r->edges_left += j->state == JOB_QUEUED || j->state == JOB_LEASED;
	if (j->state == JOB_LEASED)
		watch_tell_now(&r->watch, &r->status, j->harness, "edge");
	return 0;
}

static int count_bug(void *arg, const struct bug_rec *b)
{
	struct run *r = arg;

	r->status.bugs += b->state != BUG_FIXED && b->state != BUG_IGNORED;
	return 0;
}

/* What the store says, into the pairs and the status. */
static int look(struct run *r, struct err *err)
{
	uint64_t jobs[4];

	r->status.execs = r->status.bugs = r->status.waiting = r->status.crashes = 0;
	r->status.edges = 0;
	r->status.execs_per_s = 0;
	r->status.n_now = 0;
	r->edges_left = 0;
	r->settled.gap = false;
	for (size_t i = 0; i < r->sched.n; i++)
		r->pairs[i].running = 0;
	if (store_stats(r->project->store, r->out->campaign, one_stat, r, err) < 0 ||
		store_jobs(r->project->store, r->out->campaign, "fuzz", r->settled.upto, one_job, r,
			err) < 0 ||
		store_bugs(r->project->store, count_bug, r, err) < 0)
		return -1;
	if (store_jobs(r->project->store, r->out->campaign, "edge", 0, one_edge, r, err) < 0)
		return -1;
	for (const struct job_kind *k = job_kinds; k->name; k++) {
		if (k->role != WORKER_REFINE)
			continue;
		if (store_job_counts(r->project->store, r->out->campaign, k->name, jobs, err) < 0)
			return -1;
		r->status.waiting += jobs[JOB_QUEUED] + jobs[JOB_LEASED];
	}
	if (!r->out->first_bug_ms && r->status.bugs > r->bugs_before)
		r->out->first_bug_ms = elapsed(r);
	for (size_t i = 0; i < r->opts->n_harnesses; i++)
		r->status.edges += r->edges[i];
	r->status.new_bugs = r->status.bugs - MIN(r->bugs_before, r->status.bugs);
	return 0;
}

/* The same, where anything was written since. */
static int refresh(struct run *r, struct err *err)
{
	uint64_t mark;

	if (store_mark(r->project->store, &mark, err) < 0)
		return -1;
	if (mark != r->mark && look(r, err) < 0)
		return -1;
	r->mark = mark;
	r->status.elapsed_ms = spent(r);
	r->status.budget_ms = r->budget_ms;
	return 0;
}

static int add_slice(struct run *r, const struct sched_slice *s, struct err *err)
{
	struct sched_pair *pair = &r->pairs[s->pair];
	struct fuzz_payload p = { .slice_ms = s->duration_ms, .seed = s->seed };
	struct job_rec job = { .campaign = r->out->campaign, .kind = (char *)(uintptr_t) "fuzz" };
	int rc;

	snprintf(p.engine, sizeof(p.engine), "%s", pair_engine(r, pair));
	job.harness = (char *)(uintptr_t)pair_harness(r, pair);
	job.payload = fuzz_payload_format(&p);
	/*
	 * never twice the same, in whichever process: a slice isn't done because there was one
	 * before
	 */
	job.key = xasprintf("%s %s %llu %llu", job.harness, p.engine,
		(unsigned long long)clock_wall_ms(), (unsigned long long)r->slices++);
	rc = store_job_add(r->project->store, &job, NULL, err);
	pair->running |= (uint64_t)1 << s->instance;
	pair->running_until = MAX(pair->running_until, spent(r) + s->duration_ms);
	free(job.payload);
	free(job.key);
	return rc;
}

static int plan(struct run *r, struct err *err)
{
	struct sched_slice slices[64];
	size_t n = 0;

	r->sched.now_ms = spent(r);
	r->sched.workers = cluster_explorers(&r->cluster, r->opts);
	r->sched.instances = cluster_instances(&r->cluster, r->sched.workers, r->sched.n);
	r->over = sched_next(&r->sched, slices, ARRAY_LEN(slices), &n, NULL) == SCHED_OVER;
	for (size_t i = 0; i < n; i++)
		if (add_slice(r, &slices[i], err) < 0)
			return -1;
	return 0;
}

static bool any_running(const struct run *r)
{
	if (r->edges_left)
		return true;

	for (size_t i = 0; i < r->sched.n; i++)
		if (r->pairs[i].running)
			return true;
	return false;
}

static int spend(struct run *r, bool now, struct err *err)
{
	uint64_t ms = MIN(spent(r), r->budget_ms);

	if (!now && ms < r->spent_stored_ms + SPEND_EVERY_MS)
		return 0;
	r->spent_stored_ms = ms;
	return store_campaign_spend(r->project->store, r->out->campaign, ms, err);
}

static void show_progress(struct run *r, const char *phase)
{
	if (!r->status.phase || strcmp(r->status.phase, phase) != 0)
		begin_phase(r->lock, phase);
	r->status.phase = phase;
	if (!r->opts->progress)
		return;
	watch_look(&r->watch, r->project, r->out->campaign, &r->status);
	r->opts->progress(r->opts->arg, &r->status);
}

/* A failing store that others hold, or a disk that is full, may be better in a moment. */
static bool wait_for_store(struct run *r, const struct err *err)
{
	return patience_wait(&r->patience, "the campaign", err);
}

/* A worker that died gives its jobs back; that it may have been one of them counts. */
static int watch_crew(struct run *r, bool explore, struct err *err)
{
	if (!supervisor_watch(&r->crew, explore))
		return 0;
	return store_jobs_release_dead(r->project->store, lease_owner_alive, NULL, true, err);
}

static int dismiss(struct run *r, enum worker_role role, uint64_t patience_ms, struct err *err)
{
	if (!supervisor_dismiss(&r->crew, role, patience_ms))
		return 0;
	target_sweep(); /* those that were killed cleaned nothing up */
	return store_jobs_release_dead(r->project->store, lease_owner_alive, NULL, false, err);
}

/* 1: go on; 0: all was explored, or the time is up; -1. */
static int explore_step(struct run *r, struct err *err)
{
	if (spent(r) >= r->budget_ms + OVERTIME_MS) {
		log_debug("the time is up; what still explores is ended");
		return 0;
	}
	if (cluster_tick(&r->cluster, r->opts, err) < 0 || refresh(r, err) < 0)
		return -1;
	if (r->opts->enough_bugs && r->status.bugs >= r->opts->enough_bugs)
		return 0;
	if (!r->over && plan(r, err) < 0)
		return -1;
	if (r->over && !any_running(r))
		return 0;
	if (spend(r, false, err) < 0 || watch_crew(r, true, err) < 0)
		return -1;
	if (!supervisor_has(&r->crew, WORKER_EXPLORE))
		return err_set(err, "no explorer is left; look at the log above");
	return 1;
}

static int explore(struct run *r, struct err *err)
{
	uint64_t shown = 0;
	int rc = 1;

	while (rc == 1 && !proc_interrupted()) {
		rc = explore_step(r, err);
		if (rc < 0 && wait_for_store(r, err)) {
			rc = 1;
			continue;
		}
		patience_end(&r->patience);
		if (clock_mono_ms() >= shown + 250) {
			shown = clock_mono_ms();
			show_progress(r, "exploring");
		}
		if (rc == 1)
			usleep(cluster_tick_us(&r->cluster));
	}
	if (rc < 0 || proc_interrupted())
		return rc < 0 ? -1 : 0;
	/* they have nothing to do any more, or too long: what they give up stays to be done */
	return dismiss(r, WORKER_EXPLORE, SOON_MS, err);
}

/*
 * 1: go on; 0: nothing is left, or not in time; -1. Last of all the tests are brought up to date, as some were written
 * before their inputs got smaller.
 */
static int finish_step(struct run *r, uint64_t until, struct err *err)
{
	if (clock_mono_ms() >= until)
		return 0;
	if (cluster_tick(&r->cluster, r->opts, err) < 0 || refresh(r, err) < 0)
		return -1;
	if (!r->status.waiting && (r->tests_asked || !r->status.bugs))
		return 0;
	if (!r->status.waiting) {
		r->tests_asked = true;
		if (jobs_add_tests(r->project, err) < 0)
			return -1;
	}
	if (watch_crew(r, false, err) < 0)
		return -1;
	if (!supervisor_has(&r->crew, WORKER_REFINE))
		return err_set(err, "the refining worker ended; look at the log above");
	return 1;
}

/* Triage, minimise and test what was found, for a while: what is left is for the next run. */
static int finish(struct run *r, struct err *err)
{
	uint64_t part = MIN(
		MAX(r->budget_ms / FINISH_PART, (uint64_t)FINISH_MIN_MS), (uint64_t)FINISH_MAX_MS);
	uint64_t until = clock_mono_ms() + (r->opts->finish_ms ? r->opts->finish_ms : part);
	int rc = 1;

	while (rc == 1 && !proc_interrupted()) {
		rc = finish_step(r, until, err);
		if (rc < 0 && wait_for_store(r, err)) {
			rc = 1;
			continue;
		}
		patience_end(&r->patience);
		show_progress(r, "finishing");
		if (rc == 1)
			usleep(cluster_tick_us(&r->cluster));
	}
	return rc < 0 ? -1 : 0;
}

static int hire(struct run *r, struct err *err)
{
	r->crew.campaign = r->out->campaign;
	r->crew.config = r->project->cfg->path;
	r->crew.more_args = r->opts->worker_args;
	return supervisor_hire(&r->crew, r->opts->jobs, err);
}

static int conduct(struct run *r, struct err *err)
{
	struct resignature_counts resigned;
	struct begun begun;
	int rc;

	if (begin_campaign(r->project, r->opts, &begun, err) < 0)
		return -1;
	r->out->campaign = begun.campaign;
	r->out->resumed = begun.resumed;
	r->budget_ms = begun.budget_ms;
	r->project->start_most_ms = MAX(r->budget_ms, (uint64_t)START_MOST_MS);
	r->spent_before_ms = begun.spent_ms;
	if (resignature_all(r->project, false, &resigned, err) < 0 ||
		decide_apply(r->project, err) < 0 ||
		jobs_add_unfiled(r->project, r->opts->harnesses, r->opts->n_harnesses, err) < 0 ||
		store_bugs(r->project->store, count_bug, r, err) < 0)
		return -1;
	r->bugs_before = r->status.bugs;
	begin_phase(r->lock, "building");
	if (prepare_harnesses(r->project, r->opts, r->ready, r->out, err) < 0)
		return -1;
	make_pairs(r);
	r->started_ms = clock_mono_ms();
	if (proc_interrupted())
		return 0;
	if (cluster_begin(&r->cluster, r->project, r->opts, err) < 0 ||
		jobs_set_explored(r->project, false, err) < 0 ||
		edges_plan(r->project, r->opts, r->ready, r->budget_ms, err) < 0 ||
		hire(r, err) < 0)
		return -1;
	rc = explore(r, err);
	if (spend(r, true, rc == 0 ? err : NULL) < 0)
		rc = -1;
	if (rc == 0)
		rc = jobs_set_explored(r->project, true, err);
	if (rc == 0)
		rc = cluster_gather(&r->cluster, r->opts, err);
	if (rc == 0)
		pollinate(r->project, r->opts, r->ready);
	if (rc == 0)
		rc = finish(r, err);
	return rc;
}

static int conclude(struct run *r, struct err *err)
{
	int rc = dismiss(r, WORKER_ANY, proc_interrupted() ? STOP_PATIENCE_MS : SOON_MS, err);

	if (rc == 0)
		rc = refresh(r, err);
	r->out->interrupted = proc_interrupted() != 0;
	r->out->new_bugs = r->status.new_bugs;
	r->out->open_bugs = r->status.bugs;
	r->out->unfinished = r->status.waiting;
	r->out->execs = r->status.execs;
	r->out->elapsed_ms = r->started_ms ? elapsed(r) : 0;
	return rc;
}

int campaign_run(
	struct project *p, const struct run_opts *opts, struct run_result *out, struct err *err)
{
	struct run r = { .project = p, .opts = opts, .out = out, .status = { .cpu_share = -1 } };
	int rc, lead;

	*out = (struct run_result){ .campaign = 0 };
	r.lock = begin_lock(p, err);
	if (r.lock < 0)
		return -1;
	r.ready = xcalloc(opts->n_harnesses, sizeof(*r.ready));
	r.edges = xcalloc(opts->n_harnesses, sizeof(*r.edges));
	lead = cluster_lead(p, &out->campaign, err);
	if (lead == 2)
		p->id = out->campaign;
	rc = lead == 0 ? conduct(&r, err) : MIN(lead, 0);
	if (conclude(&r, rc == 0 ? err : NULL) < 0)
		rc = -1;
	begin_phase(r.lock, "guarding");
	if (rc == 0 && lead == 0 && !opts->no_guard)
		guarding(p, opts, r.ready, out);
	/* nothing of it is this process's, but it is what was asked for */
	if (rc == 0 && lead != 1)
		rc = account_fill(out, p, opts, r.ready, err);
	else if (rc == 0)
		account_waited(out);
	if (rc == 0 && lead == 0 && !out->interrupted)
		rc = store_campaign_end(p->store, out->campaign, clock_wall_ms(), err);
	for (size_t i = 0; i < opts->n_harnesses; i++)
		prepared_release(&r.ready[i]);
	free(r.ready);
	free(r.edges);
	free(r.crew.v);
	settled_release(&r.settled);
	free(r.pairs);
	free(r.arms);
	cluster_end(&r.cluster);
	begin_unlock(r.lock);
	return rc;
}

void run_result_release(struct run_result *r)
{
	for (size_t i = 0; i < r->n_skipped; i++) {
		free(r->skipped[i].harness);
		free(r->skipped[i].why);
	}
	free(r->skipped);
	r->skipped = NULL;
	r->n_skipped = 0;
	strlist_release(&r->alarms);
	account_release(r);
}
