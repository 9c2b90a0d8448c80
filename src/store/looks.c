/* A look is rows: the first is the look itself, so that one that found nothing is there, too. */
#include "base/prelude.h"
#include "store/looks.h"
#include "base/mem.h"
#include "store/internal.h"

const char *look_level_name(enum look_level l)
{
	static const char *const names[] = { "healthy", "warning", "sick" };

	return names[l];
}

void look_rec_add(struct look_rec *r, enum look_level level, const char *rule, const char *cause,
	const char *mend)
{
	GROW(r->v, r->n, r->cap);
	r->v[r->n++] = (struct health_rec){ level, xstrdup(rule), xstrdup(cause), xstrdup(mend) };
}

enum look_level look_rec_level(const struct look_rec *r)
{
	enum look_level worst = LOOK_HEALTHY;

	for (size_t i = 0; i < r->n; i++)
		worst = MAX(worst, r->v[i].level);
	return worst;
}

void look_rec_release(struct look_rec *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].rule);
		free(r->v[i].cause);
		free(r->v[i].mend);
	}
	free(r->v);
	*r = (struct look_rec){ .v = NULL };
}

static int add_row(struct store *s, const char *harness, size_t place, uint64_t when_ms,
	const struct health_rec *h, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness), sql_uint(place), sql_uint(when_ms),
		sql_int(h->level), sql_str(h->rule), sql_str(h->cause), sql_str(h->mend) };

	return SQL_RUN(s,
		"INSERT INTO health (harness, place, when_ms, level, rule, cause, mend)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)",
		args, NULL, NULL, err);
}

int store_look_set(struct store *s, const char *harness, const struct look_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness) };
	const struct health_rec whole = { .level = look_rec_level(r) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s, "DELETE FROM health WHERE harness = $1", args, NULL, NULL, err);
	if (rc == 0)
		rc = add_row(s, harness, 0, r->when_ms, &whole, err);
	for (size_t i = 0; rc == 0 && i < r->n; i++)
		rc = add_row(s, harness, i + 1, r->when_ms, &r->v[i], err);
	return txn_end(s, rc, err);
}

static int read_row(void *arg, const struct sql_val *c, size_t n)
{
	struct look_rec *r = arg;

	(void)n;
	if (c[0].i == 0) {
		r->when_ms = col_uint(&c[1]);
		return 0;
	}
	GROW(r->v, r->n, r->cap);
	r->v[r->n++] = (struct health_rec){ (enum look_level)col_range(
						    &c[2], LOOK_HEALTHY, LOOK_SICK, "health"),
		col_need(&c[3], "health"), col_need(&c[4], "health"), col_need(&c[5], "health") };
	return 0;
}

int store_look_get(struct store *s, const char *harness, struct look_rec *out, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness) };

	*out = (struct look_rec){ .v = NULL };
	return SQL_RUN(s,
		"SELECT place, when_ms, level, rule, cause, mend FROM health WHERE harness = $1"
		" ORDER BY place",
		args, read_row, out, err);
}

void verdict_rec_release(struct verdict_rec *r)
{
	free(r->source);
	*r = (struct verdict_rec){ .source = NULL };
}

#define SUMMED(column)                                                                       \
	" " column " = excluded." column                                                     \
	" + CASE WHEN $11 = 1 AND verdict.campaign = excluded.campaign THEN verdict." column \
	" ELSE 0 END"

int store_verdict_set(struct store *s, const char *harness, const struct verdict_rec *r, bool add,
	struct err *err)
{
	const struct sql_val args[] = { sql_str(harness), sql_str(r->source), sql_int(r->campaign),
		sql_uint(r->when_ms), sql_uint(r->accepted), sql_uint(r->rejected),
		sql_uint(r->gave_up), sql_uint(r->failed), sql_uint(r->slow), sql_uint(r->not_run),
		sql_int(add) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO verdict (harness, source, campaign, when_ms, accepted, rejected,"
		" gave_up, failed, slow, not_run)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
		" ON CONFLICT (harness, source) DO UPDATE SET campaign = excluded.campaign,"
		" when_ms = excluded.when_ms," SUMMED("accepted") "," SUMMED("rejected") "," SUMMED(
			"gave_up") "," SUMMED("failed") "," SUMMED("slow") "," SUMMED("not_run"),
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

struct verdict_list {
	struct verdict_rec *v;
	size_t n, cap;
};

static int add_verdict(void *arg, const struct sql_val *c, size_t n)
{
	struct verdict_list *l = arg;

	(void)n;
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct verdict_rec){
		.source = col_need(&c[0], "verdict"),
		.campaign = c[1].i,
		.when_ms = col_uint(&c[2]),
		.accepted = col_uint(&c[3]),
		.rejected = col_uint(&c[4]),
		.gave_up = col_uint(&c[5]),
		.failed = col_uint(&c[6]),
		.slow = col_uint(&c[7]),
		.not_run = col_uint(&c[8]),
	};
	return 0;
}

int store_verdicts(
	struct store *s, const char *harness, store_verdict_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness) };
	struct verdict_list l = { 0 };
	bool stop = false;
	int rc = SQL_RUN(s,
		"SELECT source, campaign, when_ms, accepted, rejected, gave_up, failed, slow,"
		" not_run FROM verdict WHERE harness = $1 ORDER BY source",
		args, add_verdict, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		verdict_rec_release(&l.v[i]);
	}
	free(l.v);
	return rc;
}
