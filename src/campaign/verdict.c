/* What people decided about bugs. */
#include "base/prelude.h"
#include "campaign/verdict.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "campaign/triage.h"
#include <stdio.h>

static int get_bug(struct campaign *c, const char *id, struct bug_rec *b, struct err *err)
{
	int rc = store_bug_get(c->store, id, b, err);

	return rc == 1 ? err_usage(err, "%s: no such bug; `thresh bugs --all` lists them", id) : rc;
}

static int apply_merge(struct campaign *c, const struct verdict *v, struct err *err)
{
	struct bug_rec into = { 0 };
	int rc = store_bug_get(c->store, v->into, &into, err);

	/* a decision about bugs that this store hasn't met says nothing yet */
	if (rc == 0 && strcmp(into.id, v->id) != 0)
		rc = store_bug_alias(c->store, v->id, into.id, err);
	bug_rec_release(&into);
	return rc < 0 ? -1 : 0;
}

static int apply_ignore(
	struct campaign *c, struct bug_rec *b, const struct verdict *v, struct err *err)
{
	if (b->state == BUG_IGNORED && b->until_ms == v->until_ms && b->why &&
		strcmp(b->why, v->why) == 0)
		return 0;
	b->state = BUG_IGNORED;
	b->until_ms = v->until_ms;
	free(b->why);
	b->why = xstrdup(v->why);
	return store_bug_put(c->store, b, NULL, err);
}

struct applying {
	struct campaign *c;
	struct strlist ids;
};

static int collect(void *arg, const struct bug_rec *b)
{
	struct applying *a = arg;
	bool ignored = verdicts_ignored(&a->c->verdicts, b->id, clock_wall_ms()) != NULL;

	if (ignored || b->state == BUG_IGNORED)
		strlist_add(&a->ids, b->id);
	return 0;
}

static int apply_state(struct campaign *c, const char *id, struct err *err)
{
	const struct verdict *v = verdicts_ignored(&c->verdicts, id, clock_wall_ms());
	struct bug_rec b = { 0 };
	int rc = store_bug_get(c->store, id, &b, err);

	if (rc == 0 && v && b.state != BUG_FIXED) {
		rc = apply_ignore(c, &b, v, err);
	} else if (rc == 0 && !v && b.state == BUG_IGNORED) {
		log_info("bug %.8s is open again: it was ignored until today, or the verdict is "
			 "gone",
			b.id);
		b.state = b.k < b.n ? BUG_FLAKY : BUG_OPEN;
		b.until_ms = 0;
		free(b.why);
		b.why = NULL;
		rc = store_bug_put(c->store, &b, NULL, err);
	}
	bug_rec_release(&b);
	return rc < 0 ? -1 : 0;
}

int verdict_apply(struct campaign *c, struct err *err)
{
	struct applying a = { .c = c };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < c->verdicts.n; i++)
		if (c->verdicts.v[i].kind == VERDICT_MERGE)
			rc = apply_merge(c, &c->verdicts.v[i], err);
	if (rc == 0)
		rc = store_bugs(c->store, collect, &a, err);
	for (size_t i = 0; rc == 0 && i < a.ids.n; i++)
		rc = apply_state(c, a.ids.v[i], err);
	strlist_release(&a.ids);
	return rc;
}

static int decide(struct campaign *c, const struct verdict *v, struct err *err)
{
	if (verdicts_add(&c->verdicts, v, err) < 0 ||
		verdicts_save(&c->verdicts, c->verdicts_path, err) < 0)
		return -1;
	return verdict_apply(c, err);
}

int verdict_merge(struct campaign *c, const char *a, const char *b, struct err *err)
{
	struct verdict v = { .kind = VERDICT_MERGE };
	struct bug_rec into = { 0 }, from = { 0 };
	int rc = get_bug(c, a, &into, err);

	if (rc == 0)
		rc = get_bug(c, b, &from, err);
	if (rc == 0 && strcmp(into.id, from.id) == 0)
		rc = err_usage(err, "%s and %s are one bug already", a, b);
	if (rc == 0) {
		snprintf(v.id, sizeof(v.id), "%s", from.id);
		snprintf(v.into, sizeof(v.into), "%s", into.id);
		rc = decide(c, &v, err);
	}
	bug_rec_release(&into);
	bug_rec_release(&from);
	return rc;
}

/* The findings whose own signature it is are without a bug now: file them again, under the new verdict. */
struct refile {
	struct campaign *c;
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
	if (store_finding_get(r->c->store, f->id, &copy, r->err) != 0) {
		r->failed = true;
		return 1;
	}
	triage_judge(r->c, f->harness, &res, &t);
	t.k = f->k;
	t.n = f->n;
	buf_adds(&t.text, f->text);
	r->failed = triage_file(r->c, &copy, &t, &filed, r->err) < 0;
	triage_release(&t);
	finding_rec_release(&copy);
	return r->failed;
}

int verdict_split(struct campaign *c, const char *id, struct err *err)
{
	struct verdict v = { .kind = VERDICT_SPLIT };
	struct refile r = { .c = c, .err = err };
	int rc;

	if (strlen(id) != VERDICT_ID_LEN)
		return err_usage(err,
			"%s: split takes the whole id, %d digits, of the bug that was joined; "
			"`thresh show --json` lists a bug's findings with their signatures",
			id, VERDICT_ID_LEN);
	snprintf(v.id, sizeof(v.id), "%s", id);
	if (verdicts_add(&c->verdicts, &v, err) < 0 ||
		verdicts_save(&c->verdicts, c->verdicts_path, err) < 0)
		return -1;
	rc = store_bug_unalias(c->store, id, err);
	if (rc == 1)
		return err_usage(err, "%s: not joined to any bug; nothing to split", id);
	if (rc < 0 || store_findings(c->store, NULL, FINDING_NEW, refile_one, &r, err) < 0 ||
		r.failed)
		return -1;
	return verdict_apply(c, err);
}

int verdict_ignore(
	struct campaign *c, const char *id, uint64_t until_ms, const char *why, struct err *err)
{
	struct verdict v = { .kind = VERDICT_IGNORE, .until_ms = until_ms };
	struct bug_rec b = { 0 };
	int rc = get_bug(c, id, &b, err);

	if (rc == 0) {
		snprintf(v.id, sizeof(v.id), "%s", b.id);
		v.why = (char *)(uintptr_t)why;
		rc = decide(c, &v, err);
	}
	bug_rec_release(&b);
	return rc;
}
