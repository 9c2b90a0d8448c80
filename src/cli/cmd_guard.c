/* thresh guard: what the corpora came to, campaign by campaign, and what new builds lost of it. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "guard/guard.h"
#include "proc/interrupt.h"
#include "report/bug_json.h"
#include "report/table.h"
#include <limits.h>
#include <stdio.h>

struct guard_args {
	bool json, accept, record;
	uint64_t campaigns, time_ms;
};

static const struct opt guard_opts[] = {
	{ .name = "campaigns",
		.kind = OPT_UINT,
		.off = offsetof(struct guard_args, campaigns),
		.min = 1,
		.max = UINT32_MAX,
		.def = "5",
		.arg = "N",
		.help = "how many of the last campaigns are shown" },
	{ .name = "accept",
		.kind = OPT_FLAG,
		.off = offsetof(struct guard_args, accept),
		.help = "what was lost is no loss: forget it" },
	{ .name = "record",
		.kind = OPT_FLAG,
		.off = offsetof(struct guard_args, record),
		.help = "keep the figures under the last campaign, as it would have at its end" },
	{ .name = "time",
		.kind = OPT_DURATION,
		.off = offsetof(struct guard_args, time_ms),
		.min = 1,
		.help = "for all of it: where that isn't enough, no loss is judged and nothing is "
			"kept; default no limit" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct guard_args, json),
		.help = "a JSON array, one object per harness" },
	{ .kind = OPT_END },
};

/* --- figures --- */

struct figures {
	struct table *table;
	cJSON *json;
	uint64_t n, max;
};

static cJSON *figures_json(const struct guard_rec *r)
{
	cJSON *j = cJSON_CreateObject();

	if (r->campaign)
		cJSON_AddNumberToObject(j, "campaign", (double)r->campaign);
	else
		cJSON_AddNullToObject(j, "campaign");
	cJSON_AddItemToObject(j, "build", json_text(r->build));
	cJSON_AddNumberToObject(j, "when_ms", (double)r->when_ms);
	cJSON_AddNumberToObject(j, "inputs", (double)r->inputs);
	cJSON_AddNumberToObject(j, "bytes", (double)r->bytes);
	cJSON_AddNumberToObject(j, "features", (double)r->features);
	cJSON_AddNumberToObject(j, "rejected", (double)r->rejected);
	cJSON_AddNumberToObject(j, "functions", (double)r->functions);
	cJSON_AddNumberToObject(j, "lines", (double)r->lines);
	cJSON_AddNumberToObject(j, "execs_per_s", r->execs_per_s);
	return j;
}

static void add_count(struct table *t, uint64_t n)
{
	table_number(t, TERM_PLAIN, num_add_count, n);
}

static void add_row(struct table *t, const struct guard_rec *r)
{
	if (r->campaign)
		table_cellf(t, TERM_PLAIN, "%lld", (long long)r->campaign);
	else
		table_cell(t, TERM_PLAIN, "now");
	add_count(t, r->inputs);
	add_count(t, r->bytes);
	add_count(t, r->features);
	add_count(t, r->functions);
	add_count(t, r->lines);
	if (r->campaign)
		add_count(t, (uint64_t)r->execs_per_s);
	else
		table_cell(t, TERM_PLAIN, "");
	table_cellf(t, TERM_PLAIN, "%.0f %%",
		r->inputs ? 100.0 * (double)r->rejected / (double)r->inputs : 0.0);
}

static int one_campaign(void *arg, const struct guard_rec *r)
{
	struct figures *f = arg;

	if (f->json)
		cJSON_AddItemToArray(f->json, figures_json(r));
	else
		add_row(f->table, r);
	return ++f->n == f->max;
}

/* --- one harness --- */

