/* URL -> backend, transactions and their grouping, and the small words of sql.h. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/internal.h"
#include "store/postgres.h"
#include "store/sqlite.h"

#define DAMAGED_TOLD 3
#define INPUT_LEN 40
#define ID_LEN 16

static const struct store_backend *const backends[] = { &store_sqlite, &store_postgres, NULL };

char *store_shown(const char *url)
{
	struct strv v = strv_of(url);
	size_t slashes = strv_find(v, "://"), from, at, end;
	struct buf b = BUF_INIT;

	if (slashes == SIZE_MAX) {
		buf_addv(&b, v);
		return buf_detach(&b);
	}
	/* USER:PASSWORD@, where either may hold what should have been written otherwise */
	from = slashes + 3;
	at = strv_rchr(v, '@');
	end = strv_chr(v, '?');
	if (at != SIZE_MAX && at >= from) {
		size_t colon = strv_chr(strv_sub(v, from, at - from), ':');

		buf_addv(&b, strv_sub(v, 0, colon == SIZE_MAX ? at : from + colon));
		buf_adds(&b, colon == SIZE_MAX ? "" : ":***");
		v = strv_from(v, at);
		end = strv_chr(v, '?');
	}
	/* parameters may be secret, too, and say little */
	buf_addv(&b, strv_sub(v, 0, end));
	return buf_detach(&b);
}

static int unknown_scheme(const char *url, struct err *err)
{
	struct buf known = BUF_INIT;
	char *shown = store_shown(url);

	for (size_t i = 0; backends[i]; i++)
		buf_addf(&known, "%s%s", i ? ", " : "", backends[i]->form);
	err_usage(err, "store '%s': not a store's URL; known: %s", shown, buf_str(&known));
	buf_release(&known);
	free(shown);
	return -1;
}

struct store *store_open(const char *url, struct err *err)
{
	struct strv rest = strv_of(url), scheme = { 0 };
	const struct store_backend *be = NULL;
	struct store *s;
	void *db;

	if (strv_chr(rest, ':') != SIZE_MAX)
		strv_split(&rest, ':', &scheme);
	for (size_t i = 0; backends[i] && !be; i++)
		if (strv_eqs(scheme, backends[i]->scheme) ||
			(backends[i]->alias && strv_eqs(scheme, backends[i]->alias)))
			be = backends[i];
	if (!be) {
		unknown_scheme(url, err);
		return NULL;
	}
	db = be->open(url + scheme.len + 1, err);
	if (!db)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	s->be = be;
	s->db = db;
	return s;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	s->be->close(s->db);
	free(s->pass);
	for (size_t i = 0; i < QUEUE_PLACES; i++)
		free(s->places[i].of);
	free(s);
}

void store_ending(struct store *s, int (*told)(void))
{
	if (s->be->ending)
		s->be->ending(s->db, told);
}

/* The job that the fence is of is still this process's. Where a transaction excludes others it stays so to its end. */
static bool is_mine(struct store *s, struct err *err)
{
	const struct sql_val args[] = { sql_int(s->fence.job), sql_int(s->fence.token) };
	struct sql_one one = { 0 };

	if (SQL_RUN(s, "SELECT id FROM job WHERE id = $1 AND token = $2 AND state = 1", args,
		    sql_keep_int, &one, err) < 0)
		return false;
	if (!one.found)
		err_set(err, "the lease of this job ran out, and it is another worker's: what came "
			     "of it here since then isn't kept");
	return one.found;
}

bool store_is_shared(const struct store *s)
{
	return s->be->shared;
}

static int begin(struct store *s, unsigned how, struct err *err)
{
	if (s->depth)
		return 0;
	s->doomed = false;
	if (s->be->begin(s->db, how, err) < 0)
		return -1;
	if (!s->fence.job || is_mine(s, err))
		return 0;
	s->be->rollback(s->db);
	return -1;
}

int txn_begin(struct store *s, bool durable, struct err *err)
{
	return begin(s, durable ? TXN_DURABLE : 0, err);
}

int txn_begin_row(struct store *s, bool durable, struct err *err)
{
	return begin(s, TXN_ROW | (durable ? TXN_DURABLE : 0), err);
}

int txn_begin_alone(struct store *s, struct err *err)
{
	return begin(s, TXN_ROW | TXN_ALONE, err);
}

int txn_end(struct store *s, int rc, struct err *err)
{
	if (s->depth)
		return rc;
	if (rc < 0) {
		s->be->rollback(s->db);
		return rc;
	}
	return s->be->commit(s->db, err) < 0 ? -1 : rc;
}

