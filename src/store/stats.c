/* Campaigns, and what engines counted in each: sums grow, a kill between two of them loses at most the last. */
#include "base/prelude.h"
#include "base/mem.h"
#include "store/internal.h"

int store_campaign_begin(struct store *s, uint64_t now_ms, uint64_t budget_ms,
	const char *harnesses, int64_t *id, struct err *err)
{
	const struct sql_val args[] = { sql_uint(now_ms), sql_uint(budget_ms), sql_str(harnesses) };
	struct sql_one one = { 0 };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO campaign (started_ms, budget_ms, harnesses) VALUES ($1, $2, $3)"
		" RETURNING id",
		args, sql_keep_int, &one, err);
	*id = one.i;
	return txn_end(s, rc, err);
}

/* A change of one campaign, which must be there. */
static int change_campaign(
	struct store *s, const char *sql, int64_t id, uint64_t ms, struct err *err)
{
	const struct sql_val args[] = { sql_int(id), sql_uint(ms) };
	struct sql_one one = { 0 };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s, sql, args, sql_keep_int, &one, err);
	if (rc == 0 && !one.found)
		rc = err_set(err, "campaign %lld: not in the store", (long long)id);
	return txn_end(s, rc, err);
}

int store_campaign_spend(struct store *s, int64_t id, uint64_t spent_ms, struct err *err)
{
	return change_campaign(s, "UPDATE campaign SET spent_ms = $2 WHERE id = $1 RETURNING id",
		id, spent_ms, err);
}

int store_campaign_end(struct store *s, int64_t id, uint64_t now_ms, struct err *err)
{
	return change_campaign(
		s, "UPDATE campaign SET ended_ms = $2 WHERE id = $1 RETURNING id", id, now_ms, err);
}

static int read_campaign(void *arg, const struct sql_val *c, size_t n)
{
	struct campaign_rec *r = arg;

	(void)n;
	*r = (struct campaign_rec){
		.id = c[0].i,
		.started_ms = col_uint(&c[1]),
		.budget_ms = col_uint(&c[2]),
		.ended_ms = col_uint(&c[3]),
		.spent_ms = col_uint(&c[4]),
		.harnesses = col_need(&c[5], "campaign"),
	};
	return 1;
}

int store_campaign_last(struct store *s, struct campaign_rec *out, struct err *err)
{
	*out = (struct campaign_rec){ 0 };
	if (sql_run(s,
		    "SELECT id, started_ms, budget_ms, ended_ms, spent_ms, harnesses FROM campaign"
		    " ORDER BY id DESC LIMIT 1",
		    NULL, 0, read_campaign, out, err) < 0) {
		campaign_rec_release(out);
		return -1;
	}
	return out->id ? 0 : 1;
}

struct campaign_list {
	struct campaign_rec *v;
	size_t n, cap;
};

static int add_campaign(void *arg, const struct sql_val *c, size_t n)
{
	struct campaign_list *l = arg;

	GROW(l->v, l->n, l->cap);
	read_campaign(&l->v[l->n++], c, n);
	return 0;
}

int store_campaigns(struct store *s, store_campaign_fn fn, void *arg, struct err *err)
{
	struct campaign_list l = { 0 };
	bool stop = false;
	int rc = sql_run(s,
		"SELECT id, started_ms, budget_ms, ended_ms, spent_ms, harnesses FROM campaign"
		" ORDER BY id",
		NULL, 0, add_campaign, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		campaign_rec_release(&l.v[i]);
	}
	free(l.v);
	return rc;
}

int store_stat_add(struct store *s, const struct stat_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_int(r->campaign), sql_str(r->harness),
		sql_str(r->engine), sql_uint(r->execs), sql_uint(r->wall_ms), sql_uint(r->corpus),
		sql_uint(r->edges), sql_uint(r->crashes), sql_uint(r->restarts),
		sql_real(r->execs_per_s) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO stat (campaign, harness, engine, execs, wall_ms, corpus, edges,"
		" crashes, restarts, execs_per_s)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
		" ON CONFLICT (campaign, harness, engine) DO UPDATE SET"
		" execs = stat.execs + excluded.execs, wall_ms = stat.wall_ms + excluded.wall_ms,"
		" corpus = CASE WHEN excluded.corpus > 0 THEN excluded.corpus ELSE stat.corpus END,"
		" edges = CASE WHEN excluded.edges > stat.edges THEN excluded.edges ELSE "
		"stat.edges END,"
		" crashes = stat.crashes + excluded.crashes,"
		" restarts = stat.restarts + excluded.restarts,"
		" execs_per_s = excluded.execs_per_s",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

struct stat_list {
	struct stat_rec *v;
	size_t n, cap;
};

static int add_stat(void *arg, const struct sql_val *c, size_t n)
{
	struct stat_list *l = arg;

	(void)n;
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct stat_rec){
		.campaign = c[0].i,
		.harness = col_need(&c[1], "stat"),
		.engine = col_need(&c[2], "stat"),
		.execs = col_uint(&c[3]),
		.wall_ms = col_uint(&c[4]),
		.corpus = col_uint(&c[5]),
		.edges = col_uint(&c[6]),
		.crashes = col_uint(&c[7]),
		.restarts = col_uint(&c[8]),
		.execs_per_s = c[9].d,
	};
	return 0;
}

int store_stats(struct store *s, int64_t campaign, store_stat_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_int(campaign) };
	struct stat_list l = { 0 };
	bool stop = false;
	int rc = SQL_RUN(s,
		"SELECT campaign, harness, engine, execs, wall_ms, corpus, edges, crashes,"
		" restarts, execs_per_s FROM stat WHERE campaign = $1 ORDER BY harness, engine",
		args, add_stat, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		stat_rec_release(&l.v[i]);
	}
	free(l.v);
	return rc;
}
