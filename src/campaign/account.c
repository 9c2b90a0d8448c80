/*
 * What was asked for, beside what was done. A campaign that found nothing says something only when it looked: each engine
 * on each harness counts on its own, by what the store has of it, and so does every job that failed for good.
 */
#include "base/prelude.h"
#include "campaign/account.h"
#include "base/fs.h"
#include "base/mem.h"
#include "campaign/edges.h"
#include "campaign/internal.h"
#include "campaign/jobs.h"
#include "campaign/lost.h"
#include "campaign/unexplained.h"
#include "engine/unstored.h"
#include "retest/regress.h"
#include "triage/uninstrumented.h"
#include <stdio.h>

struct account {
	struct run_result *out;
	struct project *p;
	const struct run_opts *opts;
	const struct prepared *ready;
	size_t *of;    /* by pair: the harness's number */
	char **errors; /* by pair: of its last slice, where that failed; NULL */
	bool *had_slice;
	size_t cap_pairs, cap_lacks;
};

PRINTF_LIKE(4, 5)
static struct run_lack *lack(
	struct account *a, const char *harness, const char *what, const char *fmt, ...)
{
	struct run_result *out = a->out;
	va_list ap;
	struct buf why = BUF_INIT;

	va_start(ap, fmt);
	buf_vaddf(&why, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < out->n_lacks; i++) {
		struct run_lack *l = &out->lacks[i];

		if (strcmp(l->harness ? l->harness : "", harness ? harness : "") == 0 &&
			strcmp(l->what, what) == 0 && strcmp(l->why, buf_str(&why)) == 0) {
			buf_release(&why);
			return l;
		}
	}
	GROW(out->lacks, out->n_lacks, a->cap_lacks);
	out->lacks[out->n_lacks] = (struct run_lack){ harness ? xstrdup(harness) : NULL,
		xstrdup(what), buf_detach(&why), false, false };
	return &out->lacks[out->n_lacks++];
}

/* --- pairs --- */

static void make_pairs(struct account *a)
{
	struct run_result *out = a->out;

	for (size_t h = 0; h < a->opts->n_harnesses; h++) {
		const struct config_harness *har = a->opts->harnesses[h];

		for (size_t e = 0; e < har->engines.n; e++) {
			GROW(out->pairs, out->n_pairs, a->cap_pairs);
			out->pairs[out->n_pairs++] = (struct run_pair){ .harness = har->name,
				.engine = har->engines.v[e] };
		}
	}
	a->of = xcalloc(out->n_pairs, sizeof(*a->of));
	a->errors = xcalloc(out->n_pairs, sizeof(*a->errors));
	a->had_slice = xcalloc(out->n_pairs, sizeof(*a->had_slice));
	for (size_t h = 0, i = 0; h < a->opts->n_harnesses; h++)
		for (size_t e = 0; e < a->opts->harnesses[h]->engines.n; e++)
			a->of[i++] = h;
}

static size_t find_pair(const struct account *a, const char *harness, const char *engine)
{
	size_t i = 0;

	while (i < a->out->n_pairs && (strcmp(a->out->pairs[i].harness, harness) != 0 ||
					      strcmp(a->out->pairs[i].engine, engine) != 0))
		i++;
	return i;
}

static int one_stat(void *arg, const struct stat_rec *s)
{
	struct account *a = arg;
	size_t i = find_pair(a, s->harness, s->engine);

	if (i < a->out->n_pairs) {
		a->out->pairs[i].execs = s->execs;
		a->out->pairs[i].ms = s->wall_ms;
	}
	return 0;
}

/* In the order of ids: the last one stands. */
static int one_slice(void *arg, const struct job_rec *j)
{
	struct account *a = arg;
	struct fuzz_payload payload;
	size_t i;

	if (fuzz_payload_parse(j->payload, &payload) < 0)
		return 0;
	i = find_pair(a, j->harness, payload.engine);
	if (i == a->out->n_pairs || (j->state != JOB_DONE && j->state != JOB_FAILED && !j->error))
		/* it never began */
		return 0;
	a->had_slice[i] = true;
	free(a->errors[i]);
	a->errors[i] = j->state != JOB_DONE ? xstrdup(j->error ? j->error : "it failed") : NULL;
	return 0;
}

static uint64_t execs_of_harness(const struct account *a, size_t h)
{
	uint64_t n = 0;

	for (size_t i = 0; i < a->out->n_pairs; i++)
		n += a->of[i] == h ? a->out->pairs[i].execs : 0;
	return n;
}

