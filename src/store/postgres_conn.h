/* A connection to PostgreSQL: made, made again when it was lost, and what goes wrong with it in words. */
#ifndef STORE_POSTGRES_CONN_H
#define STORE_POSTGRES_CONN_H

#include "store/postgres_lib.h"

#define PG_LOCK_WAIT_S 60 /* how long to wait for other writers before giving up */

struct pg_conn {
	const struct libpq *pq;
	/* NULL when it could not be made again */
	PGconn *db;
	char *url;
	/* "postgres database 'NAME' on HOST:PORT", for messages: nothing secret is in it */
	char *name;
	/* this session has the lead */
	bool leads;
	/* what no message may hold, or NULL */
	char *password;
	/* NULL, or says whether this process is to end */
	int (*told)(void);
	/* what goes on may take the server as long as it likes */
	bool slow;
	/* it answered nothing, so the connection was given up; and once told to end no other was to be had */
	bool silent, hopeless;
	pid_t pid;
};

/* url: the whole, as libpq takes it. The caller ends it with pg_conn_close. NULL on failure. */
struct pg_conn *pg_conn_open(const char *url, struct err *err);
/* In a process that was forked from the one that opened it the server notices nothing. NULL is fine. */
void pg_conn_close(struct pg_conn *c);

/* False: the server is gone, or has ended this session. What was prepared in it is gone, too. */
bool pg_conn_alive(const struct pg_conn *c);
/* A new session in the place of a lost one: waits some seconds for a server that restarts. */
int pg_conn_again(struct pg_conn *c, struct err *err);

/*
 * libpq's exec, prepare and execPrepared, but for a server that answers nothing, as one that stands still does, or whose
 * host's disk is gone: its connection is given up after some minutes, and soon where this process is to end. The caller
 * clears the result.
 */
PGresult *pg_conn_query(struct pg_conn *c, const char *sql);
PGresult *pg_conn_prepare(
	struct pg_conn *c, const char *name, const char *sql, int n, const Oid *types);
PGresult *pg_conn_run(struct pg_conn *c, const char *name, int n, const char *const *values,
	const int *lengths, const int *formats);
/* COPY ... FROM STDIN, and what it reads. */
PGresult *pg_conn_copy(struct pg_conn *c, const char *sql, const char *p, size_t n);
/* Statements without arguments, each result but the last unread. */
int pg_conn_exec(struct pg_conn *c, const char *sql, struct err *err);
/* Turn a failed result (NULL: there was none) into words and, where there is one, the mend. Gives -1. */
int pg_conn_fail(struct pg_conn *c, const PGresult *res, struct err *err);
/*
 * Take the lead of what this number stands for, by a lock of the session, which the server lets go when that ends, however it
 * does. 0: it has it, 1: another session has, -1.
 */
int pg_conn_lead(struct pg_conn *c, int32_t of, struct err *err);
/* Whether the result says that the same may succeed when it is begun anew: another one was in its way. */
bool pg_conn_collided(const struct pg_conn *c, const PGresult *res);
/* Whether it says that a key is there already. */
bool pg_conn_doubled(const struct pg_conn *c, const PGresult *res);

#endif
