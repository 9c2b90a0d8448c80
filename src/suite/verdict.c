/*
 * Results judged as they come, failures grouped by site: of each group the shortest case is kept, the others are
 * counted.
 */
#include "base/prelude.h"
#include "suite/verdict.h"
#include "base/log.h"
#include "base/mem.h"
#include "suite/internal.h"
#include "triage/fault_policy.h"
#include "triage/triage.h"

const char *suite_verdict_name(enum suite_verdict v)
{
	static const char *const names[] = { "accepted", "rejected", "gave up", "failed", "slow",
		"not run" };

	return names[v];
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
		if (strcmp(r->groups[i].site, t->sig.site->id) == 0)
			g = &r->groups[i];
	if (!g) {
		GROW(r->groups, r->n_groups, r->cap_groups);
		g = &r->groups[r->n_groups++];
		*g = (struct suite_group){ .site = xstrdup(t->sig.site->id),
			.signature = xstrdup(t->sig.id),
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
	if (r->out->stateful++ || r->opts->no_file || r->opts->target)
		return;
	if (triage_add_stateful(r->project, r->h->name, variant_name(v), "edge", in->data, in->len,
		    res, NULL, &r->lost) < 0)
		r->out->stateful = 0; /* the next one of them, then */
	else
		r->lost = (struct err)ERR_INIT;
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
