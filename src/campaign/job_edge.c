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
#include "proc/proc.h"
#include "project/lease.h"
#include "suite/suite.h"
#include <stdio.h>

static void keep_lease(void *arg, const char *harness, const char *what, uint64_t runs, uint64_t ms)
{
	(void)harness;
	(void)what;
	(void)runs;
	(void)ms;
	job_alive(arg);
}

static int count(struct job_ctx *ctx, const struct suite_result *r, uint64_t ms, struct err *err)
{
	struct stat_rec s = { .campaign = ctx->project->id,
		.harness = ctx->job->harness,
		.engine = (char *)(uintptr_t) "edge",
		.execs = r->cases,
		.crashes = r->verdicts[SUITE_FAILED],
		.wall_ms = ms };

	return store_stat_add(ctx->project->store, &s, err);
}

int job_edge(struct job_ctx *ctx, struct err *err)
{
	static const enum variant variants[] = { VARIANT_ASAN };
	const struct config_harness *h = project_harness(ctx->project, ctx->job->harness, err);
	struct suite_opts opts = { .variants = variants,
		.n_variants = ARRAY_LEN(variants),
		.jobs = 1,
		.queue = true,
		.no_minimize = true,
		.progress = keep_lease,
		.arg = ctx };
	struct suite_result result;
	uint64_t start = clock_mono_ms();
	int rc;

	if (!h)
		return -1;
	if (num_u64(strv_of(ctx->job->payload), &opts.time_ms) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	rc = suite_run(ctx->project, h, &opts, &result, err);
	if (rc == 0)
		rc = count(ctx, &result, clock_mono_ms() - start, err);
	log_debug("%s: %llu edge cases, %llu failed, %llu into the corpus", h->name,
		(unsigned long long)result.cases, (unsigned long long)result.verdicts[SUITE_FAILED],
		(unsigned long long)result.corpus_added);
	if (rc == 0 && result.verdicts[SUITE_NOT_RUN])
		rc = err_refused(err, "%llu edge cases could not be run here",
			(unsigned long long)result.verdicts[SUITE_NOT_RUN]);
	suite_result_release(&result);
	/* cut short: it stays to be done */
	return rc == 0 && proc_interrupted() ? err_set(err, "interrupted") : rc;
}
