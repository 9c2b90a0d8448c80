/*
 * A campaign begins with what needs no luck: each harness's edge cases, on the build that findings are judged by. What
 * fails is triaged with what the engines find, and what reaches new code is there for them to begin with.
 */
#include "base/prelude.h"
#include "campaign/internal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/edges.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "suite/suite.h"
#include <stdio.h>

#define TELL_MS 1000

struct edge_running {
	struct job_ctx *ctx;
	/* in the store already */
	uint64_t told_runs, told_ms;
};

static int count(
	struct edge_running *e, uint64_t runs, uint64_t crashes, uint64_t ms, struct err *err)
{
	struct stat_rec s = { .campaign = e->ctx->project->id,
		.harness = e->ctx->job->harness,
		.engine = (char *)(uintptr_t) "edge",
		.execs = runs - MIN(e->told_runs, runs),
		.crashes = crashes,
		.wall_ms = ms - MIN(e->told_ms, ms) };

	if (store_stat_add(e->ctx->project->store, &s, err) < 0)
		return -1;
	e->told_runs = MAX(runs, e->told_runs);
	e->told_ms = MAX(ms, e->told_ms);
	return 0;
}

/* Who watches wants to see it go on. A store that fails now is told of at the end, when all is counted. */
static void goes_on(void *arg, const char *harness, const char *what, uint64_t runs, uint64_t ms)
{
	struct edge_running *e = arg;

	(void)harness;
	(void)what;
	job_alive(e->ctx);
	if (ms >= e->told_ms + TELL_MS)
		(void)count(e, runs, 0, ms, NULL);
}

int job_edge(struct job_ctx *ctx, struct err *err)
{
	static const enum variant variants[] = { VARIANT_ASAN };
	const struct config_harness *h = project_harness(ctx->project, ctx->job->harness, err);
	struct edge_running running = { .ctx = ctx };
	struct suite_opts opts = { .variants = variants,
		.n_variants = ARRAY_LEN(variants),
		.jobs = 1,
		.queue = true,
		.no_minimize = true,
		.progress = goes_on,
		.arg = &running };
	struct suite_result result;
	uint64_t start = clock_mono_ms();
	int rc;

	if (!h)
		return -1;
	if (num_u64(strv_of(ctx->job->payload), &opts.time_ms) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	rc = suite_run(ctx->project, h, &opts, &result, err);
	if (rc == 0)
		rc = count(&running, result.cases, result.verdicts[SUITE_FAILED],
			clock_mono_ms() - start, err);
	log_debug("%s: %llu edge cases, %llu failed, %llu into the corpus", h->name,
		(unsigned long long)result.cases, (unsigned long long)result.verdicts[SUITE_FAILED],
		(unsigned long long)result.corpus_added);
	if (rc == 0 && result.verdicts[SUITE_NOT_RUN])
		rc = err_refused(err, "%llu edge cases could not be run here",
			(unsigned long long)result.verdicts[SUITE_NOT_RUN]);
	if (rc == 0 && result.cut && !proc_interrupted())
		rc = edges_note_cut(ctx->project, h->name, result.cases, err);
	suite_result_release(&result);
	/* cut short: it stays to be done */
	return rc == 0 && proc_interrupted() ? err_set(err, "interrupted") : rc;
}
