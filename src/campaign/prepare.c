/*
 * Before a campaign: build every harness, see that it starts, bring its seeds in.
 * A harness that can't go on is told of and left out; the others go on.
 */
#include "base/prelude.h"
#include "campaign/prepare.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/jobs.h"
#include "campaign/patience.h"
#include "campaign/tokens.h"
#include "campaign/worker.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include "engine/aflpp.h"
#include "health/keep.h"
#include "health/probe.h"
#include "proc/proc.h"
#include "project/origins.h"
#include "triage/triage.h"

/* then a harness is left out that the machine refuses to run */
#define REFUSED_MS 10000
/* a look at each harness's health: a part of the budget, shared by all, and for one */
#define HEALTH_PART 20
#define HEALTH_MIN_MS 300
#define HEALTH_MAX_MS 3000
#define HEALTH_SEEDS 32
#define HANGS "hangs on the empty input, which every engine starts with"

static void skip(struct run_result *out, const char *harness, const char *why)
{
	out->skipped = xrealloc(out->skipped, (out->n_skipped + 1) * sizeof(*out->skipped));
	out->skipped[out->n_skipped++] =
		(struct run_skipped){ xstrdup(harness), strv_flat(strv_of(why)) };
	log_error("%s: left out: %s", harness, why);
}

enum variant prepared_variant(const char *engine)
{
	return strcmp(engine, engine_aflpp.name) == 0 ? VARIANT_AFL : VARIANT_LIBFUZZER;
}

bool prepared_wants(const struct config_harness *h, const char *engine)
{
	for (size_t i = 0; i < h->engines.n; i++)
		if (strcmp(h->engines.v[i], engine) == 0)
			return true;
	return false;
}

bool prepared_for(const struct prepared *p, const char *engine)
{
	return p->built[prepared_variant(engine)];
}

size_t prepared_inputs(const struct project *p, const char *harness)
{
	char *dir = project_corpus_dir(p, harness);
	struct strlist names = STRLIST_INIT;
	size_t n = fs_list(dir, &names, NULL) == 0 ? names.n : 0;

	strlist_release(&names);
	free(dir);
	return n;
}

void prepared_release(struct prepared *p)
{
	for (size_t i = 0; i < VARIANT_N; i++)
		free(p->why[i]);
	free(p->dictionary);
}

static bool can_be_explored(const struct config_harness *h, const struct prepared *p)
{
	for (size_t i = 0; i < h->engines.n; i++)
		if (prepared_for(p, h->engines.v[i]))
			return true;
	return false;
}

/* An engine's build that failed. What fails for all harnesses, like a missing compiler, is said once. */
static void warn(const struct build_want *w, struct strlist *said)
{
	const char *reason = strstr(w->err.msg, "variant "), *colon;

	colon = reason ? strchr(reason, ':') : NULL;
	reason = colon ? colon : w->err.msg;
	if (strlist_has(said, reason))
		return;
	strlist_add(said, reason);
	log_warn("%s", w->err.msg);
}

static void leave_unbuilt(
	struct project *project, const struct build_want *w, struct run_result *out)
{
	const char *why = err_without(&w->err, w->h->name);

	skip(out, w->h->name, why);
	if (!proc_interrupted() && w->err.kind != ERR_REFUSED)
		health_keep_one(project, w->h->name, "build", HEALTH_SICK, why, HEALTH_BUILD_MEND);
}

/* Once more while the machine refuses what a compiler needs; what was made is fresh then. */
static int build_patiently(
	struct project *project, struct build_want *wants, size_t n, struct err *err)
{
	struct patience patience = { 0 };

	for (;;) {
		const struct err *refused = NULL;
		int rc = build_many(project->cfg, wants, n, &project->tools, project->jobs, err);

		if (rc < 0)
			refused = err;
		for (size_t i = 0; rc == 0 && i < n && !refused; i++)
			if (wants[i].rc < 0 && wants[i].err.kind == ERR_REFUSED)
				refused = &wants[i].err;
		if (!refused || patience_ms(&patience) >= REFUSED_MS || proc_interrupted() ||
			!patience_wait(&patience, "building", refused))
			return rc;
		for (size_t i = 0; i < n; i++)
			build_result_release(&wants[i].result);
	}
}