static cJSON *loss_json(const struct loss_rec *l)
{
	cJSON *j = cJSON_CreateObject(), *lines;
	struct strv rest = strv_of(l->lines), one;
	uint64_t line;

	cJSON_AddItemToObject(j, "function", json_text(l->function));
	cJSON_AddItemToObject(j, "file", json_text(l->file));
	cJSON_AddNumberToObject(j, "line", l->line);
	lines = cJSON_AddArrayToObject(j, "lines");
	while (rest.len && strv_split(&rest, ',', &one))
		if (num_u64(one, &line) == 0)
			cJSON_AddItemToArray(lines, cJSON_CreateNumber((double)line));
	cJSON_AddNumberToObject(j, "campaign", (double)l->campaign);
	cJSON_AddItemToObject(j, "commit", *l->since ? json_text(l->since) : cJSON_CreateNull());
	cJSON_AddItemToObject(
		j, "commit_before", *l->before ? json_text(l->before) : cJSON_CreateNull());
	return j;
}

static void show_json(
	cJSON *all, const char *name, const struct guard_result *r, bool empty, cJSON *campaigns)
{
	cJSON *j = cJSON_CreateObject(), *losses, *alarms;

	cJSON_AddItemToObject(j, "harness", json_text(name));
	cJSON_AddItemToObject(j, "now", empty ? cJSON_CreateNull() : figures_json(&r->now));
	cJSON_AddItemToObject(j, "campaigns", campaigns);
	losses = cJSON_AddArrayToObject(j, "lost");
	for (size_t i = 0; i < r->n_losses; i++)
		cJSON_AddItemToArray(losses, loss_json(&r->losses[i]));
	cJSON_AddNumberToObject(j, "looked_at", (double)r->looked);
	cJSON_AddBoolToObject(j, "complete", !r->cut);
	alarms = cJSON_AddArrayToObject(j, "alarms");
	for (size_t i = 0; i < r->n_alarms; i++)
		cJSON_AddItemToArray(alarms, json_text(r->alarms[i].text));
	cJSON_AddItemToArray(all, j);
}

static void show_text(
	const char *name, const struct guard_result *r, struct table *t, const struct cli_ctx *ctx)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s:\n", name);
	table_render(t, &ctx->term, &b);
	for (size_t i = 0; i < r->n_losses; i++) {
		buf_adds(&b, "  no longer reached: ");
		guard_add_loss(&b, &r->losses[i]);
		buf_addch(&b, '\n');
	}
	for (size_t i = 0; i < r->n_alarms; i++)
		buf_addf(&b, "  %s\n", r->alarms[i].text);
	if (r->cut)
		buf_addf(&b,
			"  not all was looked at in the time, only %llu of %llu inputs: losses "
			"can't "
			"be told\n",
			(unsigned long long)r->looked, (unsigned long long)r->now.inputs);
	else if (!r->n_losses && !r->n_alarms)
		buf_adds(&b, "  nothing was lost\n");
	term_print(&ctx->term, &b);
	buf_release(&b);
}

/* What all harnesses together came to. */
struct verdict {
	bool alarm, cut;
};

static int show(struct project *p, const struct config_harness *h, const struct guard_args *a,
	const struct guard_opts *how, const struct cli_ctx *ctx, cJSON *all, struct verdict *v,
	struct err *err)
{
	static const struct table_col columns[] = {
		{ .head = "campaign" },
		{ .head = "inputs", .right = true },
		{ .head = "bytes", .right = true },
		{ .head = "features", .right = true },
		{ .head = "functions", .right = true },
		{ .head = "lines", .right = true },
		{ .head = "runs/s", .right = true },
		{ .head = "rejected", .right = true },
	};
	struct figures f = { .max = a->campaigns };
	struct guard_result r;
	int rc = guard_look(p, h, how, &r, err);
	bool empty = rc == 1;

