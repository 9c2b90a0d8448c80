/*
 * Values: without builds there is nothing; a dead canary makes all else worthless; what was found has to become tests, so
 * writing and making small come before finding more; what is only looked at again the next night is cut first.
 */
#include "base/prelude.h"
#include "night/steps.h"
#include "base/mem.h"

const struct budget_row steps_budget[NIGHT_STEPS] = {
	[NIGHT_BUILD] = { .share = 1000, .min_ms = 1000, .value = 100 },
	[NIGHT_CANARY] = { .share = 10, .min_ms = 12000, .value = 95 },
	[NIGHT_REPLAY] = { .share = 30, .min_ms = 1000, .value = 80 },
	[NIGHT_VERIFY] = { .share = 50, .min_ms = 1000, .value = 75 },
	[NIGHT_EDGE] = { .share = 40, .min_ms = 1000, .value = 60 },
	[NIGHT_FUZZ] = { .rest = true, .min_ms = 5000, .value = 70 },
	[NIGHT_DISTILL] = { .share = 30, .min_ms = 1000, .value = 30 },
	[NIGHT_MINIMIZE] = { .share = 60, .min_ms = 1000, .value = 85 },
	[NIGHT_TESTS] = { .share = 40, .min_ms = 1000, .value = 90 },
	[NIGHT_COVER] = { .share = 30, .min_ms = 2000, .value = 20 },
	[NIGHT_GUARD] = { .share = 30, .min_ms = 1000, .value = 50 },
	[NIGHT_GC] = { .share = 10, .min_ms = 200, .value = 10 },
	[NIGHT_REPORT] = { .min_ms = 100, .value = 99 },
};

/* of a campaign's: what was found is worked on after it */
#define FINISH_PART 10
#define FINISH_MAX_MS 300000
/* and what comes before it, a harness: its health, its first start */
#define PREPARE_MS 1000
/* its harnesses' offers to each other: a part of it, and of each at least */
#define OFFERS_PART 20
#define OFFERS_MS 500
/* slices that end late, and what all commands need to end */
#define END_MS 3000
#define EXPLORE_MIN_MS 1000

static void add_harnesses(const struct steps_asked *a, struct strlist *args)
{
	for (size_t i = 0; a->named && i < a->n_harnesses; i++)
		strlist_add(args, a->harnesses[i]->name);
}

static void add_ms(struct strlist *args, const char *option, uint64_t ms)
{
	strlist_add(args, option);
	strlist_addf(args, "%llums", (unsigned long long)MAX(ms, (uint64_t)1));
}

static bool asks_for(const struct project *p, const char *engine)
{
	for (size_t i = 0; i < p->cfg->engines.n; i++)
		if (strcmp(p->cfg->engines.v[i], engine) == 0)
			return true;
	return false;
}

/* Those that this night uses, and that this machine has the tools for: what it lacks the fuzz step tells. */
static void args_build(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	static const struct {
		enum variant v;
		const char *engine;
	} rows[] = { { VARIANT_ASAN, NULL }, { VARIANT_COV, NULL },
		{ VARIANT_LIBFUZZER, "libfuzzer" }, { VARIANT_AFL, "aflpp" },
		{ VARIANT_AFL_CMPLOG, "aflpp" } };
	bool known = project_need_tools(a->p, NULL) == 0;

	(void)ms;
	(void)r;
	strlist_add(args, "build");
	strlist_add(args, "--json");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].engine && (!asks_for(a->p, rows[i].engine) ||
					      (known && toolchain_lacks(&a->p->tools, rows[i].v))))
			continue;
		strlist_add(args, "--variant");
		strlist_add(args, variant_name(rows[i].v));
	}
	add_harnesses(a, args);
}

static void args_replay(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)ms;
	(void)r;
	strlist_add(args, "replay");
	strlist_add(args, "--tests");
	strlist_add(args, "--json");
	add_harnesses(a, args);
}

