/*
 * thresh worker: take jobs from the store until told to stop. What `thresh run` starts; by hand for more of them, or
 * to watch one in a debugger.
 */
#include "base/prelude.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/remote.h"
#include "campaign/worker.h"
#include "cli/commands.h"
#include "proc/proc.h"

struct worker_args {
	const char *role;
	uint64_t campaign;
	bool until_idle, trust_store;
	const char *store, *cache;
	struct strlist keys;
	uint64_t cache_bytes, max_ms, max_jobs;
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
	{ .name = "max-time",
		.kind = OPT_DURATION,
		.off = offsetof(struct worker_args, max_ms),
		.min = 1000,
		.arg = "TIME",
		.help = "end after this long, as by SIGTERM: give it some seconds less than the "
			"batch queue gives" },
	{ .name = "max-jobs",
		.kind = OPT_UINT,
		.off = offsetof(struct worker_args, max_jobs),
		.min = 1,
		.arg = "N",
		.help = "end after so many jobs" },
	{ .name = "store",
		.kind = OPT_STRING,
		.off = offsetof(struct worker_args, store),
		.arg = "URL",
		.help = "of a shared store: builds and corpora come from there, and nothing else "
			"is needed: no project, no compiler" },
	{ .name = "key",
		.kind = OPT_STRINGS,
		.off = offsetof(struct worker_args, keys),
		.arg = "KEY",
		.help = "with --store: run builds that are signed by this one, which `thresh run` "
			"says" },
	{ .name = "trust-store",
		.kind = OPT_FLAG,
		.off = offsetof(struct worker_args, trust_store),
		.help = "with --store: run whatever is in the store" },
	{ .name = "cache",
		.kind = OPT_STRING,
		.off = offsetof(struct worker_args, cache),
		.arg = "DIR",
		.help = "with --store: where its folder is made; default the user's cache" },
	{ .name = "cache-size",
		.kind = OPT_SIZE,
		.off = offsetof(struct worker_args, cache_bytes),
		.def = "4G",
		.min = 1,
		.arg = "SIZE",
		.help = "with --store: what corpora of harnesses that it doesn't work on may take "
			"there" },
	{ .kind = OPT_END },
};

/* A copy of the URL; what of the argument is secret is shown by ps no longer. */
static char *take_url(const char *arg)
{
	char *url = xstrdup(arg), *shown = store_shown(arg), *seen = (char *)(uintptr_t)arg;
	size_t len = strlen(arg), n = MIN(strlen(shown), len);

	if (strcmp(shown, arg) != 0) {
		memcpy(seen, shown, n);
		memset(seen + n, 0, len - n);
	}
	free(shown);
	return url;
}

/* Of another machine: no project here. */
static int run_remote(const struct worker_args *a)
{
	char *url = take_url(a->store);
	struct remote_opts opts = { .url = url,
		.cache = a->cache,
		.cache_bytes = a->cache_bytes,
		.trust = { a->keys, a->trust_store },
		.work = { .campaign = (int64_t)a->campaign,
			.until_idle = a->until_idle,
			.max_jobs = a->max_jobs } };
	struct err err = ERR_INIT;
	int rc = -1;

	for (size_t i = 0; i < a->keys.n; i++)
		if (!sign_is_key(a->keys.v[i])) {
			err_usage(&err, "--key %s: not a key: 64 hexadecimal digits", a->keys.v[i]);
			goto out;
		}
	worker_role_parse(a->role, &opts.work.role);
	proc_catch_signals();
	rc = proc_stop_after(a->max_ms, &err);
	if (rc == 0)
		rc = remote_work(&opts, &err);
out:
	free(url);
	return rc < 0 ? cli_fail(&err) : EXIT_OK;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	const struct worker_args *a = args;
	uint64_t jobs = 0;
	struct worker_opts opts = { .campaign = (int64_t)a->campaign,
		.until_idle = a->until_idle,
		.max_jobs = a->max_jobs,
		.jobs = &jobs };
	struct campaign_rec last = { 0 };
	struct err err = ERR_INIT;
	struct project *p;
	int rc = 0;

	if (a->store && ctx->state) {
		err_usage(&err, "--state is of a project; a worker with --store has its --cache");
		return cli_fail(&err);
	}
	if (a->store)
		return run_remote(a);
	if (a->keys.n || a->trust_store || a->cache) {
		err_usage(&err, "--key, --trust-store and --cache are for a worker with --store");
		return cli_fail(&err);
	}
	p = project_open(ctx->config, &err);
	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	rc = proc_stop_after(a->max_ms, &err);
	/* the campaign that started it shows its own there */
	log_progress_off();
	worker_role_parse(a->role, &opts.role);
	if (rc == 0 && !opts.campaign) {
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
		"SIGTERM once, or the end of --max-time: the job under "
		"way is ended cleanly, what it brought is given to others, and it stays to be "
		"done.\n\n"
		"With --store it needs nothing but this program and the URL: it takes what `thresh "
		"run` on another machine has planned, with the builds that lie in the store, for "
		"as long as it lives. It explores, sweeps and minimises; bugs are filed and tests "
		"written where a checkout is. A build is run only when it is signed by a key that "
		"was given, or with --trust-store. A password belongs into ~/.pgpass: one in the "
		"URL is on the command line, if not for long.",
	.examples = "thresh worker --until-idle\nthresh worker --store postgres://w@db/fuzz --key "
		    "KEY",
	.opts = worker_opts,
	.args_size = sizeof(struct worker_args),
	.run = run,
};
