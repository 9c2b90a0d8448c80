/* The lead is the database's to give, by a lock that ends with its holder's session. Its name is a fact beside it. */
#include "base/prelude.h"
#include "store/workers.h"
#include "base/clock.h"
#include "store/internal.h"

#define PLANNER_FACT "planner"
#define DAY_MS "86400000"

int store_lead(struct store *s, const char *me, char **other, struct err *err)
{
	bool was = s->leads;
	int rc = s->be->lead ? s->be->lead(s->db, err) : 0;

	*other = NULL;
	s->leads = rc == 0 && s->be->lead;
	if (rc == 0 && s->leads && !was)
		rc = store_fact_set(s, PLANNER_FACT, me, err);
	else if (rc == 1 && store_planner(s, other, err) < 0)
		rc = -1;
	return rc;
}

int store_planner(struct store *s, char **name, struct err *err)
{
	return store_fact_get(s, PLANNER_FACT, name, err);
}

int store_worker_beat(struct store *s, const char *owner, uint64_t lease_ms, struct err *err)
{
	const struct sql_val args[] = { sql_text(owner), sql_uint(lease_ms) };
	int rc;

	if (txn_begin_alone(s, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO heartbeat (owner, until_ms)"
		" VALUES ($1, CASE WHEN $2 = 0 THEN 0 ELSE thresh_now() + $2 END)"
		" ON CONFLICT (owner) DO UPDATE SET until_ms = excluded.until_ms",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

int store_workers(struct store *s, uint64_t *n, struct err *err)
{
	struct sql_one one = { 0 };
	int rc = sql_run(s, "SELECT count(*) FROM heartbeat WHERE until_ms > thresh_now()", NULL, 0,
		sql_keep_int, &one, err);

	*n = one.i > 0 ? (uint64_t)one.i : 0;
	return rc;
}

int store_clock_ahead(struct store *s, int64_t *ms, struct err *err)
{
	struct sql_one one = { 0 };
	int rc = sql_run(s, "SELECT thresh_now()", NULL, 0, sql_keep_int, &one, err);

	*ms = rc == 0 ? (int64_t)clock_wall_ms() - one.i : 0;
	return rc;
}

int store_workers_forget(struct store *s, struct err *err)
{
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = sql_run(s, "DELETE FROM heartbeat WHERE until_ms < thresh_now() - " DAY_MS, NULL, 0,
		NULL, NULL, err);
	return txn_end(s, rc, err);
}
