/* A slice of one engine: what it finds is stored as it goes, what it counts is added to the books. */
#include "base/prelude.h"
#include "campaign/internal.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/aside.h"
#include "campaign/cutting.h"
#include "campaign/edges.h"
#include "campaign/endless.h"
#include "campaign/gain.h"
#include "campaign/jobs.h"
#include "campaign/lost.h"
#include "campaign/start.h"
#include "campaign/tokens.h"
#include "campaign/workplace.h"
#include "corpus/inputs.h"
#include "depot/corpora.h"
#include "engine/aflpp.h"
#include "engine/engine.h"
#include "engine/process.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "project/origins.h"
#include "triage/triage.h"
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)64 << 20)
#define TELL_MS 10000
/* with other machines; and what it takes, which many beside us make longer, is a small part of the time */
#define SYNC_MS 2000
#define SYNC_MOST_MS 10000
#define SYNC_PART 100
/* of the slice: what measuring its gain may take */
#define GAIN_PART 20
#define GAIN_MIN_MS 100

struct fuzzing {
	struct job_ctx *ctx;
	const struct config_harness *h;
	const struct engine_ops *ops;
	struct engine_stats counted; /* what the store has of this slice */
	uint64_t counted_ms, told_ms, sync_ms;
	time_t since; /* when the job began */
	struct origins origins;
	struct strlist brought; /* names of inputs */
	struct strlist begin_with;
};

/* The engine keeps what isn't stored, so this may be called for one input again and again: it says so now and then. */
static void tell_unstored(struct fuzzing *f, const char *why)
{
	uint64_t now = clock_mono_ms();

	if (f->told_ms && now < f->told_ms + TELL_MS)
		return;
	f->told_ms = now;
	log_warn("%s: a failing input can't be stored yet; it is kept and tried again: %s",
		f->h->name, why);
}

static int keep_aside(struct fuzzing *f, const struct buf *input, struct err *err)
{
	struct aside a;
	int rc;

	aside_open(&a, f->ctx->project, f->h->name);
	rc = aside_keep(&a, buf_str(input), input->len, err);
	aside_close(&a);
	return rc;
}

static enum engine_ack on_found(void *arg, const struct engine_find *find)
{
	struct fuzzing *f = arg;
	struct buf input = BUF_INIT;
	struct err err = ERR_INIT;
	bool slow = strcmp(find->kind, "timeout") == 0 || strcmp(find->kind, ENGINE_SLOW) == 0;
	bool added = false;
	enum engine_ack ack = ENGINE_STORED;
	struct finding_rec seen = { .harness = (char *)(uintptr_t)f->h->name,
		.variant = (char *)(uintptr_t) "asan",
		.origin = (char *)(uintptr_t)f->ops->name,
		.kind = (char *)(uintptr_t)find->kind,
		.text = find->report.len ? (char *)(uintptr_t)find->report.s : NULL,
		.text_len = find->report.len };

	/* a fact, whoever has the job by now, and one that can't count twice */
	store_fence(f->ctx->project->store, NULL);
	if (fs_read(find->path, INPUT_MAX, &input, &err) < 0 ||
		triage_add_seen(f->ctx->project, &seen, slow, buf_str(&input), input.len, &added,
			&err) < 0 ||
		keep_aside(f, &input, &err) < 0) {
		tell_unstored(f, err.msg);
		ack = ENGINE_UNSTORED;
	} else if (added) {
		log_debug("%s: %s found by %s", f->h->name, find->kind, f->ops->name);
	}
	store_fence(f->ctx->project->store, f->ctx->job);
	buf_release(&input);
	return ack;
}

/*
 * Add what came since the last call to the store's numbers: several workers add to the same row, so that only differences
 * can be written. Two writes, either of which may fail while the other doesn't: what each has had is remembered apart.
 */
static void count(struct fuzzing *f, const struct engine_stats *s)
{
	uint64_t now = clock_mono_ms(), lost;
	struct err err = ERR_INIT;
	struct stat_rec r = { .campaign = f->ctx->project->id,
		.harness = (char *)(uintptr_t)f->h->name,
		.engine = (char *)(uintptr_t)f->ops->name,
		.execs = s->execs - MIN(s->execs, f->counted.execs),
		.crashes = s->crashes - MIN(s->crashes, f->counted.crashes),
		.restarts = s->restarts - MIN(s->restarts, f->counted.restarts),
		.wall_ms = now - f->counted_ms,
		.corpus = s->corpus,
		.edges = s->edges,
		.execs_per_s = s->execs_per_s };

	if (s->lost > f->counted.lost) {
		if (lost_add(f->ctx->project, f->h->name, f->ops->name, s->lost - f->counted.lost,
			    s->lost_why, &err) == 0)
			f->counted.lost = s->lost;
	}
	lost = f->counted.lost;
	if (store_stat_add(f->ctx->project->store, &r, &err) == 0) {
		f->counted = *s;
		f->counted_ms = now;
	}
	f->counted.lost = lost;
	/* what isn't counted now is with the next */
	if (*err.msg)
		log_warn("%s: %s", f->h->name, err.msg);
}

