/*
 * What failed becomes findings of origin "edge", triaged at once, so that the suite ends with bugs. New ones are made
 * small and get their regression tests.
 */
#include "base/prelude.h"
#include "suite/internal.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "project/hook.h"
#include "retest/regress.h"
#include "triage/filing.h"
#include "triage/reduction.h"
#include "triage/triage.h"
#include "triage/uninstrumented.h"
#include <stdio.h>

#define REDUCE_MS 10000 /* of one bug */

static struct suite_bug *add_bug(struct suite_result *out, const struct suite_group *g)
{
	struct suite_bug *b;

	GROW(out->bugs, out->n_bugs, out->cap_bugs);
	b = &out->bugs[out->n_bugs++];
	*b = (struct suite_bug){ .signature = xstrdup(g->signature),
		.summary = xstrdup(g->summary),
		.name = xstrdup(g->name),
		.variant = xstrdup(variant_name(g->variant)),
		.cases = g->cases,
		.len = g->input.len,
		.fault = g->fault };
	return b;
}

static void tell_of(struct project *p, const char *id, bool regressed)
{
	struct bug_rec b = { 0 };

	if (store_bug_get(p->store, id, &b, NULL) == 0) {
		store_event_add(p->store, p->id, clock_wall_ms(),
			regressed ? "regressed" : "new-bug", b.id, NULL);
		hook_bug(p, &b, regressed);
	}
	bug_rec_release(&b);
}

/* Two sites may be one bug: by a rule, by what people decided, or because alone it fails in one way. */
static struct suite_bug *known(struct suite_result *out, const char *id)
{
	for (size_t i = 0; i < out->n_bugs; i++)
		if (strcmp(out->bugs[i].id, id) == 0)
			return &out->bugs[i];
	return NULL;
}

/* Seen alone under the full limit: to run it three times more would take most of the suite's time. */
static int file_timeout(struct suite_running *r, struct suite_group *g, int64_t id,
	struct triage_filed *filed, struct err *err)
{
	struct finding_rec f = { 0 };
	int rc = store_finding_get(r->project->store, id, &f, err);

	g->timeout.variant = g->variant;
	if (rc == 0)
		rc = triage_file(r->project, &f, &g->timeout, filed, err);
	finding_rec_release(&f);
	return rc == 0 ? 0 : -1;
}

static int file_group(struct suite_running *r, struct suite_group *g, struct err *err)
{
	struct triage_filed filed = { .bug = "" };
	struct suite_bug *b;
	int64_t id = 0;

	if (triage_keep(r->project, r->h->name, variant_name(g->variant), "edge", g->name,
		    buf_str(&g->input), g->input.len, &id, NULL, err) < 0 ||
		(g->timeout.report ? file_timeout(r, g, id, &filed, err)
				   : triage_finding(r->project, id, &filed, err)) < 0)
		return -1;
	b = filed.bug[0] ? known(r->out, filed.bug) : NULL;
	if (b) {
		b->cases += g->cases;
		return 0;
	}
	b = add_bug(r->out, g);
	memcpy(b->id, filed.bug, sizeof(b->id));
	b->is_new = filed.new_bug;
	b->regressed = filed.regressed;
	if (!filed.bug[0])
		b->why = uninstrumented_why(r->project, id);
	if (!filed.bug[0] && !b->why)
		b->why = xstrdup("it doesn't fail alone: the target keeps state, or it flickers");
	if (filed.new_bug || filed.regressed)
		tell_of(r->project, filed.bug, filed.regressed);
	return 0;
}

static int collect(void *arg, const struct finding_rec *f)
{
	struct strlist *ids = arg;

	strlist_addf(ids, "%lld", (long long)f->id);
	return 0;
}

