/*
 * Cases through a harness's builds, one after the other; what failed is filed at the end. Each build is a pass with
 * its part of the time; failures are gathered by signature, so that a parser that is wrong in one way is one bug and
 * not ten thousand findings.
 */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "suite/internal.h"

struct cases {
	struct suite_pass pass;
	struct cases_stream *suite;
	enum variant variant;
};

static bool next_case(void *arg, struct target_input *in)
{
	struct cases *s = arg;
	struct edge_case *c = suite_pass_goes_on(&s->pass) ? cases_stream_next(s->suite) : NULL;

	if (!c)
		return false;
	suite_pass_send(&s->pass, c, in);
	return true;
}

static int case_done(void *arg, const struct target_input *in, const struct target_result *res)
{
	struct cases *s = arg;
	struct edge_case *c = suite_pass_back(in);

	s->pass.r->out->cases++;
	suite_result_take(s->pass.r, s->variant, in, res, c);
	free(c);
	return suite_pass_is_late(&s->pass);
}

/* All of them: where most fail, those that pass don't enter the corpus from here, see below. */
static void hand_all_on(struct suite_running *r)
{
	struct cases_stream *all = cases_stream_new(&r->src.in, r->opts->pattern);
	struct edge_case *c;
	bool more = true;

	while (more && (c = cases_stream_next(all))) {
		more = r->opts->left(r->opts->arg, strv_n((const char *)c->data, c->len));
		free(c);
	}
	cases_stream_free(all);
}

static int run_cases(struct suite_running *r, enum variant v, struct target *t, struct err *err)
{
	struct target_opts how = { .in_order = r->opts->in_order, .hangs_decide = r->quick };
	struct cases s = { .variant = v };
	char *what = xasprintf("cases, %s", variant_name(v));
	int rc;

	suite_pass_begin(&s.pass, r, what, suite_share(r, r->out->ms), &r->out->cut);
	s.suite = cases_stream_new(&r->src.in, r->opts->pattern);
	rc = target_run(t, &how, next_case, case_done, &s, err);
	if (rc == 0 && r->out->cut && suite_mostly_fails(r) && !proc_interrupted())
		hand_all_on(r);
	cases_stream_left_out(s.suite, &r->out->same, &r->out->too_long);
	cases_stream_free(s.suite);
	suite_pass_end(&s.pass);
	r->out->ms += clock_mono_ms() - s.pass.started_ms;
	free(what);
	return rc;
}

/* One that doesn't build is told of, as long as another does. */
static int run_variant(struct suite_running *r, enum variant v, bool *ran, struct err *err)
{
	struct err why = ERR_INIT;
	struct target *t =
		project_target(r->project, r->h, v, r->opts->target, MAX(r->opts->jobs, 1u), &why);
	uint64_t full;
	int rc = 0;

	if (!t) {
		strlist_addf(&r->out->not_built, "%s: %s", variant_name(v), why.msg);
		*err = why;
		return proc_interrupted() ? -1 : 0;
	}
	*ran = true;
	full = suite_slow_quick(r, t);
	r->quick = full != target_timeout(t);
	if (!r->opts->no_cases)
		rc = run_cases(r, v, t, err);
	if (rc == 0 && r->opts->faults)
		rc = suite_faults(r, v, t, err);
	target_set_timeout(t, full);
	r->quick = false;
	return rc;
}

static int run_variants(struct suite_running *r, struct err *err)
{
	static const enum variant all[] = { VARIANT_ASAN, VARIANT_MSAN };
	const struct suite_opts *o = r->opts;
	const enum variant *v = o->n_variants ? o->variants : all;
	size_t n = o->n_variants ? o->n_variants : ARRAY_LEN(all);
	bool ran = false;

	if (!o->n_variants && !build_wants(r->h->build, all[1]))
		n = 1;
	for (size_t i = 0; i < n; i++) {
		r->builds_left = (unsigned)(n - i);
		if (run_variant(r, v[i], &ran, err) < 0)
			return -1;
	}
	if (suite_rerun(r, err) < 0)
		return -1;
	return ran ? 0 : err->msg[0] ? -1 : err_set(err, "%s: no build to run on", r->h->name);
}

/* Of all the harness's cases on its own target: what a part of them says isn't how it takes them. */
static int keep_verdicts(const struct suite_running *r, struct err *err)
{
	const struct suite_opts *o = r->opts;
	const uint64_t *v = r->out->verdicts;
	const char *source = o->no_cases ? "faults"
			     : o->faults ? "edge cases, faults"
					 : "edge cases";
	const struct verdict_rec rec = { .source = (char *)(uintptr_t)source,
		.campaign = r->project->id,
		.when_ms = clock_wall_ms(),
		.accepted = v[SUITE_ACCEPTED],
		.rejected = v[SUITE_REJECTED],
		.gave_up = v[SUITE_GAVE_UP],
		.failed = v[SUITE_FAILED],
		.slow = v[SUITE_SLOW],
		.not_run = v[SUITE_NOT_RUN] };

	if (o->no_file || o->pattern || o->target || proc_interrupted())
		return 0;
	return store_verdict_set(r->project->store, r->h->name, &rec, false, err);
}

static void release(struct suite_running *r)
{
	for (size_t i = 0; i < r->n_groups; i++) {
		free(r->groups[i].site);
		free(r->groups[i].signature);
		free(r->groups[i].summary);
		free(r->groups[i].name);
		buf_release(&r->groups[i].input);
		triage_release(&r->groups[i].timeout);
	}
	free(r->groups);
	suite_slow_release(r);
	free(r->bad);
	suite_source_release(&r->src);
}

int suite_run(struct project *p, const struct config_harness *h, const struct suite_opts *opts,
	struct suite_result *out, struct err *err)
{
	struct suite_running r = { .project = p, .h = h, .opts = opts, .out = out };
	size_t max_len = opts->max_len ? opts->max_len : MAX((size_t)h->max_len, SUITE_LEN);
	int rc;

	*out = (struct suite_result){ .ms = 0 };
	if (suite_source_load(p, h, max_len, &r.src, err) < 0)
		return -1;
	if (opts->words)
		suite_source_words(&r.src, opts->words);
	rc = opts->no_cases || opts->pattern || opts->target ? 0 : suite_heads(&r, err);
	if (rc == 0)
		rc = run_variants(&r, err);
	/* an interrupt ends the suite, not the filing of what it found */
	if (rc == 0 && suite_file(&r, err) < 0)
		rc = -1;
	if (rc == 0 && *r.lost.msg) {
		if (err)
			*err = r.lost;
		rc = -1;
	}
	if (rc == 0 && !opts->no_corpus && !opts->no_file && !opts->no_cases && !opts->target &&
		!proc_interrupted() && !(out->cut && suite_mostly_fails(&r)))
		rc = suite_corpus(&r, err);
	if (rc == 0)
		rc = keep_verdicts(&r, err);
	release(&r);
	return rc;
}

void suite_result_release(struct suite_result *r)
{
	for (size_t i = 0; i < r->n_bugs; i++) {
		free(r->bugs[i].signature);
		free(r->bugs[i].summary);
		free(r->bugs[i].name);
		free(r->bugs[i].variant);
		free(r->bugs[i].why);
	}
	free(r->bugs);
	free(r->no_faults);
	strlist_release(&r->not_built);
	*r = (struct suite_result){ .ms = 0 };
}
