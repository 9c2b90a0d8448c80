/* What statements are given and give, as libpq has it: binary but for numbers one way, all binary the other. */
#ifndef STORE_POSTGRES_VALUES_H
#define STORE_POSTGRES_VALUES_H

#include "base/buf.h"
#include "store/backend.h"
#include "store/postgres_lib.h"

/* An argument as libpq wants it; words of numbers, bytes for the others. */
struct bound {
	const char *values[SQL_MAX_ARGS];
	int lengths[SQL_MAX_ARGS], formats[SQL_MAX_ARGS];
	Oid types[SQL_MAX_ARGS];
	char numbers[SQL_MAX_ARGS][32];
	struct buf texts[SQL_MAX_ARGS];
};

/* db: for messages. -1: one is more than a database takes. The caller ends it by bound_release, also then. */
int bound_init(
	struct bound *b, const char *db, const struct sql_val *args, size_t n, struct err *err);
void bound_release(struct bound *b);
/* Rows as COPY ... (FORMAT binary) reads them, appended: texts, bytes and whole numbers, none of them NULL. */
void bound_rows(struct buf *out, const struct sql_val *v, size_t rows, size_t cols);
/* One of a result, which has to outlive it. */
struct sql_val bound_column(const struct libpq *pq, const PGresult *res, int row, int col);

#endif
