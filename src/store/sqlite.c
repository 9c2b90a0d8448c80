/*
 * SQLite under the store: one file, many processes, no server.
 *
 * Write-ahead log, so readers never wait. A commit that is not `durable` is not synced (synchronous=NORMAL): it
 * survives the death of any process, since the kernel holds it, and a loss of power undoes the last commits in order,
 * never one in the middle; the jobs they recorded are then done again. A durable commit is synced, and with it all
 * before it. Every write transaction takes the write lock at its start: a read lock made into a write lock later is
 * what fails with "database is locked" under load.
 */
#include "base/prelude.h"
#include "store/sqlite.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "store/leftover.h"
#include "store/sqlite_functions.h"
#include "store/sqlite_header.h"
#include "store/sqlite_schema.h"
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uthash.h>

#define BUSY_MS 60000 /* how long to wait for other writers before giving up */
#define RETRY_NS 5000000
#define MAX_WAL_LEFT "67108864" /* bytes of log kept after a checkpoint */

struct stmt {
	const char *sql; /* the key: its address */
	sqlite3_stmt *st;
	int place[SQL_MAX_ARGS]; /* of $1, $2, ...; 0: not in this statement */
	UT_hash_handle hh;
};

struct conn {
	sqlite3 *db;
	char *path;
	struct stmt *stmts;
	pid_t pid;   /* SQLite's locks don't survive a fork */
	bool full;   /* synchronous is FULL */
	bool making; /* under a name that nobody else knows yet */
};

/* Turn the connection's last error into words and, where there is one, the mend. */
static int fail(struct conn *c, struct err *err)
{
	int rc = sqlite3_extended_errcode(c->db), sys = sqlite3_system_errno(c->db);
	const char *why = sqlite3_errmsg(c->db);

	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err,
			"%s: corrupt database (%s); move it away and start anew: seeds, tests and "
			"inputs are not in it",
			c->path, why);
	case SQLITE_FULL:
		return err_refused(err,
			"%s: no space left on its disk; nothing recorded before is lost: make room "
			"and run again",
			c->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_refused(err, "%s: another process has been writing for %d s", c->path,
			BUSY_MS / 1000);
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return err_refused(err,
			"%s: can't be opened for writing: %s%s%s; it and its directory "
			"must be writable",
			c->path, why, sys ? ": " : "", sys ? strerror(sys) : "");
	case SQLITE_IOERR:
	case SQLITE_NOMEM:
		return err_refused(err,
			"%s: %s (%d)%s%s; is there room on its disk, and for files of its size "
			"(ulimit -f)?",
			c->path, why, rc, sys ? ": " : "", sys ? strerror(sys) : "");
	default:
		return err_set(err, "%s: %s (%d)%s%s", c->path, why, rc, sys ? ": " : "",
			sys ? strerror(sys) : "");
	}
}

