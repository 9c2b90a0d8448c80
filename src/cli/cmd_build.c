/* thresh build: variants of harnesses, only what changed. */
#include "base/prelude.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "cli/term.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/num.h"
#include "campaign/campaign.h"
#include "report/bug_json.h"
#include "proc/proc.h"
#include <limits.h>
#include <stdio.h>

struct build_args {
	struct strlist variants;
	const char *target;
	uint64_t jobs;
	bool json;
};

static const struct opt build_opts[] = {
	{ .name = "variant",
		.kind = OPT_STRINGS,
		.off = offsetof(struct build_args, variants),
		.arg = "NAME",
		.help = "asan, libfuzzer, afl, afl-cmplog, cov, msan, gcc-asan or plain; "
			"repeatable; default the first five" },
	{ .name = "target",
		.kind = OPT_STRING,
		.off = offsetof(struct build_args, target),
		.arg = "NAME",
		.help = "build against this entry of `targets` in place of the harness's own" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct build_args, jobs),
		.min = 1,
		.max = 256,
		.arg = "N",
		.help = "compilers at once; default the processors there are" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct build_args, json),
		.help = "a JSON array, one object per harness and variant" },
	{ .kind = OPT_END },
};

static const enum variant usual[] = { VARIANT_ASAN, VARIANT_LIBFUZZER, VARIANT_AFL,
	VARIANT_AFL_CMPLOG, VARIANT_COV };

struct building {
	struct campaign *c;
	const struct config_build *over;
	unsigned jobs;
	struct table *table;
	cJSON *json;
	unsigned failed;
};

static void build_one(struct building *b, const struct config_harness *h, enum variant v)
{
	struct build_result r = { 0 };
	struct err err = ERR_INIT;
	struct buf took = BUF_INIT, log = BUF_INIT;
	int rc = build_variant(b->c->cfg, h, b->over, v, &b->c->tools, b->jobs, &r, &err);

	num_add_duration(&took, r.ms);
	if (rc < 0) {
		b->failed++;
		log_error("%s, %s: %s", h->name, variant_name(v), err.msg);
	}
	if (b->json) {
		cJSON *j = cJSON_CreateObject();

		cJSON_AddItemToObject(j, "harness", json_text(h->name));
		cJSON_AddItemToObject(j, "variant", json_text(variant_name(v)));
		cJSON_AddBoolToObject(j, "ok", rc == 0);
		cJSON_AddBoolToObject(j, "fresh", r.fresh);
		cJSON_AddNumberToObject(j, "ms", (double)r.ms);
		cJSON_AddItemToObject(j, "exe", json_text(r.exe));
		if (rc < 0)
			cJSON_AddItemToObject(j, "error", json_text(r.log ? r.log : err.msg));
		cJSON_AddItemToArray(b->json, j);
	} else {
		table_cell(b->table, TERM_BOLD, h->name);
		table_cell(b->table, TERM_PLAIN, variant_name(v));
		table_cell(b->table, rc < 0 ? TERM_RED : TERM_PLAIN,
			rc < 0    ? "failed"
			: r.fresh ? "up to date"
				  : "built");
		table_cell(b->table, TERM_PLAIN, r.fresh || rc < 0 ? "" : took.s);
	}
	if (rc < 0 && r.log && !b->json) {
		escape_term_text(&log, strv_of(r.log));
		fprintf(stderr, "%s\n", log.s);
	}
	buf_release(&took);
	buf_release(&log);
	build_result_release(&r);
}

static int build_all(
	struct building *b, const struct build_args *a, const struct cli_ctx *ctx, struct err *err)
{
	struct select_harnesses sel;
	enum variant variants[VARIANT_N];
	size_t n = 0;

	for (size_t i = 0; i < a->variants.n; i++) {
		if (n == VARIANT_N || variant_parse(a->variants.v[i], &variants[n]) < 0)
			return err_usage(err, "%s: no such variant", a->variants.v[i]);
		n++;
	}
	for (size_t i = 0; !a->variants.n && i < ARRAY_LEN(usual); i++)
		variants[n++] = usual[i];
	if (select_harnesses(b->c, ctx->args, &sel, err) < 0 || campaign_need_tools(b->c, err) < 0)
		return -1;
	for (size_t i = 0; i < sel.n; i++)
		for (size_t k = 0; k < n && !proc_interrupted(); k++)
			build_one(b, sel.v[i], variants[k]);
	select_release(&sel);
	return 0;
}

static const struct table_col cols[] = {
	{ .head = "HARNESS" },
	{ .head = "VARIANT" },
	{ .head = "RESULT" },
	{ .head = "TIME", .right = true },
};

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct build_args *a = args;
	struct building b = { .c = NULL };
	struct buf out = BUF_INIT;
	struct err err = ERR_INIT;
	int rc = -1;

	b.c = campaign_open(ctx->config, &err);
	if (!b.c)
		return cli_fail(&err);
	proc_catch_signals();
	b.jobs = a->jobs ? (unsigned)a->jobs : b.c->jobs;
	b.over = a->target ? config_build(b.c->cfg, a->target) : NULL;
	b.json = a->json ? cJSON_CreateArray() : NULL;
	b.table = table_new(cols, ARRAY_LEN(cols));
	if (a->target && !b.over)
		err_usage(&err, "%s: no such entry of `targets` in %s", a->target, b.c->cfg->path);
	else
		rc = build_all(&b, a, ctx, &err);
	if (rc == 0 && b.json) {
		json_print_take(&out, b.json, true);
		fputs(out.s, stdout);
	} else if (rc == 0) {
		table_print(b.table, ctx);
	} else {
		cJSON_Delete(b.json);
	}
	buf_release(&out);
	table_free(b.table);
	campaign_close(b.c);
	return rc < 0 ? cli_fail(&err) : b.failed ? EXIT_OTHER : EXIT_OK;
}

const struct cmd cmd_build = {
	.name = "build",
	.args = "[HARNESS...]",
	.help = "build the variants of harnesses, only what changed",
	.more = "A harness that doesn't build is reported with the compiler's words, and the "
		"others go on; the exit status "
		"is then 3.",
	.opts = build_opts,
	.args_size = sizeof(struct build_args),
	.max_args = UINT_MAX,
	.run = run,
};
