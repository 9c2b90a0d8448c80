/* What people decided about bugs. */
#include "base/prelude.h"
#include "triage/decide.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "triage/resignature.h"
#include <stdio.h>

static int get_bug(struct project *p, const char *id, struct bug_rec *b, struct err *err)
{
	int rc = store_bug_get(p->store, id, b, err);

	return rc == 1 ? err_usage(err, "%s: no such bug; `thresh bugs --all` lists them", id) : rc;
}

static int apply_merge(struct project *p, const struct disposition *v, struct err *err)
{
	struct bug_rec into = { 0 };
	int rc = store_bug_get(p->store, v->into, &into, err);

	/* a decision about bugs that this store hasn't met says nothing yet */
	if (rc == 0 && strcmp(into.id, v->id) != 0)
		rc = store_bug_alias(p->store, v->id, into.id, err);
	bug_rec_release(&into);
	return rc < 0 ? -1 : 0;
}

static int apply_ignore(
	struct project *p, const struct bug_rec *b, const struct disposition *v, struct err *err)
{
	if (b->state == BUG_IGNORED && b->until_ms == v->until_ms && b->why &&
		strcmp(b->why, v->why) == 0)
		return 0;
	return store_bug_set_state(p->store, b->id, BUG_IGNORED, v->why, v->until_ms, err);
}

struct applying {
	struct project *project;
	struct strlist ids;
};

static int collect(void *arg, const struct bug_rec *b)
{
	struct applying *a = arg;
	bool ignored = dispositions_ignored(&a->project->verdicts, b->id, clock_wall_ms()) != NULL;

	if (ignored || b->state == BUG_IGNORED)
		strlist_add(&a->ids, b->id);
	return 0;
}

static int apply_state(struct project *p, const char *id, struct err *err)
{
	const struct disposition *v = dispositions_ignored(&p->verdicts, id, clock_wall_ms());
	struct bug_rec b = { 0 };
	int rc = store_bug_get(p->store, id, &b, err);

	if (rc == 0 && v && b.state != BUG_FIXED) {
		rc = apply_ignore(p, &b, v, err);
	} else if (rc == 0 && !v && b.state == BUG_IGNORED) {
		log_info("bug %.8s is open again: it was ignored until today, or the verdict is "
			 "gone",
			b.id);
		rc = store_bug_set_state(
			p->store, b.id, b.k < b.n ? BUG_FLAKY : BUG_OPEN, NULL, 0, err);
	}
	bug_rec_release(&b);
	return rc < 0 ? -1 : 0;
}

int decide_apply(struct project *p, struct err *err)
{
	struct applying a = { .project = p };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < p->verdicts.n; i++)
		if (p->verdicts.v[i].kind == DISPOSITION_MERGE)
			rc = apply_merge(p, &p->verdicts.v[i], err);
	if (rc == 0)
		rc = store_bugs(p->store, collect, &a, err);
	for (size_t i = 0; rc == 0 && i < a.ids.n; i++)
		rc = apply_state(p, a.ids.v[i], err);
	strlist_release(&a.ids);
	return rc;
}

static int decide(struct project *p, const struct disposition *v, struct err *err)
{
	if (dispositions_add(&p->verdicts, v, err) < 0 ||
		dispositions_save(&p->verdicts, p->dispositions_path, err) < 0)
		return -1;
	return decide_apply(p, err);
}

int decide_merge(struct project *p, const char *a, const char *b, struct err *err)
{
	struct disposition v = { .kind = DISPOSITION_MERGE };
	struct bug_rec into = { 0 }, from = { 0 };
	int rc = get_bug(p, a, &into, err);

	if (rc == 0)
		rc = get_bug(p, b, &from, err);
	if (rc == 0 && strcmp(into.id, from.id) == 0)
		rc = err_usage(err, "%s and %s are one bug already", a, b);
	if (rc == 0) {
		snprintf(v.id, sizeof(v.id), "%s", from.id);
		snprintf(v.into, sizeof(v.into), "%s", into.id);
		rc = decide(p, &v, err);
	}
	bug_rec_release(&into);
	bug_rec_release(&from);
	return rc;
}

/* Findings that are filed anew: what people split off goes to a bug of its own. */
struct refiling {
	struct project *project;
	const char *id;
	struct strlist findings;
	struct err *err;
	bool failed;
};

static int collect_refile(void *arg, const struct finding_rec *f)
{
	struct refiling *r = arg;

	if (f->text && ((f->site && strcmp(f->site, r->id) == 0) ||
			       (f->signature && strcmp(f->signature, r->id) == 0)))
		strlist_addf(&r->findings, "%lld", (long long)f->id);
	return 0;
}

static int refile(struct refiling *r)
{
	int rc = store_findings(r->project->store, NULL, -1, collect_refile, r, r->err);

	for (size_t i = 0; rc == 0 && i < r->findings.n; i++)
		rc = resignature_finding(
			r->project, strtoll(r->findings.v[i], NULL, 10), NULL, r->err);
	if (rc == 0 && !r->findings.n)
		rc = err_usage(r->err,
			"%s: no finding of it has a report, so nothing can be split off", r->id);
	strlist_release(&r->findings);
	return rc;
}

/* The whole id of a bug that was joined to another, or of a site; short forms mean what they stand for. */
static int whole_id(
	struct project *p, const char *id, char out[DISPOSITION_ID_LEN + 1], struct err *err)
{
	if (strlen(id) != DISPOSITION_ID_LEN)
		return err_usage(err,
			"%s: split takes the whole id, %d digits, of a site or of a bug that was "
			"joined; "
			"`thresh show` lists a bug's sites",
			id, DISPOSITION_ID_LEN);
	(void)p;
	snprintf(out, DISPOSITION_ID_LEN + 1, "%s", id);
	return 0;
}

static int split(struct project *p, const char *id, struct err *err)
{
	struct site_rec site = { 0 };
	struct refiling r = { .project = p, .id = id, .err = err };
	int rc = store_site_get(p->store, id, &site, err), joined;

	site_rec_release(&site);
	if (rc < 0)
		return -1;
	joined = store_bug_unalias(p->store, id, err);
	if (joined < 0)
		return -1;
	if (rc == 1 && joined == 1)
		return err_usage(
			err, "%s: neither a site nor joined to any bug; nothing to split", id);
	return refile(&r);
}

int decide_split(struct project *p, const char *id, struct err *err)
{
	struct disposition v = { .kind = DISPOSITION_SPLIT };

	if (whole_id(p, id, v.id, err) < 0 || dispositions_add(&p->verdicts, &v, err) < 0 ||
		split(p, v.id, err) < 0 ||
		dispositions_save(&p->verdicts, p->dispositions_path, err) < 0)
		return -1;
	return decide_apply(p, err);
}

int decide_ignore(
	struct project *p, const char *id, uint64_t until_ms, const char *why, struct err *err)
{
	struct disposition v = { .kind = DISPOSITION_IGNORE, .until_ms = until_ms };
	struct bug_rec b = { 0 };
	int rc = get_bug(p, id, &b, err);

	if (rc == 0) {
		snprintf(v.id, sizeof(v.id), "%s", b.id);
		v.why = (char *)(uintptr_t)why;
		rc = decide(p, &v, err);
	}
	bug_rec_release(&b);
	return rc;
}
