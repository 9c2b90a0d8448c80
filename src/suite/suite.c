/* Cases through a harness's builds: results judged as they come, failures grouped by signature, filed at the end. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "suite/internal.h"
#include "triage/fault_policy.h"
#include "triage/triage.h"

#define TELL_MS 100
#define LATE_MS 500 /* behind its time, a pass drops what is under way */

const char *suite_verdict_name(enum suite_verdict v)
{
	static const char *const names[] = { "accepted", "rejected", "gave up", "failed", "slow",
		"not run" };

	return names[v];
}

uint64_t suite_share(const struct suite_running *r, uint64_t spent_ms)
{
	uint64_t all = r->opts->time_ms / 4 * 3;

	if (!all)
		return 0;
	return MAX((all > spent_ms ? all - spent_ms : 0) / MAX(r->builds_left, 1u), all / 8);
}

void suite_pass_begin(struct suite_pass *p, struct suite_running *r, const char *what,
	uint64_t limit_ms, bool *cut)
{
	*p = (struct suite_pass){ .r = r, .what = what, .started_ms = clock_mono_ms(), .cut = cut };
	p->limit_ms = limit_ms;
	p->extra_ms = limit_ms / 8;
	p->told_ms = p->started_ms;
	p->flying.prev = p->flying.next = &p->flying;
}

/* What failed, or may hang, needs its time after the passes. */
static uint64_t limit_of(const struct suite_pass *p)
{
	const struct suite_running *r = p->r;
	uint64_t all = r->opts->time_ms, rest;

	if (!r->n_slow)
		return p->limit_ms + (r->n_groups ? 0 : p->extra_ms);
	rest = all / 4 * 3; /* for what comes after, and one run under the full limit */
	rest = MAX(rest > r->h->timeout_ms ? rest - r->h->timeout_ms : 0, all / 4);
	return MIN(p->limit_ms, rest / MAX(r->builds_left, 1u));
}

bool suite_pass_is_late(struct suite_pass *p)
{
	uint64_t spent = clock_mono_ms() - p->started_ms;

	if (!proc_interrupted() && (!p->limit_ms || spent <= limit_of(p) + LATE_MS))
		return false;
	*p->cut = true;
	return true;
}

void suite_pass_send(struct suite_pass *p, struct edge_case *c, struct target_input *in)
{
	struct suite_flight *f = xmalloc(sizeof(*f));

	*f = (struct suite_flight){ .prev = p->flying.prev, .next = &p->flying, .c = c };
	f->prev->next = f->next->prev = f;
	*in = (struct target_input){ .data = c->data, .len = c->len, .tag = (uintptr_t)f };
}

struct edge_case *suite_pass_back(const struct target_input *in)
{
	struct suite_flight *f = (struct suite_flight *)(uintptr_t)in->tag;
	struct edge_case *c = f->c;

	f->prev->next = f->next;
	f->next->prev = f->prev;
	free(f);
	return c;
}

void suite_pass_end(struct suite_pass *p)
{
	while (p->flying.next != &p->flying) {
		struct target_input in = { .tag = (uintptr_t)p->flying.next };

		free(suite_pass_back(&in));
	}
}

bool suite_pass_goes_on(struct suite_pass *p)
{
	const struct suite_opts *o = p->r->opts;
	uint64_t now;

	if (p->runs++ % 16 && !proc_interrupted())
		return true;
	now = clock_mono_ms();
	if (o->progress && now - p->told_ms >= TELL_MS) {
		p->told_ms = now;
		o->progress(o->arg, p->r->h->name, p->what, p->runs, now - p->started_ms);
	}
	if (!proc_interrupted() && (!p->limit_ms || now - p->started_ms < limit_of(p)))
		return true;
	*p->cut = true;
	return false;
}

static void bad_insert(uint64_t *table, size_t cap, uint64_t key)
{
	size_t i = key & (cap - 1);

	while (table[i])
		i = (i + 1) & (cap - 1);
	table[i] = key;
}

bool suite_is_bad(const struct suite_running *r, uint64_t serial)
{
	if (!r->cap_bad)
		return false;
	for (size_t i = (serial + 1) & (r->cap_bad - 1); r->bad[i]; i = (i + 1) & (r->cap_bad - 1))
		if (r->bad[i] == serial + 1)
			return true;
	return false;
}

static void mark_bad(struct suite_running *r, uint64_t serial)
{
	if (r->n_bad * 2 >= r->cap_bad) {
		size_t cap = r->cap_bad ? r->cap_bad * 2 : 256;
		uint64_t *more = xcalloc(cap, sizeof(*more));

		for (size_t i = 0; i < r->cap_bad; i++)
			if (r->bad[i])
				bad_insert(more, cap, r->bad[i]);
		free(r->bad);
		r->bad = more;
		r->cap_bad = cap;
	}
	if (!suite_is_bad(r, serial)) {
		bad_insert(r->bad, r->cap_bad, serial + 1);
		r->n_bad++;
	}
}

/* The last "thresh: rejected: WHY" or "thresh: accepted" line decides. */
static enum suite_verdict said(struct strv text, struct strv *message)
{
	enum suite_verdict v = SUITE_ACCEPTED;
	struct strv line;

	while (strv_line(&text, &line)) {
		if (strv_eqs(line, "thresh: accepted"))
			v = SUITE_ACCEPTED;
		if (!strv_skip(&line, "thresh: rejected"))
			continue;
		v = SUITE_REJECTED;
		strv_skip(&line, ":");
		*message = strv_trim(line);
	}
	return v;
}

