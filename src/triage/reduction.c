/* The job that minimises a bug's reproducer: interruptible, and what it meets on the way becomes a finding. */
#include "base/prelude.h"
#include "triage/reduction.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include "corpus/shipped.h"
#include "depot/inputs.h"
#include "minimize/minimize.h"
#include "triage/filing.h"

struct reducing {
	struct project *project;
	const struct config_harness *h;
	struct site_rec site; /* its reproducer is the best so far */
	enum variant variant; /* that shows it */
	struct buf *unstored; /* other failures that were met and couldn't be stored at the time */
	size_t n_unstored, cap_unstored;
};

static int store_other(struct reducing *red, const void *input, size_t len, struct err *err)
{
	return triage_add(red->project, red->h->name, variant_name(red->variant), "minimize", NULL,
		input, len, NULL, err);
}

static void met_other(void *arg, const void *input, size_t len, const struct target_result *r)
{
	struct reducing *red = arg;
	struct err err = ERR_INIT;

	(void)r;
	if (store_other(red, input, len, &err) == 0)
		return;
	log_warn("%s: a finding can't be stored yet: %s", red->h->name, err.msg);
	GROW(red->unstored, red->n_unstored, red->cap_unstored);
	red->unstored[red->n_unstored] = (struct buf)BUF_INIT;
	buf_add(&red->unstored[red->n_unstored++], input, len);
}

/* Once more what couldn't be stored: nothing else is sure to meet it again. -1: some of it is still nowhere. */
static int store_others(struct reducing *red, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < red->n_unstored; i++) {
		if (store_other(red, buf_str(&red->unstored[i]), red->unstored[i].len, err) < 0)
			rc = -1;
		buf_release(&red->unstored[i]);
	}
	free(red->unstored);
	red->unstored = NULL;
	red->n_unstored = red->cap_unstored = 0;
	return rc;
}

/*
 * Each step down is stored at once, so that a kill goes on from here. 1: meanwhile somebody gave the site another input.
 */
static int store_best(struct reducing *red, const void *input, size_t len, struct err *err)
{
	char sha1[SHA1_HEX], *was = red->site.input;
	struct site_rec s = red->site;
	int rc;

	if (depot_put_input(red->project, input, len, sha1, err) < 0)
		return -1;
	s.input = sha1;
	s.size = len;
	rc = store_site_reproducer(red->project->store, s.id, was, &s, err);
	if (rc == 0) {
		red->site.input = xstrdup(sha1);
		red->site.size = len;
		free(was);
	}
	return rc;
}

static void got_smaller(void *arg, const void *input, size_t len, uint64_t execs)
{
	struct reducing *red = arg;
	struct err err = ERR_INIT;
	int rc = store_best(red, input, len, &err);

	(void)execs;
	if (rc < 0)
		log_warn("bug %.8s: its progress could not be stored: %s", red->site.bug, err.msg);
}

/* Which bytes matter, for `thresh show`: a digit a byte, kept by the input's name. */
static int store_essential(struct reducing *red, const struct minimize_result *r, struct err *err)
{
	struct buf digits = BUF_INIT;
	char *key;
	int rc;

	if (!r->essential)
		return 0;
	for (size_t i = 0; i < r->input.len; i++)
		buf_addch(&digits, '0' + MIN(r->essential[i], 2));
	key = xasprintf("essential/%s", red->site.input);
	rc = store_fact_set(red->project->store, key, buf_str(&digits), err);
	free(key);
	buf_release(&digits);
	return rc;
}

