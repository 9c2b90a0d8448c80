/* thresh distill: corpora made as small as their features allow, with the proof. */
#include "base/prelude.h"
#include "base/again.h"
#include "base/fs.h"
#include "base/num.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "distill/distill.h"
#include "report/bug_json.h"
#include <limits.h>
#include <stdio.h>

struct distill_args {
	const char *out, *cost;
	bool edges, dry, json;
	uint64_t max_bytes, max_files, jobs, timeout_ms;
};

static const struct opt distill_opts_table[] = {
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct distill_args, out),
		.arg = "DIR",
		.help = "write the set to a new folder, and leave the corpus as it is; of one "
			"harness" },
	{ .name = "cost",
		.kind = OPT_CHOICE,
		.off = offsetof(struct distill_args, cost),
		.choices = DISTILL_COSTS,
		.def = "balanced",
		.help = "what is to be least: the number of inputs, their bytes, or bytes and 16 "
			"for each input" },
	{ .name = "edges",
		.kind = OPT_FLAG,
		.off = offsetof(struct distill_args, edges),
		.help = "keep what reaches each edge, however often; else each edge and count" },
	{ .name = "max-bytes",
		.kind = OPT_SIZE,
		.off = offsetof(struct distill_args, max_bytes),
		.help = "the best coverage that fits, in place of all; with -o or --dry-run" },
	{ .name = "max-files",
		.kind = OPT_UINT,
		.off = offsetof(struct distill_args, max_files),
		.max = UINT32_MAX,
		.arg = "N",
		.help = "likewise, of so many inputs" },
	{ .name = "dry-run",
		.key = 'n',
		.kind = OPT_FLAG,
		.off = offsetof(struct distill_args, dry),
		.help = "change nothing, say what would be" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct distill_args, jobs),
		.max = 256,
		.arg = "N",
		.help = "inputs at once; 0: one per processor" },
	{ .name = "timeout",
		.kind = OPT_DURATION,
		.off = offsetof(struct distill_args, timeout_ms),
		.help = "of one run of a command; default 1s" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct distill_args, json),
		.help = "a JSON array, one object per harness" },
	{ .kind = OPT_END },
};

/* --- one result --- */

/* How good the set is, of what it was asked to be. */
static void add_proof(struct buf *b, const struct distill_result *r, enum distill_cost cost)
{
	if (!r->bound)
		return;
	buf_adds(b, "  ");
	if (r->cost == r->bound) {
		buf_adds(b, cost == DISTILL_COUNT ? "no set of fewer can do"
						  : "no set that costs less can do");
	} else if (cost == DISTILL_COUNT) {
		buf_adds(b, "no set of fewer than ");
		num_add_count(b, r->bound);
		buf_adds(b, " can do");
	} else {
		buf_addf(b, "within %.2f %% of the least that any set can cost",
			(double)(r->cost - r->bound) * 100 / (double)r->bound);
	}
	buf_addch(b, '\n');
}

static void print_text(const char *name, const struct distill_result *r,
	const struct distill_opts *o, bool command, const struct term *term)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s: ", name);
	num_add_counted(&b, r->inputs, "input");
	buf_adds(&b, ", ");
	num_add_counted(&b, r->bytes, "byte");
	buf_adds(&b, o->dry ? " would be " : " to ");
	num_add_count(&b, r->kept);
	buf_adds(&b, ", ");
	num_add_counted(&b, r->kept_bytes, "byte");
	buf_adds(&b, "; ");
	num_add_counted(&b, r->features, o->edges_only ? "edge" : "feature");
	buf_addch(&b, '\n');
	add_proof(&b, r, o->cost);
	if (r->measured.failed) {
		buf_adds(&b, "  ");
		num_add_counted(&b, r->measured.failed, "input");
		buf_addf(&b, "%s: %s\n",
			command  ? " left out"
			: o->dry ? " would become findings"
				 : " became findings",
			r->measured.failed == 1 ? "it fails" : "they fail");
	}
	if (r->unstable_inputs) {
		buf_adds(&b, "  ");
		num_add_counted(&b, r->unstable_inputs, "input");
		buf_adds(&b, " reached other things when run again; that decided nothing\n");
	}
	if (r->measured.vanished) {
		buf_adds(&b, "  ");
		num_add_counted(&b, r->measured.vanished, "input");
		buf_adds(&b, " went away, or can't be read as what the name says: left alone\n");
	}
	if (r->packed) {
		buf_adds(&b, "  ");
		num_add_counted(&b, r->packed, "input");
		buf_adds(&b, " kept in the cold pack (`");
		again_add(&b, "corpus restore %s`)\n", name);
	}
	term_print(term, &b);
	buf_release(&b);
}