int store_begin(struct store *s, struct err *err)
{
	if (txn_begin(s, true, err) < 0)
		return -1;
	s->depth++;
	return 0;
}

int store_commit(struct store *s, struct err *err)
{
	if (!s->depth)
		BUG("store_commit without store_begin");
	if (--s->depth)
		return 0;
	if (s->doomed) {
		s->be->rollback(s->db);
		return err_set(err, "store: a write failed, so nothing of its group is kept");
	}
	return s->be->commit(s->db, err);
}

void store_rollback(struct store *s)
{
	if (!s->depth)
		return;
	s->depth = 0;
	s->be->rollback(s->db);
}

int store_mark(struct store *s, uint64_t *out, struct err *err)
{
	if (s->be->mark)
		return s->be->mark(s->db, out, err);
	*out = ++s->marks;
	return 0;
}

int sql_run(struct store *s, const char *sql, const struct sql_val *args, size_t n, sql_row_fn fn,
	void *arg, struct err *err)
{
	if (s->depth && s->doomed)
		return err_set(err, "store: an earlier write of this group failed");
	if (s->be->query(s->db, sql, args, n, fn, arg, err) == 0)
		return 0;
	s->doomed = true;
	return -1;
}

struct sql_val sql_int(int64_t i)
{
	return (struct sql_val){ .type = SQL_INT, .i = i };
}

struct sql_val sql_uint(uint64_t u)
{
	return sql_int(u > INT64_MAX ? INT64_MAX : (int64_t)u);
}

struct sql_val sql_real(double d)
{
	return (struct sql_val){ .type = SQL_REAL, .d = d };
}

struct sql_val sql_text(const char *s)
{
	return (struct sql_val){ .type = s ? SQL_TEXT : SQL_NULL, .s = strv_of(s) };
}

struct sql_val sql_str(const char *s)
{
	return sql_text(s ? s : "");
}

struct sql_val sql_bytes(const char *s, size_t n)
{
	return (struct sql_val){ .type = s ? SQL_BYTES : SQL_NULL, .s = strv_n(s, s ? n : 0) };
}

struct sql_val sql_ref(int64_t id)
{
	return (struct sql_val){ .type = id ? SQL_INT : SQL_NULL, .i = id };
}

char *col_str(const struct sql_val *v)
{
	if (v->type != SQL_TEXT && v->type != SQL_BYTES)
		return NULL;
	return strv_dup(v->s);
}

/* A damaged database may have many such rows, and is read again and again. */
static void tell_damaged(const char *table)
{
	static unsigned told;

	if (told++ < DAMAGED_TOLD)
		log_warn(
			"the store is damaged: a row of its table \"%s\" holds what it can't; move "
			"the database away and start anew: seeds, tests and inputs are not in it",
			table);
}

static bool is_hex(const struct sql_val *v, size_t n)
{
	if ((v->type != SQL_TEXT && v->type != SQL_BYTES) || v->s.len != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!v->s.s[i] || !strchr("0123456789abcdef", v->s.s[i]))
			return false;
	return true;
}

char *col_need(const struct sql_val *v, const char *table)
{
	if (v->type == SQL_TEXT || v->type == SQL_BYTES)
		return strv_dup(v->s);
	tell_damaged(table);
	return xstrdup("");
}

char *col_input(const struct sql_val *v, const char *table)
{
	if (is_hex(v, INPUT_LEN))
		return strv_dup(v->s);
	/* a bug may have none */
	if (v->type != SQL_NULL)
		tell_damaged(table);
	return xstrdup("");
}

int col_range(const struct sql_val *v, int least, int most, const char *table)
{
	if (v->type == SQL_INT && v->i >= least && v->i <= most)
		return (int)v->i;
	tell_damaged(table);
	return least;
}

char *col_id(const struct sql_val *v, const char *table)
{
	if (is_hex(v, ID_LEN))
		return strv_dup(v->s);
	tell_damaged(table);
	return NULL;
}

uint64_t col_uint(const struct sql_val *v)
{
	return v->type == SQL_INT && v->i > 0 ? (uint64_t)v->i : 0;
}

int sql_keep_int(void *one, const struct sql_val *col, size_t n)
{
	struct sql_one *o = one;

	(void)n;
	o->found = true;
	o->i = col[0].i;
	return 1;
}

int sql_keep_str(void *one, const struct sql_val *col, size_t n)
{
	struct sql_one *o = one;

	(void)n;
	o->found = true;
	o->str = col_str(&col[0]);
	return 1;
}
