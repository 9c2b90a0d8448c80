/*
 * Jobs under leases. A job is taken by one statement inside one write transaction, so two workers never hold it at
 * once; a worker that died gives it back when its lease ends, or when store_jobs_release_dead looks. Times are the
 * store's own, so that nobody's wrong clock ends another's lease.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "store/internal.h"

#define MAX_KINDS 8
#define JOB_COLS                                                                              \
	"id, campaign, kind, harness, key, payload, priority, state, owner, lease_until_ms, " \
	"attempts, error, token"

/* An argument's time; STORE_CLOCK arrives as the greatest number. */
#define TIME(arg) "(CASE WHEN " arg " = 9223372036854775807 THEN thresh_now() ELSE " arg " END)"

/*
 * Free to take: $1 campaign, $2 now, $3 whether kinds are given, $4 to $11 these kinds, $14 near, $15 how many. A lease lasts
 * as long as it was given for, and as its owner shows signs of life: these are rows of their own, one an owner, so that
 * nothing that is indexed changes by them. $16: what is passed by. `which`: all, or what is behind $17 and $18.
 */
#define TAKEABLE(which, order)                                                                     \
	"SELECT id AS nr FROM job WHERE campaign = $1 AND state < 2 AND " which                    \
	" AND (state = 0 OR (lease_until_ms <= " TIME(                                             \
		"$2") " AND NOT EXISTS (SELECT 1 FROM heartbeat WHERE heartbeat.owner = job.owner" \
		      " AND until_ms > " TIME(                                                     \
			      "$2") ")"                                                            \
				    " AND ($14 = '' OR substr(owner, 1, length($14)) <> $14)))"    \
				    " AND ($3 = 0 OR kind IN ($4, $5, $6, $7, $8, $9, $10, $11))"  \
				    " AND ($16 = '' OR substr(payload, 1, length($16)) <> $16)"    \
				    " ORDER BY " order " LIMIT $15"
/* BATCH_MOST is for a planner that doesn't know $15: else it expects a tenth of all, and reads the whole table for them */
#define BATCH_MOST "64"
#define TAKE(which, order)                                                                      \
	"WITH takeable AS MATERIALIZED (" TAKEABLE(                                             \
		which, order) " /* for update skip locked */)"                                  \
			      " UPDATE job SET state = 1, owner = $12, lease_until_ms = " TIME( \
				      "$2") " + $13,"                                           \
					    " attempts = attempts + 1, token = token + 1"       \
					    " FROM (SELECT nr FROM takeable LIMIT " BATCH_MOST  \
					    ") few WHERE id = nr RETURNING " JOB_COLS

/*
 * While somebody holds a transaction open, a server keeps each row's former states, and with them all jobs that were done
 * stand before the first that is free. Who met that goes on behind what he took last, and looks at all again only now
 * and then: a part of his time, so that a job that was given back, or has a higher priority, waits no longer than that
 * costs. Where a look is quick, each is at all; a busy machine's few slow ones are no sign.
 */
#define SLOW_LOOK_MS 2
#define SLOW_LOOKS 8 /* one behind the other */
#define LOOK_PART 200
#define IDLE_PART 20
static const struct {
	const char *look, *take;
} ways[] = {
#define WAY(which, order)                                  \
	{                                                  \
		TAKEABLE(which, order), TAKE(which, order) \
	}
	WAY("($17 = priority OR $18 = id OR true)", "priority DESC, id"),
	/* by id alone: a planner that takes another index for it needn't sort */
	WAY("priority = $17 AND id > $18", "id"),
	WAY("priority < $17 AND id <> $18", "priority DESC, id"),
#undef WAY
};
enum { WHOLE, SAME, LOWER };

int store_job_add(struct store *s, const struct job_rec *job, bool *added, struct err *err)
{
	const struct sql_val args[] = { sql_int(job->campaign), sql_str(job->kind),
		sql_str(job->harness), sql_str(job->key), sql_str(job->payload),
		sql_int(job->priority) };
	struct sql_one one = { 0 };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO job (campaign, kind, harness, key, payload, priority)"
		" VALUES ($1, $2, $3, $4, $5, $6)"
		" ON CONFLICT (campaign, kind, key) DO NOTHING RETURNING id",
		args, sql_keep_int, &one, err);
	rc = txn_end(s, rc, err);
	if (rc == 0 && added)
		*added = one.found;
	return rc;
}

int store_job_again(struct store *s, int64_t campaign, const char *kind, const char *key,
	bool *again, struct err *err)
{
	const struct sql_val args[] = { sql_int(campaign), sql_str(kind), sql_str(key) };
	struct sql_one one = { 0 };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"UPDATE job SET state = 0, attempts = 0, error = NULL"
		" WHERE campaign = $1 AND kind = $2 AND key = $3 AND state >= 2 RETURNING id",
		args, sql_keep_int, &one, err);
	rc = txn_end(s, rc, err);
	if (rc == 0 && again)
		*again = one.found;
	return rc;
}

