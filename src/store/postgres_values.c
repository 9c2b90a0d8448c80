/* Texts are made what PostgreSQL takes for one: UTF-8, and no NUL. Types are told by their numbers. */
#include "base/prelude.h"
#include "store/postgres_values.h"
#include "base/escape.h"
#include <inttypes.h>
#include <stdio.h>

/* pg_type.dat: these never change */
enum oid {
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_FLOAT8 = 701
};

/* A text here has no NUL and is UTF-8. */
static const char *bind_text(struct buf *b, struct strv s)
{
	struct strv part;

	while (s.len) {
		const char *nul = memchr(s.s, 0, s.len);

		part = strv_sub(s, 0, nul ? (size_t)(nul - s.s) : s.len);
		escape_utf8(b, part);
		if (nul)
			buf_adds(b, "\xef\xbf\xbd");
		s = strv_from(s, part.len + (nul != NULL));
	}
	return buf_str(b);
}

static void bind_one(struct bound *b, size_t i, const struct sql_val *v)
{
	switch (v->type) {
	case SQL_NULL:
		/* its type is what the statement makes of it */
		return;
	case SQL_INT:
		b->types[i] = OID_INT8;
		snprintf(b->numbers[i], sizeof(b->numbers[i]), "%" PRId64, v->i);
		b->values[i] = b->numbers[i];
		return;
	case SQL_REAL:
		b->types[i] = OID_FLOAT8;
		snprintf(b->numbers[i], sizeof(b->numbers[i]), "%.17g", v->d);
		b->values[i] = b->numbers[i];
		return;
	case SQL_TEXT:
		b->types[i] = OID_TEXT;
		b->values[i] = bind_text(&b->texts[i], v->s);
		b->lengths[i] = (int)b->texts[i].len;
		b->formats[i] = 1;
		return;
	case SQL_BYTES:
		b->types[i] = OID_BYTEA;
		b->values[i] = v->s.s ? v->s.s : "";
		b->lengths[i] = (int)v->s.len;
		b->formats[i] = 1;
		return;
	}
}

/* libpq counts bytes by int, and the server takes a gigabyte at most. */
int bound_init(
	struct bound *b, const char *db, const struct sql_val *args, size_t n, struct err *err)
{
	if (n > SQL_MAX_ARGS)
		BUG("%zu arguments", n);
	memset(b, 0, sizeof(*b));
	for (size_t i = 0; i < n; i++) {
		if (args[i].s.len > INT32_MAX / 4)
			return err_set(err, "%s: a value of %zu bytes is too long for it", db,
				args[i].s.len);
		bind_one(b, i, &args[i]);
	}
	return 0;
}

void bound_release(struct bound *b)
{
	for (size_t i = 0; i < SQL_MAX_ARGS; i++)
		buf_release(&b->texts[i]);
}

static void add_big_endian(struct buf *out, uint64_t u, unsigned n)
{
	while (n--)
		buf_addch(out, (char)(u >> 8 * n & 0xff));
}

void bound_rows(struct buf *out, const struct sql_val *v, size_t rows, size_t cols)
{
	static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";

	/* with the last of its nine */
	buf_add(out, head, sizeof(head));
	for (size_t i = 0; i < rows * cols; i++) {
		if (i % cols == 0)
			add_big_endian(out, cols, 2);
		if (v[i].type == SQL_INT) {
			add_big_endian(out, 8, 4);
			add_big_endian(out, (uint64_t)v[i].i, 8);
		} else {
			add_big_endian(out, v[i].s.len, 4);
			buf_add(out, v[i].s.s, v[i].s.len);
		}
	}
	/* no more */
	add_big_endian(out, 0xffff, 2);
}

static uint64_t big_endian(const unsigned char *p, int n)
{
	uint64_t u = 0;

	for (int i = 0; i < n; i++)
		u = u << 8 | p[i];
	return u;
}

struct sql_val bound_column(const struct libpq *pq, const PGresult *res, int row, int col)
{
	const char *s = pq->getvalue(res, row, col);
	int len = pq->getlength(res, row, col);
	struct sql_val v = { .type = SQL_NULL };
	uint64_t u;

	if (pq->getisnull(res, row, col))
		return v;
	switch (pq->ftype(res, col)) {
	case OID_INT8:
	case OID_INT4:
	case OID_INT2:
		u = big_endian((const unsigned char *)s, len);
		v.type = SQL_INT;
		v.i = len == 8   ? (int64_t)u
		      : len == 4 ? (int32_t)(uint32_t)u
				 : (int16_t)(uint16_t)u;
		break;
	case OID_FLOAT8:
		u = big_endian((const unsigned char *)s, len);
		v.type = SQL_REAL;
		memcpy(&v.d, &u, sizeof(v.d));
		break;
	default:
		v.type = pq->ftype(res, col) == OID_TEXT ? SQL_TEXT : SQL_BYTES;
		v.s = strv_n(s, (size_t)len);
	}
	return v;
}
