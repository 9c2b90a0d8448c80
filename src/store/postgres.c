/*
 * PostgreSQL under the store: many hosts, one database; each project has a database, or a schema of one.
 *
 * Writers. A transaction that reads and then writes takes an advisory lock of its schema alone, so that what it read stays
 * true, as SQLite's write lock has it; one that changes a single row by a single statement (TXN_ROW: leases, findings)
 * shares that lock, and any number of these run side by side. Serialisable transactions would do without the lock, but
 * every caller would have to be able to do all of its work again. Readers take no lock and wait for nobody.
 *
 * A commit that is not durable isn't waited for (synchronous_commit = off): the server's death undoes the last commits in
 * order, as a loss of power does.
 */
#include "base/prelude.h"
#include "store/postgres.h"
#include "base/mem.h"

#define SCHEME "postgres"
#define FORM "postgres://USER@HOST/DATABASE"

#ifndef HAVE_LIBPQ

static void *db_open(const char *where, struct err *err)
{
	(void)where;
	err_usage(err,
		"store '" SCHEME ":...': this thresh was built without PostgreSQL: install the "
		"package libpq-dev and build it again, or name a store sqlite:PATH");
	return NULL;
}

/* Nothing but open() is called where that fails. */
const struct store_backend store_postgres = {
	.scheme = SCHEME, .alias = "postgresql", .form = FORM, .open = db_open
};

#else

#include "store/postgres_conn.h"
#include "store/postgres_schema.h"
#include "store/postgres_values.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uthash.h>

#define TRIES \
	5 /* of what collides with another program's transaction, or meets a server that restarts */
#define LOCK_CLASS 0x74687265 /* "thre" */
#define SKIP_LOCKED "for update skip locked"

struct stmt {
	const char *sql; /* the key: its address */
	char name[24];
	UT_hash_handle hh;
};

struct pg {
	struct pg_conn *c;
	struct stmt *stmts;
	unsigned n_stmts;
	uint32_t schema; /* its number: of the lock, too */
	bool in_txn,
		untouched; /* untouched: nothing was done in the transaction, it can be begun anew */
	unsigned how;
};

static void forget_stmts(struct pg *g)
{
	struct stmt *p, *next;

	HASH_ITER(hh, g->stmts, p, next)
	{
		HASH_DEL(g->stmts, p);
		free(p);
	}
}

/* --- opening --- */

struct found {
	char *schema, *encoding;
	uint32_t oid;
	bool ours;
	int64_t others;
};

static void found_release(struct found *f)
{
	free(f->schema);
	free(f->encoding);
	*f = (struct found){ 0 };
}

static char *cell(const struct pg *g, const PGresult *res, int col)
{
	return g->c->pq->getisnull(res, 0, col) ? NULL : xstrdup(g->c->pq->getvalue(res, 0, col));
}

/* What is in the schema that new tables would go to. Tables of extensions are nobody's. */
static int look(struct pg *g, struct found *f, struct err *err)
{
	static const char sql[] =
		"SELECT current_schema(), getdatabaseencoding(), n.oid::int8,"
		" COALESCE(bool_or(r.relname = '" POSTGRES_MARK "'), false)::int, count(r.oid)"
		" FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = current_schema()"
		" LEFT JOIN pg_class r ON r.relnamespace = n.oid AND r.relkind IN ('r', 'p', 'v', "
		"'m', 'f')"
		" AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass"
		" AND d.objid = r.oid AND d.deptype = 'e') GROUP BY n.oid";
	const struct libpq *pq = g->c->pq;
	PGresult *res = pg_conn_query(g->c, sql);
	int rc = 0;

	*f = (struct found){ 0 };
	if (pq->resultStatus(res) != PGRES_TUPLES_OK || pq->ntuples(res) != 1) {
		rc = pg_conn_fail(g->c, res, err);
	} else {
		f->schema = cell(g, res, 0);
		f->encoding = cell(g, res, 1);
		f->oid = (uint32_t)strtoul(pq->getvalue(res, 0, 2), NULL, 10);
		f->ours = strcmp(pq->getvalue(res, 0, 3), "1") == 0;
		f->others = strtoll(pq->getvalue(res, 0, 4), NULL, 10);
	}
	pq->clear(res);
	return rc;
}

static int64_t newest_version(void)
{
	int64_t n = 0;

	while (postgres_migrations[n])
		n++;
	return n;
}

