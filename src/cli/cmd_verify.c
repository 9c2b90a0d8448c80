/*
 * thresh verify: which bugs are there still, which are gone, and which can't be told. Only what is gone for certain
 * is closed: a bug that another one hides, or that the harness no longer reaches, stays open.
 */
#include "base/prelude.h"
#include "cli/commands.h"
#include "report/bug_json.h"
#include "report/table.h"
#include "retest/verify.h"
#include <limits.h>
#include <stdio.h>

struct verify_args {
	bool json, trust_harness;
	const char *target;
};

static const struct opt verify_opts_table[] = {
	{ .name = "target",
		.kind = OPT_STRING,
		.off = offsetof(struct verify_args, target),
		.arg = "NAME",
		.help = "a name below `targets`: look at that tree, change no bug's state" },
	{ .name = "trust-harness",
		.kind = OPT_FLAG,
		.off = offsetof(struct verify_args, trust_harness),
		.help = "a harness that changed leads to the same places: you looked" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct verify_args, json),
		.help = "a JSON array, one object per bug" },
	{ .kind = OPT_END },
};

static const struct table_col cols[] = {
	{ .head = "BUG" },
	{ .head = "VERDICT" },
	{ .head = "STATE" },
	{ .head = "HARNESS" },
	{ .head = "WHAT", .flex = true },
};

static enum term_style style_of(enum verify_verdict v)
{
	static const enum term_style styles[] = { TERM_PLAIN, TERM_GREEN, TERM_YELLOW,
		TERM_YELLOW };

	return styles[v];
}

static void add_row(struct table *t, const struct verify_one *o, bool other_target)
{
	table_cellf(t, TERM_BOLD, "%.8s", o->bug);
	table_cell(t, style_of(o->verdict), verify_word(o->verdict));
	if (o->before != o->after)
		table_cellf(t, o->after == BUG_REGRESSED ? TERM_RED : TERM_GREEN, "%s, was %s",
			bug_state_name(o->after), bug_state_name(o->before));
	else
		table_cell(t, TERM_PLAIN, bug_state_name(o->before));
	table_cell(t, TERM_PLAIN, o->harness);
	if (o->other)
		table_cellf(t, TERM_PLAIN, "hidden by bug %.8s: %s", o->other, o->why);
	else if (o->split)
		table_cellf(t, TERM_PLAIN, "%u of %u findings fail in other ways%s", o->split,
			o->findings, other_target ? "" : ": filed anew");
	else if (o->sites > 1 && o->sites_gone && o->verdict != VERIFY_GONE)
		table_cellf(t, TERM_PLAIN, "gone at %u of its %u sites; %s", o->sites_gone,
			o->sites, o->why ? o->why : o->title);
	else
		table_cell(t, TERM_PLAIN, o->why ? o->why : o->title);
}

static void print_table(const struct verify_result *r, bool other_target, const struct cli_ctx *ctx)
{
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	unsigned counts[VERIFY_CANNOT_TELL + 1] = { 0 };
	const char *between = ": ";
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < r->n; i++) {
		counts[r->v[i].verdict]++;
		add_row(t, &r->v[i], other_target);
	}
	if (table_rows(t) && !ctx->quiet)
		table_print(t, &ctx->term);
	table_free(t);
	buf_addf(&b, "%zu bug%s", r->n, r->n == 1 ? "" : "s");
	for (size_t v = 0; v < ARRAY_LEN(counts); v++) {
		if (!counts[v])
			continue;
		buf_addf(&b, "%s%u %s", between, counts[v], verify_word((enum verify_verdict)v));
		between = ", ";
	}
	buf_addch(&b, '\n');
	term_print(&ctx->term, &b);
	buf_release(&b);
}

static void print_json(const struct verify_result *r, bool other_target)
{
	cJSON *all = cJSON_CreateArray();
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < r->n; i++) {
		const struct verify_one *o = &r->v[i];
		cJSON *j = cJSON_CreateObject();

		cJSON_AddItemToObject(j, "bug", json_text(o->bug));
		cJSON_AddItemToObject(j, "harness", json_text(o->harness));
		cJSON_AddItemToObject(j, "verdict", json_text(verify_word(o->verdict)));
		cJSON_AddItemToObject(j, "before", json_text(bug_state_name(o->before)));
		cJSON_AddItemToObject(j, "state", json_text(bug_state_name(o->after)));
		cJSON_AddNumberToObject(j, "failed", o->failed);
		cJSON_AddNumberToObject(j, "tries", o->tries);
		cJSON_AddItemToObject(j, "why", json_text(o->why));
		cJSON_AddItemToObject(j, "hidden_by", json_text(o->other));
		cJSON_AddNumberToObject(j, "findings", o->findings);
		cJSON_AddNumberToObject(j, "otherwise", o->split);
		cJSON_AddNumberToObject(j, "filed_anew", other_target ? 0 : o->split);
		cJSON_AddNumberToObject(j, "sites", o->sites);
		cJSON_AddNumberToObject(j, "sites_gone", o->sites_gone);
		cJSON_AddItemToArray(all, j);
	}
	json_print_take(&out, all, true);
	fputs(out.s, stdout);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct verify_args *a = args;
	struct verify_opts opts = {
		.bugs = ctx->args, .target = a->target, .trust_harness = a->trust_harness
	};
	struct verify_result r = { .v = NULL };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	bool open = false;
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = verify_run(p, &opts, &r, &err);
	if (rc == 0 && a->json)
		print_json(&r, a->target != NULL);
	else if (rc == 0)
		print_table(&r, a->target != NULL, ctx);
	for (size_t i = 0; i < r.n; i++)
		open = open || r.v[i].verdict != VERIFY_GONE;
	verify_result_release(&r);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : open ? EXIT_FINDINGS : EXIT_OK;
}

const struct cmd cmd_verify = {
	.name = "verify",
	.args = "[BUG...]",
	.help = "every bug against today's build: same, gone, masked, cannot tell",
	.more = "Each bug's reproducer is run as often as its reproducibility demands. same: it "
		"fails as "
		"it did. gone: it passes, and so does every other finding of the bug; only this "
		"closes a bug. masked: it fails in another way, which is filed as a bug of its "
		"own. "
		"cannot tell: nothing could be built or run, or the harness changed so that the "
		"input "
		"no longer gets there.\n\n"
		"Of a harness that changed, the source as it was when the bug was filed is built "
		"against today's library, and decides; where a script builds it, the source lines "
		"that the input went through then and now are compared.\n\n"
		"Findings of a closed bug that still fail become bugs of their own. Regression "
		"tests "
		"follow the states.\n\n"
		"Exit status: 0 all gone, 1 some aren't, 2 usage, 3 other failures.",
	.examples = "thresh verify\nthresh verify 3f2a9c1d --target patched",
	.opts = verify_opts_table,
	.args_size = sizeof(struct verify_args),
	.max_args = UINT_MAX,
	.run = run,
};
