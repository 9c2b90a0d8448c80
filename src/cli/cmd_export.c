/* thresh export: a bug in a folder or an archive that reproduces it anywhere. */
#include "base/prelude.h"
#include "base/escape.h"
#include "bundle/bundle.h"
#include "cli/commands.h"
#include "corpus/archive.h"
#include <stdio.h>

struct export_args {
	const char *out;
};

static const struct opt export_opts[] = {
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct export_args, out),
		.arg = "PATH",
		.help = "a folder, or a " ARCHIVE_NAMES "; else HARNESS-BUG here" },
	{ .kind = OPT_END },
};

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct export_args *a = args;
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	struct buf safe = BUF_INIT;
	char *made = NULL;
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = bundle_export(p, ctx->args->v[0], a->out, &made, &err);
	if (rc == 0) {
		escape_term(&safe, strv_of(made));
		printf("%s\n", safe.s);
	}
	buf_release(&safe);
	free(made);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_export = {
	.name = "export",
	.args = "BUG",
	.help = "a bug as a capsule that reproduces it anywhere",
	.more = "The capsule holds the input, the harness and library sources, the commands that "
		"build "
		"them, the report to expect, and a reproduce.sh. Before it is handed out, that "
		"script "
		"is run in a clean folder and has to reproduce the bug.\n\n"
		"Of a project that its own script builds, the sources are what git tracks or would "
		"take, or all there is where there's no git.",
	.examples = "thresh export 3f2a9c1d\nthresh export 3f2a9c1d -o bug.tar.gz",
	.opts = export_opts,
	.args_size = sizeof(struct export_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
