/*
 * A campaign begins with what needs no luck: each harness's edge cases, on the build that findings are judged by. What
 * fails is triaged with what the engines find, and what reaches new code is there for them to begin with. A target that
 * fails on most of them runs a few dozen a second here, each failure in a process of its own: the cases that there is no
 * time for are left to libFuzzer, whose build survives failures.
 */
#include "base/prelude.h"
#include "campaign/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/edges.h"
#include "campaign/tokens.h"
#include "engine/handed.h"
#include "engine/libfuzzer.h"
#include "engine/process.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "suite/suite.h"
#include <stdio.h>

#define TELL_MS 1000
/* of cases that are left: longer ones would take most of the slice */
#define LEFT_LEN ((size_t)2048)
#define LEFT_MAX ((size_t)6 << 20)

struct edge_running {
	struct job_ctx *ctx;
	/* in the store already */
	uint64_t told_runs, told_ms;
	size_t max_len;
	uint64_t dropped; /* of those that had no time */
	struct buf left;  /* for libFuzzer */
};

static bool leave(void *arg, struct strv input)
{
	struct edge_running *e = arg;

	if (input.len && input.len <= e->max_len)
		handed_add(&e->left, input.s, input.len);
	else
		e->dropped += input.len != 0;
	e->dropped += e->left.len >= LEFT_MAX;
	return e->left.len < LEFT_MAX;
}

/* True: libFuzzer runs them. */
static bool hand_on(struct edge_running *e)
{
	char *path = edges_left_path(e->ctx->project, e->ctx->job->harness),
	     *dir = fs_dirname(path);
	struct err err = ERR_INIT;
	bool done = fs_mkdirs(dir, &err) == 0 &&
		    fs_write(path, e->left.s, e->left.len, 0600, &err) == 0;

	if (!done)
		log_warn("%s: edge cases that had no time: %s", e->ctx->job->harness, err.msg);
	free(dir);
	free(path);
	return done;
}

static int note_cut(struct edge_running *e, uint64_t cases, struct err *err)
{
	bool all = e->left.len && hand_on(e) && !e->dropped;

	return (all ? edges_note_left : edges_note_cut)(
		e->ctx->project, e->ctx->job->harness, cases, err);
}

static bool libfuzzer_takes_them(struct project *p, const struct config_harness *h)
{
	char *exe = build_path(p->cfg, h, NULL, VARIANT_LIBFUZZER);
	bool takes = prepared_wants(h, engine_libfuzzer.name) && engine_survives(exe);

	free(exe);
	return takes;
}

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
	char *words;
	int rc;

	if (!h)
		return -1;
	running.max_len = MIN((size_t)h->max_len, LEFT_LEN);
	if (libfuzzer_takes_them(ctx->project, h))
		opts.left = leave;
	if (num_u64(strv_of(ctx->job->payload), &opts.time_ms) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	/* its code's words, too, which were gathered before */
	opts.words = words = tokens_path(ctx->project, h->name);
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
		rc = note_cut(&running, result.cases, err);
	buf_release(&running.left);
	free(words);
	suite_result_release(&result);
	/* cut short: it stays to be done */
	return rc == 0 && proc_interrupted() ? err_set(err, "interrupted") : rc;
}
