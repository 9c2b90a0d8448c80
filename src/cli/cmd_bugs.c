/* thresh bugs: what was found, one line a bug, worst first. */
#include "base/prelude.h"
#include "base/buf.h"
#include "cli/commands.h"
#include "cli/new_store.h"
#include "report/bug_json.h"
#include "report/bugs_table.h"
#include "report/issue.h"
#include "report/sarif.h"
#include "report/table.h"
#include "triage/bug_details.h"
#include "triage/decide.h"
#include <stdio.h>

struct bugs_args {
	bool json, all, sarif, markdown;
	const char *harness, *state;
};

static const struct opt bugs_opts[] = {
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct bugs_args, json),
		.help = "a JSON array, one object per bug" },
	{ .name = "sarif",
		.kind = OPT_FLAG,
		.off = offsetof(struct bugs_args, sarif),
		.help = "a SARIF 2.1.0 log, with fingerprints that live as long as the bugs' "
			"signatures" },
	{ .name = "markdown",
		.kind = OPT_FLAG,
		.off = offsetof(struct bugs_args, markdown),
		.help = "one issue body per bug" },
	{ .name = "all",
		.key = 'a',
		.kind = OPT_FLAG,
		.off = offsetof(struct bugs_args, all),
		.help = "fixed and ignored ones, too" },
	{ .name = "harness",
		.kind = OPT_STRING,
		.off = offsetof(struct bugs_args, harness),
		.arg = "HARNESS",
		.help = "only those found through it" },
	{ .name = "state",
		.kind = OPT_CHOICE,
		.off = offsetof(struct bugs_args, state),
		.choices = "open|fixed|regressed|flaky|ignored",
		.older = true,
		.help = "only those in this state (where state is kept is said in front: thresh "
			"--state DIR bugs)" },
	{ .kind = OPT_END },
};

struct listing {
	const struct bugs_args *args;
	struct project *project;
	struct bugs_table table;
	cJSON *json;
	struct sarif sarif;
	struct buf markdown;
	struct err err;
	bool failed;
};

static bool wanted(const struct bugs_args *a, const struct bug_rec *b)
{
	if (a->harness && strcmp(a->harness, b->harness) != 0)
		return false;
	if (a->state)
		return strcmp(a->state, bug_state_name(b->state)) == 0;
	return a->all || a->json || a->sarif || (b->state != BUG_FIXED && b->state != BUG_IGNORED);
}

/* Those that show more than the record needs: the report and the input. */
static int one_look(struct listing *l, const char *id)
{
	struct bug_details look;

	if (bug_details_load(l->project, id, &look, &l->err) < 0) {
		l->failed = true;
		return 1;
	}
	if (l->args->sarif)
		sarif_add(&l->sarif, &look.bug, look.report);
	else
		issue_body(&l->markdown, &look.bug, look.report, &look.input, look.input_path,
			l->project->cfg->dir, look.test_dir);
	bug_details_release(&look);
	return 0;
}

static char *quotable(const void *sources, const char *file)
{
	return source_text_allowed(sources, file);
}

static int one_bug(void *arg, const struct bug_rec *b)
{
	struct listing *l = arg;

	if (!wanted(l->args, b))
		return 0;
	if (l->args->sarif || l->args->markdown)
		return one_look(l, b->id);
	if (l->json)
		cJSON_AddItemToArray(l->json, bug_json(b));
	else
		bugs_table_row(&l->table, b);
	return 0;
}

static void print(struct listing *l, const struct cli_ctx *ctx)
{
	struct buf out = BUF_INIT;

	if (l->args->sarif)
		json_print_take(&out, sarif_take(&l->sarif), true);
	else if (l->args->markdown)
		buf_add(&out, buf_str(&l->markdown), l->markdown.len);
	else if (l->json)
		json_print_take(&out, l->json, true);
	else if (l->table.n)
		bugs_table_render(&l->table, &ctx->term, &out);
	else
		buf_adds(&out, "no bugs\n");
	fputs(buf_str(&out), stdout);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct listing l = { .args = args };
	struct err err = ERR_INIT;
	int rc;

	if (l.args->json + l.args->sarif + l.args->markdown > 1) {
		err_usage(&err, "--json, --sarif and --markdown exclude each other");
		return cli_fail(&err);
	}
	l.project = project_open(ctx->config, &err);
	if (!l.project)
		return cli_fail(&err);
	if (l.args->json)
		l.json = cJSON_CreateArray();
	if (l.args->sarif)
		sarif_begin(&l.sarif, l.project->cfg->dir, l.project->cfg->path, THRESH_VERSION,
			quotable, l.project->sources);
	bugs_table_init(&l.table);
	rc = decide_apply(l.project, &err); /* a day that has come, a file that was pulled */
	if (rc == 0)
		rc = store_bugs(l.project->store, one_bug, &l, &err);
	if (rc == 0 && l.failed) {
		err = l.err;
		rc = -1;
	}
	if (rc == 0)
		print(&l, ctx);
	if (rc == 0)
		new_store_tell(l.project);
	bugs_table_release(&l.table);
	buf_release(&l.markdown);
	project_close(l.project);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_bugs = {
	.name = "bugs",
	.args = "",
	.help = "list the bugs found, worst first",
	.more = "Fixed and ignored bugs are left out unless --all, --json or --state asks for "
		"them.",
	.opts = bugs_opts,
	.args_size = sizeof(struct bugs_args),
	.run = run,
};
