/* What people decided about bugs. */
#include "base/prelude.h"
#include "triage/decide.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "triage/triage.h"
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
	struct project *p, struct bug_rec *b, const struct disposition *v, struct err *err)
{
	if (b->state == BUG_IGNORED && b->until_ms == v->until_ms && b->why &&
		strcmp(b->why, v->why) == 0)
		return 0;
	b->state = BUG_IGNORED;
	b->until_ms = v->until_ms;
	free(b->why);
	b->why = xstrdup(v->why);
	return store_bug_put(p->store, b, NULL, err);
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
		b.state = b.k < b.n ? BUG_FLAKY : BUG_OPEN;
		b.until_ms = 0;
		free(b.why);
		b.why = NULL;
		rc = store_bug_put(p->store, &b, NULL, err);
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

/* The findings whose own signature it is are without a bug now: file them again, under the new verdict. */
struct refile {
	struct project *project;
	struct err *err;
	bool failed;
};

static int refile_one(void *arg, const struct finding_rec *f)
{
	struct refile *r = arg;
	struct target_result res = {
		.outcome = TARGET_CRASH, .exit_code = -1, .text = strv_of(f->text)
	};
	struct finding_rec copy = { 0 };
	struct triage t = TRIAGE_INIT;
	struct triage_filed filed;

	if (!f->text)
		return 0;
	if (store_finding_get(r->project->store, f->id, &copy, r->err) != 0) {
		r->failed = true;
		return 1;
	}
	triage_judge(r->project, f->harness, &res, &t);
	t.k = f->k;
	t.n = f->n;
	buf_adds(&t.text, f->text);
	r->failed = triage_file(r->project, &copy, &t, &filed, r->err) < 0;
	triage_release(&t);
	finding_rec_release(&copy);
	return r->failed;
}

int decide_split(struct project *p, const char *id, struct err *err)
{
	struct disposition v = { .kind = DISPOSITION_SPLIT };
	struct refile r = { .project = p, .err = err };
	int rc;

	if (strlen(id) != DISPOSITION_ID_LEN)
		return err_usage(err,
			"%s: split takes the whole id, %d digits, of the bug that was joined; "
			"`thresh show --json` lists a bug's findings with their signatures",
			id, DISPOSITION_ID_LEN);
	snprintf(v.id, sizeof(v.id), "%s", id);
	if (dispositions_add(&p->verdicts, &v, err) < 0 ||
		dispositions_save(&p->verdicts, p->dispositions_path, err) < 0)
		return -1;
	rc = store_bug_unalias(p->store, id, err);
	if (rc == 1)
		return err_usage(err, "%s: not joined to any bug; nothing to split", id);
	if (rc < 0 || store_findings(p->store, NULL, FINDING_NEW, refile_one, &r, err) < 0 ||
		r.failed)
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
