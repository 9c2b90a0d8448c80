/* A bug is new that wasn't there when the night began, also when it was resumed since. */
#include "base/prelude.h"
#include "night/summary.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/num.h"
#include "store/bugs.h"
#include "store/jobs.h"

#define NAMED_MAX 5
#define TITLE_MAX ((size_t)120)

static int waiting(
	struct store *s, int64_t campaign, const char *kind, uint64_t *n, struct err *err)
{
	uint64_t counts[4];
	int rc = store_job_counts(s, campaign, kind, counts, err);

	*n = rc == 0 ? counts[JOB_QUEUED] + counts[JOB_LEASED] : 0;
	return rc;
}

/* All but what explores: that ends with its campaign. */
int summary_jobs(struct project *p, uint64_t *n, struct err *err)
{
	struct campaign_rec last = { 0 };
	int rc = store_campaign_last(p->store, &last, err);
	uint64_t all = 0, fuzz = 0, edge = 0;

	if (rc == 0 && (waiting(p->store, last.id, NULL, &all, err) < 0 ||
			       waiting(p->store, last.id, "fuzz", &fuzz, err) < 0 ||
			       waiting(p->store, last.id, "edge", &edge, err) < 0))
		rc = -1;
	*n = all - MIN(all, fuzz + edge);
	campaign_rec_release(&last);
	return MIN(rc, 0);
}

static int add_known(void *arg, const struct bug_rec *b)
{
	strlist_add(arg, b->id);
	return 0;
}

int summary_known(struct project *p, struct night_record *r, struct err *err)
{
	strlist_release(&r->known);
	return store_bugs(p->store, add_known, &r->known, err);
}

/* By what they are called now: one may have become another's alias meanwhile. Sorted. */
static int known_now(
	struct store *s, const struct strlist *ids, struct strlist *known, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < ids->n; i++) {
		struct bug_rec b = { .id = NULL };

		rc = store_bug_get(s, ids->v[i], &b, err);
		if (rc == 0)
			strlist_add(known, b.id);
		bug_rec_release(&b);
	}
	strlist_sort(known);
	return MIN(rc, 0);
}

struct counting {
	struct night_record *r;
	struct strlist known;
	uint64_t fresh, open, regressed;
};

static int one_bug(void *arg, const struct bug_rec *b)
{
	struct counting *c = arg;
	struct buf title = BUF_INIT;

	if (b->state == BUG_FIXED || b->state == BUG_IGNORED)
		return 0;
	c->open++;
	c->regressed += b->state == BUG_REGRESSED;
	if (strlist_has_sorted(&c->known, b->id))
		return 0;
	if (c->fresh++ < NAMED_MAX) {
		escape_term(&title, strv_sub(strv_of(b->title), 0, TITLE_MAX));
		night_note(&c->r->parts[NIGHT_REPORT], NIGHT_RED, "new bug %.8s in %s: %s", b->id,
			b->harness, buf_str(&title));
	}
	buf_release(&title);
	return 0;
}

int summary_bugs(struct project *p, struct night_record *r, struct err *err)
{
	struct night_part *part = &r->parts[NIGHT_REPORT];
	struct counting c = { .r = r };
	struct buf b = BUF_INIT;

	int rc = known_now(p->store, &r->known, &c.known, err);

	if (rc == 0)
		rc = store_bugs(p->store, one_bug, &c, err);
	strlist_release(&c.known);
	if (rc < 0)
		return -1;
	if (c.fresh > NAMED_MAX)
		night_note(part, NIGHT_RED, "and %llu new bugs more: `thresh bugs`",
			(unsigned long long)(c.fresh - NAMED_MAX));
	if (c.open > c.fresh)
		night_note(part, NIGHT_YELLOW, "%llu older bug%s open: `thresh bugs`",
			(unsigned long long)(c.open - c.fresh),
			c.open - c.fresh == 1 ? " is" : "s are");
	part->findings = c.open;
	num_add_count(&b, c.fresh);
	buf_adds(&b, c.fresh == 1 ? " new bug, " : " new bugs, ");
	num_add_count(&b, c.open);
	buf_adds(&b, " open");
	if (c.regressed)
		buf_addf(&b, ", %llu of them back", (unsigned long long)c.regressed);
	free(part->words);
	part->words = buf_detach(&b);
	return 0;
}