/* The report of the smallest input: what `thresh show` shows is of the input that it shows. */
static int keep_report(struct reducing *red, const struct buf *input, struct err *err)
{
	struct finding_rec f = { 0 };
	struct triage t = TRIAGE_INIT;
	struct triage_filed filed;
	int64_t id;
	int rc = triage_keep(red->project, red->h->name, variant_name(red->variant), "minimize",
		NULL, buf_str(input), input->len, &id, NULL, err);

	if (rc == 0)
		rc = triage_input(
			red->project, red->h, red->variant, buf_str(input), input->len, 1, &t, err);
	if (rc == 0 && t.report && store_finding_get(red->project->store, id, &f, err) == 0) {
		t.k = red->site.k;
		t.n = red->site.n;
		rc = triage_file(red->project, &f, &t, &filed, err);
	}
	finding_rec_release(&f);
	triage_release(&t);
	return rc;
}

struct wanted {
	const char *harness, *input;
	bool stateful;
};

static int is_wanted(void *arg, const struct finding_rec *f)
{
	struct wanted *w = arg;

	if (strcmp(f->input, w->input) != 0 || strcmp(f->harness, w->harness) != 0)
		return 0;
	w->stateful = f->stateful;
	return 1;
}

bool reduction_is_stateful(struct project *p, const char *harness, const char *sha1)
{
	struct wanted w = { .harness = harness, .input = sha1 };
	struct err err = ERR_INIT;

	if (store_findings(p->store, NULL, -1, is_wanted, &w, &err) < 0)
		log_debug("%s", err.msg); /* it is a hint, nothing more */
	return w.stateful;
}

static int set_up(struct reducing *red, const struct reduce_opts *opts, struct crash_rules *rules,
	struct dictionary *words, struct minimize_spec *spec, struct err *err)
{
	struct project *p = red->project;
	struct err hint = ERR_INIT;

	red->variant = triage_variant(red->site.variant);
	red->h = project_harness(p, red->site.harness, err);
	if (!red->h)
		return -1;
	*rules = project_rules(p, red->h->name);
	/* without one it only takes longer */
	if (dictionary_of_harness(red->h->dictionary, NULL, words, NULL, &hint) < 0)
		log_debug("%s", hint.msg);
	*spec = (struct minimize_spec){
		.target = project_target(p, red->h, red->variant, NULL, 1, err),
		.rules = rules,
		.resolve = project_resolve,
		.resolve_arg = p,
		.format = red->h->format,
		.max_ms = opts->max_ms,
		.seed = opts->seed,
		.stateful = reduction_is_stateful(p, red->h->name, red->site.input),
		.tokens = dictionary_bytes(words),
		.n_tokens = words->n,
		.other = met_other,
		.best = got_smaller,
		.arg = red,
	};
	return spec->target ? 0 : -1;
}

int reduction_site(struct project *p, const char *id, const struct reduce_opts *opts,
	struct minimize_result *out, struct err *err)
{
	struct reducing red = { .project = p };
	struct buf input = BUF_INIT;
	struct crash_rules rules;
	struct dictionary words = DICTIONARY_INIT;
	struct minimize_spec spec = { 0 };
	int rc = store_site_get(p->store, id, &red.site, err);

	if (rc != 0)
		return rc < 0 ? -1
			      : err_usage(err, "%s: no such site; `thresh show` lists a bug's", id);
	rc = -1;
	if (depot_get_input(p, red.site.input, &input, err) < 0 ||
		set_up(&red, opts, &rules, &words, &spec, err) < 0 ||
		minimize_run(&spec, buf_str(&input), input.len, out, err) < 0)
		goto out;
	red.site.minimized = !out->interrupted;
	red.site.k = out->k;
	red.site.n = out->n;
	rc = store_best(&red, buf_str(&out->input), out->input.len, err);
	if (rc == 0)
		rc = store_essential(&red, out, err);
	if (rc == 0 && !out->interrupted)
		rc = keep_report(&red, &out->input, err);
	/* 1: another input came meanwhile; that one is for the next who asks */
	rc = rc < 0 ? -1 : 0;
out:
	if (store_others(&red, rc == 0 ? err : NULL) < 0)
		rc = -1;
	site_rec_release(&red.site);
	buf_release(&input);
	free((struct strv *)(uintptr_t)spec.tokens);
	dictionary_release(&words);
	return rc;
}
