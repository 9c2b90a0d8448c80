/* What each kind of job does. */
#include "base/prelude.h"
#include "campaign/jobs.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/hook.h"
#include "campaign/triage.h"
#include "corpus/inputs.h"
#include "engine/engine.h"
#include "proc/proc.h"
#include <stdio.h>

#define SWEEP_LEN_MAX ((uint64_t)64 << 20)

char *fuzz_payload_format(const struct fuzz_payload *p)
{
	return xasprintf("%s %llu %llu", p->engine, (unsigned long long)p->slice_ms,
		(unsigned long long)p->seed);
}

int fuzz_payload_parse(const char *text, struct fuzz_payload *out)
{
	struct strv rest = strv_of(text), part;

	if (!strv_split(&rest, ' ', &part) || part.len >= sizeof(out->engine))
		return -1;
	snprintf(out->engine, sizeof(out->engine), STRV_FMT, STRV_ARG(part));
	if (!strv_split(&rest, ' ', &part) || num_u64(part, &out->slice_ms) < 0)
		return -1;
	return num_u64(rest, &out->seed);
}

struct fuzzing {
	struct job_ctx *ctx;
	const struct config_harness *h;
	const struct engine_ops *ops;
	struct engine_stats counted; /* what the store has of this slice */
	uint64_t counted_ms, started_ms;
};

static int on_found(void *arg, const char *path, const char *kind)
{
	struct fuzzing *f = arg;
	struct buf input = BUF_INIT;
	struct err err = ERR_INIT;
	bool slow = strcmp(kind, "timeout") == 0, added = false;
	int (*add)(struct campaign *, const char *, const char *, const char *, const char *,
		const void *, size_t, bool *, struct err *) = slow ? triage_add_slow : triage_add;

	if (fs_read(path, SWEEP_LEN_MAX, &input, &err) < 0 ||
		add(f->ctx->c, f->h->name, "asan", f->ops->name, NULL, buf_str(&input), input.len,
			&added, &err) < 0)
		log_error("%s: a finding could not be stored: %s", f->h->name, err.msg);
	else if (added)
		log_debug("%s: %s found by %s", f->h->name, kind, f->ops->name);
	buf_release(&input);
	return 0;
}

/* Add what came since the last call to the store's numbers. */
static void count(struct fuzzing *f, const struct engine_stats *s)
{
	uint64_t now = clock_mono_ms();
	struct err err = ERR_INIT;
	struct stat_rec r = { .campaign = f->ctx->c->id,
		.harness = (char *)(uintptr_t)f->h->name,
		.engine = (char *)(uintptr_t)f->ops->name,
		.execs = s->execs - MIN(s->execs, f->counted.execs),
		.crashes = s->crashes - MIN(s->crashes, f->counted.crashes),
		.restarts = s->restarts - MIN(s->restarts, f->counted.restarts),
		.wall_ms = now - f->counted_ms,
		.corpus = s->corpus,
		.edges = s->edges,
		.execs_per_s = s->execs_per_s };

	if (store_stat_add(f->ctx->c->store, &r, &err) < 0)
		log_warn("%s: %s", f->h->name, err.msg);
	f->counted = *s;
	f->counted_ms = now;
}

static int on_tick(void *arg, const struct engine_stats *s)
{
	struct fuzzing *f = arg;

	count(f, s);
	return job_alive(f->ctx) ? 0 : 1;
}

static int build_for(struct campaign *c, const struct config_harness *h, enum variant v, char **exe,
	struct err *err)
{
	struct build_result r = { 0 };
	int rc;

	if (campaign_need_tools(c, err) < 0)
		return -1;
	rc = build_variant(c->cfg, h, NULL, v, &c->tools, 1, &r, err);
	*exe = r.exe ? xstrdup(r.exe) : NULL;
	build_result_release(&r);
	return rc;
}