static void args_verify(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)a;
	(void)ms;
	(void)r;
	strlist_add(args, "verify");
	strlist_add(args, "--json");
}

static void args_edge(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)r;
	strlist_add(args, "edge");
	strlist_add(args, "--json");
	add_ms(args, "--time", ms * 9 / 10 / MAX(a->n_harnesses, (size_t)1));
	add_harnesses(a, args);
}

static void args_fuzz(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	uint64_t finish = MIN(MAX(ms / FINISH_PART, (uint64_t)1000), (uint64_t)FINISH_MAX_MS);
	uint64_t n = a->n_harnesses, before = MIN(ms / 5, PREPARE_MS * n);
	uint64_t offers = MIN(MAX(ms / OFFERS_PART, OFFERS_MS * n), ms / 5);
	uint64_t other = finish + before + offers + END_MS;

	if (!a->resumes)
		r->explore_ms = MAX(ms - MIN(ms, other), (uint64_t)EXPLORE_MIN_MS);
	strlist_add(args, "run");
	strlist_add(args, "--json");
	strlist_add(args, "--no-edge");
	strlist_add(args, "--no-guard");
	if (!a->resumes)
		strlist_add(args, "--fresh");
	add_ms(args, "--time", r->explore_ms);
	add_ms(args, "--finish", finish);
	strlist_add(args, "--jobs");
	strlist_addf(args, "%u", a->p->jobs);
	add_harnesses(a, args);
}

static void args_distill(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)ms;
	(void)r;
	strlist_add(args, "distill");
	strlist_add(args, "--json");
	add_harnesses(a, args);
}

static void args_minimize(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)a;
	(void)ms;
	(void)r;
	strlist_add(args, "worker");
	strlist_add(args, "--role");
	strlist_add(args, "refine");
	strlist_add(args, "--until-idle");
}

static void args_tests(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)a;
	(void)ms;
	(void)r;
	strlist_add(args, "regress");
	strlist_add(args, "--json");
}

static void args_cover(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)ms;
	(void)r;
	strlist_add(args, "cover");
	strlist_add(args, "--json");
	add_harnesses(a, args);
}

static void args_guard(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	struct campaign_rec last = { 0 };

	(void)r;
	strlist_add(args, "guard");
	strlist_add(args, "--json");
	add_ms(args, "--time", ms * 9 / 10);
	if (store_campaign_last(a->p->store, &last, NULL) == 0)
		strlist_add(args, "--record");
	campaign_rec_release(&last);
	add_harnesses(a, args);
}

static void args_gc(
	const struct steps_asked *a, uint64_t ms, struct night_record *r, struct strlist *args)
{
	(void)a;
	(void)ms;
	(void)r;
	strlist_add(args, "gc");
	strlist_add(args, "--remove");
	strlist_add(args, "--json");
}

static const struct {
	void (*args)(const struct steps_asked *a, uint64_t ms, struct night_record *r,
		struct strlist *args);
	bool json;
} rows[NIGHT_STEPS] = {
	[NIGHT_BUILD] = { args_build, true },
	[NIGHT_REPLAY] = { args_replay, true },
	[NIGHT_VERIFY] = { args_verify, true },
	[NIGHT_EDGE] = { args_edge, true },
	[NIGHT_FUZZ] = { args_fuzz, true },
	[NIGHT_DISTILL] = { args_distill, true },
	[NIGHT_MINIMIZE] = { args_minimize, false },
	[NIGHT_TESTS] = { args_tests, true },
	[NIGHT_COVER] = { args_cover, true },
	[NIGHT_GUARD] = { args_guard, true },
	[NIGHT_GC] = { args_gc, true },
};

bool steps_args(const struct steps_asked *a, enum night_step s, uint64_t ms, struct night_record *r,
	struct strlist *args)
{
	if (!rows[s].args)
		return false;
	rows[s].args(a, ms, r, args);
	return true;
}

bool steps_prints_json(enum night_step s)
{
	return rows[s].json;
}
