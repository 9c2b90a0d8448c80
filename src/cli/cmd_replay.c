/*
 * thresh replay: inputs or regression tests through any build, each judged on its own. TAP, so that a test runner can
 * read it; --tests is the whole suite of a project.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/num.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/replay_out.h"
#include "retest/regress.h"
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define REPORT_LINES 60
#define REPORT_LINES_ALL 2000

struct replay_args {
	bool tests, json;
	const char *variant, *target, *exe, *junit, *dir, *shuffle, *fail_status;
	uint64_t jobs, timeout;
};

static const struct opt replay_opts[] = {
	{ .name = "tests",
		.kind = OPT_FLAG,
		.off = offsetof(struct replay_args, tests),
		.help = "regression tests of the harnesses named, or of all" },
	{ .name = "variant",
		.kind = OPT_CHOICE,
		.off = offsetof(struct replay_args, variant),
		.choices = "asan|gcc-asan|msan|plain|cov|lines",
		.help = "the build to run; else asan, and for a test the one that shows its bug" },
	{ .name = "target",
		.kind = OPT_STRING,
		.off = offsetof(struct replay_args, target),
		.arg = "NAME",
		.help = "a name below `targets`, in place of the harness's own" },
	{ .name = "exe",
		.kind = OPT_STRING,
		.off = offsetof(struct replay_args, exe),
		.arg = "PATH",
		.help = "an executable in place of a build; gets the input's path unless it holds "
			"the runtime" },
	{ .name = "dir",
		.kind = OPT_STRING,
		.off = offsetof(struct replay_args, dir),
		.def = PROJECT_TESTS,
		.arg = "DIR",
		.help = "where the tests lie, relative to the project" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct replay_args, jobs),
		.max = 256,
		.arg = "N",
		.help = "inputs at once; 0: one per processor" },
	{ .name = "timeout",
		.kind = OPT_DURATION,
		.off = offsetof(struct replay_args, timeout),
		.help = "of one input, in place of the harness's" },
	{ .name = "fail-status",
		.kind = OPT_STRING,
		.off = offsetof(struct replay_args, fail_status),
		.arg = "LIST",
		.help = FAIL_STATUS_HELP },
	{ .name = "shuffle",
		.kind = OPT_STRING,
		.off = offsetof(struct replay_args, shuffle),
		.arg = "SEED",
		.help = "run in another order; the output keeps it" },
	{ .name = "junit",
		.kind = OPT_STRING,
		.off = offsetof(struct replay_args, junit),
		.arg = "FILE",
		.help = "also write JUnit XML" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct replay_args, json),
		.help = "a JSON array, one object per input, in place of TAP" },
	{ .kind = OPT_END },
};

static int check_names(struct project *p, const struct strlist *names, struct err *err)
{
	for (size_t i = 0; i < names->n; i++)
		if (!project_harness(p, names->v[i], err))
			return -1;
	return 0;
}

/* Names below the project are easier to read without the way there. */
static void shorten(const struct project *p, struct replay_item *it)
{
	struct strv rest = strv_of(it->name);

	if (strv_skip(&rest, p->cfg->dir) && strv_skip(&rest, "/"))
		memmove(it->name, rest.s, rest.len + 1);
}

/* One harness: the files named; without any its tests, else its seeds. */
static int collect_one(struct project *p, const struct strlist *args, const char *root,
	struct replay_set *s, struct err *err)
{
	const struct config_harness *h = project_harness(p, args->v[0], err);
	struct strlist name = STRLIST_INIT;
	int rc = 0;

	if (!h)
		return -1;
	for (size_t i = 1; rc == 0 && i < args->n; i++)
		rc = replay_add_path(s, h->name, args->v[i], err);
	if (args->n > 1)
		return rc;
	strlist_add(&name, h->name);
	rc = replay_add_tests(s, root, &name, err);
	for (size_t i = 0; rc == 0 && !s->tree.n && i < h->seeds.n; i++)
		rc = replay_add_path(s, h->name, h->seeds.v[i], err);
	for (size_t i = 0; i < s->n; i++)
		shorten(p, &s->v[i]);
	strlist_release(&name);
	return rc;
}

static int collect(struct project *p, const struct replay_args *a, const struct strlist *args,
	struct replay_set *s, struct err *err)
{
	char *root = regress_root(p, a->dir);
	int rc;

	if (a->tests)
		rc = check_names(p, args, err) < 0 ? -1 : replay_add_tests(s, root, args, err);
	else if (!args->n)
		rc = err_usage(err, "no harness named; --tests replays all regression tests");
	else
		rc = collect_one(p, args, root, s, err);
	free(root);
	return rc;
}

