/*
 * Findings are signed anew and filed again, the best reproducer of each bug's leading site first, so that it keeps the bug's
 * id; what the others join or leave then follows. A report that says less today than it did (its binary is gone, or its
 * text was cut) stays filed as it was.
 */
#include "base/prelude.h"
#include "triage/resignature.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "triage/filing.h"
#include "triage/helpers.h"
#include "triage/triage.h"
#include <stdio.h>

#define RULES_FACT "rules"

/* A finding to be looked at again: where it is filed, and whether it is the one that its bug shows. */
struct item {
	int64_t id;
	char *bug, *site;
	bool leading;
};

struct resigning {
	struct project *project;
	struct resignature_counts *n;
	struct item *v;
	size_t n_items, cap;
	struct err *err;
	/* of the bug under way */
	const struct bug_rec *bug;
};

static int tell(struct resigning *r, const char *bug, const char *kind, const char *text)
{
	log_info("bug %.8s: %s", bug, text);
	return store_event_add(
		r->project->store, r->project->id, clock_wall_ms(), kind, text, r->err);
}

/* Something that was known isn't any more: no failure at all, or no frame where there were some. */
static bool says_less(const struct triage *t, const struct finding_rec *f)
{
	if (!t->report || strcmp(t->report->kind, "no-crash") == 0)
		return true;
	return !t->report->n_key && f->sig_text && !strstr(f->sig_text, " @") && f->kind &&
	       strcmp(f->kind, "no-crash") != 0;
}

static void sign(struct project *p, const struct finding_rec *f, struct triage *t)
{
	struct target_result r = {
		.outcome = TARGET_CRASH, .exit_code = -1, .text = strv_n(f->text, f->text_len)
	};

	t->kept = strv_of(f->places);
	t->kept_ms = MAX(f->found_ms, (uint64_t)1);
	triage_judge(p, f->harness, &r, t);
	t->variant = triage_variant(f->variant);
	t->k = f->k;
	t->n = f->n;
	t->stateful = f->stateful;
	buf_add(&t->text, f->text, f->text_len);
}

int resignature_finding(struct project *p, int64_t id, struct triage_filed *filed, struct err *err)
{
	struct finding_rec f = { 0 };
	struct triage t = TRIAGE_INIT;
	struct triage_filed ignored;
	int rc = store_finding_get(p->store, id, &f, err);

	if (!filed)
		filed = &ignored;
	*filed = (struct triage_filed){ .bug = "" };
	if (rc == 0 && f.text) {
		sign(p, &f, &t);
		if (says_less(&t, &f))
			log_debug("finding %lld: its report says less today; left as it was",
				(long long)id);
		else
			rc = triage_file(p, &f, &t, filed, err);
	}
	triage_release(&t);
	finding_rec_release(&f);
	return rc < 0 ? -1 : 0;
}

static int collect_finding(void *arg, const struct finding_rec *f)
{
	struct resigning *r = arg;

	if (!f->text)
		return 0;
	GROW(r->v, r->n_items, r->cap);
	r->v[r->n_items++] = (struct item){ .id = f->id,
		.bug = xstrdup(r->bug->id),
		.site = f->site ? xstrdup(f->site) : NULL,
		.leading = strcmp(f->input, r->bug->input) == 0 };
	return 0;
}

static int collect_bug(void *arg, const struct bug_rec *b)
{
	struct resigning *r = arg;
	size_t first = r->n_items;

	r->n->bugs++;
	r->bug = b;
	if (store_findings(r->project->store, b->id, FINDING_TRIAGED, collect_finding, r, r->err) <
		0)
		return 1;
	/* the one that the bug shows goes first */
	for (size_t i = first; i < r->n_items; i++)
		if (r->v[i].leading) {
			struct item t = r->v[first];

			r->v[first] = r->v[i];
			r->v[i] = t;
			return 0;
		}
	/* none has the reproducer's own report: the first speaks for it */
	if (first < r->n_items)
		r->v[first].leading = true;
	return 0;
}

static bool has_site(struct project *p, const char *id)
{
	struct site_rec s;
	bool has = store_site_get(p->store, id, &s, NULL) == 0;

	site_rec_release(&s);
	return has;
}

