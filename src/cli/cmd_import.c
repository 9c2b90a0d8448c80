/* thresh import, thresh corpus restore: inputs from elsewhere, and those that a distillation packed away. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "corpus/inputs.h"
#include "distill/cold.h"
#include "distill/lock.h"
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static void say(const char *what, const struct import_stats *s)
{
	printf("%s: %" PRIu64 " new, %" PRIu64 " known", what, s->added, s->known);
	if (s->too_large)
		printf(", %" PRIu64 " larger than max_len", s->too_large);
	if (s->skipped)
		printf(", %" PRIu64 " left out", s->skipped);
	putchar('\n');
}

/* Into the corpus of h, one source after the other. What came in before one that fails stays: it can't be half there. */
static int bring_in(struct project *p, const struct config_harness *h, const char *const *from,
	size_t n, struct import_stats *stats, struct err *err)
{
	char *dir = project_corpus_dir(p, h->name);
	int lock = -1, rc = fs_mkdirs(dir, err);

	if (rc == 0)
		rc = distill_lock(dir, &lock, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = inputs_import(dir, from[i], h->max_len, stats, err);
	if (lock >= 0)
		close(lock);
	free(dir);
	return rc;
}

static int run_import(void *args, const struct cli_ctx *ctx)
{
	struct import_stats stats = { 0 };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	const struct config_harness *h;
	int rc;

	(void)args;
	if (!p)
		return cli_fail(&err);
	h = project_harness(p, ctx->args->v[0], &err);
	rc = h ? bring_in(p, h, (const char *const *)ctx->args->v + 1, ctx->args->n - 1, &stats,
			 &err)
	       : -1;
	if (h && (rc == 0 || stats.added))
		say(h->name, &stats);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_import = {
	.name = "import",
	.args = "HARNESS SOURCE...",
	.help = "inputs from folders, archives and other fuzzers into a corpus",
	.more = "SOURCE is a file, a folder with all below it (a corpus of libFuzzer or honggfuzz, "
		"AFL++'s output), or an archive: zip, such as OSS-Fuzz's _seed_corpus.zip, or tar, "
		"plain or compressed. Inputs are named by the SHA-1 of their bytes, so the same "
		"ones come in once.\n\n"
		"Archives may be anybody's: one with a link, a device, an absolute name or \"..\" "
		"in "
		"it is refused, as is one that unpacks to more than 16 GB or a million files.",
	.examples = "thresh import cjson_parse cjson_seed_corpus.zip\n"
		    "thresh import cjson_parse ../afl-out",
	.min_args = 2,
	.max_args = UINT_MAX,
	.run = run_import,
};

/* --- what was packed away --- */

static int restore(struct project *p, const char *name, struct err *err)
{
	const struct config_harness *h = project_harness(p, name, err);
	struct import_stats stats = { 0 };
	char *pack;
	int rc = -1;

	if (!h)
		return -1;
	pack = cold_path(p, h->name);
	if (!fs_exists(pack))
		err_usage(err, "%s: no distillation took anything out of its corpus", h->name);
	else
		rc = bring_in(p, h, (const char *const *)&pack, 1, &stats, err);
	if (rc == 0)
		say(h->name, &stats);
	free(pack);
	return rc;
}

static int run_corpus(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = NULL;
	int rc = -1;

	(void)args;
	if (strcmp(ctx->args->v[0], "restore") != 0)
		err_usage(&err, "corpus %s: there is only `thresh corpus restore HARNESS`",
			ctx->args->v[0]);
	else
		p = project_open(ctx->config, &err);
	if (p)
		rc = restore(p, ctx->args->v[1], &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_corpus = {
	.name = "corpus",
	.args = "restore HARNESS",
	.help = "bring back what a distillation took out",
	.more = "What `thresh distill` takes out of a corpus lies in .thresh/cold/HARNESS.tar.zst, "
		"from where this brings all of it back.",
	.examples = "thresh corpus restore cjson_parse",
	.min_args = 2,
	.max_args = 2,
	.run = run_corpus,
};
