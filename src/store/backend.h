/*
 * What a database must offer to hold a store: a connection, transactions, and one call that runs a statement.
 * The statements themselves are written once, above this line (jobs.c, findings.c, bugs.c, stats.c, events.c), in the SQL
 * that SQLite and PostgreSQL share, so that a backend is one file: opening, migrating, running, mapping errors.
 *
 * The common SQL: arguments are $1 to $N, each of one type throughout a statement; INSERT ... ON CONFLICT;
 * RETURNING; no booleans (0 and 1 in integers), no functions that only one of the two has; thresh_now() is the database's
 * clock in milliseconds. The comment
 * "for update skip locked" (in C comment marks) stands where a backend with row locks puts these words.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "base/err.h"
#include "base/strv.h"

enum sql_type {
	SQL_NULL,
	SQL_INT,
	SQL_REAL,
	SQL_TEXT,  /* a backend that refuses invalid UTF-8 replaces it (escape_utf8) */
	SQL_BYTES, /* any bytes */
};

/* An argument, or a column of a result row. */
struct sql_val {
	enum sql_type type;
	int64_t i;
	double d;
	struct strv s;
};

#define SQL_MAX_ARGS 32
#define SQL_MAX_COLS 32

/* One row; col is valid during the call only. The statement is still active: fn must not use the store. */
typedef int (*sql_row_fn)(void *arg, const struct sql_val *col, size_t n);

/* How a transaction is begun. */
enum {
	/* the commit survives a loss of power too; without, it survives any death of a process of thresh */
	TXN_DURABLE = 1,
	/* it will change one row by one statement, and reads nothing before: others of its sort may run beside it */
	TXN_ROW = 2,
	/*
	 * one such statement, which needs no order among others, is all of it: where there is a way to the server, it is spared
	 * two of three
	 */
	TXN_ALONE = 4,
};

struct store_backend {
	const char *scheme; /* "sqlite": what stands before the first colon of the URL */
	const char *alias;  /* another word for it, or NULL */
	const char *form;   /* "sqlite:PATH": for messages */
	bool shared;        /* other machines may have it open, too */
	/*
	 * Open what follows the colon; make it when absent, migrate it when older, each step in one transaction.
	 * Newer than this program, or another program's: ERR_USAGE, corrupt: ERR_SYSTEM; both name the object and
	 * the mend and leave it as it is.
	 */
	void *(*open)(const char *where, struct err *err);
	void (*close)(void *db); /* an open transaction is undone */
	/* Be the one that leads, for as long as the connection lives: 0, 1 another is, -1. NULL: nobody else can. */
	int (*lead)(void *db, struct err *err);
	/* told says, from now on, whether this process is to end: see store_ending. NULL: nothing is waited for. */
	void (*ending)(void *db, int (*told)(void));
	/*
	 * A write transaction: no other writer changes what is read in it before it ends. Waits for other writers. how:
	 * TXN_ flags.
	 */
	int (*begin)(void *db, unsigned how, struct err *err);
	int (*commit)(
		void *db, struct err *err); /* -1: nothing of it is kept, the transaction is over */
	void (*rollback)(void *db);         /* fine without a transaction */
	/*
	 * Run one statement; fn (may be NULL) is called for each row until it returns non-zero. sql is a string
	 * constant: prepared statements are cached by its address. Outside a transaction a reader never waits for
	 * a writer. 0 or -1.
	 */
	int (*query)(void *db, const char *sql, const struct sql_val *args, size_t n, sql_row_fn fn,
		void *arg, struct err *err);
	/*
	 * Rows into a table, as `into` names it with its columns, all at once, in a transaction: several times as many a second
	 * as by statements, and one way to the server. No value is NULL. 1: it can't be so, one of them is there already:
	 * the transaction is to be undone. NULL: there is no such thing.
	 */
	int (*copy)(void *db, const char *into, const struct sql_val *v, size_t rows, size_t cols,
		struct err *err);
	/*
	 * A number that is another one once anything was written since it was asked for, by whomever; asking costs next to
	 * nothing. NULL where the database has no such thing.
	 */
	int (*mark)(void *db, uint64_t *out, struct err *err);
};

#endif
