/* thresh import, thresh corpus: inputs from elsewhere, those that a distillation packed away, and packs for git. */
#include "base/prelude.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/commands.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "corpus/pack.h"
#include "depot/corpora.h"
#include "distill/cold.h"
#include "distill/lock.h"
#include "distill/packing.h"
#include "project/origins.h"
#include "report/bug_json.h"
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static void say(const char *what, const struct import_stats *s, const struct term *term)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: %" PRIu64 " new, %" PRIu64 " known", what, s->added, s->known);
	if (s->too_large)
		buf_addf(&b, ", %" PRIu64 " larger than max_len", s->too_large);
	if (s->skipped)
		buf_addf(&b, ", %" PRIu64 " left out", s->skipped);
	buf_addch(&b, '\n');
	term_print(term, &b);
	buf_release(&b);
}

/* Into the corpus of h, one source after the other. What came in before one that fails stays: it can't be half there. */
static int bring_in(struct project *p, const struct config_harness *h, const char *const *from,
	size_t n, struct import_stats *stats, struct err *err)
{
	char *dir = project_corpus_dir(p, h->name);
	struct origins origins = { .harness = h->name, .engine = "import" };
	int lock = -1, rc = fs_mkdirs(dir, err);

	if (rc == 0)
		rc = depot_bring(p, h->name, err);
	stats->each = origins_imported;
	stats->arg = &origins;
	if (rc == 0)
		rc = distill_lock(dir, &lock, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = inputs_import(dir, from[i], h->max_len, stats, err);
	stats->each = NULL;
	stats->arg = NULL;
	origins_flush(&origins, p);
	if (lock >= 0)
		close(lock);
	if (rc == 0)
		rc = depot_give(p, h->name, err);
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
		say(h->name, &stats, &ctx->term);
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

static int restore(struct project *p, const char *name, const struct term *term, struct err *err)
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
		say(h->name, &stats, term);
	free(pack);
	return rc;
}

/* --- a pack for git --- */

struct corpus_args {
	const char *out;
	uint64_t max_bytes;
	bool json;
};

static const struct opt corpus_opts[] = {
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct corpus_args, out),
		.arg = "FILE" PACK_SUFFIX,
		.help = "pack: where to; else HARNESS" PACK_SUFFIX " here" },
	{ .name = "max-bytes",
		.kind = OPT_SIZE,
		.off = offsetof(struct corpus_args, max_bytes),
		.help = "pack: how large the file may be; default 1M" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct corpus_args, json),
		.help = "info: a JSON array, one object per input" },
	{ .kind = OPT_END },
};

static int pack(struct project *p, const char *name, const struct corpus_args *a,
	const struct term *term, struct err *err)
{
	const struct config_harness *h = project_harness(p, name, err);
	char *path = a->out ? xstrdup(a->out) : xasprintf("%s" PACK_SUFFIX, name);
	struct distill_result r = { .inputs = 0 };
	struct buf b = BUF_INIT;
	int rc = -1;

	if (h && !pack_is_name(path))
		err_usage(err, "%s: name a file that ends in " PACK_SUFFIX ", by which it is known",
			path);
	else if (h)
		rc = packing(p, h, path, a->max_bytes ? a->max_bytes : PACKING_BYTES, &r, err);
	if (rc == 0) {
		escape_term(&b, strv_of(path));
		buf_adds(&b, ": ");
		num_add_count(&b, r.kept);
		buf_adds(&b, " of ");
		num_add_count(&b, r.inputs);
		buf_adds(&b, r.inputs == 1 ? " input, " : " inputs, ");
		num_add_count(&b, r.features);
		buf_adds(&b, r.features == 1 ? " feature\n" : " features\n");
		term_print(term, &b);
	}
	buf_release(&b);
	free(path);
	return rc;
}

/* --- where an input came from --- */

struct shown {
	const struct term *term;
	cJSON *all; /* NULL: as text */
	size_t n;
};

static int show_origin(void *arg, const struct origin_rec *r)
{
	struct shown *s = arg;
	struct buf b = BUF_INIT;
	char when[CLOCK_ISO_LEN];
	cJSON *j;

	s->n++;
	if (!s->all) {
		buf_addf(&b, "%s: by ", r->sha1);
		escape_term(&b, strv_of(r->engine));
		if (r->campaign)
			buf_addf(&b, " in campaign %lld", (long long)r->campaign);
		buf_adds(&b, ", ");
		clock_iso(r->when_ms, when);
		buf_adds(&b, when);
		if (*r->name) {
			buf_adds(&b, ", as ");
			escape_term(&b, strv_of(r->name));
		}
		if (*r->parent)
			buf_addf(&b, ", made of %s", r->parent);
		buf_addch(&b, '\n');
		term_print(s->term, &b);
		buf_release(&b);
		return 0;
	}
	j = cJSON_CreateObject();
	cJSON_AddStringToObject(j, "input", r->sha1);
	cJSON_AddItemToObject(j, "by", json_text(r->engine));
	cJSON_AddItemToObject(j, "campaign",
		r->campaign ? cJSON_CreateNumber((double)r->campaign) : cJSON_CreateNull());
	cJSON_AddNumberToObject(j, "when_ms", (double)r->when_ms);
	cJSON_AddItemToObject(j, "name", *r->name ? json_text(r->name) : cJSON_CreateNull());
	cJSON_AddItemToObject(j, "parent", *r->parent ? json_text(r->parent) : cJSON_CreateNull());
	cJSON_AddItemToArray(s->all, j);
	return 0;
}