/* All variants of all harnesses through one pool of compilers; what doesn't build is told of, the others go on. */
static int build_all(struct project *project, const struct run_opts *opts, struct prepared *ready,
	struct run_result *out, struct err *err)
{
	static const enum variant variants[] = { VARIANT_ASAN, VARIANT_LIBFUZZER,
		VARIANT_LIBFUZZER_PLAIN, VARIANT_AFL, VARIANT_AFL_CMPLOG, VARIANT_COV };
	size_t n = opts->n_harnesses * ARRAY_LEN(variants), all = n;
	struct build_want *wants = xcalloc(n + opts->n_harnesses, sizeof(*wants));
	struct strlist said = STRLIST_INIT;
	int rc = project_need_tools(project, err);

	for (size_t i = 0; i < n; i++) {
		wants[i].h = opts->harnesses[i / ARRAY_LEN(variants)];
		wants[i].v = variants[i % ARRAY_LEN(variants)];
	}
	/* for sweeps, which say what is wrong with it: now, since later it would take the engines' time */
	for (size_t i = 0; i < opts->n_harnesses; i++) {
		wants[all].h = opts->harnesses[i];
		wants[all].v = VARIANT_MSAN;
		all += build_wants(wants[all].h->build, VARIANT_MSAN);
	}
	if (opts->progress)
		opts->progress(opts->arg, &(struct run_status){ .phase = "building" });
	if (rc == 0)
		rc = build_patiently(project, wants, all, err);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		if (wants[i].rc == 0)
			continue;
		if (wants[i].v == VARIANT_ASAN)
			leave_unbuilt(project, &wants[i], out);
		/* without its asan build all has been said already */
		else if (wants[i - i % ARRAY_LEN(variants)].rc == 0)
			warn(&wants[i], &said);
	}
	for (size_t i = 0; i < n; i++) {
		struct prepared *p = &ready[i / ARRAY_LEN(variants)];

		p->built[wants[i].v] = wants[i].rc == 0;
		if (wants[i].rc < 0)
			p->why[wants[i].v] = xstrdup(wants[i].err.msg);
		p->no_tool[wants[i].v] = toolchain_lacks(&project->tools, wants[i].v) != NULL;
		p->ok = p->built[VARIANT_ASAN];
	}
	for (size_t i = 0; i < all; i++)
		build_result_release(&wants[i].result);
	strlist_release(&said);
	free(wants);
	return rc;
}

static int import_seeds(struct project *p, const struct config_harness *h, struct err *err)
{
	char *corpus = project_corpus_dir(p, h->name);
	struct origins from = { .harness = h->name, .engine = "seed" };
	struct import_stats st = { .each = origins_imported, .arg = &from };
	int rc = fs_mkdirs(corpus, err);

	for (size_t i = 0; rc == 0 && i < h->seeds.n; i++)
		rc = inputs_import(corpus, h->seeds.v[i], h->max_len, &st, err);
	origins_flush(&from, p);
	free(corpus);
	return rc;
}

/* The dictionary that engines get. What is wrong with a declared one costs its own lines only, but is said. */
static void gather_tokens(struct project *p, const struct config_harness *h, struct prepared *ready)
{
	struct tokens t;
	struct err err = ERR_INIT;

	if (tokens_gather(p, h, &t, &err) < 0)
		log_warn("%s: %s", h->name, err.msg);
	if (t.problem) {
		log_error("%s: %s", h->name, t.problem);
		ready->dictionary = t.problem;
		t.problem = NULL;
	}
	tokens_release(&t);
}

static void leave_unrun(struct project *p, const struct config_harness *h, const struct err *err,
	struct run_result *out)
{
	const char *why = err_without(err, h->name);
	char *more;

	if (err->kind != ERR_USAGE) { /* this machine's doing */
		skip(out, h->name, why);
		return;
	}
	/* it doesn't start */
	health_keep_one(p, h->name, "start", HEALTH_SICK, why, HEALTH_START_MEND);
	more = xasprintf("%s; %s", why, HEALTH_START_MEND);
	skip(out, h->name, more);
	free(more);
}