static void add_json(cJSON *all, const char *name, const struct distill_result *r)
{
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "harness", json_text(name));
	cJSON_AddNumberToObject(j, "inputs", (double)r->inputs);
	cJSON_AddNumberToObject(j, "bytes", (double)r->bytes);
	cJSON_AddNumberToObject(j, "kept", (double)r->kept);
	cJSON_AddNumberToObject(j, "kept_bytes", (double)r->kept_bytes);
	cJSON_AddNumberToObject(j, "features", (double)r->features);
	cJSON_AddNumberToObject(j, "cost", (double)r->cost);
	if (r->bound)
		cJSON_AddNumberToObject(j, "bound", (double)r->bound);
	else
		cJSON_AddNullToObject(j, "bound");
	cJSON_AddNumberToObject(j, "packed", (double)r->packed);
	cJSON_AddNumberToObject(j, "executed", (double)r->measured.ran);
	cJSON_AddNumberToObject(j, "cached", (double)r->measured.cached);
	cJSON_AddNumberToObject(j, "failed", (double)r->measured.failed);
	cJSON_AddNumberToObject(j, "rejected", (double)r->measured.rejected);
	cJSON_AddNumberToObject(j, "vanished", (double)r->measured.vanished);
	cJSON_AddNumberToObject(j, "unstable_inputs", (double)r->unstable_inputs);
	cJSON_AddNumberToObject(j, "unstable_features", (double)r->unstable_features);
	cJSON_AddNumberToObject(j, "ms", (double)r->ms);
	cJSON_AddItemToArray(all, j);
}

/* --- the command --- */

static enum distill_cost cost_named(const char *word)
{
	return !strcmp(word, "count")   ? DISTILL_COUNT
	       : !strcmp(word, "bytes") ? DISTILL_BYTES
					: DISTILL_BALANCED;
}

static int check(const struct distill_args *a, const struct cli_ctx *ctx, struct err *err)
{
	const struct strlist *names = ctx->args;

	if (ctx->command->n && (!names->n || !a->out || a->dry))
		return err_usage(err, "usage: thresh distill DIR... --output NEW -- COMMAND @@");
	if (ctx->command->n)
		return 0;
	if (a->timeout_ms)
		return err_usage(
			err, "--timeout is a command's; a harness has its own in thresh.yaml");
	if (a->out && names->n != 1)
		return err_usage(err, "--output takes one harness; name it");
	if ((a->max_bytes || a->max_files) && !a->out && !a->dry)
		return err_usage(err, "a budget leaves features out: name a folder with --output, "
				      "or look with --dry-run");
	return 0;
}

static struct distill_opts opts_of(const struct distill_args *a)
{
	return (struct distill_opts){ .cost = cost_named(a->cost),
		.edges_only = a->edges,
		.max_bytes = a->max_bytes,
		.max_files = a->max_files,
		.out = a->out,
		.dry = a->dry,
		.jobs = (unsigned)a->jobs };
}

static void show(const char *name, const struct distill_result *r, const struct distill_opts *o,
	bool command, const struct term *term, cJSON *all)
{
	if (all)
		add_json(all, name, r);
	else
		print_text(name, r, o, command, term);
	fflush(stdout);
}

#define TIMEOUT_MS 1000