/* The version of the tables; 0 where there are none yet. Errors where they can't be used. */
static int check_schema(struct pg *g, int64_t *version, struct err *err)
{
	const struct libpq *pq = g->c->pq;
	const char *name = g->c->name;
	struct found f;
	PGresult *res;
	int rc = look(g, &f, err);

	*version = 0;
	g->schema = f.oid;
	if (rc == 0 && !f.schema)
		rc = err_usage(err,
			"%s: has no schema that this role's search_path names: CREATE SCHEMA, or "
			"another search_path",
			name);
	else if (rc == 0 && strcmp(f.encoding, "UTF8") != 0)
		rc = err_usage(err,
			"%s: its encoding is %s, which can't hold every text: make one by createdb "
			"--template=template0 --encoding=UTF8",
			name, f.encoding);
	else if (rc == 0 && !f.ours && f.others)
		rc = err_usage(err,
			"%s: its schema '%s' has another program's tables; name another database, "
			"or "
			"a schema of its own (?options=-csearch_path%%3DNAME behind the URL)",
			name, f.schema);
	if (rc == 0 && f.ours) {
		res = pg_conn_query(g->c, "SELECT version FROM " POSTGRES_MARK);
		if (pq->resultStatus(res) != PGRES_TUPLES_OK)
			rc = pg_conn_fail(g->c, res, err);
		else if (pq->ntuples(res) != 1)
			rc = err_set(err, "%s: its table " POSTGRES_MARK " isn't one row", name);
		else
			*version = strtoll(pq->getvalue(res, 0, 0), NULL, 10);
		pq->clear(res);
	}
	if (rc == 0 && *version > newest_version())
		rc = err_usage(err,
			"%s: its schema '%s' was made by a newer thresh (format %lld, this one "
			"knows "
			"up to %lld); use that one, or name another schema",
			name, f.schema, (long long)*version, (long long)newest_version());
	found_release(&f);
	return rc;
}

static int migrate_one(struct pg *g, bool *more, struct err *err)
{
	static const char mark[] = "CREATE TABLE " POSTGRES_MARK
				   " (one INTEGER PRIMARY KEY CHECK (one = 1), version BIGINT NOT "
				   "NULL);INSERT INTO " POSTGRES_MARK " VALUES (1, 0)";
	int64_t version;
	char sql[160];

	snprintf(sql, sizeof(sql), "BEGIN; SELECT pg_advisory_xact_lock(%d, %d)", LOCK_CLASS,
		(int32_t)g->schema);
	if (pg_conn_exec(g->c, sql, err) < 0)
		return -1;
	/* another process may have done it meanwhile */
	if (check_schema(g, &version, err) < 0)
		goto undo;
	*more = version < newest_version();
	if (*more) {
		snprintf(sql, sizeof(sql), "UPDATE " POSTGRES_MARK " SET version = %lld",
			(long long)version + 1);
		if ((version == 0 && pg_conn_exec(g->c, mark, err) < 0) ||
			pg_conn_exec(g->c, postgres_migrations[version], err) < 0 ||
			pg_conn_exec(g->c, sql, err) < 0)
			goto undo;
	}
	if (pg_conn_exec(g->c, "COMMIT", err) == 0)
		return 0;
undo:
	pg_conn_exec(g->c, "ROLLBACK", NULL);
	return -1;
}

/* The schema's maker, or who may make tables there. Where it can't be told the server says so. */
static bool may_migrate(struct pg *g)
{
	const struct libpq *pq = g->c->pq;
	PGresult *res =
		pg_conn_query(g->c, "SELECT has_schema_privilege(current_schema(), 'CREATE')::int");
	bool may = pq->resultStatus(res) != PGRES_TUPLES_OK || pq->ntuples(res) != 1 ||
		   strcmp(pq->getvalue(res, 0, 0), "1") == 0;

	pq->clear(res);
	return may;
}

static int migrate(struct pg *g, struct err *err)
{
	int64_t version;
	bool more = true;
	int rc = 0;

	if (check_schema(g, &version, err) < 0)
		return -1;
	if (version < newest_version() && !may_migrate(g))
		return err_refused(err,
			"%s: its tables are %s, and this role has no right to make them so: first "
			"start this thresh there by the role that has, as `thresh run` does",
			g->c->name,
			version ? "an older thresh's, not yet as this one needs them"
				: "not there yet");
	g->c->slow = true;
	while (rc == 0 && more && version < newest_version())
		rc = migrate_one(g, &more, err);
	g->c->slow = false;
	return rc;
}

