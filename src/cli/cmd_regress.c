/* thresh regress: bugs -> proven regression tests in the project's own tree. */
#include "base/prelude.h"
#include "base/escape.h"
#include "cli/commands.h"
#include "report/bug_json.h"
#include "report/table.h"
#include "retest/regress.h"
#include <limits.h>
#include <stdio.h>

struct regress_args {
	bool json, prune, again;
	const char *style, *dir, *framework;
};

static const struct opt regress_opts[] = {
	{ .name = "style",
		.kind = OPT_CHOICE,
		.off = offsetof(struct regress_args, style),
		.choices = REGRESS_STYLE_WORDS,
		.def = "files",
		.help = "the build system to write for" },
	{ .name = "framework",
		.kind = OPT_CHOICE,
		.off = offsetof(struct regress_args, framework),
		.choices = REGRESS_FRAMEWORK_WORDS,
		.def = "main",
		.help = "what the files of style c are written for" },
	{ .name = "dir",
		.kind = OPT_STRING,
		.off = offsetof(struct regress_args, dir),
		.def = PROJECT_TESTS,
		.arg = "DIR",
		.help = "where the tests lie, relative to the project" },
	{ .name = "prune",
		.kind = OPT_FLAG,
		.off = offsetof(struct regress_args, prune),
		.help = "take out tests of bugs that are gone from the store" },
	{ .name = "again",
		.kind = OPT_FLAG,
		.off = offsetof(struct regress_args, again),
		.help = "prove those that are proven, too" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct regress_args, json),
		.help = "one JSON object" },
	{ .kind = OPT_END },
};

static const struct table_col cols[] = {
	{ .head = "BUG" },
	{ .head = "TEST" },
	{ .head = "HARNESS" },
	{ .head = "FAILS ON", .flex = true },
	{ .head = "PASSES ON", .flex = true },
};

static void print_table(const struct regress_result *r, const struct cli_ctx *ctx)
{
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	unsigned counts[REGRESS_IS_PRUNED + 1] = { 0 };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < r->n; i++) {
		const struct regress_one *o = &r->v[i];

		counts[o->status]++;
		if (ctx->quiet)
			continue;
		table_cellf(t, TERM_BOLD, "%.8s", o->bug);
		table_cell(t, o->status == REGRESS_IS_UNPROVEN ? TERM_YELLOW : TERM_PLAIN,
			regress_status_name(o->status));
		table_cell(t, TERM_PLAIN, o->harness);
		table_cell(t, TERM_PLAIN, o->fails ? o->fails : o->why ? o->why : "");
		table_cell(t, TERM_PLAIN, o->passes ? o->passes : "");
	}
	if (table_rows(t))
		table_print(t, &ctx->term);
	table_free(t);
	buf_addf(&b, "%zu bug%s: %u new test%s, %u updated, %u unchanged", r->n,
		r->n == 1 ? "" : "s", counts[REGRESS_IS_NEW],
		counts[REGRESS_IS_NEW] == 1 ? "" : "s", counts[REGRESS_IS_UPDATED],
		counts[REGRESS_IS_SAME]);
	if (counts[REGRESS_IS_EDITED])
		buf_addf(&b, ", %u edited by hand and kept", counts[REGRESS_IS_EDITED]);
	if (counts[REGRESS_IS_DELETED])
		buf_addf(&b, ", %u deleted by hand", counts[REGRESS_IS_DELETED]);
	if (counts[REGRESS_IS_UNPROVEN])
		buf_addf(&b, ", %u not proven", counts[REGRESS_IS_UNPROVEN]);
	if (counts[REGRESS_IS_PRUNED])
		buf_addf(&b, ", %u taken out", counts[REGRESS_IS_PRUNED]);
	buf_adds(&b, "; in ");
	escape_term(&b, strv_of(r->root));
	buf_addch(&b, '\n');
	for (size_t i = 0; i < r->kept.n; i++) {
		buf_adds(&b, "kept as edited: ");
		escape_term(&b, strv_of(r->kept.v[i]));
		buf_addch(&b, '\n');
	}
	term_print(&ctx->term, &b);
	buf_release(&b);
}

static void print_json(const struct regress_result *r)
{
	cJSON *j = cJSON_CreateObject(), *tests = cJSON_AddArrayToObject(j, "tests"),
	      *kept = cJSON_AddArrayToObject(j, "edited");
	struct buf out = BUF_INIT;

	cJSON_AddItemToObject(j, "dir", json_text(r->root));
	cJSON_AddNumberToObject(j, "files_written", r->files_written);
	for (size_t i = 0; i < r->n; i++) {
		const struct regress_one *o = &r->v[i];
		cJSON *t = cJSON_CreateObject();

		cJSON_AddItemToObject(t, "bug", json_text(o->bug));
		cJSON_AddItemToObject(t, "harness", json_text(o->harness));
		cJSON_AddItemToObject(t, "dir", json_text(o->dir));
		cJSON_AddItemToObject(t, "status", json_text(regress_status_name(o->status)));
		cJSON_AddItemToObject(t, "why", json_text(o->why));
		cJSON_AddItemToObject(t, "fails", json_text(o->fails));
		cJSON_AddItemToObject(t, "passes", json_text(o->passes));
		cJSON_AddItemToObject(t, "not_built", json_text(o->not_built));
		cJSON_AddItemToArray(tests, t);
	}
	for (size_t i = 0; i < r->kept.n; i++)
		cJSON_AddItemToArray(kept, json_text(r->kept.v[i]));
	json_print_take(&out, j, true);
	fputs(out.s, stdout);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct regress_args *a = args;
	struct regress_opts opts = { .bugs = ctx->args,
		.style = a->style,
		.framework = a->framework,
		.dir = a->dir,
		.prune = a->prune,
		.again = a->again };
	struct regress_result r = { .v = NULL };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	bool unproven = false;
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = regress_run(p, &opts, &r, &err);
	if (rc == 0 && a->json)
		print_json(&r);
	else if (rc == 0)
		print_table(&r, ctx);
	for (size_t i = 0; i < r.n; i++)
		unproven = unproven || r.v[i].status == REGRESS_IS_UNPROVEN;
	regress_result_release(&r);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : unproven ? EXIT_FINDINGS : EXIT_OK;
}

const struct cmd cmd_regress = {
	.name = "regress",
	.args = "[BUG...]",
	.help = "write and prove regression tests",
	.more = "Every bug's reproducer is run under clang's and gcc's sanitizers and without any; "
		"it "
		"becomes a test only when a sanitizer saw it fail with that bug. Without BUG: all "
		"bugs.\n\n"
		"Tests need nothing of thresh: an input, a manifest, and replay.c, which runs them "
		"and prints TAP. Open bugs are TODO tests, so the suite stays green and the bug "
		"stays "
		"visible. Running it again changes nothing when nothing changed; files edited or "
		"deleted by hand stay so.\n\n"
		"Where a bug needs a failing allocation, faults.c lies beside replay.c, which "
		"includes it, as does its file of style c: glibc's and the sanitizers' allocations "
		"are counted, and the one "
		"that the input's first line names fails. Without it such tests are skipped.\n\n"
		"Exit status: 0 all proven, 1 one wasn't, 2 usage, 3 other failures.",
	.examples = "thresh regress\nthresh regress 3f2a9c1d --style cmake",
	.opts = regress_opts,
	.args_size = sizeof(struct regress_args),
	.max_args = UINT_MAX,
	.run = run,
};