/* Needs no project: of one that is named, its sandbox. */
static int distill_for_command(
	const struct distill_args *a, const struct cli_ctx *ctx, cJSON *all, struct err *err)
{
	struct project *p = ctx->config ? project_open(ctx->config, err) : project_bare();
	const struct target_exits every = { .report = NULL };
	struct distill_opts o = opts_of(a);
	struct target *command = NULL;
	struct target_spec spec;
	struct distill_result r;
	int rc = -1;

	if (p) {
		spec = command_spec(p, ctx->command, &every, a->jobs,
			a->timeout_ms ? a->timeout_ms : TIMEOUT_MS);
		spec.features = true;
		spec.leaks = false;
		command = target_open(&spec, err);
	}
	if (command)
		rc = distill_command(command, spec.name, ctx->args, &o, &r, err);
	if (rc == 0)
		show(spec.name, &r, &o, true, &ctx->term, all);
	target_close(command);
	project_close(p);
	return rc;
}

static int distill_each(struct project *p, const struct distill_args *a,
	const struct select_harnesses *s, bool named, const struct term *term, cJSON *all,
	struct err *err)
{
	struct distill_opts o = opts_of(a);

	for (size_t i = 0; i < s->n; i++) {
		const struct config_harness *h = s->v[i];
		char *dir = project_corpus_dir(p, h->name);
		bool none = !named && !fs_is_dir(dir);
		struct distill_result r;

		free(dir);
		if (none)
			continue; /* of all: those that were fuzzed */
		if (distill(p, h, &o, &r, err) < 0)
			return -1;
		show(h->name, &r, &o, false, term, all);
	}
	return 0;
}

static int distill_harnesses(
	const struct distill_args *a, const struct cli_ctx *ctx, cJSON *all, struct err *err)
{
	struct select_harnesses chosen = { 0 };
	struct project *p = project_open(ctx->config, err);
	int rc = p ? select_with_corpora(p, ctx->args, &chosen, err) : -1;

	if (rc == 0)
		rc = distill_each(p, a, &chosen, ctx->args->n > 0, &ctx->term, all, err);
	select_release(&chosen);
	project_close(p);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct distill_args *a = args;
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT;
	cJSON *all = a->json ? cJSON_CreateArray() : NULL;
	int rc = check(a, ctx, &err);

	if (rc == 0)
		rc = ctx->command->n ? distill_for_command(a, ctx, all, &err)
				     : distill_harnesses(a, ctx, all, &err);
	if (rc == 0 && all) {
		json_print_take(&out, all, true);
		fputs(out.s, stdout);
		all = NULL;
	}
	cJSON_Delete(all);
	buf_release(&out);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_distill = {
	.name = "distill",
	.args = "[HARNESS...] | DIR... -o NEW -- COMMAND [@@]",
	.help = "a corpus made as small as its features allow, with the proof",
	.more = "Each input is run once on the coverage build, or not at all where it was before: "
		"what it reaches is kept until the build changes. Of all sets that reach "
		"everything "
		"that the corpus reaches, a smallest is looked for, and how far it can be from the "
		"smallest there is gets proven. Inputs whose runs differ decide nothing by what "
		"differs.\n\n"
		"Nothing is lost: what the corpus doesn't need goes to the harness's cold pack "
		"(.thresh/cold/HARNESS.tar.zst) before it leaves the corpus, and only after the "
		"others were replayed once more. Inputs that fail become findings.\n\n"
		"Behind -- stands any program that was compiled for AFL++: then the inputs come "
		"from "
		"folders and archives, which stay as they are, and @@ is the input's path, else it "
		"comes on standard input.\n\n"
		"Without HARNESS, all that have a corpus. Exit status: 0 done, 2 usage, 3 other "
		"failures.",
	.examples = "thresh distill\nthresh distill cjson_parse -o small --cost count\n"
		    "thresh distill cjson_parse -o tiny --max-bytes 64K\n"
		    "thresh distill findings/default old.zip -o small -- ./parser @@",
	.opts = distill_opts_table,
	.args_size = sizeof(struct distill_args),
	.max_args = UINT_MAX,
	.takes_command = true,
	.run = run,
};
