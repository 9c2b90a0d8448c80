/* thresh export: a bug in a folder or an archive that reproduces it anywhere. */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "bundle/bundle.h"
#include "cli/commands.h"
#include "corpus/archive.h"
#include "corpus/inputs.h"
#include "depot/corpora.h"
#include <stdio.h>

struct export_args {
	const char *out;
	bool corpus;
};

static const struct opt export_opts[] = {
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct export_args, out),
		.arg = "PATH",
		.help = "a folder, or a " ARCHIVE_NAMES "; else HARNESS-BUG here" },
	{ .name = "corpus",
		.kind = OPT_FLAG,
		.off = offsetof(struct export_args, corpus),
		.help = "the corpus of a harness; without -o as HARNESS_seed_corpus.zip, which "
			"OSS-Fuzz takes" },
	{ .kind = OPT_END },
};

static int export_corpus(
	struct project *p, const char *name, const char *out, char **made, struct err *err)
{
	const struct config_harness *h = project_harness(p, name, err);
	char *dir;
	size_t n;
	int rc = -1;

	if (!h || depot_bring(p, h->name, err) < 0)
		return -1;
	dir = project_corpus_dir(p, h->name);
	*made = out ? xstrdup(out) : xasprintf("%s_seed_corpus.zip", h->name);
	if (!fs_is_dir(dir))
		err_usage(err,
			"%s: it has no corpus yet: `thresh run` or `thresh import` makes one",
			h->name);
	else
		rc = inputs_export(dir, *made, &n, err);
	free(dir);
	return rc;
}

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
	rc = a->corpus ? export_corpus(p, ctx->args->v[0], a->out, &made, &err)
		       : bundle_export(p, ctx->args->v[0], a->out, &made, &err);
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
	.args = "BUG|HARNESS",
	.help = "a bug as a capsule that reproduces it anywhere, or a corpus",
	.more = "The capsule holds the input, the harness and library sources, the commands that "
		"build "
		"them, the report to expect, and a reproduce.sh. Before it is handed out, that "
		"script "
		"is run in a clean folder and has to reproduce the bug.\n\n"
		"Of a project that its own script builds, the sources are what git tracks or would "
		"take, or all there is where there's no git.",
	.examples = "thresh export 3f2a9c1d\nthresh export 3f2a9c1d -o bug.tar.gz\n"
		    "thresh export --corpus cjson_parse",
	.opts = export_opts,
	.args_size = sizeof(struct export_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
