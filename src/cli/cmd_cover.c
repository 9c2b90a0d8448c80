/* thresh cover: which code the corpora reach, what they lost, and what blocks them. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/cover_out.h"
#include "cli/select.h"
#include "proc/interrupt.h"
#include "report/bug_json.h"
#include "retest/regress.h"
#include <limits.h>
#include <stdio.h>

struct cover_args {
	const char *lcov, *html, *dir;
	bool json, fresh;
	uint64_t files, blockers;
};

static const struct opt cover_opts_table[] = {
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct cover_args, json),
		.help = "a JSON object in place of the tables" },
	{ .name = "lcov",
		.kind = OPT_STRING,
		.off = offsetof(struct cover_args, lcov),
		.arg = "FILE",
		.help = "also write a tracefile, as lcov's; of the project's own code and the "
			"harnesses" },
	{ .name = "html",
		.kind = OPT_STRING,
		.off = offsetof(struct cover_args, html),
		.arg = "DIR",
		.help = "also write the sources as pages, with counts" },
	{ .name = "blockers",
		.kind = OPT_UINT,
		.off = offsetof(struct cover_args, blockers),
		.max = UINT32_MAX,
		.def = "10",
		.arg = "N",
		.help = "how many conditions that only came out one way are shown" },
	{ .name = "files",
		.kind = OPT_UINT,
		.off = offsetof(struct cover_args, files),
		.max = UINT32_MAX,
		.def = "20",
		.arg = "N",
		.help = "how many files are shown, the worst first; 0: all" },
	{ .name = "fresh",
		.kind = OPT_FLAG,
		.off = offsetof(struct cover_args, fresh),
		.help = "measure again, also where nothing changed" },
	{ .name = "dir",
		.kind = OPT_STRING,
		.off = offsetof(struct cover_args, dir),
		.def = PROJECT_TESTS,
		.arg = "DIR",
		.help = "where the regression tests lie, relative to the project" },
	{ .kind = OPT_END },
};

/* --- files --- */

static int write_lcov(const struct coverage_view *w, const char *path, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	coverage_view_lcov(w, &b);
	rc = fs_write(path, buf_str(&b), b.len, 0644, err);
	buf_release(&b);
	return rc;
}

/* Ours, or nobody's: pages are written over what lies there. */
static int check_html(const char *dir, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	char *index = fs_join(dir, "index.html");
	int rc = 0;

	if (fs_exists(dir) && !fs_is_dir(dir))
		rc = err_usage(err, "%s: not a folder", dir);
	else if (fs_exists(dir) && fs_list(dir, &names, err) < 0)
		rc = -1;
	else if (names.n && !fs_exists(index))
		rc = err_usage(
			err, "%s: not empty, and no pages of ours; name another folder", dir);
	strlist_release(&names);
	free(index);
	return rc;
}

static int write_html(
	struct project *p, const struct coverage_view *w, const char *dir, struct err *err)
{
	struct buf said = BUF_INIT;
	struct strv rest, line;
	int rc = coverage_html(p, w->v, w->n, dir, &said, err);

	rest = strv_n(buf_str(&said), said.len);
	for (int i = 0; rc == 0 && i < 5 && strv_line(&rest, &line); i++)
		if (strv_trim(line).len)
			log_warn("llvm-cov: " STRV_FMT, STRV_ARG(line));
	buf_release(&said);
	return rc;
}

/* --- the command --- */

static int show(struct project *p, const struct cover_args *a, const struct cli_ctx *ctx,
	const struct coverage *v, size_t n, struct err *err)
{
	struct buf out = BUF_INIT;
	struct coverage_view w;
	int rc = 0;

	coverage_view_init(&w, p->cfg, v, n);
	if (a->json) {
		json_print_take(&out, cover_out_json(&w, a->blockers), true);
		fputs(buf_str(&out), stdout);
	} else {
		cover_out_text(&w, a->files, a->blockers, &ctx->term, &out);
		term_print(&ctx->term, &out);
	}
	fflush(stdout);
	if (a->lcov)
		rc = write_lcov(&w, a->lcov, err);
	if (rc == 0 && a->html)
		rc = write_html(p, &w, a->html, err);
	coverage_view_release(&w);
	buf_release(&out);
	return rc;
}