	f.json = all ? cJSON_CreateArray() : NULL;
	f.table = all ? NULL : table_new(columns, ARRAY_LEN(columns));
	if (rc == 0 && f.table)
		add_row(f.table, &r.now);
	if (rc >= 0)
		rc = store_guards(p->store, h->name, one_campaign, &f, err);
	if (rc == 0 && all) {
		show_json(all, h->name, &r, empty, f.json);
		f.json = NULL;
	} else if (rc == 0 && empty) {
		term_printf(&ctx->term, "%s: no corpus yet\n", h->name);
	} else if (rc == 0) {
		show_text(h->name, &r, f.table, ctx);
	}
	fflush(stdout);
	v->alarm = v->alarm || r.n_losses;
	v->cut = v->cut || r.cut;
	/* the others are advice */
	for (size_t i = 0; i < r.n_alarms; i++)
		v->alarm = v->alarm || r.alarms[i].kind == GUARD_REJECTS;
	cJSON_Delete(f.json);
	table_free(f.table);
	guard_result_release(&r);
	return rc;
}

/* --- the command --- */

static int last_campaign(struct project *p, int64_t *id, struct err *err)
{
	struct campaign_rec last = { 0 };
	int rc = store_campaign_last(p->store, &last, err);

	*id = last.id;
	campaign_rec_release(&last);
	if (rc == 1)
		return err_usage(
			err, "--record: no campaign yet, that the figures could belong to");
	return rc;
}

static int each(struct project *p, const struct guard_args *a, const struct cli_ctx *ctx,
	struct verdict *v, struct err *err)
{
	cJSON *all = a->json ? cJSON_CreateArray() : NULL;
	uint64_t until = a->time_ms ? clock_mono_ms() + a->time_ms : 0;
	struct guard_opts how = { .accept = a->accept };
	struct select_harnesses s = { 0 };
	struct buf out = BUF_INIT;
	int rc = select_with_corpora(p, ctx->args, &s, err);

	if (rc == 0 && a->record)
		rc = last_campaign(p, &how.campaign, err);
	for (size_t i = 0; rc == 0 && i < s.n; i++) {
		uint64_t now = clock_mono_ms();

		/* what one doesn't need the next ones have */
		if (until)
			how.until_ms = now + (until - MIN(until, now)) / (s.n - i);
		rc = show(p, s.v[i], a, &how, ctx, all, v, err);
		if (rc == 0 && proc_interrupted())
			rc = err_set(err, "interrupted");
	}
	if (rc == 0 && all) {
		json_print_take(&out, all, true);
		fputs(buf_str(&out), stdout);
		all = NULL;
	}
	cJSON_Delete(all);
	buf_release(&out);
	select_release(&s);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	struct verdict v = { .alarm = false };
	int rc;

	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	rc = each(p, args, ctx, &v, &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : v.alarm ? EXIT_FINDINGS : v.cut ? EXIT_OTHER : EXIT_OK;
}

const struct cmd cmd_guard = {
	.name = "guard",
	.args = "[HARNESS...]",
	.help = "corpora by campaign, and what new builds lost of them",
	.more = "At the end of each campaign every corpus is run on the coverage build, and its "
		"figures are kept. When the build is another one than the last time, what the same "
		"inputs reached before is compared with what they reach now: a function that none "
		"gets to any more, and that is still in its file, is a loss, and so are lines of "
		"files that didn't change. Inputs are run several times before it is said. A loss "
		"is shown with its campaign, and the commit where git knows, until something "
		"reaches it again or --accept.\n\n"
		"It also tells of a harness that rejects nearly everything, of a corpus that "
		"grows and reaches nothing more, and of seeds that reach nothing but what smaller "
		"ones do.\n\n"
		"--json: harness, now and campaigns[] with inputs, bytes, features, functions, "
		"lines, rejected and execs_per_s, lost[] with function, file, line, lines[], "
		"campaign, commit and commit_before, looked_at, complete, and alarms[].\n\n"
		"Exit status: 0 nothing is wrong, 1 something was lost or a harness rejects nearly "
		"everything, 2 usage, 3 not all was looked at in its time, and other failures.",
	.examples =
		"thresh guard\nthresh guard cjson_parse --json\nthresh guard cjson_parse --accept",
	.opts = guard_opts,
	.args_size = sizeof(struct guard_args),
	.max_args = UINT_MAX,
	.run = run,
};