/*
 * Can it be run at all? Of what engines begin with, no bytes, a failure is a finding like any other: they go on with what
 * passes.
 */
static bool can_be_run(struct project *p, const struct config_harness *h, struct prepared *ready,
	struct run_result *out)
{
	struct triage t = TRIAGE_INIT;
	struct patience patience = { 0 };
	struct err err = ERR_INIT;
	bool hangs;
	int rc;

	while ((rc = triage_input(p, h, VARIANT_ASAN, "", 0, 1, &t, &err)) < 0 &&
		patience_ms(&patience) < REFUSED_MS && patience_wait(&patience, h->name, &err) &&
		!proc_interrupted())
		triage_release(&t);
	hangs = t.report && t.outcome == TARGET_TIMEOUT;
	ready->no_run = rc < 0;
	if (rc < 0)
		leave_unrun(p, h, &err, out);
	if (rc == 0 && hangs) {
		skip(out, h->name, HANGS);
		health_keep_one(p, h->name, "hang", HEALTH_SICK, HANGS, HEALTH_HANG_MEND);
	}
	if (rc == 0 && t.report &&
		(hangs ? triage_add_slow : triage_add)(
			p, h->name, "asan", "replay", "the empty input", "", 0, NULL, &err) < 0)
		log_error("%s: %s", h->name, err.msg);
	triage_release(&t);
	return rc == 0 && !hangs;
}

/* False: its time would be lost. What can't be looked at, for want of a build, is given the benefit of the doubt. */
static bool is_healthy(struct project *p, const struct config_harness *h,
	const struct run_opts *opts, struct run_result *out)
{
	uint64_t part = opts->time_ms / HEALTH_PART / MAX(opts->n_harnesses, (size_t)1);
	char *corpus = project_corpus_dir(p, h->name);
	struct health_opts how = { .inputs = corpus,
		.max_seeds = HEALTH_SEEDS,
		.time_ms = MIN(MAX(part, (uint64_t)HEALTH_MIN_MS), (uint64_t)HEALTH_MAX_MS) };
	struct health_facts facts;
	struct health health = { NULL };
	const struct health_finding *sick;
	struct err err = ERR_INIT;

	if (health_probe(p, h, &how, &facts, &err) < 0) {
		if (!proc_interrupted())
			log_warn("%s: its health isn't known: %s", h->name, err.msg);
	} else {
		health_judge(&facts, &health);
		if (!proc_interrupted())
			health_keep(p, h->name, &health);
	}
	sick = health_sick(&health);
	for (size_t i = 0; i < health.n && !sick; i++)
		log_warn("%s: %s; %s", h->name, health.v[i].cause, health.v[i].mend);
	if (sick) {
		char *why = xasprintf("%s; %s", sick->cause, sick->mend);

		skip(out, h->name, why);
		free(why);
	}
	health_facts_release(&facts);
	health_release(&health);
	free(corpus);
	return sick == NULL;
}

int prepare_harnesses(struct project *p, const struct run_opts *opts, struct prepared *ready,
	struct run_result *out, struct err *err)
{
	if (build_all(p, opts, ready, out, err) < 0)
		return -1;
	for (size_t i = 0; i < opts->n_harnesses && !proc_interrupted(); i++) {
		const struct config_harness *h = opts->harnesses[i];
		struct err why = ERR_INIT;

		if (!ready[i].ok)
			continue;
		ready[i].ok = false;
		if (!can_be_explored(h, &ready[i]))
			skip(out, h->name, "none of its engines has a build");
		else if (import_seeds(p, h, &why) < 0)
			skip(out, h->name, why.msg);
		else
			ready[i].ok = can_be_run(p, h, &ready[i], out) &&
				      (!ready[i].built[VARIANT_COV] || is_healthy(p, h, opts, out));
		if (ready[i].ok)
			gather_tokens(p, h, &ready[i]);
		/* seeds may fail under a sanitizer that no engine runs with */
		if (ready[i].ok && jobs_add_sweep(p, h->name, err) < 0)
			return -1;
	}
	project_targets_close(p);
	return 0;
}
