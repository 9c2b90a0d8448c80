/*
 * thresh worker: take jobs from the store until told to stop. What `thresh run` starts; by hand for more of them, or
 * to watch one in a debugger.
 */
#include "base/prelude.h"
#include "base/log.h"
#include "campaign/worker.h"
#include "cli/commands.h"
#include "proc/proc.h"

struct worker_args {
	const char *role;
	uint64_t campaign;
	bool until_idle;
};

static const struct opt worker_opts[] = {
	{ .name = "role",
		.kind = OPT_CHOICE,
		.off = offsetof(struct worker_args, role),
		.choices = "any|explore|refine",
		.def = "any",
		.help = "explore runs engines, refine triages, minimises and writes tests" },
	{ .name = "campaign",
		.kind = OPT_UINT,
		.off = offsetof(struct worker_args, campaign),
		.arg = "ID",
		.help = "whose jobs; default the last campaign's" },
	{ .name = "until-idle",
		.kind = OPT_FLAG,
		.off = offsetof(struct worker_args, until_idle),
		.help = "end when no job is left" },
	{ .kind = OPT_END },
};

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct worker_args *a = args;
	struct worker_opts opts = { .campaign = (int64_t)a->campaign, .until_idle = a->until_idle };
	struct campaign_rec last = { 0 };
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc = 0;

	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	/* the campaign that started it shows its own there */
	log_progress_off();
	worker_role_parse(a->role, &opts.role);
	if (!opts.campaign) {
		rc = store_campaign_last(p->store, &last, &err);
		if (rc == 1)
			rc = err_usage(&err, "no campaign yet; start one with `thresh run`");
		opts.campaign = last.id;
		campaign_rec_release(&last);
	}
	if (rc == 0)
		rc = worker_run(p, &opts, &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

const struct cmd cmd_worker = {
	.name = "worker",
	.args = "",
	.help = "take jobs from the store until told to stop",
	.more = "`thresh run` starts its own workers; more may be started by hand. Ctrl-C or "
		"SIGTERM once: the job under "
		"way is ended cleanly and stays to be done.",
	.opts = worker_opts,
	.args_size = sizeof(struct worker_args),
	.run = run,
};
