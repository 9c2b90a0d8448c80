/*
 * Looking behind a failure that doesn't show alone. First in company: the corpus and the input, many times over, in one
 * process, as the engine ran them. Then by what the engine printed, when that names a place. What an engine without a
 * sanitizer saw is also run alone on a build without one: it says whose failure it is.
 */
#include "base/prelude.h"
#include "campaign/unexplained.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "corpus/inputs.h"
#include "depot/inputs.h"
#include "engine/aflpp.h"
#include "engine/engine.h"
#include <stdio.h>

#define COMPANY_MAX 64    /* inputs of the corpus */
#define COMPANY_RUNS 8000 /* all in all */
#define COMPANY_MS 3000
#define COMPANY_TRIES 5               /* of one harness in a campaign: seconds each */
#define INPUT_MAX ((uint64_t)1 << 20) /* of the company */

struct company {
	struct job_ctx *ctx;
	const struct config_harness *h;
	struct buf *inputs; /* the one that is asked about is the last */
	size_t n, next;
	uint64_t runs, until_ms;
	/* what failed only there */
	bool found;
	size_t culprit;
	struct target_result r;
	struct buf text;
};

static bool next_input(void *arg, struct target_input *in)
{
	struct company *c = arg;
	const struct buf *b = &c->inputs[c->next];

	if (c->runs++ >= COMPANY_RUNS || clock_mono_ms() >= c->until_ms || !job_alive(c->ctx))
		return false;
	*in = (struct target_input){ .data = buf_str(b), .len = b->len, .tag = c->next };
	c->next = (c->next + 1) % c->n;
	return true;
}

static int one_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct company *c = arg;

	if (!r->stateful || r->batch_outcome == TARGET_TIMEOUT || r->batch_outcome == TARGET_OOM)
		return 0;
	c->found = true;
	c->culprit = (size_t)in->tag;
	c->r = *r;
	buf_addv(&c->text, r->text);
	c->r.text = strv_n(buf_str(&c->text), c->text.len);
	return 1;
}

static void gather(struct company *c, struct project *p, const struct buf *input)
{
	char *dir = project_corpus_dir(p, c->h->name);
	struct strlist names = STRLIST_INIT;
	size_t step;

	c->inputs = xcalloc(COMPANY_MAX + 1, sizeof(*c->inputs));
	fs_list(dir, &names, NULL); /* without one it has only itself for company */
	step = names.n / COMPANY_MAX + 1;
	for (size_t i = 0; i < names.n; i += step) {
		char *path = fs_join(dir, names.v[i]);

		if (fs_read(path, INPUT_MAX, &c->inputs[c->n], NULL) == 0)
			c->n++;
		else
			buf_release(&c->inputs[c->n]);
		free(path);
	}
	buf_add(&c->inputs[c->n++], buf_str(input), input->len);
	strlist_release(&names);
	free(dir);
}

/* In a target of its own, since one that was seen to keep state runs each input alone from then on. */
static int in_company(struct job_ctx *ctx, const struct config_harness *h,
	const struct finding_rec *f, const struct buf *input, struct triage_filed *filed,
	struct err *err)
{
	struct company c = { .ctx = ctx, .h = h, .until_ms = clock_mono_ms() + COMPANY_MS };
	struct target *t = project_target_open(ctx->project, h, VARIANT_ASAN, NULL, 1, 0, err);
	int rc = t ? 0 : -1;

	if (t) {
		gather(&c, ctx->project, input);
		rc = target_run(t, NULL, next_input, one_done, &c, err);
	}
	target_close(t);
	if (rc == 0 && c.found)
		rc = triage_add_stateful(ctx->project, h->name, "asan", f->origin,
			buf_str(&c.inputs[c.culprit]), c.inputs[c.culprit].len, &c.r, filed, err);
	/* of another input than the one that is asked about: that one stays unexplained, and it is said of whom to think */
	if (rc == 0 && c.found && c.culprit != c.n - 1)
		log_info(
			"%s: the target keeps state between inputs: bug %.8s", h->name, filed->bug);
	for (size_t i = 0; i < c.n; i++)
		buf_release(&c.inputs[i]);
	free(c.inputs);
	buf_release(&c.text);
	return rc;
}

/* True for so many of a harness's findings in this campaign. */
static bool may_try_company(struct project *p, const char *harness)
{
	char *key = xasprintf("company/%lld/%s", (long long)p->id, harness), *value = NULL;
	char number[24];
	uint64_t n = 0;
	bool may;

	if (store_fact_get(p->store, key, &value, NULL) == 0)
		num_u64(strv_of(value), &n);
	may = n < COMPANY_TRIES;
	snprintf(number, sizeof(number), "%llu", (unsigned long long)n + 1);
	if (may) /* not counted, it is tried once more: no harm */
		store_fact_set(p->store, key, number, NULL);
	free(value);
	free(key);
	return may;
}

/* The engine's own report, where it names a place of the target's: as good as one of ours, but that it doesn't come again. */
static int by_report(struct project *p, const struct finding_rec *f, const struct buf *input,
	struct triage_filed *filed, struct err *err)
{
	struct target_result r = { .outcome = TARGET_OK,
		.stateful = true,
		.exit_code = -1,
		.batch_outcome =
			f->kind && strcmp(f->kind, "leak") == 0 ? TARGET_LEAK : TARGET_CRASH,
		.text = strv_n(f->text, f->text_len) };
	struct triage t = { .input = buf_str(input), .len = input->len };
	bool placed;

