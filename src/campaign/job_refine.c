/* What becomes of a finding: a bug, a small reproducer, a proven test. A job each, since each may be killed. */
#include "base/prelude.h"
#include "campaign/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/num.h"
#include "campaign/announce.h"
#include "campaign/endless.h"
#include "campaign/jobs.h"
#include "campaign/unexplained.h"
#include "project/lease.h"
#include "retest/regress.h"
#include "triage/filing.h"
#include "triage/reduction.h"

/* may_wait: what takes seconds is put off, until the engines are done. */
static int triage_one(struct job_ctx *ctx, bool may_wait, struct err *err)
{
	struct project *p = ctx->project;
	const char *harness = ctx->job->harness;
	struct triage_filed filed;
	int64_t id;
	bool alone;
	int rc;

	if (num_i64(strv_of(ctx->job->payload), &id) < 0)
		return err_set(err, "job %lld: unreadable payload", (long long)ctx->job->id);
	/* the first that never ends is worth it: all that is run from then on waits less for its like */
	rc = may_wait && endless_known(p, harness) ? triage_finding_soon(p, id, &filed, err)
						   : triage_finding(p, id, &filed, err);
	if (rc == 1)
		return jobs_add_recheck(p, harness, id, filed.site, err);
	if (rc < 0)
		return -1;
	alone = filed.bug[0];
	if (!alone && may_wait && unexplained_asks(p, id))
		return jobs_add_recheck(p, harness, id, NULL, err);
	if (!alone && unexplained_look(ctx, id, &filed, err) < 0)
		return -1;
	if (!filed.bug[0])
		return 0;
	if (announce_filed(p, &filed, err) < 0)
		return -1;
	/* what doesn't fail alone gets no smaller, and no test */
	if (!alone)
		return 0;
	/* always: a kill may have come between filing and this */
	return jobs_add_for_site(p, filed.site, harness, err);
}

int job_triage(struct job_ctx *ctx, struct err *err)
{
	return triage_one(ctx, !jobs_explored(ctx->project), err);
}

int job_recheck(struct job_ctx *ctx, struct err *err)
{
	return triage_one(ctx, false, err);
}

int job_minimize(struct job_ctx *ctx, struct err *err)
{
	struct reduce_opts opts = { .max_ms = REDUCE_JOB_MS, .seed = 1 };
	struct minimize_result r = { .input = BUF_INIT };
	struct site_rec s = { 0 };
	int rc = store_site_get(ctx->project->store, ctx->job->payload, &s, err);
	/* nothing is smaller than nothing; a site that isn't there any more became another's */
	bool done = rc == 1 || s.minimized || !s.size;

	if (rc == 0 && !s.size)
		rc = store_site_minimized(ctx->project->store, s.id, true, err);
	site_rec_release(&s);
	if (rc < 0 || done)
		return rc < 0 ? -1 : 0;
	rc = reduction_site(ctx->project, ctx->job->payload, &opts, &r, err);
	if (rc == 0)
		log_info("site %.8s: %zu bytes after %llu runs", ctx->job->payload, r.input.len,
			(unsigned long long)r.execs);
	minimize_result_release(&r);
	return rc;
}

int job_regress(struct job_ctx *j, struct err *err)
{
	struct strlist bugs = STRLIST_INIT;
	/*
	 * Without a bug: all of them. A test that waited for builds of the whole library that only tests need would come
	 * too late in a short campaign, and with it all behind it.
	 */
	bool one = *j->job->payload;
	struct regress_opts opts = { .bugs = one ? &bugs : NULL, .soon = one, .job = j };
	struct regress_result out;
	struct err why = ERR_INIT;
	int rc;

	/* the campaign's end says so, once */
	if (regress_writable(j->project, NULL, &why) < 0) {
		log_debug("no regression tests: %s", why.msg);
		return 0;
	}
	strlist_add(&bugs, j->job->payload);
	rc = regress_run(j->project, &opts, &out, err);
	for (size_t i = 0; rc == 0 && i < out.n; i++) {
		const struct regress_one *o = &out.v[i];

		if (o->status == REGRESS_IS_UNPROVEN)
			log_warn("bug %.8s: no regression test: %s", o->bug, o->why);
		else if (o->status == REGRESS_IS_NEW)
			log_info("bug %.8s: regression test in %s", o->bug,
				fs_below(j->project->cfg->dir, o->dir));
	}
	regress_result_release(&out);
	strlist_release(&bugs);
	return rc;
}
