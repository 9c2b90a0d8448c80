/*
 * Exploring and detecting are separate: every input that enters a harness's corpus is replayed once under its
 * sanitizer builds. What fails becomes a finding. What fails on the asan build also leaves the corpus, where it would
 * only stop the engines; they don't see what MSan sees. It is put aside, and comes back when it passes on a later build.
 * One place may fail with every input there is: a few findings of each are enough.
 */
#include "base/prelude.h"
#include "campaign/internal.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/announce.h"
#include "campaign/aside.h"
#include "campaign/endless.h"
#include "campaign/jobs.h"
#include "campaign/swept.h"
#include "corpus/inputs.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "triage/filing.h"
#include <sys/stat.h>

#define EACH_MAX 3 /* findings of one signature, in one sweep of a build */
#define TOLD_MS ((uint64_t)3600 * 1000)
#define SWEEP_LEN_MAX ((uint64_t)64 << 20)
/* at once: what is found meanwhile isn't triaged, and some inputs take seconds */
#define SWEEP_MS ((uint64_t)3000)

struct sweep {
	struct job_ctx *ctx;
	const struct config_harness *h;
	enum variant variant;
	/* the corpus, what left it, or all inputs that were ever found to fail */
	char *dir;
	bool is_corpus, is_aside;
	struct aside aside;
	struct strlist names; /* to be done */
	size_t next, done;
	/* for the list of what was swept: what failed is looked at again by the next campaign */
	struct strlist passed, failing;
	struct buf *inputs; /* by index: held until their result came */
	struct strlist signatures;
	struct err err;
	bool failed;
	/* clock_mono_ms(), and whether there was more to do then */
	uint64_t until_ms;
	bool cut;
	/* this machine couldn't */
	size_t not_run;
	/* how the others were taken */
	struct verdict_rec taken;
};

static bool next_input(void *arg, struct target_input *in)
{
	struct sweep *s = arg;

	while (s->next < s->names.n) {
		size_t i = s->next++;
		char *path;
		int rc;

		if (!job_alive(s->ctx))
			return false;
		path = fs_join(s->dir, s->names.v[i]);
		rc = dir_read_path(path, SWEEP_LEN_MAX, &s->inputs[i], NULL);
		free(path);
		if (rc < 0)
			continue; /* an engine took it away: nothing to replay */
		*in = (struct target_input){
			.data = buf_str(&s->inputs[i]), .len = s->inputs[i].len, .tag = i
		};
		return true;
	}
	return false;
}

/* Another one of what was filed often enough, or of an open bug that was seen of late? */
static bool is_enough(struct sweep *s, const struct target_input *in, const struct target_result *r)
{
	const uint64_t since = clock_wall_ms() - TOLD_MS;
	struct triage t = TRIAGE_INIT;
	size_t n = 0;

	triage_judge(s->ctx->project, s->h->name, r, &t);
	t.variant = s->variant;
	t.len = in->len;
	for (size_t i = 0; t.report && i < s->signatures.n; i++)
		n += strcmp(s->signatures.v[i], t.sig.site->id) == 0;
	if (t.report && !n && triage_is_repeat(s->ctx->project, s->h->name, since, &t))
		n = EACH_MAX;
	if (t.report && n < EACH_MAX)
		strlist_add(&s->signatures, t.sig.site->id);
	triage_release(&t);
	return n >= EACH_MAX;
}

static bool drops(const struct sweep *s)
{
	return s->is_corpus && s->variant == VARIANT_ASAN;
}

static int leave_corpus(struct sweep *s, const struct target_input *in)
{
	if (!drops(s))
		return 0;
	return aside_put(&s->aside, s->names.v[in->tag], in->data, in->len, &s->err);
}

static int file_failing(
	struct sweep *s, const struct target_input *in, const struct target_result *r)
{
	struct finding_rec seen = { .harness = (char *)(uintptr_t)s->h->name,
		.variant = (char *)(uintptr_t)variant_name(s->variant),
		.origin = (char *)(uintptr_t) "sweep" };
	bool slow = r->outcome == TARGET_TIMEOUT;