static int read_job(void *arg, const struct sql_val *c, size_t n)
{
	struct job_rec *j = arg;

	(void)n;
	*j = (struct job_rec){
		.id = c[0].i,
		.campaign = c[1].i,
		.kind = col_need(&c[2], "job"),
		.harness = col_need(&c[3], "job"),
		.key = col_need(&c[4], "job"),
		.payload = col_need(&c[5], "job"),
		.priority = (int)c[6].i,
		.state = (enum job_state)col_range(&c[7], JOB_QUEUED, JOB_FAILED, "job"),
		.owner = col_str(&c[8]),
		.lease_until_ms = col_uint(&c[9]),
		.attempts = (unsigned)c[10].i,
		.error = col_str(&c[11]),
		.token = c[12].i,
	};
	return 1;
}

struct taken {
	struct job_rec *v;
	size_t n, max;
};

static int add_taken(void *arg, const struct sql_val *c, size_t n)
{
	struct taken *t = arg;

	if (t->n < t->max)
		read_job(&t->v[t->n++], c, n);
	return 0;
}

static int best_first(const void *a, const void *b)
{
	const struct job_rec *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static struct queue_place *place_of(
	struct store *s, int64_t campaign, const char *const *kinds, const char *near)
{
	struct buf of = BUF_INIT;
	struct queue_place *q = NULL;

	buf_addf(&of, "%lld %s %s", (long long)campaign, near ? near : "", s->pass ? s->pass : "");
	for (size_t i = 0; kinds && kinds[i]; i++)
		buf_addf(&of, " %s", kinds[i]);
	for (size_t i = 0; i < QUEUE_PLACES && !q; i++)
		if (!s->places[i].of || strcmp(s->places[i].of, buf_str(&of)) == 0)
			q = &s->places[i];
	if (!q) {
		q = &s->places[QUEUE_PLACES - 1];
		free(q->of);
		*q = (struct queue_place){ NULL };
	}
	if (!q->of)
		q->of = xstrdup(buf_str(&of));
	buf_release(&of);
	return q;
}

/* What TAKEABLE and TAKE are given. */
struct take_args {
	struct sql_val v[3 + MAX_KINDS + 7];
};

static struct take_args take_args(const struct store *s, int64_t campaign, const char *const *kinds,
	const char *owner, const char *near, uint64_t now_ms, uint64_t lease_ms, size_t max,
	const struct queue_place *q)
{
	struct take_args a = { { sql_int(campaign), sql_uint(now_ms), sql_int(kinds != NULL) } };
	struct sql_val *behind = &a.v[3 + MAX_KINDS];

	for (size_t i = 0; i < MAX_KINDS; i++)
		a.v[3 + i] = sql_text(NULL);
	for (size_t i = 0; kinds && kinds[i]; i++) {
		if (i == MAX_KINDS)
			BUG("more than %d kinds of jobs at once", MAX_KINDS);
		a.v[3 + i] = sql_text(kinds[i]);
	}
	behind[0] = sql_text(owner);
	behind[1] = sql_uint(lease_ms);
	behind[2] = sql_str(near);
	behind[3] = sql_uint(max);
	behind[4] = sql_str(s->pass);
	behind[5] = sql_int(q->priority);
	behind[6] = sql_int(q->id);
	return a;
}

static int take(
	struct store *s, int way, const struct take_args *a, struct taken *taken, struct err *err)
{
	struct sql_one free_one = { 0 };
	int rc;

	/* an idle worker asks often: look before taking the write lock */
	if (SQL_RUN(s, ways[way].look, a->v, sql_keep_int, &free_one, err) < 0)
		return -1;
	if (!free_one.found)
		return 0;
	if (txn_begin_row(s, false, err) < 0)
		return -1;
	rc = txn_end(s, SQL_RUN(s, ways[way].take, a->v, add_taken, taken, err), err);
	for (size_t i = 0; rc < 0 && i < taken->n; i++)
		job_rec_release(&taken->v[i]);
	if (rc == 0 && taken->n)
		qsort(taken->v, taken->n, sizeof(*taken->v), best_first);
	return rc;
}

static int take_behind(
	struct store *s, const struct take_args *a, struct taken *taken, struct err *err)
{
	int rc = take(s, SAME, a, taken, err);

	return rc == 0 && !taken->n ? take(s, LOWER, a, taken, err) : rc;
}

/* All was looked at, from since_ms until now. */
static void note_whole(const struct store *s, struct queue_place *q, uint64_t since_ms, bool found)
{
	uint64_t cost = clock_mono_ms() - since_ms;

	q->known = found;
	q->slow = cost >= SLOW_LOOK_MS ? q->slow + 1 : 0;
	if (store_is_shared(s) && q->slow >= SLOW_LOOKS)
		q->whole_at_ms = since_ms + cost * (found ? LOOK_PART : IDLE_PART);
}

int store_jobs_take(struct store *s, int64_t campaign, const char *const *kinds, const char *owner,
	const char *near, uint64_t now_ms, uint64_t lease_ms, struct job_rec *out, size_t max,
	size_t *n, struct err *err)
{
	struct queue_place *q = place_of(s, campaign, kinds, near);
	struct take_args a = take_args(s, campaign, kinds, owner, near, now_ms, lease_ms, max, q);
	struct taken taken = { .v = out, .max = max };
	uint64_t since = clock_mono_ms();
	bool whole = since >= q->whole_at_ms;
	int rc = 0;

	*n = 0;
	if (whole)
		rc = take(s, WHOLE, &a, &taken, err);
	else if (q->known)
		rc = take_behind(s, &a, &taken, err);
	if (rc < 0)
		return -1;
	if (whole)
		note_whole(s, q, since, taken.n > 0);
	if (taken.n) {
		q->priority = out[taken.n - 1].priority;
		q->id = out[taken.n - 1].id;
	}
	*n = taken.n;
	return 0;
}

int store_job_take(struct store *s, int64_t campaign, const char *const *kinds, const char *owner,
	const char *near, uint64_t now_ms, uint64_t lease_ms, struct job_rec *out, struct err *err)
{
	size_t n;

	*out = (struct job_rec){ 0 };
	if (store_jobs_take(s, campaign, kinds, owner, near, now_ms, lease_ms, out, 1, &n, err) < 0)
		return -1;
	return n ? 0 : 1;
}

void store_pass(struct store *s, const char *payload)
{
	free(s->pass);
	s->pass = payload ? xstrdup(payload) : NULL;
}

void store_fence(struct store *s, const struct job_rec *job)
{
	s->fence.job = job ? job->id : 0;
	s->fence.token = job ? job->token : 0;
}

/* Of which taking the caller's words are; 0: whichever it was. */
static struct sql_val token_of(const struct store *s, int64_t id)
{
	return sql_int(s->fence.job == id ? s->fence.token : 0);
}

/*
 * By its number, and by no other index: those of what is leased keep, while a transaction is held open, an entry of each job
 * that an owner ever had, and a planner that knows nothing of the table yet takes them.
 */
#define OWNED(token) \
	" id = $1 AND owner = $2 AND state + 0 = 1 AND (" token " = 0 OR token = " token ")"

/* A change that only the lease's owner may make, and which gives a row when it was made. Behind no fence: it is one. */
static int owned(
	struct store *s, const char *sql, const struct sql_val *args, size_t n, struct err *err)
{
	struct sql_one one = { 0 };
	int64_t job = s->fence.job;
	int rc;

	s->fence.job = 0;
	rc = txn_begin_row(s, false, err);
	s->fence.job = job;
	if (rc < 0)
		return -1;
	rc = sql_run(s, sql, args, n, sql_keep_int, &one, err);
	rc = txn_end(s, rc, err);
	if (rc < 0)
		return -1;
	return one.found ? 0 : 1;
}

int store_job_renew(struct store *s, int64_t id, const char *owner, uint64_t now_ms,
	uint64_t lease_ms, struct err *err)
{
	const struct sql_val args[] = { sql_int(id), sql_text(owner), sql_uint(now_ms),
		sql_uint(lease_ms), token_of(s, id) };

	return owned(s,
		"INSERT INTO heartbeat (owner, until_ms) SELECT owner, " TIME(
			"$3") " + $4 FROM job"
			      " WHERE" OWNED("$5") " ON CONFLICT (owner) DO UPDATE SET until_ms = "
						   "excluded.until_ms RETURNING until_ms",
		args, ARRAY_LEN(args), err);
}

int store_job_done(struct store *s, int64_t id, const char *owner, struct err *err)
{
	const struct sql_val args[] = { sql_int(id), sql_text(owner), token_of(s, id) };

	return owned(s,
		"UPDATE job SET state = 2, owner = NULL, lease_until_ms = 0, error = NULL"
		" WHERE" OWNED("$3") " RETURNING id",
		args, ARRAY_LEN(args), err);
}

int store_job_fail(struct store *s, int64_t id, const char *owner, const char *why,
	unsigned max_attempts, struct err *err)
{
	const struct sql_val args[] = { sql_int(id), sql_text(owner), sql_str(why),
		sql_int(max_attempts), token_of(s, id) };

	return owned(s,
		"UPDATE job SET state = CASE WHEN attempts >= $4 THEN 3 ELSE 0 END, error = $3,"
		" owner = NULL, lease_until_ms = 0 WHERE" OWNED("$5") " RETURNING id",
		args, ARRAY_LEN(args), err);
}

int store_job_release(
	struct store *s, int64_t id, const char *owner, const char *why, struct err *err)
{
	const struct sql_val args[] = { sql_int(id), sql_text(owner), sql_text(why),
		token_of(s, id) };

	return owned(s,
		"UPDATE job SET state = 0, owner = NULL, lease_until_ms = 0,"
		" attempts = attempts - 1, error = $3 WHERE" OWNED("$4") " RETURNING id",
		args, ARRAY_LEN(args), err);
}

static int add_owner(void *arg, const struct sql_val *c, size_t n)
{
	(void)n;
	strlist_add_take(arg, col_need(&c[0], "job"));
	return 0;
}

int store_jobs_release_dead(struct store *s, bool (*alive)(void *arg, const char *owner), void *arg,
	bool blame, struct err *err)
{
	struct strlist owners = STRLIST_INIT, dead = STRLIST_INIT;
	int rc = sql_run(s, "SELECT DISTINCT owner FROM job WHERE state = 1", NULL, 0, add_owner,
		&owners, err);

	for (size_t i = 0; rc == 0 && i < owners.n; i++)
		if (!alive(arg, owners.v[i]))
			strlist_add(&dead, owners.v[i]);
	if (rc == 0 && dead.n) {
		rc = txn_begin(s, false, err);
		for (size_t i = 0; rc == 0 && i < dead.n; i++) {
			const struct sql_val args[] = { sql_text(dead.v[i]), sql_int(!blame) };

			rc = SQL_RUN(s,
				"UPDATE job SET state = 0, owner = NULL, lease_until_ms = 0,"
				" attempts = CASE WHEN attempts > 0 THEN attempts - $2 ELSE 0 END"
				" WHERE state = 1 AND owner = $1",
				args, NULL, NULL, err);
			if (rc < 0 || i + 1 == dead.n)
				rc = txn_end(s, rc, err);
		}
	}
	strlist_release(&owners);
	strlist_release(&dead);
	return rc;
}

static int add_count(void *arg, const struct sql_val *c, size_t n)
{
	uint64_t *counts = arg;

	(void)n;
	if (c[0].i >= 0 && c[0].i <= JOB_FAILED)
		counts[c[0].i] = col_uint(&c[1]);
	return 0;
}

int store_job_counts(
	struct store *s, int64_t campaign, const char *kind, uint64_t counts[4], struct err *err)
{
	const struct sql_val args[] = { sql_int(campaign), sql_str(kind), sql_int(kind != NULL) };

	memset(counts, 0, 4 * sizeof(counts[0]));
	return SQL_RUN(s,
		"SELECT state, count(*) FROM job WHERE campaign = $1 AND ($3 = 0 OR kind = $2)"
		" GROUP BY state",
		args, add_count, counts, err);
}

#define PAGE 64

struct page {
	struct job_rec v[PAGE];
	size_t n;
};

static int add_to_page(void *arg, const struct sql_val *c, size_t n)
{
	struct page *p = arg;

	read_job(&p->v[p->n], c, n);
	return ++p->n == PAGE;
}

/* A page at a time, so that fn may read and write the store: no statement is active while it runs. */
int store_jobs(struct store *s, int64_t campaign, const char *kind, int64_t after_id,
	store_job_fn fn, void *arg, struct err *err)
{
	struct page *p = xcalloc(1, sizeof(*p));
	bool stop = false;
	int rc;

	do {
		const struct sql_val args[] = { sql_int(campaign), sql_str(kind), sql_int(after_id),
			sql_int(PAGE) };

		p->n = 0;
		rc = SQL_RUN(s,
			"SELECT " JOB_COLS " FROM job WHERE campaign = $1 AND kind = $2 AND id > $3"
			" ORDER BY id LIMIT $4",
			args, add_to_page, p, err);
		for (size_t i = 0; i < p->n; i++) {
			after_id = p->v[i].id;
			if (rc == 0 && !stop && fn(arg, &p->v[i]) != 0)
				stop = true;
			job_rec_release(&p->v[i]);
		}
	} while (rc == 0 && !stop && p->n == PAGE);
	free(p);
	return rc;
}

int store_jobs_adopt(struct store *s, int64_t campaign, const char *except, struct err *err)
{
	const struct sql_val args[] = { sql_int(campaign), sql_str(except) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"UPDATE job SET campaign = $1, state = 0, owner = NULL, lease_until_ms = 0"
		" WHERE state < 2 AND campaign < $1 AND kind <> $2 AND NOT EXISTS (SELECT 1 FROM "
		"job AS other"
		" WHERE other.campaign = $1 AND other.kind = job.kind AND other.key = job.key)"
		" AND id IN (SELECT max(id) FROM job WHERE state < 2 AND campaign < $1 GROUP BY "
		"kind, key)",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}