static void db_close(void *db)
{
	struct pg *g = db;

	forget_stmts(g);
	pg_conn_close(g->c);
	free(g);
}

static void *db_open(const char *where, struct err *err)
{
	struct pg *g = xcalloc(1, sizeof(*g));
	char *url = xasprintf(SCHEME ":%s", where);

	g->c = pg_conn_open(url, err);
	free(url);
	if (g->c && migrate(g, err) == 0)
		return g;
	db_close(g);
	return NULL;
}

/* --- transactions --- */

static void own_process(const struct pg *g)
{
	if (g->c->pid != getpid())
		BUG("%s: used across a fork", g->c->name);
}

static int reconnect(struct pg *g, struct err *err)
{
	forget_stmts(g);
	return pg_conn_again(g->c, err);
}

static int begin_once(struct pg *g, struct err *err)
{
	char sql[200];

	/* the statement is one */
	if (g->how & TXN_ALONE)
		return 0;
	snprintf(sql, sizeof(sql), "BEGIN; %sSELECT pg_advisory_xact_lock%s(%d, %d)",
		g->how & TXN_DURABLE ? "SET LOCAL synchronous_commit = on; " : "",
		g->how & TXN_ROW ? "_shared" : "", LOCK_CLASS, (int32_t)g->schema);
	if (pg_conn_exec(g->c, sql, err) == 0)
		return 0;
	if (pg_conn_alive(g->c))
		pg_conn_exec(g->c, "ROLLBACK", NULL);
	return -1;
}

static int db_begin(void *db, unsigned how, struct err *err)
{
	struct pg *g = db;
	int rc = 0;

	own_process(g);
	g->how = how;
	if (!pg_conn_alive(g->c))
		rc = reconnect(g, err);
	if (rc == 0) {
		rc = begin_once(g, err);
		/* often only now a session turns out to have ended */
		if (rc < 0 && !pg_conn_alive(g->c) && !g->c->silent)
			rc = reconnect(g, err) < 0 ? -1 : begin_once(g, err);
	}
	g->in_txn = g->untouched = rc == 0 && !(how & TXN_ALONE);
	return rc;
}

static void db_rollback(void *db)
{
	struct pg *g = db;

	if (g->in_txn && pg_conn_alive(g->c))
		pg_conn_exec(g->c, "ROLLBACK", NULL);
	g->in_txn = false;
}

static int db_commit(void *db, struct err *err)
{
	struct pg *g = db;
	const struct libpq *pq = g->c->pq;
	PGresult *res;
	int rc = -1;

	if (!g->in_txn)
		return 0;
	res = pg_conn_query(g->c, "COMMIT");
	g->in_txn = false;
	if (pq->resultStatus(res) != PGRES_COMMAND_OK)
		pg_conn_fail(g->c, res, err);
	/* a transaction that had failed is undone by it, without an error */
	else if (strcmp(pq->cmdStatus(res), "COMMIT") != 0)
		err_set(err, "%s: the transaction had failed, nothing of it is kept", g->c->name);
	else
		rc = 0;
	pq->clear(res);
	return rc;
}

/* --- statements --- */

/* The comment that stands for the words of a database with row locks becomes these. */
static char *own_words(const char *sql)
{
	static const char mark[] = "/* " SKIP_LOCKED " */";
	const char *at = strstr(sql, mark);

	if (!at)
		return xstrdup(sql);
	return xasprintf("%.*s" SKIP_LOCKED "%s", (int)(at - sql), sql, at + sizeof(mark) - 1);
}

static struct stmt *prepare(
	struct pg *g, const char *sql, const struct bound *b, size_t n, PGresult **failed)
{
	const struct libpq *pq = g->c->pq;
	struct stmt *p;
	char *words;
	PGresult *res;

	HASH_FIND_PTR(g->stmts, &sql, p);
	if (p)
		return p;
	p = xcalloc(1, sizeof(*p));
	p->sql = sql;
	snprintf(p->name, sizeof(p->name), "s%u", g->n_stmts++);
	words = own_words(sql);
	res = pg_conn_prepare(g->c, p->name, words, (int)n, b->types);
	free(words);
	if (pq->resultStatus(res) != PGRES_COMMAND_OK) {
		free(p);
		*failed = res;
		return NULL;
	}
	pq->clear(res);
	HASH_ADD_PTR(g->stmts, sql, p);
	return p;
}

