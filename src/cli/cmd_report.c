/* thresh report: what people see in the morning, in the format that they, or their programs, read. */
#include "base/prelude.h"
#include "base/escape.h"
#include "base/fs.h"
#include "base/mem.h"
#include "cli/commands.h"
#include "cli/report_out.h"
#include "coverage/view.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include "report/model_json.h"
#include "report/model_junit.h"
#include "report/prometheus.h"
#include "report/summary.h"
#include <stdio.h>

struct report_args {
	const char *format, *out;
	uint64_t pages;
};

static const struct opt report_opts[] = {
	{ .name = "format",
		.key = 'f',
		.kind = OPT_CHOICE,
		.off = offsetof(struct report_args, format),
		.choices = "terminal|html|json|junit|sarif|markdown|prometheus|lcov",
		.help = "default html with -o, else terminal" },
	{ .name = "output",
		.key = 'o',
		.kind = OPT_STRING,
		.off = offsetof(struct report_args, out),
		.arg = "PATH",
		.help = "a folder for html, else a file; default standard output, and for html "
			".thresh/report" },
	{ .name = "pages",
		.kind = OPT_UINT,
		.off = offsetof(struct report_args, pages),
		.def = "500",
		.max = 1000000,
		.arg = "N",
		.help = "at most so many bugs have an HTML page of their own, the worst first" },
	{ .kind = OPT_END },
};

static int html(
	struct project *p, const struct model *m, const struct report_args *a, struct err *err)
{
	char *dir = a->out ? xstrdup(a->out) : fs_join(p->state_dir, "report"), *index;
	struct buf safe = BUF_INIT;
	int rc = report_out_html(p, m, dir, (size_t)a->pages, err);

	if (rc == 0) {
		index = fs_join(dir, "index.html");
		escape_term(&safe, strv_of(index));
		printf("%s\n", buf_str(&safe));
		free(index);
	}
	buf_release(&safe);
	free(dir);
	return rc;
}

/* As `thresh cover` last measured it. */
static int lcov(const struct project *p, struct buf *out, struct err *err)
{
	struct coverage *v = xcalloc(p->cfg->n_harnesses + 1, sizeof(*v));
	struct coverage_view w;
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < p->cfg->n_harnesses; i++) {
		if (coverage_last(p, &p->cfg->harnesses[i], &v[n]))
			n++;
		else
			coverage_release(&v[n]);
	}
	if (n) {
		coverage_view_init(&w, p->cfg, v, n);
		coverage_view_lcov(&w, out);
		if (!out->len)
			rc = err_set(err,
				"no line of the coverage that was measured is of a source of this "
				"project%s%s: it may be another checkout's; `thresh cover` "
				"measures it here",
				w.all.n ? ", as of " : "", w.all.n ? w.all.files[0].path : "");
		coverage_view_release(&w);
	} else {
		rc = err_usage(
			err, "no coverage was measured yet: `thresh cover` does, and a night");
	}
	for (size_t i = 0; i < n; i++)
		coverage_release(&v[i]);
	free(v);
	return rc;
}

static int render(struct project *p, const struct model *m, const char *format,
	const struct term *term, struct buf *out, struct err *err)
{
	int rc = 0;

	if (strcmp(format, "json") == 0)
		json_print_take(out, model_json(m), true);
	else if (strcmp(format, "junit") == 0)
		model_junit(m, out);
	else if (strcmp(format, "sarif") == 0)
		rc = report_out_sarif(p, m, out, err);
	else if (strcmp(format, "markdown") == 0)
		summary_markdown(m, out);
	else if (strcmp(format, "prometheus") == 0)
		prometheus_write(m, out);
	else if (strcmp(format, "lcov") == 0)
		rc = lcov(p, out, err);
	else
		summary_text(m, term, out);
	return rc;
}

static int write_report(
	struct project *p, const struct report_args *a, const struct cli_ctx *ctx, struct err *err)
{
	const char *format = a->format ? a->format : a->out ? "html" : "terminal";
	struct term plain = { .columns = TERM_ENDLESS, .wrap = 80 };
	struct buf out = BUF_INIT;
	struct model m;
	int rc = report_out_load(p, &m, err);

	if (rc == 0 && strcmp(format, "html") == 0)
		rc = html(p, &m, a, err);
	else if (rc == 0)
		rc = render(p, &m, format, a->out ? &plain : &ctx->term, &out, err);
	if (rc == 0 && out.len && a->out)
		rc = fs_write(a->out, out.s, out.len, 0666, err);
	else if (rc == 0 && strcmp(format, "terminal") == 0)
		term_print(&ctx->term, &out);
	else if (rc == 0 && out.len)
		fwrite(out.s, 1, out.len, stdout);
	buf_release(&out);
	model_release(&m);
	return rc;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc;

	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	rc = write_report(p, args, ctx, &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_report = {
	.name = "report",
	.args = "",
	.help = "what is new, what got worse and what to do next, in many formats",
	.more = "From the store alone: nothing is built or run. New, back and fixed count since "
		"the last night or campaign began.\n\n"
		"html is a folder that needs no server, no script and no network, and takes the "
		"place of the report that was there, whole or not at all; a folder with anybody "
		"else's files is refused. json has version, project, made, since, level, counts, "
		"news, unfiled_findings, alive[], worse[], todo[] (level, about, text, command), "
		"campaigns[], harnesses[] (health, verdicts[], engines[], lost[], campaigns[]) and "
		"bugs[] as `thresh "
		"bugs --json`, with news, fixed and regressed; keys are only added within a "
		"version. junit is a test for each bug, failing while it is open; sarif is for "
		"code "
		"scanning, markdown for a comment on a pull request, prometheus for a textfile "
		"collector, lcov the lines as `thresh cover` last measured them.",
	.examples = "thresh report\nthresh report -o public\n"
		    "thresh report --format markdown -o comment.md",
	.opts = report_opts,
	.args_size = sizeof(struct report_args),
	.run = run,
};