int job_fuzz(struct job_ctx *ctx, struct err *err)
{
	struct campaign *c = ctx->c;
	struct fuzzing f = {
		.ctx = ctx, .started_ms = clock_mono_ms(), .counted_ms = clock_mono_ms()
	};
	struct engine_stats stats = { 0 };
	struct engine_job job = { 0 };
	struct fuzz_payload p;
	char *exe = NULL, *cmplog = NULL, *corpus = NULL, *work = NULL;
	bool afl;
	int rc = -1;

	if (fuzz_payload_parse(ctx->job->payload, &p) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	f.ops = engine_by_name(p.engine);
	f.h = campaign_harness(c, ctx->job->harness, err);
	if (!f.h)
		return -1;
	if (!f.ops)
		return err_set(err, "%s: no such engine", p.engine);
	afl = f.ops == &engine_aflpp;
	if (build_for(c, f.h, afl ? VARIANT_AFL : VARIANT_LIBFUZZER, &exe, err) < 0)
		goto out;
	if (afl && build_for(c, f.h, VARIANT_AFL_CMPLOG, &cmplog, NULL) < 0)
		log_debug("%s: AFL++ goes without cmplog", f.h->name);
	corpus = campaign_corpus_dir(c, f.h->name);
	work = campaign_work_dir(c, f.h->name, f.ops->name);
	job = (struct engine_job){ .harness = f.h->name,
		.exe = exe,
		.cmplog_exe = cmplog,
		.corpus_dir = corpus,
		.work_dir = work,
		.seeds = f.h->seeds.v,
		.dictionary = f.h->dictionary,
		.slice_ms = p.slice_ms,
		.max_len = f.h->max_len,
		.timeout_ms = f.h->timeout_ms,
		.memory = f.h->memory,
		.seed = p.seed };
	if (fs_mkdirs(corpus, err) < 0 || fs_mkdirs(work, err) < 0)
		goto out;
	rc = f.ops->run(&job, on_found, on_tick, &f, &stats, err);
	if (rc == 0)
		count(&f, &stats);
	if (jobs_add_sweep(c, f.h->name, rc == 0 ? err : NULL) < 0)
		rc = -1;
out:
	free(exe);
	free(cmplog);
	free(corpus);
	free(work);
	return rc;
}

int jobs_add_sweep(struct campaign *c, const char *harness, struct err *err)
{
	struct job_rec job = { .campaign = c->id,
		.kind = (char *)(uintptr_t) "sweep",
		.harness = (char *)(uintptr_t)harness,
		.payload = (char *)(uintptr_t) "",
		.priority = 30 };
	int rc;

	job.key = xasprintf("%s %llu", harness, (unsigned long long)clock_wall_ms());
	rc = store_job_add(c->store, &job, NULL, err);
	free(job.key);
	return rc;
}

static int add_bug_job(struct campaign *c, const char *kind, int priority, const char *bug,
	const char *harness, struct err *err)
{
	struct job_rec job = { .campaign = c->id,
		.kind = (char *)(uintptr_t)kind,
		.harness = (char *)(uintptr_t)harness,
		.key = (char *)(uintptr_t)bug,
		.payload = (char *)(uintptr_t)bug,
		.priority = priority };

	return store_job_add(c->store, &job, NULL, err);
}

int jobs_add_for_bug(struct campaign *c, const char *bug, const char *harness, struct err *err)
{
	if (add_bug_job(c, "minimize", 20, bug, harness, err) < 0)
		return -1;
	return add_bug_job(c, "regress", 10, bug, harness, err);
}

static void announce(struct campaign *c, const struct bug_rec *b, bool is_new)
{
	log_info(
		"%s bug %.8s in %s: %s", is_new ? "new" : "regressed", b->id, b->harness, b->title);
	store_event_add(
		c->store, c->id, clock_wall_ms(), is_new ? "new-bug" : "regressed", b->id, NULL);
	hook_new_bug(c, b);
}

int job_triage(struct job_ctx *ctx, struct err *err)
{
	struct campaign *c = ctx->c;
	struct triage_filed filed;
	struct bug_rec b = { 0 };
	int64_t id;

	if (num_i64(strv_of(ctx->job->payload), &id) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	if (triage_finding(c, id, &filed, err) < 0)
		return -1;
	if (!filed.bug[0])
		return 0;
	if (filed.new_bug || filed.regressed) {
		if (store_bug_get(c->store, filed.bug, &b, err) != 0)
			return -1;
		if (b.state != BUG_IGNORED)
			announce(c, &b, filed.new_bug);
		bug_rec_release(&b);
	}
	/* always: a kill may have come between filing and this */
	return jobs_add_for_bug(c, filed.bug, ctx->job->harness, err);
}