/* By the beginning of its name, or as a file, wherever it lies; NULL: all. */
static int name_input(const char *input, char prefix[SHA1_HEX], struct err *err)
{
	struct buf b = BUF_INIT;

	*prefix = '\0';
	if (!input)
		return 0;
	if (strlen(input) < SHA1_HEX && strspn(input, "0123456789abcdef") == strlen(input)) {
		memcpy(prefix, input, strlen(input) + 1);
		return 0;
	}
	if (fs_read(input, FS_NO_LIMIT, &b, err) < 0)
		return -1;
	hash_sha1(buf_str(&b), b.len, prefix);
	buf_release(&b);
	return 0;
}

static int info(struct project *p, const char *name, const char *input, const struct term *term,
	bool json, struct err *err)
{
	const struct config_harness *h = project_harness(p, name, err);
	struct shown s = { .term = term, .all = json ? cJSON_CreateArray() : NULL };
	char prefix[SHA1_HEX];
	struct buf out = BUF_INIT;
	int rc = h && name_input(input, prefix, err) == 0 ? 0 : -1;

	if (rc == 0)
		rc = store_origins(p->store, h->name, prefix, show_origin, &s, err);
	if (rc == 0 && !s.n && input)
		rc = err_usage(err, "%s: %s: nothing is known of where it came from", name, input);
	if (rc == 0 && json) {
		json_print_take(&out, s.all, true);
		fputs(buf_str(&out), stdout);
		s.all = NULL;
	}
	cJSON_Delete(s.all);
	buf_release(&out);
	return rc;
}

static int run_corpus(void *args, const struct cli_ctx *ctx)
{
	const struct corpus_args *a = args;
	const char *what = ctx->args->v[0], *name = ctx->args->v[1];
	bool packs = !strcmp(what, "pack"), tells = !strcmp(what, "info");
	struct err err = ERR_INIT;
	struct project *p = NULL;
	int rc = -1;

	if (!packs && !tells && strcmp(what, "restore") != 0)
		err_usage(&err, "corpus %s: there are `thresh corpus pack`, `restore` and `info`",
			what);
	else if (ctx->args->n > 2 && !tells)
		err_usage(&err, "corpus %s takes one harness", what);
	else if (a->json && !tells)
		err_usage(&err, "--json is for `thresh corpus info`");
	else if (!packs && (a->out || a->max_bytes))
		err_usage(&err, "--output and --max-bytes are for `thresh corpus pack`");
	else
		p = project_open(ctx->config, &err);
	if (p)
		rc = packs   ? pack(p, name, a, &ctx->term, &err)
		     : tells ? info(p, name, ctx->args->v[2], &ctx->term, a->json, &err)
			     : restore(p, name, &ctx->term, &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_corpus = {
	.name = "corpus",
	.args = "pack|restore|info HARNESS [INPUT]",
	.help = "pack a corpus for git; bring back what distilling took out",
	.more = "pack writes the best coverage that fits into one file, which a project commits in "
		"place of thousands. `thresh replay HARNESS FILE" PACK_SUFFIX
		"` runs it, and so does replay.c "
		"without thresh; `thresh import` and `seeds:` take it. Written again, it keeps "
		"what "
		"was in it where that does as well, so that its history stays small; inputs of it "
		"that the corpus lacks come in.\n\n"
		"restore brings back what `thresh distill` took out of a corpus, from "
		".thresh/cold/HARNESS.tar.zst.\n\n"
		"info says of each input, or of one by its name's beginning or as a file, who "
		"brought it, in which campaign, when, by which name, and, where AFL++ said it, "
		"from which other one. --json: input, by, campaign, when_ms, name and parent.",
	.examples = "thresh corpus pack cjson_parse -o corpus/cjson_parse" PACK_SUFFIX
		    "\nthresh corpus restore cjson_parse",
	.opts = corpus_opts,
	.args_size = sizeof(struct corpus_args),
	.min_args = 2,
	.max_args = 3,
	.run = run_corpus,
};