/* No corpus, of all harnesses: that one wasn't fuzzed yet. */
static bool has_corpus(const struct project *p, const struct config_harness *h)
{
	char *dir = project_corpus_dir(p, h->name);
	bool has = fs_is_dir(dir);

	free(dir);
	return has;
}

/* Each that can be measured; what is wrong with the others is told, and is the error where none can. */
static int measure(struct project *p, const struct cover_args *a, const struct cli_ctx *ctx,
	const struct select_harnesses *s, struct err *err)
{
	struct coverage *v = xcalloc(s->n + 1, sizeof(*v));
	char *tests = regress_root(p, a->dir);
	struct coverage_opts opts = { .tests = tests, .fresh = a->fresh };
	size_t n = 0;
	int rc = 0, bad = 0;

	for (size_t i = 0; i < s->n && rc == 0; i++) {
		struct err why = ERR_INIT;

		if (!ctx->args->n && s->n > 1 && !has_corpus(p, s->v[i]))
			continue;
		if (coverage_measure(p, s->v[i], &opts, &v[n], &why) == 0) {
			n++;
			continue;
		}
		coverage_release(&v[n]);
		if (bad)
			log_warn("%s", err->msg);
		*err = why;
		bad = -1;
		rc = proc_interrupted() ? -1 : 0;
	}
	if (rc == 0 && !n && !bad)
		rc = err_usage(err,
			"no harness has a corpus yet: `thresh run` or `thresh import` makes one");
	if (rc == 0 && n)
		rc = show(p, a, ctx, v, n, bad ? NULL : err);
	for (size_t i = 0; i < n; i++)
		coverage_release(&v[i]);
	free(v);
	free(tests);
	return rc < 0 ? rc : bad;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct cover_args *a = args;
	struct select_harnesses chosen = { 0 };
	struct err err = ERR_INIT;
	struct project *p;
	int rc = a->html ? check_html(a->html, &err) : 0;

	if (rc < 0)
		return cli_fail(&err);
	p = project_open(ctx->config, &err);
	proc_catch_signals();
	rc = p ? select_with_corpora(p, ctx->args, &chosen, &err) : -1;
	if (rc == 0)
		rc = measure(p, a, ctx, &chosen, &err);
	select_release(&chosen);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_cover = {
	.name = "cover",
	.args = "[HARNESS...]",
	.help = "which code the corpora reach, what they lost, and what blocks them",
	.more = "The corpus and the inputs of the regression tests are run once on the lines "
		"build, "
		"clang's source-based coverage, and counted by llvm-profdata and llvm-cov of "
		"clang's version. What came of it is kept (.thresh/coverage) and is the answer "
		"until the build or the inputs change. Inputs that fail on that build don't "
		"count, and are told.\n\n"
		"Numbers are of the project's own code: sources of the build, and headers beside "
		"them or in its include folders. Harnesses and third-party code stand apart. "
		"Lost and gained lines are those of functions whose text is the same as the last "
		"time; a function that only moved lost nothing.\n\n"
		"A blocker is a condition that was reached and never came out the other way. "
		"What lies behind is an estimate from the source: uncovered lines that it guards, "
		"and functions named there that nothing called.\n\n"
		"--json: harnesses[] with harness, inputs, failed, unreadable, measured, cached, "
		"totals and changes (null the first time; else since, functions[] with function, "
		"file, line, lost[] and gained[], and how many were edited or gone); totals and "
		"files[] of all together; totals have own, harness and third-party, each with "
		"lines, functions, branches and regions as count and covered; a file has owner "
		"and uncovered, ranges of lines; blockers[] with file, line, column, function, "
		"source, never, times, lines_behind, functions_behind and calls[].\n\n"
		"Without HARNESS, all that have a corpus. Exit status: 0 done, 2 usage, nothing "
		"to measure or no tools for it, 3 other failures.",
	.examples = "thresh cover\nthresh cover cjson_parse --blockers 3\n"
		    "thresh cover --html coverage --lcov coverage.info\nthresh cover --json",
	.opts = cover_opts_table,
	.args_size = sizeof(struct cover_args),
	.max_args = UINT_MAX,
	.run = run,
};