	/* its bytes are kept, and no more of it */
	if (is_enough(s, in, r))
		return leave_corpus(s, in);
	/* of what then stays within the limit there is no more to say */
	if (slow || r->outcome == TARGET_OOM)
		seen.kind = (char *)(uintptr_t)(slow ? "timeout" : "oom");
	if (triage_add_seen(s->ctx->project, &seen, slow, in->data, in->len, NULL, &s->err) < 0)
		return -1;
	return leave_corpus(s, in);
}

static void count(struct sweep *s, const struct target_result *r)
{
	if (r->stateful || r->outcome == TARGET_OK)
		s->taken.accepted++;
	else if (r->outcome == TARGET_REJECTED)
		s->taken.rejected++;
	else if (r->outcome == TARGET_TIMEOUT)
		s->taken.slow++;
	else
		s->taken.failed++;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct sweep *s = arg;
	const char *name = s->names.v[in->tag];
	struct project *p = s->ctx->project;
	struct triage_filed filed;
	bool gone = false, failed = false;

	if (r->outcome == TARGET_ERROR) {
		s->not_run++;
		goto out;
	}
	failed = r->stateful;
	count(s, r);
	if (r->stateful) { /* fine alone: it stays in the corpus */
		if (triage_add_stateful(p, s->h->name, variant_name(s->variant), "sweep", in->data,
			    in->len, r, &filed, &s->err) < 0 ||
			announce_filed(p, &filed, &s->err) < 0)
			s->failed = true;
	} else if (r->outcome != TARGET_OK && r->outcome != TARGET_REJECTED) {
		if (file_failing(s, in, r) < 0)
			s->failed = true;
		/* should it come again, it's evidence: a fault that was mended, and isn't any more */
		gone = drops(s);
		failed = true;
	}
	if (s->is_aside && (r->stateful || !failed)) {
		/* the corpus's own sweep looks at it again, on all builds */
		if (aside_return(&s->aside, name, in->data, in->len, &s->err) < 0)
			s->failed = true;
		gone = true;
	}
	if (!s->failed && !gone)
		strlist_add(failed ? &s->failing : &s->passed, name);
out:
	buf_release(&s->inputs[in->tag]);
	/* the rest is in no list: another sweep begins with it; inputs of another store have none, and are done in one go */
	s->done++;
	s->cut = (s->is_corpus || s->is_aside) && s->done < s->names.n &&
		 clock_mono_ms() >= s->until_ms;
	return s->failed || s->cut || proc_interrupted();
}

/* Replay what is in s->names. */
static int replay(struct sweep *s, struct err *err)
{
	/* alone and under the whole limit they are run by triage */
	struct target_opts how = { .hangs_decide = true };
	struct project *p = s->ctx->project;
	struct target *t;
	uint64_t limit;
	int rc = -1;

	if (!s->names.n)
		return 0;
	s->inputs = xcalloc(s->names.n, sizeof(*s->inputs));
	t = project_target(p, s->h, s->variant, NULL, 1, err);
	if (t) {
		limit = target_timeout(t);
		target_set_timeout(t, endless_limit_ms(p, s->h->name, limit));
		rc = target_run(t, &how, next_input, one_done, s, err);
		target_set_timeout(t, limit);
	}
	if (rc == 0 && s->failed) {
		*err = s->err;
		rc = -1;
	}
	/* they are in no list, so the next sweep begins with them */
	if (rc == 0 && s->not_run)
		rc = err_refused(err, "%zu inputs could not be run here", s->not_run);
	for (size_t i = 0; i < s->names.n; i++)
		buf_release(&s->inputs[i]);
	free(s->inputs);
	s->inputs = NULL;
	return rc;
}

struct dated {
	char *name;
	struct timespec when;
};

