/* Signatures made anew from the raw reports that were kept. */
#include "base/prelude.h"
#include "triage/resignature.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "triage/triage.h"
#include <stdio.h>

#define RULES_FACT "rules"

struct resigning {
	struct project *project;
	struct resignature_counts *n;
	struct strlist ids;
	struct err *err;
	/* of the bug under way: */
	struct bug_rec bug;
	char signature[17]; /* the new one of its best reproducer's report */
	uint64_t size;
	struct buf sig_text;
	bool exact, failed;
};

static void sign_text(struct project *p, const struct finding_rec *f, struct triage *t)
{
	struct target_result r = {
		.outcome = TARGET_CRASH, .exit_code = -1, .text = strv_of(f->text)
	};

	triage_judge(p, f->harness, &r, t);
	t->k = f->k;
	t->n = f->n;
	buf_adds(&t->text, f->text);
}

/* The best reproducer's report speaks for the bug, else that of its smallest finding. */
static int find_speaker(void *arg, const struct finding_rec *f)
{
	struct resigning *r = arg;
	bool exact = strcmp(f->input, r->bug.input) == 0;
	struct triage t = TRIAGE_INIT;

	if (!f->text || r->exact || (*r->signature && !exact && f->size >= r->size))
		return 0;
	sign_text(r->project, f, &t);
	if (t.report) {
		snprintf(r->signature, sizeof(r->signature), "%s", t.sig.id);
		buf_reset(&r->sig_text);
		buf_adds(&r->sig_text, t.sig.text);
		r->size = f->size;
		r->exact = exact;
	}
	triage_release(&t);
	return 0;
}

static void tell(struct resigning *r, const char *kind, const char *text)
{
	log_info("bug %.8s: %s", r->bug.id, text);
	if (store_event_add(
		    r->project->store, r->project->id, clock_wall_ms(), kind, text, r->err) < 0)
		r->failed = true;
}

/* The bug goes on under its new signature, or joins the one that has it. */
static int move_bug(struct resigning *r)
{
	struct bug_rec other = { 0 };
	char text[160], old[17];
	int rc = store_bug_by_signature(r->project->store, r->signature, &other, r->err);

	if (rc < 0)
		return -1;
	if (rc == 0 && strcmp(other.id, r->bug.id) != 0 &&
		!dispositions_is_split(&r->project->verdicts, r->bug.id)) {
		snprintf(text, sizeof(text), "%s is %s under today's rules", r->bug.id, other.id);
		tell(r, "joined", text);
		r->n->joined++;
		rc = store_bug_alias(r->project->store, r->bug.id, other.id, r->err);
	} else {
		snprintf(old, sizeof(old), "%s", r->bug.signature);
		free(r->bug.signature);
		free(r->bug.sig_text);
		r->bug.signature = xstrdup(r->signature);
		r->bug.sig_text = xstrdup(buf_str(&r->sig_text));
		r->bug.rule = CRASH_RULE_VERSION;
		snprintf(text, sizeof(text), "signature %s is now %s", old, r->signature);
		tell(r, "renamed", text);
		r->n->renamed++;
		rc = store_bug_put(r->project->store, &r->bug, NULL, r->err);
		if (rc == 0 && strcmp(old, r->bug.id) != 0)
			rc = store_bug_alias(r->project->store, old, r->bug.id, r->err);
	}
	bug_rec_release(&other);
	return rc;
}

/* A finding that is another bug under today's rules leaves. */
static int part(void *arg, const struct finding_rec *f)
{
	struct resigning *r = arg;
	struct finding_rec copy = { 0 };
	struct triage t = TRIAGE_INIT;
	struct triage_filed filed;
	char text[160];

	r->n->findings++;
	if (!f->text)
		return 0;
	sign_text(r->project, f, &t);
	if (!t.report || strcmp(t.sig.id, f->signature) == 0)
		goto out;
	if (store_finding_get(r->project->store, f->id, &copy, r->err) != 0 ||
		triage_file(r->project, &copy, &t, &filed, r->err) < 0) {
		r->failed = true;
	} else if (filed.new_bug) {
		snprintf(text, sizeof(text),
			"finding %lld is a bug of its own, %s, under today's rules",
			(long long)f->id, filed.bug);
		tell(r, "parted", text);
		r->n->parted++;
	}
	finding_rec_release(&copy);
out:
	triage_release(&t);
	return r->failed;
}

static int resignature_bug(struct resigning *r, const char *id)
{
	int rc = store_bug_get(r->project->store, id, &r->bug, r->err);

	if (rc != 0)
		return rc < 0 ? -1 : 0; /* joined to another meanwhile */
	r->n->bugs++;
	r->signature[0] = '\0';
	r->exact = false;
	rc = store_findings(r->project->store, id, -1, find_speaker, r, r->err);
	if (rc == 0 && *r->signature && strcmp(r->signature, r->bug.signature) != 0)
		rc = move_bug(r);
	if (rc == 0)
		rc = store_findings(r->project->store, id, -1, part, r, r->err);
	bug_rec_release(&r->bug);
	return rc < 0 || r->failed ? -1 : 0;
}

static int collect(void *arg, const struct bug_rec *b)
{
	strlist_add(&((struct resigning *)arg)->ids, b->id);
	return 0;
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
	hasher_end(h, out);
}

int resignature_all(struct project *p, bool force, struct resignature_counts *n, struct err *err)
{
	struct resigning r = { .project = p, .n = n, .err = err };
	char *last = NULL, now[SHA256_HEX];
	int rc = store_fact_get(p->store, RULES_FACT, &last, err);

	*n = (struct resignature_counts){ 0 };
	if (rc < 0)
		return -1;
	rules_print(p, now);
	if (!force && last && strcmp(last, now) == 0) {
		free(last);
		return 0;
	}
	rc = store_bugs(p->store, collect, &r, err);
	for (size_t i = 0; rc == 0 && i < r.ids.n; i++)
		rc = resignature_bug(&r, r.ids.v[i]);
	if (rc == 0)
		rc = store_fact_set(p->store, RULES_FACT, now, err);
	buf_release(&r.sig_text);
	strlist_release(&r.ids);
	free(last);
	return rc;
}
