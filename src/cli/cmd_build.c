/* thresh build: variants of harnesses, only what changed. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "proc/proc.h"
#include "project/project.h"
#include "report/bug_json.h"
#include "report/table.h"
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
		.help = "asan, libfuzzer, libfuzzer-plain, afl, afl-cmplog, cov, msan, gcc-asan "
			"or plain; repeatable; default the first six" },
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

static const enum variant usual[] = { VARIANT_ASAN, VARIANT_LIBFUZZER, VARIANT_LIBFUZZER_PLAIN,
	VARIANT_AFL, VARIANT_AFL_CMPLOG, VARIANT_COV };

/* Why builds failed: one reason of many is told once. */
struct reason {
	/* of the first: the whole message, the part that is the same for all, and the compiler's words or NULL */
	char *said, *log;
	const char *why;
	unsigned n;
};

struct building {
	struct project *project;
	const struct config_build *over;
	unsigned jobs;
	struct table *table;
	cJSON *json;
	unsigned failed;
	struct reason *reasons;
	size_t n_reasons, cap_reasons;
};

static void note_reason(struct building *b, const struct build_want *w)
{
	char *prefix = xasprintf("%s, variant %s: ", w->h->name, variant_name(w->v));
	struct strv why = strv_of(w->err.msg);
	struct reason *r;

	b->failed++;
	strv_skip(&why, prefix);
	free(prefix);
	for (size_t i = 0; i < b->n_reasons; i++)
		if (strcmp(b->reasons[i].why, why.s) == 0) {
			b->reasons[i].n++;
			return;
		}
	GROW(b->reasons, b->n_reasons, b->cap_reasons);
	r = &b->reasons[b->n_reasons++];
	*r = (struct reason){ .said = xstrdup(w->err.msg), .n = 1 };
	r->why = r->said + (why.s - w->err.msg);
	r->log = w->result.log ? xstrdup(w->result.log) : NULL;
}

/* With --json the words of each are in its object. */
static void tell_reasons(struct building *b)
{
	for (size_t i = 0; i < b->n_reasons; i++) {
		struct reason *r = &b->reasons[i];
		struct buf log = BUF_INIT;

		if (r->n == 1)
			log_error("%s", r->said);
		else
			log_error("%.*s, and %u more like it: %s", (int)(r->why - r->said - 2),
				r->said, r->n - 1, r->why);
		if (r->log && !b->json) {
			escape_term_text(&log, strv_of(r->log));
			fprintf(stderr, "%s\n", log.s);
		}
		buf_release(&log);
		free(r->said);
		free(r->log);
	}
	free(b->reasons);
}

static void tell(struct building *b, const struct build_want *w)
{
	const struct build_result *r = &w->result;
	const char *name = w->h->name, *variant = variant_name(w->v);

	if (w->rc < 0)
		note_reason(b, w);
	if (b->json) {
		cJSON *j = cJSON_CreateObject();

		cJSON_AddItemToObject(j, "harness", json_text(name));
		cJSON_AddItemToObject(j, "variant", json_text(variant));
		cJSON_AddBoolToObject(j, "ok", w->rc == 0);
		cJSON_AddBoolToObject(j, "fresh", r->fresh);
		cJSON_AddItemToObject(j, "exe", json_text(r->exe));
		if (w->rc < 0)
			cJSON_AddItemToObject(j, "error", json_text(r->log ? r->log : w->err.msg));
		cJSON_AddItemToArray(b->json, j);
		return;
	}
	table_cell(b->table, TERM_BOLD, name);
	table_cell(b->table, TERM_PLAIN, variant);
	table_cell(b->table, w->rc < 0 ? TERM_RED : TERM_PLAIN,
		w->rc < 0  ? "failed"
		: r->fresh ? "up to date"
			   : "built");
}

static int build_all(
	struct building *b, const struct build_args *a, const struct cli_ctx *ctx, struct err *err)
{
	struct select_harnesses sel;
	enum variant variants[VARIANT_N];
	struct build_want *wants;
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < a->variants.n; i++) {
		if (n == VARIANT_N || variant_parse(a->variants.v[i], &variants[n]) < 0)
			return err_usage(err, "%s: no such variant", a->variants.v[i]);
		n++;
	}
	for (size_t i = 0; !a->variants.n && i < ARRAY_LEN(usual); i++)
		variants[n++] = usual[i];
	if (select_harnesses(b->project, ctx->args, &sel, err) < 0)
		return -1;
	rc = project_need_tools(b->project, err);
	wants = xcalloc(sel.n * n, sizeof(*wants));
	for (size_t i = 0; i < sel.n * n; i++)
		wants[i] = (struct build_want){
			.h = sel.v[i / n], .override = b->over, .v = variants[i % n]
		};
	if (rc == 0)
		rc = build_many(
			b->project->cfg, wants, sel.n * n, &b->project->tools, b->jobs, err);
	for (size_t i = 0; i < sel.n * n; i++) {
		if (rc == 0)
			tell(b, &wants[i]);
		build_result_release(&wants[i].result);
	}
	tell_reasons(b);
	free(wants);
	select_release(&sel);
	return rc;
}

static const struct table_col cols[] = {
	{ .head = "HARNESS" },
	{ .head = "VARIANT" },
	{ .head = "RESULT" },
};

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct build_args *a = args;
	struct building b = { .project = NULL };
	struct buf out = BUF_INIT;
	struct err err = ERR_INIT;
	int rc = -1;

	b.project = project_open(ctx->config, &err);
	if (!b.project)
		return cli_fail(&err);
	proc_catch_signals();
	b.jobs = a->jobs ? (unsigned)a->jobs : b.project->jobs;
	b.over = a->target ? config_build(b.project->cfg, a->target) : NULL;
	b.json = a->json ? cJSON_CreateArray() : NULL;
	b.table = table_new(cols, ARRAY_LEN(cols));
	if (a->target && !b.over)
		err_usage(&err, "%s: no such entry of `targets` in %s", a->target,
			b.project->cfg->path);
	else
		rc = build_all(&b, a, ctx, &err);
	if (rc == 0 && b.json) {
		json_print_take(&out, b.json, true);
		fputs(out.s, stdout);
	} else if (rc == 0) {
		table_print(b.table, &ctx->term);
	} else {
		cJSON_Delete(b.json);
	}
	buf_release(&out);
	table_free(b.table);
	project_close(b.project);
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