static int newest_first(const void *a, const void *b)
{
	const struct dated *x = a, *y = b;

	if (x->when.tv_sec != y->when.tv_sec)
		return x->when.tv_sec < y->when.tv_sec ? 1 : -1;
	if (x->when.tv_nsec != y->when.tv_nsec)
		return x->when.tv_nsec < y->when.tv_nsec ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* After a rebuild all are due: what came last was looked at least. */
static void order_by_age(struct sweep *s)
{
	struct dated *d = xcalloc(s->names.n + 1, sizeof(*d));

	for (size_t i = 0; i < s->names.n; i++) {
		char *path = fs_join(s->dir, s->names.v[i]);
		struct stat st;

		d[i].name = s->names.v[i];
		if (lstat(path, &st) == 0)
			d[i].when = st.st_mtim;
		free(path);
	}
	qsort(d, s->names.n, sizeof(*d), newest_first);
	for (size_t i = 0; i < s->names.n; i++)
		s->names.v[i] = d[i].name;
	free(d);
}

static void begin_anew(struct sweep *s)
{
	s->next = s->done = 0;
	s->failed = false;
	s->not_run = 0;
	s->taken = (struct verdict_rec){ .source = NULL };
	strlist_release(&s->names);
	strlist_release(&s->signatures);
	strlist_release(&s->passed);
	strlist_release(&s->failing);
}

/* A campaign sweeps what is new again and again: it is told of all together. */
static int keep_verdicts(struct sweep *s, struct err *err)
{
	char *source = xasprintf("sweep %s", variant_name(s->variant));
	int rc;

	s->taken.source = source;
	s->taken.campaign = s->ctx->project->id;
	s->taken.when_ms = clock_wall_ms();
	s->taken.not_run = s->not_run;
	rc = store_verdict_set(s->ctx->project->store, s->h->name, &s->taken, true, err);
	s->taken.source = NULL;
	free(source);
	return rc;
}

static int sweep_corpus(struct sweep *s, enum variant v, struct err *err)
{
	struct strlist all = STRLIST_INIT;
	struct swept swept = { 0 };
	int rc = -1;

	s->variant = v;
	s->is_corpus = true;
	s->dir = project_corpus_dir(s->ctx->project, s->h->name);
	if (fs_mkdirs(s->dir, err) < 0 || inputs_list(s->dir, &all, err) < 0 ||
		swept_load(&swept, s->ctx->project, s->h, v, variant_name(v), err) < 0)
		goto out;
	for (size_t i = 0; i < all.n; i++)
		if (!swept_has(&swept, all.v[i]))
			strlist_add(&s->names, all.v[i]);
	order_by_age(s);
	rc = replay(s, err);
	if ((s->passed.n || s->failing.n) &&
		swept_save(&swept, &s->passed, &s->failing, rc == 0 ? err : NULL) < 0)
		rc = -1;
	if (s->names.n && keep_verdicts(s, rc == 0 ? err : NULL) < 0)
		rc = -1;
out:
	begin_anew(s);
	swept_release(&swept);
	strlist_release(&all);
	free(s->dir);
	return rc;
}

static int add_input(void *arg, const struct finding_rec *f)
{
	strlist_add(arg, f->input);
	return 0;
}

/* Those that left the corpus with another build, each once on this one, as far as there is time: any sweep goes on with it. */
static int sweep_aside(struct sweep *s, struct err *err)
{
	struct aside *a = &s->aside;
	struct strlist all = STRLIST_INIT, none = STRLIST_INIT;
	struct swept tried = { 0 };
	int rc = -1;

	if (!fs_is_dir(a->dir) && !store_is_shared(s->ctx->project->store))
		return 0;
	s->variant = VARIANT_ASAN;
	s->is_corpus = false;
	s->is_aside = true;
	s->dir = a->dir;
	if (swept_load(&tried, s->ctx->project, s->h, VARIANT_ASAN, "aside", err) < 0 ||
		aside_list(a, tried.anew, &all, err) < 0)
		goto out;
	strlist_sort(&a->in);
	for (size_t i = 0; i < all.n; i++)
		if (!swept_has(&tried, all.v[i]) && !strlist_has_sorted(&a->in, all.v[i]))
			strlist_add(&s->names, all.v[i]);
	rc = replay(s, err);
	/* in whichever campaign: once on this build */
	strlist_add_all(&s->failing, &a->in);
	if ((s->failing.n || tried.anew) &&
		swept_save(&tried, &s->failing, &none, rc == 0 ? err : NULL) < 0)
		rc = -1;
	if (rc == 0 && a->back.n)
		log_info("%s: %zu inputs pass again, and are back in its corpus", s->h->name,
			a->back.n);
out:
	begin_anew(s);
	s->is_aside = false;
	swept_release(&tried);
	strlist_release(&all);
	return rc;
}

/*
 * Inputs that were found to fail and of which the store knows nothing: it is a new one, in the place of one that was moved
 * away. Whose they were isn't known any more, so each harness looks at them, once.
 */
static int sweep_inputs(struct sweep *s, struct err *err)
{
	struct project *p = s->ctx->project;
	char *fact = xasprintf("inputs/%s", s->h->name), *looked = NULL;
	struct strlist all = STRLIST_INIT;
	struct swept known = { 0 };
	int rc = store_fact_get(p->store, fact, &looked, err);

	if (rc != 1)
		goto out;
	s->variant = VARIANT_ASAN;
	s->is_corpus = false;
	s->dir = p->inputs_dir;
	rc = store_findings(p->store, NULL, -1, add_input, &known.names, err);
	strlist_sort(&known.names);
	if (rc == 0 && fs_is_dir(s->dir))
		rc = inputs_list(s->dir, &all, err);
	for (size_t i = 0; rc == 0 && i < all.n; i++)
		if (!swept_has(&known, all.v[i]))
			strlist_add(&s->names, all.v[i]);
	if (rc == 0)
		rc = replay(s, err);
	if (rc == 0 && !proc_interrupted())
		rc = store_fact_set(p->store, fact, "looked at", err);
out:
	begin_anew(s);
	swept_release(&known);
	strlist_release(&all);
	free(fact);
	free(looked);
	return rc;
}

static int sweep_all(struct sweep *s, struct err *err)
{
	bool cut;

	if (sweep_inputs(s, err) < 0)
		return -1;
	s->until_ms = clock_mono_ms() + SWEEP_MS;
	if (sweep_corpus(s, VARIANT_ASAN, err) < 0)
		return -1;
	cut = s->cut;
	/* what still fails may be much: it never asks for a sweep of its own */
	s->until_ms = clock_mono_ms() + SWEEP_MS / 3;
	if (!cut && job_alive(s->ctx) && sweep_aside(s, err) < 0)
		return -1;
	s->cut = cut;
	if (!build_wants(s->h->build, VARIANT_MSAN) || !job_alive(s->ctx))
		return 0;
	/* it has its part, however much the other one has left */
	s->cut = false;
	s->until_ms = clock_mono_ms() + SWEEP_MS / 3;
	if (sweep_corpus(s, VARIANT_MSAN, err) == 0) {
		s->cut |= cut;
		return 0;
	}
	return err_prefix(err, "not swept on the %s build", variant_name(VARIANT_MSAN));
}

int job_sweep(struct job_ctx *ctx, struct err *err)
{
	struct sweep s = { .ctx = ctx };
	int rc;

	s.h = project_harness(ctx->project, ctx->job->harness, err);
	if (!s.h)
		return -1;
	aside_open(&s.aside, ctx->project, s.h->name);
	rc = sweep_all(&s, err);
	if (aside_tell(&s.aside, rc == 0 ? err : NULL) < 0)
		rc = -1;
	aside_close(&s.aside);
	if (rc < 0)
		return -1;
	return s.cut && job_alive(ctx) ? jobs_add_sweep_rest(ctx->project, s.h->name, err) : 0;
}
