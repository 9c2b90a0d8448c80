/*
 * Exploring and detecting are separate: every input that enters a harness's corpus is replayed once under its
 * sanitizer builds. What fails becomes a finding. What fails on the asan build also leaves the corpus, where it would
 * only stop the engines; they don't see what MSan sees, and of that, one place may fail with every input there is: a
 * few findings of each are enough.
 */
#include "base/prelude.h"
#include "campaign/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/jobs.h"
#include "corpus/inputs.h"
#include "project/lease.h"
#include "triage/triage.h"

#define EACH_MAX 3 /* findings of one signature, in one sweep of a build that engines don't run */
#define SWEEP_LEN_MAX ((uint64_t)64 << 20)

struct sweep {
	struct job_ctx *ctx;
	const struct config_harness *h;
	enum variant variant;
	char *dir;            /* the corpus */
	struct strlist names; /* to be done */
	size_t next;
	struct buf done;    /* lines for the list of what was swept */
	struct buf *inputs; /* by index: held until their result came */
	struct strlist signatures;
	struct err err;
	bool failed;
};

/* The names in the list file (sorted, one a line) are skipped; binary search over sorted names. */
static bool is_swept(const struct strlist *swept, const char *name)
{
	size_t lo = 0, hi = swept->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = strcmp(swept->v[mid], name);

		if (cmp == 0)
			return true;
		if (cmp < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

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
		rc = fs_read(path, SWEEP_LEN_MAX, &s->inputs[i], NULL);
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

/* Another one of what was filed often enough? */
static bool is_enough(struct sweep *s, const struct target_result *r)
{
	struct triage t = TRIAGE_INIT;
	size_t n = 0;

	if (s->variant == VARIANT_ASAN)
		return false;
	triage_judge(s->ctx->project, s->h->name, r, &t);
	for (size_t i = 0; t.report && i < s->signatures.n; i++)
		n += strcmp(s->signatures.v[i], t.sig.site->id) == 0;
	if (t.report && n < EACH_MAX)
		strlist_add(&s->signatures, t.sig.site->id);
	triage_release(&t);
	return n >= EACH_MAX;
}

static int file_failing(
	struct sweep *s, const struct target_input *in, const struct target_result *r)
{
	char *path;

	if (is_enough(s, r))
		return 0;
	if (triage_add(s->ctx->project, s->h->name, variant_name(s->variant), "sweep", NULL,
		    in->data, in->len, NULL, &s->err) < 0)
		return -1;
	if (s->variant == VARIANT_ASAN) {
		path = fs_join(s->dir, s->names.v[in->tag]);
		fs_remove(path, NULL);
		free(path);
	}
	return 0;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct sweep *s = arg;
	const char *name = s->names.v[in->tag];
	struct project *p = s->ctx->project;

	if (r->outcome == TARGET_ERROR)
		goto out;
	if (r->stateful) { /* fine alone: it stays in the corpus */
		if (triage_add_stateful(p, s->h->name, variant_name(s->variant), "sweep", in->data,
			    in->len, r, &s->err) < 0)
			s->failed = true;
	} else if (r->outcome != TARGET_OK && r->outcome != TARGET_REJECTED) {
		if (file_failing(s, in, r) < 0)
			s->failed = true;
	}
	if (!s->failed)
		buf_addf(&s->done, "%s\n", name);
out:
	buf_release(&s->inputs[in->tag]);
	return s->failed;
}

static void read_list(const char *path, struct strlist *out)
{
	struct buf b = BUF_INIT;
	struct strv text, line;

	if (fs_read(path, FS_NO_LIMIT, &b, NULL) == 0) {
		text = strv_n(b.s, b.len);
		while (strv_line(&text, &line))
			if (line.len)
				strlist_add_take(out, strv_dup(line));
	}
	strlist_sort(out);
	buf_release(&b);
}

static int write_list(
	const char *path, const struct strlist *old, const struct buf *more, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	for (size_t i = 0; i < old->n; i++)
		buf_addf(&b, "%s\n", old->v[i]);
	buf_add(&b, buf_str(more), more->len);
	rc = fs_write(path, buf_str(&b), b.len, 0600, err);
	buf_release(&b);
	return rc;
}

static int sweep_variant(struct sweep *s, struct err *err)
{
	struct project *p = s->ctx->project;
	struct strlist all = STRLIST_INIT, swept = STRLIST_INIT;
	char *work = project_work_dir(p, s->h->name, "sweep");
	char *list = xasprintf("%s/%s", work, variant_name(s->variant));
	struct target *t;
	int rc = -1;

	if (fs_mkdirs(work, err) < 0 || fs_mkdirs(s->dir, err) < 0 ||
		fs_list(s->dir, &all, err) < 0)
		goto out;
	read_list(list, &swept);
	for (size_t i = 0; i < all.n; i++)
		if (inputs_is_name(all.v[i]) && !is_swept(&swept, all.v[i]))
			strlist_add(&s->names, all.v[i]);
	rc = 0;
	if (!s->names.n)
		goto out;
	s->inputs = xcalloc(s->names.n, sizeof(*s->inputs));
	t = project_target(p, s->h, s->variant, NULL, 1, err);
	rc = t ? target_run(t, NULL, next_input, one_done, s, err) : -1;
	if (rc == 0 && s->failed) {
		*err = s->err;
		rc = -1;
	}
	if (s->done.len && write_list(list, &swept, &s->done, rc == 0 ? err : NULL) < 0)
		rc = -1;
	for (size_t i = 0; i < s->names.n; i++)
		buf_release(&s->inputs[i]);
out:
	free(s->inputs);
	s->inputs = NULL;
	s->next = 0;
	strlist_release(&s->names);
	strlist_release(&s->signatures);
	strlist_release(&all);
	strlist_release(&swept);
	buf_release(&s->done);
	free(work);
	free(list);
	return rc;
}

int job_sweep(struct job_ctx *ctx, struct err *err)
{
	struct sweep s = { .ctx = ctx, .variant = VARIANT_ASAN };
	struct err why = ERR_INIT;
	int rc;

	s.h = project_harness(ctx->project, ctx->job->harness, err);
	if (!s.h)
		return -1;
	s.dir = project_corpus_dir(ctx->project, s.h->name);
	rc = sweep_variant(&s, err);
	s.variant = VARIANT_MSAN;
	/* what isn't built with it, as a library it needs isn't, goes without */
	if (rc == 0 && build_wants(s.h->build, s.variant) && job_alive(ctx) &&
		sweep_variant(&s, &why) < 0)
		log_warn("%s: not swept on the %s build: %s", s.h->name, variant_name(s.variant),
			why.msg);
	free(s.dir);
	return rc;
}
