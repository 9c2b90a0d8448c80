/* Proving tests: one bug's input on each variant, as often as its reproducibility demands. */
#include "base/prelude.h"
#include "retest/proof.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "project/lease.h"
#include "report/stack_text.h"
#include "retest/regress.h"
#include "triage/same_bug.h"
#include "triage/triage.h"

/* of a bug that never failed to fail */
#define PROOF_RUNS 3

/* The build variants that tests are proven on, and what each is in words. */
static const struct regress_variant {
	enum variant v;
	const char *words;
	bool sanitizer;
} regress_variants[] = {
	{ VARIANT_ASAN, "clang with ASan and UBSan", true },
	{ VARIANT_GCC_ASAN, "gcc with ASan and UBSan", true },
	{ VARIANT_MSAN, "clang with MSan", true },
	{ VARIANT_PLAIN, "no sanitizer", false },
};

void proof_release(struct proof *p)
{
	buf_release(&p->fails);
	buf_release(&p->otherwise);
	buf_release(&p->passes);
	buf_release(&p->not_built);
	buf_release(&p->report);
	buf_release(&p->why);
	*p = (struct proof)PROOF_INIT;
}

enum variant proof_variant(const char *fails)
{
	for (size_t i = 0; fails && i < ARRAY_LEN(regress_variants); i++)
		if (regress_variants[i].sanitizer && strstr(fails, regress_variants[i].words))
			return regress_variants[i].v;
	return VARIANT_ASAN;
}

int proof_note_flaky(
	struct project *p, const struct bug_details *l, unsigned k, unsigned n, struct err *err)
{
	struct bug_rec b = { 0 };
	int rc;

	if (store_begin(p->store, err) < 0)
		return -1;
	rc = l->site[0] ? store_site_odds(p->store, l->site, k, n, err) : 0;
	if (rc >= 0)
		rc = store_bug_get(p->store, l->bug.id, &b, err);
	if (rc == 0 && b.state == BUG_OPEN)
		rc = store_bug_set_state(p->store, b.id, BUG_FLAKY, NULL, 0, err);
	bug_rec_release(&b);
	if (rc < 0) {
		store_rollback(p->store);
		return -1;
	}
	return store_commit(p->store, err);
}

static bool is_wanted(const struct config_harness *h, const struct regress_variant *v)
{
	return v->v != VARIANT_MSAN || build_wants(h->build, v->v);
}

bool proof_lacks(const struct config_harness *h, const char *const lists[], size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(regress_variants); i++) {
		bool has = !is_wanted(h, &regress_variants[i]);

		for (size_t k = 0; k < n && !has; k++)
			has = lists[k] && strstr(lists[k], regress_variants[i].words);
		if (!has)
			return true;
	}
	return false;
}

static void add_words(struct buf *b, const struct regress_variant *v)
{
	buf_addf(b, "%s%s", b->len ? ", " : "", v->words);
}

struct tally {
	unsigned same, other, n;
	struct crash_signature first_other;
	char *other_summary;
};

struct proving {
	struct project *project;
	const struct config_harness *h;
	const struct bug_rec *b;
	const void *data;
	size_t len;
	struct proof *p;
	struct job_ctx *job;
	bool soon;
};

/* Without a sanitizer there are no frames to compare: that it fails at all is what there is to see. */
static int count_run(struct proving *v, const struct regress_variant *var, struct tally *t,
	const struct triage *tr, struct err *err)
{
	int same = 0;

	t->n++;
	if (!tr->report)
		return 0;
	same = var->sanitizer ? same_bug(v->project, &tr->sig, v->b->id, err) : 1;
	if (same < 0)
		return -1;
	/* compilers inline differently: the same family in the same function is the same bug */
	if (!same && tr->report->n_key && v->b->frames &&
		strcmp(tr->report->family, v->b->family) == 0) {
		struct strv rest = strv_of(v->b->frames), top;

		same = strv_split(&rest, '|', &top) && strv_eqs(top, tr->report->key[0]);
	}
	t->same += same == 1;
	t->other += !same;
	if (same && var->sanitizer && !v->p->report.len)
		stack_text_add(&v->p->report, tr->report, v->project->cfg->dir);
	if (!same && !t->other_summary)
		t->other_summary = xstrdup(tr->report->summary);
	return 0;
}