	triage_judge(p, f->harness, &r, &t);
	placed = t.report && t.report->n_key > 0;
	triage_release(&t);
	if (!placed)
		return 0;
	return triage_add_stateful(
		p, f->harness, f->variant, f->origin, buf_str(input), input->len, &r, filed, err);
}

static char *fact_of(const struct finding_rec *f)
{
	return xasprintf("unexplained/%lld", (long long)f->id);
}

/* What only a build without a sanitizer does has no place: filed, each input of it would be a bug of its own. */
static int without_sanitizer(struct project *p, const struct config_harness *h,
	const struct finding_rec *f, const struct buf *input, struct err *err)
{
	struct triage t = TRIAGE_INIT;
	struct err why = ERR_INIT;
	char *key, *text;
	int rc = 0;

	if (triage_input(p, h, VARIANT_PLAIN, buf_str(input), input->len, 3, &t, &why) < 0) {
		log_debug("%s: not run without a sanitizer: %s", h->name, why.msg);
	} else if (t.report) {
		key = fact_of(f);
		text = xasprintf(
			"alone, it fails on a build without sanitizers (%s), and not on the "
			"asan build",
			t.report->summary);
		rc = store_fact_set(p->store, key, text, err);
		free(key);
		free(text);
	}
	triage_release(&t);
	return rc;
}

bool unexplained_is_limit(const struct finding_rec *f)
{
	return f->kind && (strcmp(f->kind, "timeout") == 0 || strcmp(f->kind, "oom") == 0 ||
				  strcmp(f->kind, TRIAGE_SLOW_ALONE) == 0);
}

/* What its process had been through explains it, or that it was cut short. */
static bool is_survivors(const struct finding_rec *f)
{
	return f->kind &&
	       (strcmp(f->kind, ENGINE_SURVIVED) == 0 || strcmp(f->kind, ENGINE_SLOW) == 0);
}

static bool asks(const struct finding_rec *f)
{
	return f->state == FINDING_NO_CRASH && engine_by_name(f->origin) &&
	       !unexplained_is_limit(f) && !is_survivors(f);
}

bool unexplained_asks(struct project *p, int64_t finding)
{
	struct finding_rec f = { 0 };
	bool yes = store_finding_get(p->store, finding, &f, NULL) == 0 && asks(&f);

	finding_rec_release(&f);
	return yes;
}

int unexplained_look(
	struct job_ctx *ctx, int64_t finding, struct triage_filed *filed, struct err *err)
{
	struct project *p = ctx->project;
	struct finding_rec f = { 0 };
	struct buf input = BUF_INIT;
	const struct config_harness *h;
	int rc = store_finding_get(p->store, finding, &f, err);

	if (rc != 0 || !asks(&f))
		goto out;
	rc = -1;
	h = project_harness(p, f.harness, err);
	if (!h || depot_get_input(p, f.input, &input, err) < 0)
		goto out;
	rc = f.text ? by_report(p, &f, &input, filed, err) : 0;
	if (rc == 0 && !filed->bug[0] && may_try_company(p, f.harness))
		rc = in_company(ctx, h, &f, &input, filed, err);
	if (rc == 0 && !filed->bug[0] && strcmp(f.origin, engine_aflpp.name) == 0)
		rc = without_sanitizer(p, h, &f, &input, err);
out:
	finding_rec_release(&f);
	buf_release(&input);
	return rc < 0 ? -1 : 0;
}

struct each {
	struct project *p;
	store_finding_fn fn;
	void *arg;
	struct err *err;
	int rc;
};

static int one_job(void *arg, const struct job_rec *j)
{
	struct each *e = arg;
	struct finding_rec f = { 0 };
	int64_t id;
	bool stop = false;
	int rc;

	if (j->state != JOB_DONE || num_i64(strv_of(j->payload), &id) < 0)
		return 0;
	rc = store_finding_get(e->p->store, id, &f, e->err);
	if (rc < 0)
		e->rc = -1;
	else if (rc == 0 && f.state == FINDING_NO_CRASH && !is_survivors(&f))
		stop = e->fn(e->arg, &f) != 0;
	finding_rec_release(&f);
	return e->rc < 0 || stop;
}

int unexplained_each(
	struct project *p, int64_t campaign, store_finding_fn fn, void *arg, struct err *err)
{
	struct each e = { .p = p, .fn = fn, .arg = arg, .err = err };

	if (store_jobs(p->store, campaign, "triage", 0, one_job, &e, err) < 0)
		return -1;
	return e.rc;
}

char *unexplained_why(struct project *p, const struct finding_rec *f)
{
	char *key = fact_of(f), *why = NULL;

	if (unexplained_is_limit(f))
		why = xstrdup("alone, it stays within the limit");
	else if (store_fact_get(p->store, key, &why, NULL) != 0)
		why = xasprintf("it passed alone in %u run%s%s", f->n, f->n == 1 ? "" : "s",
			engine_by_name(f->origin) ? ", and behind other inputs" : "");
	free(key);
	return why;
}