/* The leading finding carries its bug's id to wherever its site belongs today. */
static int carry_bug(struct resigning *r, const struct item *it, const struct crash_signature *sig)
{
	struct project *p = r->project;
	char is[17], text[160];
	int rc = triage_find_bug(p, sig, is, r->err);

	if (rc < 0)
		return -1;
	if (rc == 0 && strcmp(is, it->bug) == 0)
		return 0;
	if (rc == 1) {
		/* a new name for an old bug: the old id stays, the new one means it, too */
		if (strcmp(sig->id, it->bug) == 0)
			return 0;
		snprintf(text, sizeof(text), "its signature is now %s (%s)", sig->id, sig->text);
		r->n->renamed++;
		return store_bug_alias(p->store, sig->id, it->bug, r->err) < 0
			       ? -1
			       : tell(r, it->bug, "renamed", text);
	}
	if (dispositions_is_split(&p->verdicts, it->bug))
		return 0;
	snprintf(text, sizeof(text), "%s is %s under today's rules", it->bug, is);
	r->n->joined++;
	return store_bug_alias(p->store, it->bug, is, r->err) < 0
		       ? -1
		       : tell(r, it->bug, "joined", text);
}

/* It is filed under a bug that people split off, and by today's rules it would go elsewhere. */
static bool stays_split(struct project *p, const struct item *it, const struct crash_signature *sig)
{
	char is[17];

	return dispositions_is_split(&p->verdicts, it->bug) &&
	       triage_find_bug(p, sig, is, NULL) == 0 && strcmp(is, it->bug) != 0;
}

static int resign_item(struct resigning *r, const struct item *it)
{
	struct project *p = r->project;
	struct finding_rec f = { 0 };
	struct triage t = TRIAGE_INIT;
	struct triage_filed filed = { .bug = "" };
	char text[160];
	int rc = store_finding_get(p->store, it->id, &f, r->err);

	r->n->findings++;
	if (rc == 0)
		sign(p, &f, &t);
	if (rc != 0 || says_less(&t, &f) || stays_split(p, it, &t.sig))
		goto out;
	if (f.site && f.rule == t.sig.rule && strcmp(f.site, t.sig.site->id) == 0 && !it->leading)
		goto out;
	if (it->leading)
		rc = carry_bug(r, it, &t.sig);
	if (rc == 0)
		rc = triage_file(p, &f, &t, &filed, r->err);
	if (rc == 0 && filed.new_bug) {
		snprintf(text, sizeof(text),
			"finding %lld is a bug of its own, %s, under today's rules",
			(long long)it->id, filed.bug);
		r->n->parted++;
		rc = tell(r, it->bug, "parted", text);
	}
	/* its site has another name today: what was the best reproducer stays it */
	if (rc == 0 && it->site && filed.site[0] && strcmp(it->site, filed.site) != 0 &&
		has_site(p, it->site))
		rc = store_site_absorb(p->store, it->site, filed.site, r->err);
out:
	triage_release(&t);
	finding_rec_release(&f);
	return rc < 0 ? -1 : 0;
}

/* What signatures depend on beside the reports. */
static void rules_print(const struct project *p, char out[SHA256_HEX])
{
	struct hasher *h = hasher_new();
	char numbers[64];

	snprintf(numbers, sizeof(numbers), "%d %u", CRASH_RULE_VERSION, p->cfg->frames);
	hasher_adds(h, numbers);
	for (size_t i = 0; i < p->ignore.n; i++)
		hasher_adds(h, p->ignore.v[i]);
	hasher_adds(h, "helpers");
	for (size_t i = 0; i < p->helpers.n; i++)
		hasher_adds(h, p->helpers.v[i]);
	hasher_end(h, out);
}

/* All leading ones first: they decide which bugs there are. */
static int resign_all(struct resigning *r)
{
	int rc = store_bugs(r->project->store, collect_bug, r, r->err);

	for (int leading = 1; leading >= 0; leading--)
		for (size_t i = 0; rc == 0 && i < r->n_items; i++)
			if (r->v[i].leading == (leading == 1))
				rc = resign_item(r, &r->v[i]);
	for (size_t i = 0; i < r->n_items; i++) {
		free(r->v[i].bug);
		free(r->v[i].site);
	}
	free(r->v);
	return rc;
}

int resignature_all(struct project *p, bool force, struct resignature_counts *n, struct err *err)
{
	struct resigning r = { .project = p, .n = n, .err = err };
	char *last = NULL, now[SHA256_HEX];
	int rc = store_fact_get(p->store, RULES_FACT, &last, err);

	*n = (struct resignature_counts){ 0 };
	if (rc < 0 || helpers_enforce(p, err) < 0) {
		free(last);
		return -1;
	}
	rules_print(p, now);
	if (force || !last || strcmp(last, now) != 0) {
		rc = resign_all(&r);
		if (rc == 0)
			rc = store_fact_set(p->store, RULES_FACT, now, err);
	} else {
		rc = 0;
	}
	free(last);
	return rc;
}
