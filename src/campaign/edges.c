/* A job for each harness; that one was cut short is a fact of the store, since the job itself is done then. */
#include "base/prelude.h"
#include "campaign/edges.h"
#include "base/mem.h"
#include "base/num.h"
#include "campaign/jobs.h"

#define SUITE_PART 10    /* of the budget at most; as a rule much less */
#define SUITE_MIN_MS 200 /* not worth starting a target for */
/* a suite ends by then, or by a small part of a long budget: engines wait for it */
#define SUITE_MAX_MS 10000
#define SUITE_MAX_PART 50
/* behind the number of a harness's that ran: no others will be missing */
#define LEFT " left"

int edges_plan(struct project *p, const struct run_opts *opts, const struct prepared *ready,
	uint64_t budget_ms, struct err *err)
{
	uint64_t share = budget_ms * opts->jobs / MAX(opts->n_harnesses, (size_t)1) / SUITE_PART;
	uint64_t most = MAX((uint64_t)SUITE_MAX_MS, budget_ms / SUITE_MAX_PART);

	if (opts->no_edge || share < SUITE_MIN_MS)
		return 0;
	for (size_t i = 0; i < opts->n_harnesses; i++)
		if (ready[i].ok &&
			jobs_add_edge(p, opts->harnesses[i]->name, MIN(share, most), err) < 0)
			return -1;
	return 0;
}

static char *key_of(int64_t campaign, const char *harness)
{
	return xasprintf("edge-cut/%lld/%s", (long long)campaign, harness);
}

static int note(struct project *p, const char *harness, char *value, struct err *err)
{
	char *key = key_of(p->id, harness);
	int rc = store_fact_set(p->store, key, value, err);

	free(value);
	free(key);
	return rc;
}

int edges_note_cut(struct project *p, const char *harness, uint64_t cases, struct err *err)
{
	return note(p, harness, xasprintf("%llu", (unsigned long long)cases), err);
}

int edges_note_left(struct project *p, const char *harness, uint64_t cases, struct err *err)
{
	return note(p, harness, xasprintf("%llu" LEFT, (unsigned long long)cases), err);
}

int edges_note_done(struct project *p, const char *harness, struct err *err)
{
	char *key = key_of(p->id, harness), *value = NULL;
	int rc = store_fact_get(p->store, key, &value, err);

	if (rc == 0 && value && strv_ends(strv_of(value), LEFT))
		rc = store_fact_set(p->store, key, "", err);
	free(value);
	free(key);
	return MIN(rc, 0);
}

char *edges_left_path(const struct project *p, const char *harness)
{
	return xasprintf("%s/edge/%s", p->state_dir, harness);
}

/* Of one harness. */
struct looked {
	const char *harness;
	bool planned, done, failed;
};

static int one_job(void *arg, const struct job_rec *j)
{
	struct looked *l = arg;

	if (strcmp(j->harness, l->harness) != 0)
		return 0;
	l->planned = true;
	l->done = j->state == JOB_DONE;
	l->failed = j->state == JOB_FAILED || (!l->done && j->error);
	return 0;
}

int edges_lacking(struct project *p, int64_t campaign, const char *harness, char **why,
	bool *budgeted, struct err *err)
{
	struct looked l = { .harness = harness };
	char *key = key_of(campaign, harness), *cases = NULL;
	int rc = store_jobs(p->store, campaign, "edge", 0, one_job, &l, err);

	*why = NULL;
	*budgeted = false;
	if (rc == 0)
		rc = store_fact_get(p->store, key, &cases, err) < 0 ? -1 : 0;
	if (rc == 0 && !l.planned)
		*why = xstrdup("the budget has no time for them");
	else if (rc == 0 && !l.done && !l.failed)
		*why = xstrdup("there was no time for them");
	else if (rc == 0 && l.done && cases && *cases)
		*why = xasprintf(
			"their time was up after %.*s of them", (int)strcspn(cases, " "), cases);
	*budgeted = *why && l.done;
	free(cases);
	free(key);
	return rc;
}
