/* Inside this room only: the open store, and short words for building statements and reading rows. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "store/backend.h"
#include "store/store.h"

/*
 * Where the queue goes on, see jobs.c: of the kinds of jobs that `of` names, what is before priority and id was looked at
 * before whole_at_ms, and was somebody's.
 */
struct queue_place {
	char *of;
	bool known;
	unsigned slow; /* looks at all, one behind the other */
	int64_t priority, id;
	uint64_t whole_at_ms; /* clock_mono_ms(): from then on all is looked at */
};
#define QUEUE_PLACES 4 /* a worker takes one kind, or its role's */

struct store {
	const struct store_backend *be;
	void *db;
	unsigned depth; /* of store_begin */
	bool doomed;    /* a statement of the running transaction failed: it can't be committed */
	bool leads;     /* see store_lead */
	uint64_t marks; /* see store_mark */
	char *pass;     /* see store_pass; or NULL */
	struct queue_place places[QUEUE_PLACES];
	/* of store_fence; job 0: none */
	struct {
		int64_t job, token;
	} fence;
};

/* Arguments. */
struct sql_val sql_int(int64_t i);
struct sql_val sql_uint(uint64_t u); /* above INT64_MAX: INT64_MAX, which is "never" for a time */
struct sql_val sql_real(double d);
struct sql_val sql_text(const char *s);            /* NULL stays NULL */
struct sql_val sql_str(const char *s);             /* NULL becomes "" */
struct sql_val sql_bytes(const char *s, size_t n); /* NULL stays NULL */
struct sql_val sql_ref(int64_t id);                /* a row's number; 0 becomes NULL */

/* Columns. */
char *col_str(const struct sql_val *v); /* the caller frees; NULL for NULL */
uint64_t col_uint(const struct sql_val *v);
/*
 * The same of columns that a sound database has something sensible in. A damaged one has anything there: what can't be
 * is "" or the least value, and it is said of which row, so that what else is known of it, and all others, can be read.
 */
char *col_need(const struct sql_val *v, const char *table);
char *col_input(const struct sql_val *v, const char *table); /* the name of an input */
int col_range(const struct sql_val *v, int least, int most, const char *table);
/* An id of 16 digits; NULL: there is none, and the row can't be used. */
char *col_id(const struct sql_val *v, const char *table);

/* Run a statement; a failure within a transaction dooms it. */
int sql_run(struct store *s, const char *sql, const struct sql_val *args, size_t n, sql_row_fn fn,
	void *arg, struct err *err);
#define SQL_RUN(s, sql, args, fn, arg, err) \
	sql_run((s), (sql), (args), ARRAY_LEN(args), (fn), (arg), (err))

/* Row functions: keep the first column of the first row. */
struct sql_one {
	bool found;
	int64_t i;
	char *str; /* the caller frees */
};
int sql_keep_int(void *one, const struct sql_val *col, size_t n);
int sql_keep_str(void *one, const struct sql_val *col, size_t n);

/*
 * Each writing call is `if (txn_begin(...) < 0) return -1; rc = work; return txn_end(s, rc, err);`. Within a group of
 * store_begin they join it. txn_end: commits when rc >= 0 and undoes otherwise; gives rc, or -1 when committing failed.
 */
int txn_begin(struct store *s, bool durable, struct err *err);
/* For one statement that changes one row, whatever was read before: see TXN_ROW. */
int txn_begin_row(struct store *s, bool durable, struct err *err);
/* For one that needs no order among others either: see TXN_ALONE. Never durable. */
int txn_begin_alone(struct store *s, struct err *err);
int txn_end(struct store *s, int rc, struct err *err);

/* The id that `id` stands for today: its own, or what it is an alias of. The caller frees. NULL on failure. */
char *bug_canonical(struct store *s, const char *id, struct err *err);

/* The bug shows what its leading site shows. */
#define SITE_LEADING "ORDER BY gone, severity DESC, first_ms, id"
int bug_lead(struct store *s, const char *bug, struct err *err);

/* blobs.c: names from `at` on as the arguments of NAMES, those behind the last are NULL. How many they are. */
#define NAMES_AT_ONCE 16
#define NAMES "($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
size_t names_bind(struct sql_val *args, const struct strlist *names, size_t at);
/* A statement over $1, the harness, and NAMES for all of them: so many at a time, in one transaction. */
int names_change(struct store *s, const char *sql, const char *harness, const struct strlist *names,
	struct err *err);

/* Bytes are put first and named then, by one who is no slower than this, in milliseconds of SQL. */
#define STORE_NAMING_MS "86400000"

#endif
