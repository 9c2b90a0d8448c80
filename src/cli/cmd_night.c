/* thresh night: the whole flow under one budget of time, and in the morning what came of it. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/num.h"
#include "cli/commands.h"
#include "cli/night_out.h"
#include "cli/report_out.h"
#include "project/hook.h"
#include "report/model_json.h"
#include "cli/select.h"
#include "night/night.h"
#include "proc/interrupt.h"
#include "report/bug_json.h"
#include <limits.h>
#include <stdio.h>

struct night_args {
	uint64_t time_ms;
	bool fresh, json, no_canary, last;
};

static const struct opt night_opts_table[] = {
	{ .name = "time",
		.key = 't',
		.kind = OPT_DURATION,
		.off = offsetof(struct night_args, time_ms),
		.min = 10000,
		.arg = "TIME",
		.help = "for all of it; default campaign.time" },
	{ .name = "fresh",
		.kind = OPT_FLAG,
		.off = offsetof(struct night_args, fresh),
		.help = "begin anew instead of going on with a night that died" },
	{ .name = "no-canary",
		.kind = OPT_FLAG,
		.off = offsetof(struct night_args, no_canary),
		.help = "don't see first that planted bugs are found" },
	{ .name = "last",
		.kind = OPT_FLAG,
		.off = offsetof(struct night_args, last),
		.help = "show the last night again, and run nothing" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct night_args, json),
		.help = "the result as one JSON object" },
	{ .kind = OPT_END },
};

static void progress(void *arg, const struct night_record *r)
{
	struct buf b = BUF_INIT;

	(void)arg;
	num_add_duration(&b, r->spent_ms / 1000 * 1000);
	buf_adds(&b, " of ");
	num_add_duration(&b, r->budget_ms);
	if (r->current < NIGHT_STEPS)
		buf_addf(&b, "  %s, step %d of %d", night_step_name(r->current),
			(int)r->current + 1, NIGHT_STEPS);
	log_progress("%s", buf_str(&b));
	buf_release(&b);
}

static void show(
	const struct night_record *r, const struct night_args *a, const struct cli_ctx *ctx)
{
	struct buf out = BUF_INIT;

	log_progress_end();
	if (a->json) {
		json_print_take(&out, night_out_json(r), true);
		fputs(buf_str(&out), stdout);
	} else {
		night_out_text(r, &ctx->term, &out);
		term_print(&ctx->term, &out);
	}
	buf_release(&out);
}

static int conduct(struct project *p, const struct night_args *a, const struct cli_ctx *ctx,
	struct night_record *r, struct err *err)
{
	struct strlist more = STRLIST_INIT;
	struct night_opts opts = { .time_ms = a->time_ms ? a->time_ms : p->cfg->time_ms,
		.any_time = !a->time_ms,
		.fresh = a->fresh,
		.no_canary = a->no_canary,
		.named = ctx->args->n > 0,
		.more = &more,
		.progress = progress };
	struct select_harnesses sel;
	int rc = select_harnesses(p, ctx->args, &sel, err);

	if (rc < 0)
		return -1;
	cli_pass_on(ctx, &more);
	opts.harnesses = sel.v;
	opts.n_harnesses = sel.n;
	rc = night_run(p, &opts, r, err);
	select_release(&sel);
	strlist_release(&more);
	return rc;
}

static void sound(struct project *p, const struct model_lines *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].level != MODEL_GOOD)
			hook_alarm(p, model_level_name(l->v[i].level), l->v[i].about, l->v[i].text,
				l->v[i].command);
}

/*
 * At an address that stays, for who publishes or opens it. That it can't be written makes the night no worse. Then
 * whoever wants to hear of it.
 */
static void tell(struct project *p)
{
	char *dir = fs_join(p->state_dir, "report");
	struct err err = ERR_INIT;
	struct model m;
	bool loaded = report_out_load(p, &m, &err) == 0;

	if (!loaded || report_out_html(p, &m, dir, REPORT_OUT_PAGES, &err) < 0)
		log_warn("the report: %s", err.msg);
	else
		log_info("the report is %s/index.html", dir);
	if (loaded) {
		sound(p, &m.alive);
		sound(p, &m.worse);
		hook_end_take(p, model_json_brief(&m));
	}
	model_release(&m);
	free(dir);
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct night_args *a = args;
	struct night_record r = { .current = NIGHT_STEPS };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc = -1, status = EXIT_OTHER;

	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	if (!a->last)
		rc = conduct(p, a, ctx, &r, &err);
	else if (night_last(p, &r) == 0)
		rc = 0;
	else
		err_usage(&err, "no night yet; begin one with `thresh night`");
	if (rc == 0 && !a->last && r.ended_ms)
		tell(p);
	if (rc == 0) {
		show(&r, a, ctx);
		status = night_out_status(&r);
	}
	night_record_release(&r);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : status;
}

const struct cmd cmd_night = {
	.name = "night",
	.args = "[HARNESS...]",
	.help = "all of it unattended: build, test, fuzz, distil, cover, guard",
	.more = "Under one budget of time: builds what changed; sees by planted bugs (the canary) "
		"that a bug would be found; replays the regression tests and verifies the bugs; "
		"runs the edge cases; fuzzes; distils the corpora; makes small what is left; "
		"writes and proves tests; measures lines; guards the corpora; removes what is old "
		"(`thresh gc`); reports. Each step "
		"has its part of the time. One that fails is told, and the others go on; when "
		"there isn't time for all, what matters least is left out, and told. What the "
		"steps don't need is explored in.\n\n"
		"A night that was killed, at any instant, goes on with the next `thresh night` of "
		"the same harnesses, for what is left of its time, in the step that it was in. "
		"What the steps logged is in .thresh/night, what came of it in .thresh/night.json; "
		"--last shows it again, .thresh/report/index.html all of it (`thresh report`).\n\n"
		"A night is green when all was done and no bug is open; yellow when less was done, "
		"a harness is sick, a corpus reaches less, or older bugs are open; red with a new "
		"bug, with one that is back, and when the canary died: then what was not found "
		"says nothing.\n\n"
		"--json: color, findings, blind, ended, exit_status, started_ms, ended_ms, "
		"budget_ms, spent_ms, resumed, rounds, execs, harnesses, and steps[] with step, "
		"state (done, cut, failed, skipped, waits), ms, words, why, findings and notes[] "
		"with color and text.\n\n"
		"Exit status: 3 when the canary died; else 1 when bugs are open or something was "
		"lost; else 3 when less was done than asked; 0 green; 2 usage.",
	.examples = "thresh night --time 8h\nthresh night --last",
	.opts = night_opts_table,
	.args_size = sizeof(struct night_args),
	.max_args = UINT_MAX,
	.run = run,
};