static void add_met(struct suite_running *r, const char *id, bool regressed)
{
	struct bug_rec rec = { 0 };
	struct suite_bug *b;

	if (known(r->out, id) || store_bug_get(r->project->store, id, &rec, NULL) != 0)
		return;
	GROW(r->out->bugs, r->out->n_bugs, r->out->cap_bugs);
	b = &r->out->bugs[r->out->n_bugs++];
	*b = (struct suite_bug){ .signature = xstrdup(rec.signature),
		.summary = xstrdup(rec.title),
		.name = xstrdup("met while minimising"),
		.variant = xstrdup(variant_name(triage_variant(rec.variant))),
		.is_new = !regressed,
		.regressed = regressed,
		.len = (size_t)rec.size,
		.cases = 1 };
	snprintf(b->id, sizeof(b->id), "%s", rec.id);
	bug_rec_release(&rec);
	tell_of(r->project, id, regressed);
}

/* Other failures that minimising met on its way. */
static int triage_rest(struct suite_running *r, struct err *err)
{
	struct strlist ids = STRLIST_INIT;
	int rc = store_findings(r->project->store, NULL, FINDING_NEW, collect, &ids, err);

	for (size_t i = 0; rc == 0 && i < ids.n && !proc_interrupted(); i++) {
		struct triage_filed filed;
		struct finding_rec f = { 0 };
		int64_t id = strtoll(ids.v[i], NULL, 10);
		bool ours = store_finding_get(r->project->store, id, &f, err) == 0 &&
			    strcmp(f.harness, r->h->name) == 0 && strcmp(f.origin, "minimize") == 0;

		finding_rec_release(&f);
		if (ours)
			rc = triage_finding(r->project, id, &filed, err);
		if (ours && rc == 0 && filed.bug[0] && (filed.new_bug || filed.regressed))
			add_met(r, filed.bug, filed.regressed);
	}
	strlist_release(&ids);
	return rc;
}

static int collect_large(void *arg, const struct site_rec *s)
{
	if (!s->minimized && s->size)
		strlist_add(arg, s->id);
	return 0;
}

/* Sites of a bug not yet made small: new, or met by a suite that had no time. A fixed or ignored bug isn't worth it. */
static void sites_to_reduce(struct suite_running *r, struct suite_bug *b, struct strlist *sites)
{
	struct bug_rec rec = { 0 };
	bool wants = b->id[0] && store_bug_get(r->project->store, b->id, &rec, NULL) == 0 &&
		     rec.state != BUG_IGNORED && rec.state != BUG_FIXED;

	if (wants)
		store_sites(r->project->store, b->id, collect_large, sites, NULL);
	/* each of its runs takes the whole limit */
	if (sites->n && r->deadline_ms && strcmp(rec.family, "timeout") == 0) {
		strlist_release(sites);
		b->why = xasprintf("`thresh minimize %.8s` makes it small, `thresh regress %.8s` a "
				   "test of it: this takes longer",
			b->id, b->id);
	}
	bug_rec_release(&rec);
}

/* Beyond the deadline a bug stays as it is, for the next suite or `thresh minimize`. */
static uint64_t time_left(const struct suite_running *r)
{
	uint64_t now = clock_mono_ms();

	if (!r->deadline_ms)
		return REDUCE_MS;
	return r->deadline_ms > now ? MIN(r->deadline_ms - now, (uint64_t)REDUCE_MS) : 0;
}

/* A site that can't be made smaller stays as it is: that is no failure of the suite. */
static void reduce_one(struct suite_running *r, size_t i, const char *site, uint64_t ms)
{
	struct reduce_opts opts = { .max_ms = ms, .seed = 1 };
	struct minimize_result small = { .input = BUF_INIT };
	struct suite_bug *b = &r->out->bugs[i];
	struct err why = ERR_INIT;

	if (r->opts->progress)
		r->opts->progress(r->opts->arg, r->h->name, "minimising", i + 1, 0);
	if (reduction_site(r->project, site, &opts, &small, &why) < 0)
		log_warn("bug %.8s: not minimised: %s", b->id, why.msg);
	minimize_result_release(&small);
}

/* What the bug's leading site has come to. */
static void note_size(struct suite_running *r, struct suite_bug *b)
{
	struct bug_rec rec = { 0 };

	if (store_bug_get(r->project->store, b->id, &rec, NULL) == 0)
		b->len = (size_t)rec.size;
	bug_rec_release(&rec);
}