static void give_rows(const struct libpq *pq, const PGresult *res, sql_row_fn fn, void *arg)
{
	struct sql_val cols[SQL_MAX_COLS];
	int n = pq->nfields(res);

	if (n > SQL_MAX_COLS)
		BUG("%d columns", n);
	for (int row = 0; row < pq->ntuples(res); row++) {
		for (int i = 0; i < n; i++)
			cols[i] = bound_column(pq, res, row, i);
		if (fn(arg, cols, (size_t)n) != 0)
			return;
	}
}

static PGresult *run_once(struct pg *g, const char *sql, const struct bound *b, size_t n)
{
	PGresult *res = NULL;
	struct stmt *p = prepare(g, sql, b, n, &res);

	if (!p)
		return res;
	return pg_conn_run(g->c, p->name, (int)n, b->values, b->lengths, b->formats);
}

static bool succeeded(const struct pg *g, const PGresult *res)
{
	ExecStatusType status = g->c->pq->resultStatus(res);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/*
 * May it be done again, and is all as it was before it? In a transaction only as its first statement: what was read before
 * may have been decided on. False: res stands.
 */
static bool begun_anew(struct pg *g, const PGresult *res, bool was_untouched, struct err *err)
{
	bool gone = !pg_conn_alive(g->c);

	if (g->c->silent || !(gone || pg_conn_collided(g->c, res)) || (g->in_txn && !was_untouched))
		return false;
	if (gone && reconnect(g, err) < 0)
		return false;
	if (!g->in_txn)
		return true;
	if (!gone)
		db_rollback(g);
	return db_begin(g, g->how, err) == 0;
}

static int db_query(void *db, const char *sql, const struct sql_val *args, size_t n, sql_row_fn fn,
	void *arg, struct err *err)
{
	struct pg *g = db;
	struct bound b;
	PGresult *res = NULL;
	bool untouched = g->untouched;
	int rc = bound_init(&b, g->c->name, args, n, err);

	own_process(g);
	if (rc == 0 && !g->in_txn && !pg_conn_alive(g->c))
		rc = reconnect(g, err);
	for (int i = 0; rc == 0 && i < TRIES; i++) {
		g->c->pq->clear(res);
		res = run_once(g, sql, &b, n);
		if (succeeded(g, res) || !begun_anew(g, res, untouched, err))
			break;
	}
	g->untouched = false;
	if (rc == 0 && !succeeded(g, res))
		rc = pg_conn_fail(g->c, res, err);
	if (rc == 0 && fn)
		give_rows(g->c->pq, res, fn, arg);
	g->c->pq->clear(res);
	bound_release(&b);
	return rc;
}

static int db_copy(void *db, const char *into, const struct sql_val *v, size_t rows, size_t cols,
	struct err *err)
{
	struct pg *g = db;
	struct buf b = BUF_INIT;
	char *sql = xasprintf("COPY %s FROM STDIN (FORMAT binary)", into);
	PGresult *res;
	int rc = 0;

	own_process(g);
	g->untouched = false;
	bound_rows(&b, v, rows, cols);
	res = b.len < INT32_MAX / 4 ? pg_conn_copy(g->c, sql, b.s, b.len) : NULL;
	if (b.len >= INT32_MAX / 4 || pg_conn_doubled(g->c, res))
		rc = 1;
	else if (!succeeded(g, res))
		rc = pg_conn_fail(g->c, res, err);
	g->c->pq->clear(res);
	buf_release(&b);
	free(sql);
	return rc;
}

static int db_lead(void *db, struct err *err)
{
	struct pg *g = db;

	own_process(g);
	if (!pg_conn_alive(g->c) && reconnect(g, err) < 0)
		return -1;
	return pg_conn_lead(g->c, (int32_t)g->schema, err);
}

static void db_ending(void *db, int (*told)(void))
{
	struct pg *g = db;

	g->c->told = told;
}

const struct store_backend store_postgres = {
	.scheme = SCHEME,
	.alias = "postgresql",
	.form = FORM,
	.shared = true,
	.ending = db_ending,
	.lead = db_lead,
	.open = db_open,
	.close = db_close,
	.begin = db_begin,
	.commit = db_commit,
	.rollback = db_rollback,
	.query = db_query,
	.copy = db_copy,
};

#endif