static char *why_idle(const struct account *a, const struct run_pair *pair)
{
	uint64_t n;
	char *why, *all;

	/* the words are a help: without them it is as true */
	(void)lost_get(a->p, a->out->campaign, pair->harness, pair->engine, &n, &why, NULL);
	all = xasprintf("it ran nothing%s%s", why && !n ? ": " : "", why && !n ? why : "");
	free(why);
	return all;
}

/* Why this pair did less than was asked, or why it is excused. */
static void judge_pair(struct account *a, size_t i)
{
	struct run_pair *pair = &a->out->pairs[i];
	size_t h = a->of[i];
	const struct prepared *ready = &a->ready[h];
	enum variant v = prepared_variant(pair->engine);
	bool no_time = false;

	if (!ready->ok && pair->execs == 0) {
		pair->why = xstrdup("the harness was left out");
	} else if (!ready->built[v] && pair->execs == 0) {
		pair->why = xstrdup(ready->why[v] ? ready->why[v] : "there is no build for it");
		/* a default that this machine can't offer was never asked for */
		if (ready->no_tool[v] && !a->opts->harnesses[h]->engines_asked)
			return;
	} else if (a->errors[i]) {
		pair->why = xstrdup(a->errors[i]);
	} else if (pair->execs > 0) {
		return;
	} else if (a->had_slice[i]) {
		pair->why = why_idle(a, pair);
	} else {
		pair->why = xstrdup("there was no time for it");
		no_time = true;
		/* the other engines tested the harness: that is what the time was enough for */
		if (execs_of_harness(a, h) > 0)
			return;
	}
	pair->lacking = true;
	if (ready->ok)
		lack(a, pair->harness, pair->engine, "%s", pair->why)->no_time = no_time;
}

/* Cases that weren't run may hold what the engines don't come to. */
static int account_edges(struct account *a, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->opts->n_harnesses; i++) {
		const char *harness = a->opts->harnesses[i]->name;
		bool budgeted = false;
		char *why = NULL;

		if (a->ready[i].ok)
			rc = edges_lacking(a->p, a->out->campaign, harness, &why, &budgeted, err);
		if (why)
			lack(a, harness, "edge cases", "%s", why)->budgeted = budgeted;
		free(why);
	}
	return rc;
}

/* --- crashes without a bug --- */

#define NAMED_MAX 3 /* inputs that a line names */

/* Of one harness and origin. */
struct left {
	char *harness, *origin, *why;
	bool foreign; /* they fail, and it is none of the target's doing */
	uint64_t n;
	struct buf inputs;
};

struct lefts {
	struct account *a;
	struct left *v;
	size_t n, cap;
};

static int one_left(void *arg, const struct finding_rec *f)
{
	struct lefts *l = arg;
	struct left *at = NULL;
	char *why, *path;
	bool foreign;

	if (unexplained_is_limit(f)) {
		l->a->out->slow++;
		return 0;
	}
	why = uninstrumented_why(l->a->p, f->id);
	foreign = why != NULL;
	if (!foreign)
		why = unexplained_why(l->a->p, f);
	for (size_t i = 0; i < l->n && !at; i++)
		if (strcmp(l->v[i].harness, f->harness) == 0 &&
			strcmp(l->v[i].origin, f->origin) == 0 && strcmp(l->v[i].why, why) == 0)
			at = &l->v[i];
	if (!at) {
		GROW(l->v, l->n, l->cap);
		at = &l->v[l->n++];
		*at = (struct left){ xstrdup(f->harness), xstrdup(f->origin), xstrdup(why), foreign,
			0, BUF_INIT };
	}
	path = fs_join(l->a->p->inputs_dir, f->input);
	if (at->n++ < NAMED_MAX)
		buf_addf(&at->inputs, "%s%s", at->n > 1 ? ", " : "", path);
	free(path);
	free(why);
	return 0;
}

/* Each crash that an engine counted is a bug's, or said here. */
static int account_crashes(struct account *a, struct err *err)
{
	struct lefts l = { .a = a };
	int rc = unexplained_each(a->p, a->out->campaign, one_left, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		struct left *at = &l.v[i];

		a->out->unexplained += at->n;
		lack(a, at->harness, at->origin,
			"%llu failure%s that it saw and that %s: %s; kept as %s%s",
			(unsigned long long)at->n, at->n == 1 ? "" : "s",
			at->foreign  ? "MSan may be wrong about"
			: at->n == 1 ? "does not fail alone"
				     : "do not fail alone",
			at->why, buf_str(&at->inputs), at->n > NAMED_MAX ? ", ..." : "");
		free(at->harness);
		free(at->origin);
		free(at->why);
		buf_release(&at->inputs);
	}
	free(l.v);
	for (size_t i = 0; rc == 0 && i < a->out->n_pairs; i++) {
		const struct run_pair *pair = &a->out->pairs[i];
		uint64_t n;
		char *why;

		rc = lost_get(a->p, a->out->campaign, pair->harness, pair->engine, &n, &why, err);
		a->out->unexplained += n;
		if (rc == 0 && n)
			lack(a, pair->harness, pair->engine,
				"ended %llu time%s without an input to blame, the last time so: %s",
				(unsigned long long)n, n == 1 ? "" : "s", why ? why : "");
		free(why);
	}
	return rc;
}