static int run_variant(
	struct proving *v, const struct regress_variant *var, struct tally *t, struct err *err)
{
	struct target *target = project_target(v->project, v->h, var->v, NULL, 1, err);
	struct target_input in = { .data = v->data, .len = v->len, .alone = true };
	/* each run of a hang takes its whole limit */
	unsigned steady = strcmp(v->b->family, "timeout") == 0 ? 1 : PROOF_RUNS;
	unsigned runs = v->b->k < v->b->n ? manifest_runs(v->b->k, v->b->n) : steady;
	struct target_result r;
	int rc = target ? 0 : 1;

	for (unsigned i = 0; rc == 0 && i < runs; i++) {
		struct triage tr = { .input = v->data, .len = v->len };

		if (v->job && !job_alive(v->job))
			rc = err_set(err, "told to stop");
		else
			rc = triage_run(v->project, v->h->name, target, &in, &r, &tr, err);
		if (rc == 0)
			rc = count_run(v, var, t, &tr, err);
		triage_release(&tr);
		/* a pass without a sanitizer is allowed: one look is enough where it always failed */
		if (rc == 0 && !var->sanitizer && v->b->k >= v->b->n)
			break;
	}
	return rc;
}

static bool is_there(const struct proving *v, const struct regress_variant *var)
{
	char *exe = build_path(v->project->cfg, v->h, NULL, var->v);
	bool there = fs_exists(exe);

	free(exe);
	return there;
}

static int one_variant(struct proving *v, const struct regress_variant *var, struct err *err)
{
	struct proof *p = v->p;
	struct tally t = { .n = 0 };
	struct err why = ERR_INIT;
	int rc;

	if (!is_wanted(v->h, var) || (v->soon && p->proven && !is_there(v, var)))
		return 0;
	rc = run_variant(v, var, &t, &why);
	if (proc_interrupted() || (rc < 0 && v->job)) {
		*err = why;
		free(t.other_summary);
		return rc ? -1 : err_set(err, "interrupted");
	}
	if (rc != 0)
		add_words(&p->not_built, var);
	else if (t.same)
		add_words(&p->fails, var);
	else if (t.other)
		add_words(&p->otherwise, var);
	else
		add_words(&p->passes, var);
	if (rc == 0 && t.same && var->sanitizer && !p->proven) {
		p->proven = true;
		p->k = t.same;
		p->n = t.n;
		p->flaky = t.same < t.n;
	}
	if (rc != 0 && !p->why.len)
		buf_addf(&p->why, "%s: %s; ", var->words, why.msg);
	else if (t.other_summary && !t.same)
		buf_addf(&p->why, "%s: fails in another way: %s; ", var->words, t.other_summary);
	free(t.other_summary);
	return 0;
}

/* What every variant made of it, kept for `thresh show`. */
static int store_matrix(
	struct project *project, const char *id, const struct proof *p, struct err *err)
{
	const struct {
		const char *head;
		const struct buf *names;
	} rows[] = { { "fails on ", &p->fails }, { "fails otherwise on ", &p->otherwise },
		{ "passes on ", &p->passes }, { "not built: ", &p->not_built } };
	char *key = xasprintf("matrix/%s", id);
	struct buf text = BUF_INIT;
	int rc;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].names->len)
			buf_addf(&text, "%s%s%s", text.len ? "; " : "", rows[i].head,
				rows[i].names->s);
	rc = store_fact_set(project->store, key, buf_str(&text), err);
	free(key);
	buf_release(&text);
	return rc;
}

int proof_run(struct project *p, const struct bug_details *l, struct job_ctx *job, bool soon,
	struct proof *out, struct err *err)
{
	const struct bug_rec *b = &l->bug;
	struct proving v = { .project = p,
		.h = project_harness(p, b->harness, err),
		.b = b,
		.data = buf_str(&l->input),
		.len = l->input.len,
		.p = out,
		.job = job,
		.soon = soon };

	if (!v.h || project_need_tools(p, err) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(regress_variants); i++)
		if (one_variant(&v, &regress_variants[i], err) < 0)
			return -1;
	if (!out->proven && !out->passes.len && !out->otherwise.len)
		buf_adds(&out->why, "it could be run on no build");
	else if (!out->proven && !out->otherwise.len)
		buf_adds(&out->why,
			"it passes alone on every build; it may need the inputs before it");
	while (out->why.len &&
		(out->why.s[out->why.len - 1] == ' ' || out->why.s[out->why.len - 1] == ';'))
		out->why.s[--out->why.len] = '\0';
	return store_matrix(p, l->site[0] ? l->site : b->id, out, err);
}