static bool is_busy(int rc)
{
	return (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED;
}

static void nap(void)
{
	struct timespec ts = { .tv_nsec = RETRY_NS };

	nanosleep(&ts, NULL);
}

/* Words without arguments or rows. Some locks SQLite doesn't wait for by itself (making the log, recovering it). */
static int exec(struct conn *c, const char *sql, struct err *err)
{
	uint64_t end = clock_mono_ms() + BUSY_MS;
	int rc;

	while (is_busy(rc = sqlite3_exec(c->db, sql, NULL, NULL, NULL)) && clock_mono_ms() < end)
		nap();
	return rc == SQLITE_OK ? 0 : fail(c, err);
}

static int get_int(struct conn *c, const char *sql, int64_t *out, struct err *err)
{
	uint64_t end = clock_mono_ms() + BUSY_MS;
	sqlite3_stmt *st;
	int rc;

	do {
		rc = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
		if (rc == SQLITE_OK)
			rc = sqlite3_step(st);
		if (rc == SQLITE_ROW)
			*out = sqlite3_column_int64(st, 0);
		if (rc != SQLITE_ROW && !is_busy(rc))
			fail(c, err);
		sqlite3_finalize(st);
	} while (is_busy(rc) && clock_mono_ms() < end && (nap(), true));
	if (is_busy(rc))
		fail(c, err);
	return rc == SQLITE_ROW ? 0 : -1;
}

/* The same through SQLite, which also sees what is in the log only. */
static int check_content(struct conn *c, struct err *err)
{
	int64_t app = 0, version = 0, tables = 0;
	int rc;

	/* should it turn out not to be ours, closing must not fold the log into the file */
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* one look at one moment: another process may be making the tables right now */
	if (exec(c, "BEGIN", err) < 0)
		return -1;
	rc = get_int(c, "SELECT count(*) FROM sqlite_schema", &tables, err);
	if (rc == 0)
		rc = get_int(c, "PRAGMA application_id", &app, err);
	if (rc == 0)
		rc = get_int(c, "PRAGMA user_version", &version, err);
	sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
	if (rc < 0)
		return -1;
	if (app == 0 && (tables || version))
		return err_usage(err, "%s: another program's database; name another file", c->path);
	if (sqlite_check_ids(c->path, (uint32_t)app, version, err) < 0)
		return -1;
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return 0;
}

static int migrate_one(struct conn *c, bool *more, struct err *err)
{
	int64_t version = 0;
	char stamp[100];

	if (exec(c, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	/* another process may have done it meanwhile */
	if (get_int(c, "PRAGMA user_version", &version, err) < 0)
		goto undo;
	if (version >= sqlite_newest_version()) {
		*more = false;
		sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
		return 0;
	}
	snprintf(stamp, sizeof(stamp), "PRAGMA application_id = %d; PRAGMA user_version = %lld",
		SQLITE_APPLICATION_ID, (long long)version + 1);
	if (exec(c, sqlite_migrations[version], err) == 0 && exec(c, stamp, err) == 0 &&
		exec(c, "COMMIT", err) == 0)
		return 0;
undo:
	sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

static int migrate(struct conn *c, struct err *err)
{
	int64_t version = 0;
	bool more = true;

	if (get_int(c, "PRAGMA user_version", &version, err) < 0)
		return -1;
	while (more && version < sqlite_newest_version())
		if (migrate_one(c, &more, err) < 0)
			return -1;
	return 0;
}

static int set_up(struct conn *c, struct err *err)
{
	sqlite3_extended_result_codes(c->db, 1);
	sqlite3_busy_timeout(c->db, BUSY_MS);
	if (sqlite_functions(c->db) != SQLITE_OK)
		return fail(c, err);
	if (sqlite_check_header(c->db, c->path, c->making, err) < 0)
		return -1;
	if (sqlite3_db_readonly(c->db, "main") == 1)
		return err_set(err,
			"%s: can't be opened for writing; it and its directory must be writable",
			c->path);
	if (check_content(c, err) < 0)
		return -1;
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (exec(c,
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
		    "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
		    "PRAGMA journal_size_limit = " MAX_WAL_LEFT,
		    err) < 0)
		return -1;
	return migrate(c, err);
}

static void free_stmts(struct conn *c)
{
	struct stmt *p, *next;

	HASH_ITER(hh, c->stmts, p, next)
	{
		HASH_DEL(c->stmts, p);
		sqlite3_finalize(p->st);
		free(p);
	}
}

static void db_close(void *db)
{
	struct conn *c = db;

	if (c->pid == getpid()) {
		free_stmts(c);
		sqlite3_close(c->db);
	}
	free(c->path);
	free(c);
}

static int make_place(const char *path, struct err *err)
{
	struct stat st;
	char *dir;
	int rc;

	if (stat(path, &st) == 0)
		return S_ISREG(st.st_mode) ? 0 : err_usage(err, "%s: not a regular file", path);
	dir = fs_dirname(path);
	rc = fs_mkdirs(dir, err);
	free(dir);
	return rc;
}

static struct conn *open_at(const char *path, bool making, struct err *err)
{
	struct conn *c = xcalloc(1, sizeof(*c));
	mode_t old;
	int rc;

	c->pid = getpid();
	c->path = xstrdup(path);
	c->making = making;
	old = umask(077); /* the log and its index get the file's own mode */
	rc = sqlite3_open_v2(c->path, &c->db,
		SQLITE_OPEN_READWRITE | (making ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX,
		NULL);
	umask(old);
	if (rc != SQLITE_OK)
		rc = fail(c, err);
	else
		rc = set_up(c, err);
	if (rc == 0)
		return c;
	db_close(c);
	return NULL;
}

/* All of it into the file itself, which is what gets the name; closing does the same, and doesn't say when it couldn't. */
static int fold_log(struct conn *c, struct err *err)
{
	return sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
			       SQLITE_OK
		       ? 0
		       : fail(c, err);
}

static void remove_unnamed(const char *tmp)
{
	static const char *const parts[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *part = xasprintf("%s%s", tmp, parts[i]);

		unlink(part);
		free(part);
	}
}

/* Give the name to it, unless another process was faster: then that is the one. */
static int name_new(const char *tmp, const char *path, struct err *err)
{
	int lock = leftover_lock(path, err), rc = lock < 0 ? -1 : 0;

	if (rc == 0 && !fs_exists(path)) {
		rc = leftover_set_aside(path, err);
		if (rc == 0 && link(tmp, path) < 0 && errno != EEXIST &&
			(errno != EPERM || rename(tmp, path) < 0))
			rc = err_errno(err, "%s", path);
		if (rc == 0)
			rc = fs_sync_dir(path, err);
	}
	leftover_unlock(lock);
	return rc;
}

/* Beside its place, whole, then named: an empty file there is never one that somebody is about to fill. */
static int make_new(const char *path, struct err *err)
{
	char *tmp = xasprintf("%s.new-%ld", path, (long)getpid());
	struct conn *c;
	int rc = -1;

	remove_unnamed(tmp);
	c = open_at(tmp, true, err);
	if (c) {
		rc = fold_log(c, err);
		db_close(c);
		if (rc == 0)
			rc = name_new(tmp, path, err);
	}
	remove_unnamed(tmp);
	free(tmp);
	return rc;
}

static void *db_open(const char *where, struct err *err)
{
	struct conn *c = NULL;
	char *path;

	if (!*where) {
		err_usage(err, "store 'sqlite:': the path is missing");
		return NULL;
	}
	/* "./": SQLite gives names like ":memory:" a meaning of its own */
	path = xasprintf("%s%s", where[0] == '/' || where[0] == '.' ? "" : "./", where);
	if (make_place(path, err) == 0 && (fs_exists(path) || make_new(path, err) == 0))
		c = open_at(path, false, err);
	free(path);
	return c;
}

static struct stmt *prepare(struct conn *c, const char *sql, struct err *err)
{
	struct stmt *p;
	char name[16];

	HASH_FIND_PTR(c->stmts, &sql, p);
	if (p)
		return p;
	p = xcalloc(1, sizeof(*p));
	p->sql = sql;
	if (sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &p->st, NULL) !=
		SQLITE_OK) {
		fail(c, err);
		free(p);
		return NULL;
	}
	for (int i = 0; i < SQL_MAX_ARGS; i++) {
		snprintf(name, sizeof(name), "$%d", i + 1);
		p->place[i] = sqlite3_bind_parameter_index(p->st, name);
	}
	HASH_ADD_PTR(c->stmts, sql, p);
	return p;
}

static int bind_one(sqlite3_stmt *st, int at, const struct sql_val *v)
{
	switch (v->type) {
	case SQL_NULL:
		return sqlite3_bind_null(st, at);
	case SQL_INT:
		return sqlite3_bind_int64(st, at, v->i);
	case SQL_REAL:
		return sqlite3_bind_double(st, at, v->d);
	case SQL_TEXT:
		return sqlite3_bind_text64(
			st, at, v->s.s ? v->s.s : "", v->s.len, SQLITE_STATIC, SQLITE_UTF8);
	case SQL_BYTES:
		return sqlite3_bind_blob64(st, at, v->s.s ? v->s.s : "", v->s.len, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

static int bind_all(const struct stmt *p, const struct sql_val *args, size_t n)
{
	int rc = SQLITE_OK;

	if (n > SQL_MAX_ARGS)
		BUG("%zu arguments", n);
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++)
		if (p->place[i])
			rc = bind_one(p->st, p->place[i], &args[i]);
	return rc;
}

static struct sql_val column(sqlite3_stmt *st, int i)
{
	struct sql_val v = { .type = SQL_NULL };

	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		v.type = SQL_INT;
		v.i = sqlite3_column_int64(st, i);
		break;
	case SQLITE_FLOAT:
		v.type = SQL_REAL;
		v.d = sqlite3_column_double(st, i);
		break;
	case SQLITE_TEXT:
		v.type = SQL_TEXT;
		v.s.s = (const char *)sqlite3_column_text(st, i);
		v.s.len = (size_t)sqlite3_column_bytes(st, i);
		break;
	case SQLITE_BLOB:
		v.type = SQL_BYTES;
		v.s.s = sqlite3_column_blob(st, i);
		v.s.len = (size_t)sqlite3_column_bytes(st, i);
		if (!v.s.s)
			v.s = STRV("");
		break;
	default:
		break;
	}
	return v;
}

/* Step to the end. A writing statement always goes there, whatever fn says: resetting it early would be guessing. */
static int step_all(sqlite3_stmt *st, sql_row_fn fn, void *arg, bool *any)
{
	struct sql_val cols[SQL_MAX_COLS];
	int n = sqlite3_column_count(st), rc;
	bool stop = !fn;

	if (n < 0 || n > SQL_MAX_COLS)
		BUG("%d columns", n);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		*any = true;
		if (!stop) {
			for (int i = 0; i < n; i++)
				cols[i] = column(st, i);
			stop = fn(arg, cols, (size_t)n) != 0;
		}
		if (stop && sqlite3_stmt_readonly(st))
			return SQLITE_OK;
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int db_query(void *db, const char *sql, const struct sql_val *args, size_t n, sql_row_fn fn,
	void *arg, struct err *err)
{
	uint64_t end = clock_mono_ms() + BUSY_MS;
	struct conn *c = db;
	bool any = false;
	struct stmt *p;
	int rc, ok = 0;

	if (c->pid != getpid())
		BUG("%s: used across a fork", c->path);
	p = prepare(c, sql, err);
	if (!p)
		return -1;
	for (;;) {
		rc = bind_all(p, args, n);
		if (rc == SQLITE_OK)
			rc = step_all(p->st, fn, arg, &any);
		if (!is_busy(rc) || any || !sqlite3_get_autocommit(c->db) || clock_mono_ms() >= end)
			break;
		sqlite3_reset(p->st);
		nap();
	}
	if (rc != SQLITE_OK)
		ok = fail(c, err);
	sqlite3_reset(p->st);
	sqlite3_clear_bindings(p->st);
	return ok;
}

static int db_begin(void *db, unsigned how, struct err *err)
{
	struct conn *c = db;
	bool durable = how & TXN_DURABLE;

	if (c->pid != getpid())
		BUG("%s: used across a fork", c->path);
	if (durable != c->full) {
		if (exec(c, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
			    err) < 0)
			return -1;
		c->full = durable;
	}
	return exec(c, "BEGIN IMMEDIATE", err);
}

static void db_rollback(void *db)
{
	struct conn *c = db;

	/* SQLite has done it by itself after some errors */
	if (!sqlite3_get_autocommit(c->db))
		sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

static int db_commit(void *db, struct err *err)
{
	struct conn *c = db;

	if (exec(c, "COMMIT", err) == 0)
		return 0;
	db_rollback(c);
	return -1;
}

static int keep_version(void *arg, const struct sql_val *col, size_t n)
{
	if (n)
		*(uint64_t *)arg = (uint64_t)col[0].i << 32;
	return 0;
}

/* What others committed has a number in shared memory; what this connection wrote, one of its own. */
static int db_mark(void *db, uint64_t *out, struct err *err)
{
	struct conn *c = db;

	*out = 0;
	if (db_query(db, "PRAGMA data_version", NULL, 0, keep_version, out, err) < 0)
		return -1;
	*out |= (uint32_t)sqlite3_total_changes(c->db);
	return 0;
}

const struct store_backend store_sqlite = {
	.scheme = "sqlite",
	.form = "sqlite:PATH",
	.open = db_open,
	.close = db_close,
	.begin = db_begin,
	.commit = db_commit,
	.rollback = db_rollback,
	.query = db_query,
	.mark = db_mark,
};