static int fill(struct project *p, const struct replay_args *a, const struct cli_ctx *ctx,
	struct replay_opts *o, struct err *err)
{
	*o = (struct replay_opts){ .target = a->target,
		.exe = a->exe,
		.argv = ctx->command,
		.jobs = a->jobs ? (unsigned)a->jobs : p->jobs,
		.timeout_ms = a->timeout,
		.shuffle = a->shuffle != NULL };
	if (command_exits(ctx, a->fail_status, &o->exits, err) < 0)
		return -1;
	o->own_variant = !a->variant;
	if (a->variant && variant_parse(a->variant, &o->variant) < 0)
		return err_usage(err, "%s: no such variant", a->variant);
	if (a->shuffle && num_u64(strv_of(a->shuffle), &o->seed) < 0)
		return err_usage(err, "--shuffle: \"%s\" isn't a number", a->shuffle);
	if ((a->exe || ctx->command->n) && a->target)
		return err_usage(err,
			"--target builds, and --exe or a command takes what is built: "
			"only one of them");
	return 0;
}

static int show(struct project *p, const struct replay_args *a, const struct cli_ctx *ctx,
	const struct replay_set *s, struct err *err)
{
	struct buf xml = BUF_INIT;
	int rc = 0;

	if (a->json)
		replay_print_json(s);
	else if (ctx->quiet)
		replay_print_table(s, &ctx->term);
	if (a->junit) {
		replay_junit(&xml, s, p->cfg->project);
		fflush(stdout); /* it may go there, too */
		rc = fs_write(a->junit, xml.s, xml.len, 0644, err);
		buf_release(&xml);
	}
	return rc;
}

static int replay(struct project *p, const struct replay_args *a, const struct cli_ctx *ctx,
	struct replay_set *s, struct err *err)
{
	struct replay_opts o;
	struct replay_tap tap = { .project = p, .flush = isatty(STDOUT_FILENO) };

	if (fill(p, a, ctx, &o, err) < 0 || collect(p, a, ctx->args, s, err) < 0)
		return -1;
	if (!a->json && !ctx->quiet) {
		/* of one input, all there is to see */
		tap.report_max = s->n == 1 ? REPORT_LINES_ALL : REPORT_LINES;
		o.done = replay_print_tap;
		o.arg = &tap;
		printf("1..%zu%s\n", s->n, s->n ? "" : " # SKIP no inputs");
		fflush(stdout);
	}
	if (replay_run(p, s, &o, err) < 0)
		return -1;
	return show(p, a, ctx, s, err);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct replay_set s = { .v = NULL };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	bool failed = false;
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = replay(p, args, ctx, &s, &err);
	for (size_t i = 0; i < s.n; i++)
		failed = failed || replay_is_failure(&s.v[i]);
	replay_release(&s);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : failed ? EXIT_FINDINGS : EXIT_OK;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.args = "[HARNESS [FILE|DIR...]]",
	.help = "run inputs or regression tests, one by one, and print TAP",
	.more = "Without FILE: the harness's regression tests, else its seeds. With --tests: the "
		"regression tests of all harnesses, or of those named; each is judged by its "
		"manifest. An open bug that still fails is a TODO, a fixed one has to pass.\n\n"
		"Inputs run in batches inside one process; one that fails is run again alone, and "
		"that decides. One that crashes never hides another. --quiet prints a table "
		"instead of TAP.\n\n"
		"Behind -- a command may stand in for the build: one process per input, @@ is its "
		"path, else it's given on standard input. " FAIL_STATUS_MORE "\n\n"
		"Each result has its time and memory behind it: a line \"# time=0.512ms "
		"heap=1234\", "
		"properties in JUnit, fields in JSON. Of a build, heap is the most bytes that the "
		"input's own allocations held at once, and of one that fails, time is that of its "
		"process from fork to end; of a command, rss is the most that its process had "
		"resident.\n\n"
		"Exit status: 0 none failed but known bugs, 1 some failed, 2 usage, 3 other "
		"failures.",
	.examples = "thresh replay json_parse crash-1\nthresh replay --tests --quiet\n"
		    "thresh replay --tests --target patched json_parse\n"
		    "thresh replay json_parse crashes/ -- ./jsontool --check @@",
	.opts = replay_opts,
	.args_size = sizeof(struct replay_args),
	.max_args = UINT_MAX,
	.takes_command = true,
	.run = run,
};
