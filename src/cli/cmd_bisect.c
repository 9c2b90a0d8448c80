/*
 * thresh bisect: which commit brought a bug in, or took it out. Each step is told as it comes, since one takes as
 * long as a build.
 */
#include "base/prelude.h"
#include "base/escape.h"
#include "bisect/bisect.h"
#include "cli/commands.h"
#include "report/bug_json.h"
#include "report/term.h"
#include <stdio.h>

struct bisect_args {
	bool json, todays_harness;
	const char *good, *bad;
};

static const struct opt bisect_opts_table[] = {
	{ .name = "good",
		.kind = OPT_STRING,
		.off = offsetof(struct bisect_args, good),
		.arg = "REV",
		.help = "a commit without the bug; HEAD where only --bad is given" },
	{ .name = "bad",
		.kind = OPT_STRING,
		.off = offsetof(struct bisect_args, bad),
		.arg = "REV",
		.help = "a commit with it; HEAD where only --good is given" },
	{ .name = "todays-harness",
		.kind = OPT_FLAG,
		.off = offsetof(struct bisect_args, todays_harness),
		.help = "this checkout's harness in every commit, not each one's own" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct bisect_args, json),
		.help = "one JSON object" },
	{ .kind = OPT_END },
};

static void print_step(void *arg, const struct bisect_step *s)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%.12s %s%s  ", s->rev, bisect_word(s->outcome),
		s->remembered ? ", as before" : "");
	escape_term(&b, strv_sub(strv_of(s->subject), 0, 100));
	if (s->why) {
		struct strv rest = strv_of(s->why), line = { NULL, 0 };

		strv_line(&rest, &line);
		buf_adds(&b, "\n    ");
		escape_term(&b, strv_sub(line, 0, 200));
	}
	buf_addch(&b, '\n');
	term_print(arg, &b);
	fflush(stdout);
	buf_release(&b);
}

static void print_words(const struct bisect_result *r, const struct term *term)
{
	static const char *const words[] = { "brought it in", "took it out",
		"brought the harness in; the bug is at least as old as that" };
	struct buf b = BUF_INIT;

	if (r->verdict == BISECT_ONE_OF) {
		buf_adds(&b, "it is one of these, which can't all be tested:\n");
		for (size_t i = 0; i < r->among.n; i++) {
			buf_adds(&b, "  ");
			escape_term(&b, strv_of(r->among.v[i]));
			buf_addch(&b, '\n');
		}
	} else {
		buf_addf(&b, "%s %s\n  ", r->commit, words[r->verdict]);
		escape_term(&b, strv_of(r->about));
		buf_addch(&b, '\n');
	}
	if (r->verdict == BISECT_HARNESS)
		buf_adds(&b, "  --todays-harness looks further back\n");
	buf_addf(&b, "%u commit%s tested, %u remembered, %u not built\n", r->tested,
		r->tested == 1 ? "" : "s", r->remembered, r->unbuilt);
	term_print(term, &b);
	buf_release(&b);
}

static void print_json(const struct bisect_result *r)
{
	static const char *const names[] = { "first-bad", "first-good", "harness", "one-of" };
	cJSON *j = cJSON_CreateObject(), *among;
	struct buf out = BUF_INIT;

	cJSON_AddItemToObject(j, "verdict", json_text(names[r->verdict]));
	cJSON_AddItemToObject(
		j, "commit", json_text(r->verdict == BISECT_ONE_OF ? NULL : r->commit));
	cJSON_AddItemToObject(j, "about", json_text(r->about));
	among = cJSON_AddArrayToObject(j, "among");
	for (size_t i = 0; i < r->among.n; i++)
		cJSON_AddItemToArray(among, json_text(r->among.v[i]));
	cJSON_AddNumberToObject(j, "tested", r->tested);
	cJSON_AddNumberToObject(j, "remembered", r->remembered);
	cJSON_AddNumberToObject(j, "unbuilt", r->unbuilt);
	json_print_take(&out, j, true);
	fputs(out.s, stdout);
	buf_release(&out);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct bisect_args *a = args;
	struct bisect_opts opts = { .bug = ctx->args->v[0],
		.good = a->good,
		.bad = a->bad,
		.todays_harness = a->todays_harness,
		.step = a->json || ctx->quiet ? NULL : print_step,
		.arg = (void *)&ctx->term };
	struct bisect_result r = { .commit = NULL };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc;

	if (!p)
		return cli_fail(&err);
	rc = bisect_run(p, &opts, &r, &err);
	if (rc == 0 && a->json)
		print_json(&r);
	else if (rc == 0)
		print_words(&r, &ctx->term);
	bisect_result_release(&r);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_bisect = {
	.name = "bisect",
	.args = "BUG",
	.help = "which commit brought a bug in, or took it out",
	.more = "Commits between a good and a bad one are built in git worktrees outside the "
		"checkout "
		"and given the bug's reproducer, as often as its reproducibility demands. Where "
		"the "
		"good one is the newer, the commit that took the bug out is looked for.\n\n"
		"Commits that don't build, or fail in another way, are stepped around and said so. "
		"Where "
		"the bug is as old as its harness, that is the verdict. A search that was ended "
		"goes on "
		"with the same command.\n\n"
		"A commit's own build script runs with your rights, as `git bisect run` would run "
		"it: look at a history that isn't yours first. What is built runs confined.",
	.examples = "thresh bisect 3f2a9c1d --good v1.2\nthresh bisect 3f2a9c1d --bad v1.2",
	.opts = bisect_opts_table,
	.args_size = sizeof(struct bisect_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