static enum suite_verdict judge(const struct target_result *res, struct strv *message)
{
	switch (res->outcome) {
	case TARGET_OK:
		return said(res->text, message);
	case TARGET_REJECTED:
		said(res->text, message);
		return SUITE_REJECTED;
	case TARGET_ERROR:
		return SUITE_NOT_RUN;
	case TARGET_EXIT:
	case TARGET_CRASH:
	case TARGET_LEAK:
	case TARGET_TIMEOUT:
	case TARGET_OOM:
		break;
	}
	return SUITE_FAILED;
}

static void keep_input(struct suite_group *g, const struct target_input *in, const char *name)
{
	free(g->name);
	g->name = xstrdup(name);
	buf_reset(&g->input);
	if (in->fault.at)
		target_fault_wrap(&g->input, in);
	else
		buf_add(&g->input, in->data, in->len);
	g->fault = in->fault.at != 0;
}

static void group(struct suite_running *r, enum variant v, const struct target_input *in,
	const char *name, struct triage *t)
{
	struct suite_group *g = NULL;

	for (size_t i = 0; i < r->n_groups && !g; i++)
		if (strcmp(r->groups[i].signature, t->sig.id) == 0)
			g = &r->groups[i];
	if (!g) {
		GROW(r->groups, r->n_groups, r->cap_groups);
		g = &r->groups[r->n_groups++];
		*g = (struct suite_group){ .signature = xstrdup(t->sig.id),
			.summary = xstrdup(t->report->summary),
			.variant = v };
		keep_input(g, in, name);
		if (t->outcome == TARGET_TIMEOUT && r->opts->time_ms) {
			g->timeout = *t; /* seen under the full limit, alone: that is its triage */
			g->timeout.k = g->timeout.n = 1;
			*t = (struct triage)TRIAGE_INIT;
		}
	} else if (!in->fault.at && (g->fault || in->len < g->input.len)) {
		/* the plain case is worth more than one that needs a fault */
		keep_input(g, in, name);
	}
	g->cases++;
}

/* Fine alone, but not behind others: filed at once, as no later run would show it. One of a suite is enough. */
static void file_stateful(struct suite_running *r, enum variant v, const struct target_input *in,
	const struct target_result *res)
{
	struct err err = ERR_INIT;

	if (r->out->stateful++ || r->opts->no_file || r->opts->target)
		return;
	if (triage_add_stateful(r->project, r->h->name, variant_name(v), "edge", in->data, in->len,
		    res, &err) < 0)
		log_warn("%s: %s", r->h->name, err.msg);
}

void suite_result_take(struct suite_running *r, enum variant v, const struct target_input *in,
	const struct target_result *res, const struct edge_case *c)
{
	struct suite_one one = { .harness = r->h->name,
		.variant = variant_name(v),
		.name = c->name,
		.serial = c->serial,
		.len = in->len,
		.outcome = res->outcome,
		.message = STRV(""),
		.text = STRV(""),
		.wall_us = res->wall_us };
	struct triage t = TRIAGE_INIT;

	one.verdict = judge(res, &one.message);
	if (res->stateful && !in->fault.at)
		file_stateful(r, v, in, res);
	if (one.verdict == SUITE_FAILED)
		triage_judge(r->project, r->h->name, res, &t);
	if (one.verdict == SUITE_FAILED && fault_policy_excuses(&in->fault, res, t.report))
		one.verdict = SUITE_GAVE_UP;
	if (one.verdict == SUITE_FAILED && r->quick && res->outcome == TARGET_TIMEOUT) {
		one.verdict = SUITE_SLOW;
		suite_slow_keep(r, v, in, c, &t);
		mark_bad(r, c->serial);
	}
	r->out->verdicts[one.verdict]++;
	if (one.verdict == SUITE_FAILED) {
		one.text = res->text;
		if (t.report) {
			one.signature = t.sig.id;
			one.summary = t.report->summary;
		}
		if (!in->fault.at)
			mark_bad(r, c->serial);
	}
	if (r->opts->done)
		r->opts->done(r->opts->arg, &one);
	if (one.verdict == SUITE_FAILED && t.report) {
		buf_addv(&t.text, res->text);
		group(r, v, in, c->name, &t);
	}
	triage_release(&t);
}

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

static int run_cases(struct suite_running *r, enum variant v, struct target *t, struct err *err)
{
	struct target_opts how = { .in_order = r->opts->in_order, .hangs_decide = r->quick };
	struct cases s = { .variant = v };
	char *what = xasprintf("cases, %s", variant_name(v));
	int rc;

	suite_pass_begin(&s.pass, r, what, suite_share(r, r->out->ms), &r->out->cut);
	s.suite = cases_stream_new(&r->src.in, r->opts->pattern);
	rc = target_run(t, &how, next_case, case_done, &s, err);
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
	if (suite_slow_run(r, err) < 0)
		return -1;
	return ran ? 0 : err->msg[0] ? -1 : err_set(err, "%s: no build to run on", r->h->name);
}

static void release(struct suite_running *r)
{
	for (size_t i = 0; i < r->n_groups; i++) {
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
	rc = run_variants(&r, err);
	/* an interrupt ends the suite, not the filing of what it found */
	if (rc == 0 && suite_file(&r, err) < 0)
		rc = -1;
	if (rc == 0 && !opts->no_corpus && !opts->no_file && !opts->no_cases && !opts->target &&
		!proc_interrupted())
		rc = suite_corpus(&r, err);
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
