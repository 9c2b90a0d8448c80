/* thresh trace: how one bug came about, from the input that an engine met to the test that guards it. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "report/bug_json.h"
#include "triage/bug_details.h"
#include <stdio.h>

struct trace_args {
	bool json;
	uint64_t findings;
};

static const struct opt trace_opts[] = {
	{ .name = "findings",
		.kind = OPT_UINT,
		.off = offsetof(struct trace_args, findings),
		.min = 1,
		.max = 1000000,
		.def = "10",
		.arg = "N",
		.help = "how many of its inputs are told of, the first ones" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct trace_args, json),
		.help = "a JSON object in place of the lines" },
	{ .kind = OPT_END },
};

/* One thing that happened. */
struct step {
	/* 0: nobody wrote down when */
	uint64_t when_ms;
	size_t no;
	int64_t campaign;
	const char *kind;
	char *id, *text;
};

struct story {
	const struct bug_details *bug;
	struct step *v;
	size_t n, cap;
	uint64_t told, max, findings;
	/* of which campaigns jobs are looked for, once each */
	int64_t *campaigns;
	size_t n_campaigns, cap_campaigns;
};

static void add(struct story *s, uint64_t when_ms, int64_t campaign, const char *kind,
	char *id_take, char *text_take)
{
	GROW(s->v, s->n, s->cap);
	s->v[s->n] = (struct step){ when_ms, s->n, campaign, kind, id_take, text_take };
	s->n++;
}

static void add_campaign(struct story *s, int64_t id)
{
	for (size_t i = 0; i < s->n_campaigns; i++)
		if (s->campaigns[i] == id)
			return;
	GROW(s->campaigns, s->n_campaigns, s->cap_campaigns);
	s->campaigns[s->n_campaigns++] = id;
}

/* --- what the store has --- */

static int one_finding(void *arg, const struct finding_rec *f)
{
	struct story *s = arg;

	s->findings++;
	add_campaign(s, f->campaign);
	if (s->told == s->max)
		return 0;
	s->told++;
	add(s, f->found_ms, f->campaign, "finding", xasprintf("%lld", (long long)f->id),
		xasprintf("%s met input %.12s (%llu bytes) on the %s build%s%s; alone it fails %u "
			  "of %u times; site %.8s",
			f->origin, f->input, (unsigned long long)f->size, f->variant,
			f->note ? ", as " : "", f->note ? f->note : "", f->k, f->n,
			f->site ? f->site : "unknown"));
	return 0;
}

static int one_event(void *arg, const struct event_rec *e)
{
	struct story *s = arg;

	if (strstr(e->text, s->bug->bug.id)) {
		add_campaign(s, e->campaign);
		add(s, e->when_ms, e->campaign, "event", xasprintf("%lld", (long long)e->id),
			xasprintf("%s: %s", e->kind, e->text));
	}
	return 0;
}

/* Of a site of the bug: minimised, tested. */
static bool is_ours(const struct story *s, const char *key)
{
	for (size_t i = 0; key && i < s->bug->n_sites; i++)
		if (strstr(key, s->bug->sites[i].id))
			return true;
	return key && strstr(key, s->bug->bug.id);
}

static int one_job(void *arg, const struct job_rec *j)
{
	static const char *const words[] = { "waits", "under way", "done", "failed" };
	struct story *s = arg;

	if (is_ours(s, j->key) || is_ours(s, j->payload))
		add(s, 0, j->campaign, "job", xasprintf("%lld", (long long)j->id),
			xasprintf("%s: %s%s%s", j->kind, words[j->state], j->error ? ": " : "",
				j->error ? j->error : ""));
	return 0;
}

static void add_now(struct story *s)
{
	const struct bug_details *d = s->bug;

	for (size_t i = 0; i < d->n_sites; i++) {
		const struct site_rec *r = &d->sites[i];

		add(s, 0, 0, "now", xstrdup(r->id),
			xasprintf("site: input %.12s, %llu bytes, %s, fails %u of %u times%s",
				r->input, (unsigned long long)r->size,
				r->minimized ? "as small as it gets" : "not minimised yet", r->k,
				r->n, r->gone ? "; gone" : ""));
	}
	add(s, 0, 0, "now", xstrdup(d->bug.id),
		d->test_dir ? xasprintf("test: %s", d->test_dir)
			    : xstrdup("test: none; `thresh regress` says why"));
	add(s, 0, 0, "now", xstrdup(d->bug.id),
		xasprintf("state: %s", bug_state_name(d->bug.state)));
}

