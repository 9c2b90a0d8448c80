/* Jobs into the queue. The key says what is the same job: a second one of it is none. */
#include "base/prelude.h"
#include "campaign/jobs.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include <stdio.h>

/* Of what waits, the highest goes first. */
enum {
	PRIORITY_TESTS = 5,
	PRIORITY_UNEXPLAINED = 10,
	/* of inputs that take long, when the engines are done: what was found has its tests first */
	PRIORITY_REST = 12,
	/* and the severity: the worst bugs have their tests first, and each has one before the next is minimised */
	PRIORITY_SITE = 15,
	PRIORITY_HANG = 22,
	PRIORITY_SWEEP = 30,
	PRIORITY_EDGE = 40,
	PRIORITY_TRIAGE = 45
};

char *fuzz_payload_format(const struct fuzz_payload *p)
{
	return xasprintf("%s %llu %llu", p->engine, (unsigned long long)p->slice_ms,
		(unsigned long long)p->seed);
}

int fuzz_payload_parse(const char *text, struct fuzz_payload *out)
{
	struct strv rest = strv_of(text), part;

	if (!strv_split(&rest, ' ', &part) || part.len >= sizeof(out->engine))
		return -1;
	snprintf(out->engine, sizeof(out->engine), STRV_FMT, STRV_ARG(part));
	if (!strv_split(&rest, ' ', &part) || num_u64(part, &out->slice_ms) < 0)
		return -1;
	return num_u64(rest, &out->seed);
}

static int add(struct project *p, const char *kind, int priority, const char *harness,
	const char *key, const char *payload, struct err *err)
{
	struct job_rec job = { .campaign = p->id,
		.kind = (char *)(uintptr_t)kind,
		.harness = (char *)(uintptr_t)harness,
		.key = (char *)(uintptr_t)key,
		.payload = (char *)(uintptr_t)payload,
		.priority = priority };

	return store_job_add(p->store, &job, NULL, err);
}

static int add_sweep(struct project *p, const char *harness, int priority, struct err *err)
{
	char *key = xasprintf("%s %llu", harness, (unsigned long long)clock_wall_ms());
	int rc = add(p, "sweep", priority, harness, key, "", err);

	free(key);
	return rc;
}

int jobs_add_sweep(struct project *p, const char *harness, struct err *err)
{
	return add_sweep(p, harness, PRIORITY_SWEEP, err);
}

int jobs_add_sweep_rest(struct project *p, const char *harness, struct err *err)
{
	return add_sweep(p, harness, jobs_explored(p) ? PRIORITY_REST : PRIORITY_SWEEP, err);
}

int jobs_add_edge(struct project *p, const char *harness, uint64_t ms, struct err *err)
{
	char *payload = xasprintf("%llu", (unsigned long long)ms);
	int rc = add(p, "edge", PRIORITY_EDGE, harness, harness, payload, err);

	free(payload);
	return rc;
}

int jobs_add_recheck(
	struct project *p, const char *harness, int64_t finding, const char *place, struct err *err)
{
	char *id = xasprintf("%lld", (long long)finding);
	char *key = place ? xasprintf("%s %s", harness, place) : xstrdup(id);
	int priority = place ? PRIORITY_HANG : PRIORITY_UNEXPLAINED;
	int rc = add(p, "recheck", priority, harness, key, id, err);

	free(key);
	free(id);
	return rc;
}

int jobs_add_for_site(struct project *p, const char *site, const char *harness, struct err *err)
{
	struct site_rec s = { 0 };
	int rc = store_site_get(p->store, site, &s, err), priority = PRIORITY_SITE + s.severity;

	site_rec_release(&s);
	if (rc < 0 || add(p, "minimize", priority, harness, site, site, err) < 0)
		return -1;
	return add(p, "regress", priority, harness, site, site, err);
}

int jobs_add_tests(struct project *p, struct err *err)
{
	static const char key[] = "all";

	if (add(p, "regress", PRIORITY_TESTS, "", key, "", err) < 0)
		return -1;
	/* of a campaign that goes on */
	return store_job_again(p->store, p->id, "regress", key, NULL, err);
}

struct unfiled {
	struct project *p;
	const struct config_harness *const *harnesses;
	size_t n;
	struct err *err;
	int rc;
};

static int add_unfiled(void *arg, const struct finding_rec *f)
{
	struct unfiled *u = arg;
	bool ours = false;
	char *key;

	for (size_t i = 0; i < u->n && !ours; i++)
		ours = strcmp(u->harnesses[i]->name, f->harness) == 0;
	if (!ours)
		return 0;
	key = xasprintf("%lld", (long long)f->id);
	u->rc = add(u->p, "triage", PRIORITY_TRIAGE, f->harness, key, key, u->err);
	if (u->rc == 0)
		u->rc = store_job_again(u->p->store, u->p->id, "triage", key, NULL, u->err);
	free(key);
	return u->rc;
}

int jobs_add_unfiled(
	struct project *p, const struct config_harness *const *harnesses, size_t n, struct err *err)
{
	struct unfiled u = { .p = p, .harnesses = harnesses, .n = n, .err = err };

	if (store_findings(p->store, NULL, FINDING_NEW, add_unfiled, &u, err) < 0)
		return -1;
	return u.rc;
}

#define EXPLORED_FACT "explored"

int jobs_set_explored(struct project *p, bool explored, struct err *err)
{
	char value[24];

	snprintf(value, sizeof(value), "%lld", explored ? (long long)p->id : 0LL);
	return store_fact_set(p->store, EXPLORED_FACT, value, err);
}

bool jobs_explored(struct project *p)
{
	char *value = NULL;
	int64_t of = 0;
	bool explored = store_fact_get(p->store, EXPLORED_FACT, &value, NULL) == 0 &&
			num_i64(strv_of(value), &of) == 0 && of == p->id;

	free(value);
	return explored;
}