/* --- the rest --- */

static int one_failed(void *arg, const struct job_rec *j)
{
	struct account *a = arg;

	if (j->state == JOB_FAILED || (j->state != JOB_DONE && j->error))
		lack(a, *j->harness ? j->harness : NULL, j->kind, "%s",
			j->error ? j->error : "it failed");
	return 0;
}

static int one_unfiled(void *arg, const struct finding_rec *f)
{
	struct account *a = arg;

	for (size_t h = 0; h < a->opts->n_harnesses; h++)
		a->out->unfiled += strcmp(a->opts->harnesses[h]->name, f->harness) == 0;
	return 0;
}

static void count_unstored(struct account *a)
{
	for (size_t i = 0; i < a->out->n_pairs; i++) {
		const struct run_pair *pair = &a->out->pairs[i];
		char *dir = project_work_dir(a->p, pair->harness, pair->engine);
		size_t n = engine_unstored(dir);

		a->out->unstored += n;
		if (n)
			lack(a, pair->harness, pair->engine,
				"%zu failing input%s could not be stored; kept in %s for the next "
				"run",
				n, n == 1 ? "" : "s", dir);
		free(dir);
	}
}

static int read_store(struct account *a, struct err *err)
{
	struct store *s = a->p->store;
	int64_t id = a->out->campaign;

	if (store_stats(s, id, one_stat, a, err) < 0 ||
		store_jobs(s, id, "fuzz", 0, one_slice, a, err) < 0)
		return -1;
	for (size_t i = 0; i < a->out->n_pairs; i++)
		judge_pair(a, i);
	for (const struct job_kind *k = job_kinds; k->name; k++)
		if (strcmp(k->name, "fuzz") != 0 &&
			store_jobs(s, id, k->name, 0, one_failed, a, err) < 0)
			return -1;
	return store_findings(s, NULL, FINDING_NEW, one_unfiled, a, err);
}

int account_fill(struct run_result *out, struct project *p, const struct run_opts *opts,
	const struct prepared *ready, struct err *err)
{
	struct account a = { .out = out, .p = p, .opts = opts, .ready = ready };
	struct err tests = ERR_INIT;
	int rc;

	make_pairs(&a);
	for (size_t i = 0; i < out->n_skipped; i++)
		lack(&a, out->skipped[i].harness, "left out", "%s", out->skipped[i].why);
	for (size_t i = 0; i < opts->n_harnesses; i++)
		if (ready[i].dictionary)
			lack(&a, opts->harnesses[i]->name, "dictionary", "%s", ready[i].dictionary);
	rc = read_store(&a, err);
	if (rc == 0)
		rc = account_crashes(&a, err);
	if (rc == 0 && !opts->no_edge && !out->interrupted)
		rc = account_edges(&a, err);
	count_unstored(&a);
	if (out->open_bugs && regress_writable(p, NULL, &tests) < 0)
		lack(&a, NULL, "regression tests", "%s", tests.msg);
	if (out->unfiled)
		lack(&a, NULL, "findings", "%llu not triaged; the next run goes on with them",
			(unsigned long long)out->unfiled);
	if (out->interrupted)
		lack(&a, NULL, "campaign", "interrupted");
	else if (out->unfinished)
		lack(&a, NULL, "campaign",
			"%llu job%s left when the time was up; the next run goes on with %s",
			(unsigned long long)out->unfinished, out->unfinished == 1 ? "" : "s",
			out->unfinished == 1 ? "it" : "them");
	for (size_t i = 0; i < out->n_pairs; i++)
		free(a.errors[i]);
	free(a.errors);
	free(a.of);
	free(a.had_slice);
	return rc;
}

void account_waited(struct run_result *out)
{
	struct account a = { .out = out };

	lack(&a, NULL, "campaign",
		"interrupted while it waited for the process that plans this project's");
}

void account_release(struct run_result *out)
{
	for (size_t i = 0; i < out->n_pairs; i++)
		free(out->pairs[i].why);
	for (size_t i = 0; i < out->n_lacks; i++) {
		free(out->lacks[i].harness);
		free(out->lacks[i].what);
		free(out->lacks[i].why);
	}
	free(out->pairs);
	free(out->lacks);
	out->pairs = NULL;
	out->lacks = NULL;
	out->n_pairs = out->n_lacks = 0;
}