static uint64_t sync_next(uint64_t from, uint64_t to)
{
	return to + MIN(MAX((to - from) * SYNC_PART, (uint64_t)SYNC_MS), (uint64_t)SYNC_MOST_MS);
}

static int on_tick(void *arg, const struct engine_stats *s)
{
	struct fuzzing *f = arg;

	struct err err = ERR_INIT;
	uint64_t now = clock_mono_ms();

	count(f, s);
	origins_flush(&f->origins, f->ctx->project);
	if (f->ctx->depot && now >= f->sync_ms) {
		if (depot_sync(f->ctx->depot, f->h->name, &err) < 0)
			log_warn("%s: %s", f->h->name, err.msg);
		f->sync_ms = sync_next(now, clock_mono_ms());
	}
	return job_alive(f->ctx) ? 0 : 1;
}

static void on_brought(void *arg, const char *sha1, const char *name, const char *parent)
{
	struct fuzzing *f = arg;

	origins_add(&f->origins, sha1, name, parent);
	strlist_add(&f->brought, sha1);
}

/* libFuzzer says nothing of single inputs: those are its that came since it started, and that nobody else has told of. */
static void tell_new(struct fuzzing *f, const char *corpus)
{
	struct strlist names = STRLIST_INIT;

	if (f->ops == &engine_aflpp || fs_list(corpus, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *path = fs_join(corpus, names.v[i]);
		struct stat st;

		if (inputs_is_name(names.v[i]) &&
			!depot_came(f->ctx->depot, f->h->name, names.v[i]) &&
			lstat(path, &st) == 0 && st.st_mtime >= f->since)
			on_brought(f, names.v[i], NULL, NULL);
		free(path);
	}
	strlist_release(&names);
}

static int one_of_others(void *arg, const struct origin_rec *r)
{
	struct fuzzing *f = ((void **)arg)[0];
	struct strlist *others = ((void **)arg)[1];

	if (strcmp(r->engine, f->ops->name) != 0)
		strlist_add(others, r->sha1);
	return 0;
}

/* libFuzzer's are those that nobody else says are theirs: the other engine may have run beside it. */
static void count_gain(struct fuzzing *f, uint64_t slice_ms)
{
	struct strlist others = STRLIST_INIT, own = STRLIST_INIT;
	void *arg[] = { f, &others };

	if (!f->brought.n)
		return; /* most slices of an old corpus: neither origins nor a target are asked */
	if (store_origins_of(f->ctx->project->store, f->h->name, &f->brought, one_of_others, arg,
		    NULL) == 0) {
		strlist_sort(&others);
		strlist_sort(&f->brought);
		for (size_t i = 0; i < f->brought.n; i++)
			if (!strlist_has_sorted(&others, f->brought.v[i]))
				strlist_add(&own, f->brought.v[i]);
		if (own.n)
			gain_add(f->ctx->project, f->h, f->ops->name, &own,
				MAX(slice_ms / GAIN_PART, (uint64_t)GAIN_MIN_MS));
	}
	strlist_release(&others);
	strlist_release(&own);
}

static int build_for(struct project *p, const struct config_harness *h, enum variant v, char **exe,
	struct err *err)
{
	struct build_result r = { 0 };
	int rc;

	if (project_need_tools(p, err) < 0)
		return -1;
	rc = build_variant(p->cfg, h, NULL, v, &p->tools, 1, &r, err);
	*exe = r.exe ? xstrdup(r.exe) : NULL;
	build_result_release(&r);
	return rc;
}

/* What a slice's engine is given. */
struct outfit {
	char *exe, *second, *corpus, *work, *words, *left, *prefixes;
	int lock; /* of its workplace */
};

static void outfit_release(struct outfit *o)
{
	if (o->lock >= 0)
		close(o->lock);
	free(o->exe);
	free(o->second);
	free(o->corpus);
	free(o->work);
	free(o->words);
	free(o->left);
	free(o->prefixes);
}

static int build_both(struct fuzzing *f, bool afl, struct outfit *o, struct err *err)
{
	struct project *project = f->ctx->project;

	if (build_for(project, f->h, afl ? VARIANT_AFL : VARIANT_LIBFUZZER, &o->exe, err) < 0)
		return -1;
	if (build_for(project, f->h, afl ? VARIANT_AFL_CMPLOG : VARIANT_LIBFUZZER_PLAIN, &o->second,
		    NULL) < 0)
		log_debug("%s: %s", f->h->name,
			afl ? "AFL++ goes without cmplog"
			    : "libFuzzer goes without a build without sanitizers");
	return 0;
}

/* job: it borrows from f and o */
static int prepare(struct fuzzing *f, const struct fuzz_payload *p, struct outfit *o,
	struct engine_job *job, struct err *err)
{
	struct project *project = f->ctx->project;
	const struct config_harness *h = f->h;
	bool afl = f->ops == &engine_aflpp;

	if (build_both(f, afl, o, err) < 0)
		return -1;
	o->left = edges_left_path(project, h->name);
	o->corpus = project_corpus_dir(project, h->name);
	o->words = tokens_of_slice(project, h);
	*job = (struct engine_job){ .harness = h->name,
		.brought = on_brought,
		.brought_arg = f,
		.exe = o->exe,
		.cmplog_exe = afl ? o->second : NULL,
		.plain_exe = afl ? NULL : o->second,
		.corpus_dir = o->corpus,
		.seeds = h->seeds.v,
		.dictionary = o->words,
		.handed = o->left,
		.env = h->env.v,
		.given = { h->files.v, project->cfg->dir },
		.sandbox = project_sandbox(project),
		.slice_ms = p->slice_ms,
		.max_len = h->max_len,
		.timeout_ms = h->timeout_ms,
		.start_ms = h->start_ms,
		.memory = h->memory,
		.endless = endless_known(project, h->name),
		.seed = p->seed };
	job->work_dir = o->work = workplace_take(project, h->name, f->ops->name, &o->lock, err);
	if (!o->work || fs_mkdirs(o->corpus, err) < 0)
		return -1;
	if (start_choose(project, h, afl ? START_WHOLE_AFL : START_WHOLE_LIBFUZZER, p->slice_ms,
		    p->seed, &f->begin_with))
		job->begin_with = &f->begin_with;
	if (!afl && engine_survives(o->exe))
		job->prefixes = o->prefixes = cutting_make(project, h, o->exe);
	return 0;
}

/* Its end is entered in the books also of a slice that failed; rc and err: the first that went wrong. */
static int run_slice(
	struct fuzzing *f, const struct fuzz_payload *p, struct engine_job *job, struct err *err)
{
	struct project *project = f->ctx->project;
	struct engine_stats stats = { 0 };
	int rc = f->ops->run(job, on_found, on_tick, f, &stats, err);

	if (rc == 0)
		count(f, &stats);
	if (rc == 0 && !stats.execs && !stats.lost && *stats.lost_why &&
		lost_add(project, f->h->name, f->ops->name, 0, stats.lost_why, err) < 0)
		rc = -1;
	if (stats.handed && edges_note_done(project, f->h->name, rc == 0 ? err : NULL) < 0)
		rc = -1;
	tell_new(f, job->corpus_dir);
	origins_flush(&f->origins, project);
	if (rc == 0 && !proc_interrupted())
		count_gain(f, p->slice_ms);
	if (jobs_add_sweep(project, f->h->name, rc == 0 ? err : NULL) < 0)
		rc = -1;
	return rc;
}

int job_fuzz(struct job_ctx *ctx, struct err *err)
{
	struct fuzzing f = { .ctx = ctx, .counted_ms = clock_mono_ms(), .since = time(NULL) };
	struct outfit o = { .lock = -1 };
	struct engine_job job;
	struct fuzz_payload p;
	int rc = -1;

	if (fuzz_payload_parse(ctx->job->payload, &p) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	f.ops = engine_by_name(p.engine);
	f.h = project_harness(ctx->project, ctx->job->harness, err);
	if (!f.h)
		return -1;
	if (!f.ops)
		return err_set(err, "%s: no such engine", p.engine);
	f.origins = (struct origins){ .harness = f.h->name, .engine = f.ops->name };
	if (prepare(&f, &p, &o, &job, err) == 0)
		rc = run_slice(&f, &p, &job, err);
	outfit_release(&o);
	strlist_release(&f.brought);
	strlist_release(&f.begin_with);
	return rc;
}
