/*
 * thresh merge, split, ignore: what people decide about bugs. It is kept in thresh.verdicts, a text file for git, and
 * only from there brought into the store: so it outlives the store, and reaches everybody.
 */
#include "base/prelude.h"
#include "cli/commands.h"
#include "triage/decide.h"
#include <stdio.h>

static int run_merge(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc;

	(void)args;
	if (!p)
		return cli_fail(&err);
	rc = decide_merge(p, ctx->args->v[0], ctx->args->v[1], &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

static int run_split(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc;

	(void)args;
	if (!p)
		return cli_fail(&err);
	rc = decide_split(p, ctx->args->v[0], &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

struct ignore_args {
	const char *until, *why;
};

static const struct opt ignore_opts[] = {
	{ .name = "until",
		.kind = OPT_STRING,
		.off = offsetof(struct ignore_args, until),
		.arg = "DATE",
		.help = "2027-01-31: open again from that day on (UTC); default for good" },
	{ .name = "why",
		.kind = OPT_STRING,
		.off = offsetof(struct ignore_args, why),
		.arg = "TEXT",
		.help = "the reason; needed" },
	{ .kind = OPT_END },
};

static int run_ignore(void *args, const struct cli_ctx *ctx)
{
	const struct ignore_args *a = args;
	struct err err = ERR_INIT;
	struct project *p;
	uint64_t until = 0;
	int rc;

	if (!a->why || !*a->why)
		err_usage(&err, "ignore: say why, with --why TEXT");
	else if (a->until && disposition_date_parse(strv_of(a->until), &until) < 0)
		err_usage(&err, "--until %s: not a day such as 2027-01-31", a->until);
	if (*err.msg)
		return cli_fail(&err);
	p = project_open(ctx->config, &err);
	if (!p)
		return cli_fail(&err);
	rc = decide_ignore(p, ctx->args->v[0], until, a->why, &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_merge = {
	.name = "merge",
	.args = "BUG BUG",
	.help = "the second bug is the first",
	.more = "Kept in thresh.verdicts beside the project file, which is fit for git, and holds "
		"in every later triage.",
	.min_args = 2,
	.max_args = 2,
	.run = run_merge,
};

const struct cmd cmd_split = {
	.name = "split",
	.args = "BUG",
	.help = "a bug that was merged is one of its own again",
	.more = "BUG is the whole id of the one that was merged into another.",
	.min_args = 1,
	.max_args = 1,
	.run = run_split,
};

const struct cmd cmd_ignore = {
	.name = "ignore",
	.args = "BUG",
	.help = "don't show a bug as open, with a reason and an end",
	.examples = "thresh ignore 3f2a9c1d --until 2027-01-31 --why 'waits for the new parser'",
	.opts = ignore_opts,
	.args_size = sizeof(struct ignore_args),
	.min_args = 1,
	.max_args = 1,
	.run = run_ignore,
};