/* By time; what has none keeps its order, behind the rest. */
static int by_time(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (!x->when_ms != !y->when_ms)
		return x->when_ms ? -1 : 1;
	if (x->when_ms != y->when_ms)
		return x->when_ms < y->when_ms ? -1 : 1;
	return x->no < y->no ? -1 : 1;
}

static int gather(struct project *p, struct story *s, struct err *err)
{
	static const char *const kinds[] = { "triage", "minimize", "regress" };
	const char *id = s->bug->bug.id;
	int rc = store_findings(p->store, id, -1, one_finding, s, err);

	if (rc == 0)
		rc = store_events(p->store, 0, one_event, s, err);
	for (size_t i = 0; i < s->n_campaigns; i++)
		for (size_t k = 0; rc == 0 && k < ARRAY_LEN(kinds); k++)
			rc = store_jobs(p->store, s->campaigns[i], kinds[k], 0, one_job, s, err);
	add_now(s);
	qsort(s->v, s->n, sizeof(*s->v), by_time);
	return rc;
}

/* --- output --- */

static void print_text(const struct story *s, const struct cli_ctx *ctx)
{
	struct buf out = BUF_INIT, line = BUF_INIT;
	char when[CLOCK_ISO_LEN];

	buf_addf(&line, "bug %s in %s: ", s->bug->bug.id, s->bug->bug.harness);
	buf_adds(&line, s->bug->bug.title);
	term_add_wrapped(&out, buf_str(&line), 0, ctx->term.columns);
	for (size_t i = 0; i < s->n; i++) {
		const struct step *x = &s->v[i];

		buf_reset(&line);
		if (x->when_ms) {
			clock_iso(x->when_ms, when);
			buf_addf(&line, "%s ", when);
		}
		if (x->campaign)
			buf_addf(&line, "campaign %lld, ", (long long)x->campaign);
		buf_addf(&line, "%s %.16s: ", x->kind, x->id);
		escape_term(&line, strv_of(x->text));
		term_add_wrapped(&out, buf_str(&line), 2, ctx->term.columns);
	}
	if (s->findings > s->told)
		buf_addf(&out, "  and %llu findings more: --findings\n",
			(unsigned long long)(s->findings - s->told));
	term_print(&ctx->term, &out);
	buf_release(&out);
	buf_release(&line);
}

static void print_json(const struct story *s)
{
	cJSON *j = cJSON_CreateObject(), *all;
	struct buf out = BUF_INIT;

	cJSON_AddItemToObject(j, "bug", json_text(s->bug->bug.id));
	cJSON_AddItemToObject(j, "harness", json_text(s->bug->bug.harness));
	cJSON_AddNumberToObject(j, "findings", (double)s->findings);
	all = cJSON_AddArrayToObject(j, "steps");
	for (size_t i = 0; i < s->n; i++) {
		const struct step *x = &s->v[i];
		cJSON *o = cJSON_CreateObject();

		if (x->when_ms)
			cJSON_AddNumberToObject(o, "when_ms", (double)x->when_ms);
		else
			cJSON_AddNullToObject(o, "when_ms");
		cJSON_AddNumberToObject(o, "campaign", (double)x->campaign);
		cJSON_AddItemToObject(o, "kind", json_text(x->kind));
		cJSON_AddItemToObject(o, "id", json_text(x->id));
		cJSON_AddItemToObject(o, "text", json_text(x->text));
		cJSON_AddItemToArray(all, o);
	}
	json_print_take(&out, j, true);
	fputs(buf_str(&out), stdout);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct trace_args *a = args;
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	struct bug_details d = { .text = BUF_INIT };
	struct story s = { .bug = &d, .max = a->findings };
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = bug_details_load(p, ctx->args->v[0], &d, &err);
	if (rc == 0)
		rc = gather(p, &s, &err);
	if (rc == 0 && a->json)
		print_json(&s);
	else if (rc == 0)
		print_text(&s, ctx);
	for (size_t i = 0; i < s.n; i++) {
		free(s.v[i].id);
		free(s.v[i].text);
	}
	free(s.v);
	free(s.campaigns);
	bug_details_release(&d);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_trace = {
	.name = "trace",
	.args = "BUG",
	.help = "how a bug came about: its inputs, jobs, sites and test",
	.more = "The story of one bug, in order: who met which input, on which build and in which "
		"campaign; what was announced; the jobs that made it small and tested it, with "
		"what went wrong; and what there is now.\n\n"
		"--json: bug, harness, findings and steps[] with when_ms (null where nobody wrote "
		"it down), campaign, kind (finding, event, job, now), id and text.\n\n"
		"Exit status: 0 done, 2 no such bug, 3 other failures.",
	.examples = "thresh trace 3f2a9c1d",
	.opts = trace_opts,
	.args_size = sizeof(struct trace_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