static int write_tests(struct suite_running *r, const struct strlist *bugs, struct err *err)
{
	struct regress_opts how = { .bugs = bugs };
	struct regress_result tests;
	struct err why = ERR_INIT;
	int rc;

	if (regress_writable(r->project, NULL, &why) < 0) {
		log_warn("no regression tests: %s", why.msg);
		return 0;
	}
	rc = regress_run(r->project, &how, &tests, err);
	for (size_t i = 0; rc == 0 && i < tests.n; i++)
		if (tests.v[i].why)
			log_warn(
				"bug %.8s: no regression test: %s", tests.v[i].bug, tests.v[i].why);
	regress_result_release(&tests);
	return rc;
}

/* What is met on the way is made small after the others. */
static int make_small(struct suite_running *r, struct err *err)
{
	struct strlist bugs = STRLIST_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->out->n_bugs && !proc_interrupted(); i++) {
		struct strlist sites = STRLIST_INIT;

		sites_to_reduce(r, &r->out->bugs[i], &sites);
		if (sites.n)
			strlist_add(&bugs, r->out->bugs[i].id);
		for (size_t k = 0; rc == 0 && k < sites.n && !proc_interrupted(); k++) {
			uint64_t ms = time_left(r);

			if (ms) {
				reduce_one(r, i, sites.v[k], ms);
				rc = triage_rest(r, err);
			}
		}
		if (sites.n)
			note_size(r, &r->out->bugs[i]);
		strlist_release(&sites);
	}
	if (rc == 0 && bugs.n && !proc_interrupted())
		rc = write_tests(r, &bugs, err);
	strlist_release(&bugs);
	return rc;
}

/* The campaign's other workers see to what comes next. */
static int queue_group(struct suite_running *r, struct suite_group *g, struct err *err)
{
	/* another build may take longer than the one that triage asks */
	bool alone = g->timeout.report && g->variant == VARIANT_ASAN;
	struct finding_rec seen = { .harness = (char *)(uintptr_t)r->h->name,
		.variant = (char *)(uintptr_t)variant_name(g->variant),
		.origin = (char *)(uintptr_t) "edge",
		.note = g->name,
		.kind = (char *)(uintptr_t) "timeout" };
	int (*add)(struct project *, const char *, const char *, const char *, const char *,
		const void *, size_t, bool *, struct err *) = alone ? triage_add_slow : triage_add;

	if (g->timeout.report && !alone)
		return triage_add_seen(
			r->project, &seen, true, buf_str(&g->input), g->input.len, NULL, err);
	return add(r->project, r->h->name, variant_name(g->variant), "edge", g->name,
		buf_str(&g->input), g->input.len, NULL, err);
}

static int queue_all(struct suite_running *r, struct err *err)
{
	for (size_t i = 0; i < r->n_groups; i++)
		if (queue_group(r, &r->groups[i], err) < 0)
			return -1;
	return 0;
}

int suite_file(struct suite_running *r, struct err *err)
{
	uint64_t time = r->opts->time_ms, spent;

	if (r->opts->no_file || r->opts->target) {
		for (size_t i = 0; i < r->n_groups; i++)
			add_bug(r->out, &r->groups[i]);
		return 0;
	}
	if (r->opts->queue)
		return queue_all(r, err);
	/* what the passes left of the time, and as much for faults; but at least some of it */
	if (time) {
		/* as much again for proving the tests, and for the corpus */
		spent = r->out->ms + r->out->fault_ms + time / 4;
		time *= r->opts->faults ? 2 : 1;
		r->deadline_ms = clock_mono_ms() +
				 MAX(time > spent ? time - spent : 0, r->opts->time_ms / 8);
	}
	for (size_t i = 0; i < r->n_groups; i++)
		if (file_group(r, &r->groups[i], err) < 0)
			return -1;
	return r->opts->no_minimize ? 0 : make_small(r, err);
}
