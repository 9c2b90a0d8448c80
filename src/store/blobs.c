/*
 * Bytes are put by rows, side by side with other writers. A corpus's changes are put one writer after the other, so that
 * their numbers are seen in their order: they are short.
 */
#include "base/prelude.h"
#include "store/blobs.h"
#include "base/mem.h"
#include "store/internal.h"
#include <stdio.h>

#define PUT_AT_ONCE 8

/* All of them at once, as most are new. 1: one isn't, and nothing is put. */
static int copy_blobs(
	struct store *s, const struct store_blob *v, size_t n, bool durable, struct err *err)
{
	struct sql_val *row = xcalloc(3 * n, sizeof(*row));
	struct sql_one now = { 0 };
	int rc, copied = -1;

	if (txn_begin_row(s, durable, err) < 0) {
		free(row);
		return -1;
	}
	rc = sql_run(s, "SELECT thresh_now()", NULL, 0, sql_keep_int, &now, err);
	for (size_t i = 0; i < n; i++) {
		row[3 * i] = sql_text(v[i].sha1);
		row[3 * i + 1] = sql_bytes(v[i].p ? v[i].p : "", v[i].n);
		row[3 * i + 2] = sql_int(now.i);
	}
	if (rc == 0)
		copied = s->be->copy(s->db, "blob (sha1, bytes, made_ms)", row, n, 3, err);
	free(row);
	rc = txn_end(s, copied == 0 ? 0 : -1, err);
	return copied == 1 ? 1 : rc;
}

/* Rows of a few at a time: each statement is a way to the server and back. */
static int put_blobs(
	struct store *s, const struct store_blob *v, size_t n, bool durable, struct err *err)
{
	struct sql_val args[2 * PUT_AT_ONCE];
	int rc = 0;

	if (txn_begin_row(s, durable, err) < 0)
		return -1;
	for (size_t at = 0; rc == 0 && at < n; at += PUT_AT_ONCE) {
		for (size_t i = 0; i < PUT_AT_ONCE; i++) {
			bool any = at + i < n;

			args[2 * i] = sql_text(any ? v[at + i].sha1 : NULL);
			args[2 * i + 1] =
				any ? sql_bytes(v[at + i].p ? v[at + i].p : "", v[at + i].n)
				    : sql_text(NULL);
		}
		rc = SQL_RUN(s,
			"INSERT INTO blob (sha1, bytes, made_ms) SELECT column1, column2,"
			" thresh_now() FROM (VALUES"
			" ($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12),"
			" ($13, $14), ($15, $16)) AS v WHERE column1 IS NOT NULL"
			" ON CONFLICT (sha1) DO UPDATE SET made_ms = excluded.made_ms"
			" WHERE blob.made_ms < excluded.made_ms - " STORE_NAMING_MS,
			args, NULL, NULL, err);
	}
	return txn_end(s, rc, err);
}

int store_blobs_put(
	struct store *s, const struct store_blob *v, size_t n, bool durable, struct err *err)
{
	int rc = 1;

	if (!n)
		return 0;
	if (s->be->copy && n > PUT_AT_ONCE && !s->depth)
		rc = copy_blobs(s, v, n, durable, err);
	return rc == 1 ? put_blobs(s, v, n, durable, err) : rc;
}

int store_blob_put(
	struct store *s, const char *sha1, const void *p, size_t n, bool durable, struct err *err)
{
	const struct store_blob one = { sha1, p, n };

	return store_blobs_put(s, &one, 1, durable, err);
}

/* Bytes that are what their name says; NULL: they aren't, or there are none. */
static const char *as_named(struct strv bytes, const char *sha1)
{
	char hex[SHA1_HEX];

	if (!bytes.s)
		return NULL;
	hash_sha1(bytes.s, bytes.len, hex);
	return strcmp(hex, sha1) == 0 ? bytes.s : NULL;
}

struct giving {
	store_blob_fn fn;
	void *arg;
};

static int one_blob(void *arg, const struct sql_val *c, size_t n)
{
	const struct giving *g = arg;
	char *sha1 = col_input(&c[0], "blob");
	int rc = 0;

	(void)n;
	if (sha1 && *sha1)
		rc = g->fn(g->arg, sha1, as_named(c[1].s, sha1), c[1].s.len);
	free(sha1);
	return rc;
}

int store_blobs_get(struct store *s, const char *const *names, size_t n, store_blob_fn fn,
	void *arg, struct err *err)
{
	struct giving g = { fn, arg };
	struct sql_val args[STORE_BLOBS_MAX];

	if (n > STORE_BLOBS_MAX)
		BUG("%zu blobs at once", n);
	for (size_t i = 0; i < STORE_BLOBS_MAX; i++)
		args[i] = sql_text(i < n ? names[i] : NULL);
	return SQL_RUN(s,
		"SELECT sha1, bytes FROM blob WHERE sha1 IN ($1, $2, $3, $4, $5, $6, $7, $8, $9,"
		" $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,"
		" $26, $27, $28, $29, $30, $31, $32)",
		args, one_blob, &g, err);
}

struct wanted {
	struct buf *out;
	bool found, bad;
};

static int keep_blob(void *arg, const char *sha1, const char *p, size_t n)
{
	struct wanted *w = arg;

	(void)sha1;
	w->found = true;
	w->bad = !p;
	if (p)
		buf_add(w->out, p, n);
	return 1;
}

int store_blob_get(struct store *s, const char *sha1, struct buf *out, struct err *err)
{
	struct wanted w = { .out = out };

	buf_reset(out);
	if (store_blobs_get(s, &sha1, 1, keep_blob, &w, err) < 0)
		return -1;
	if (w.bad)
		return err_set(err,
			"%s: its bytes in the store don't have this SHA-1: damaged, or put there "
			"by somebody else; nothing is done with them",
			sha1);
	return w.found ? 0 : 1;
}

static int add_found(void *arg, const struct sql_val *c, size_t n)
{
	(void)n;
	strlist_add_take(arg, col_need(&c[0], "blob"));
	return 0;
}

size_t names_bind(struct sql_val *args, const struct strlist *names, size_t at)
{
	size_t n = MIN(names->n - at, (size_t)NAMES_AT_ONCE);

	for (size_t i = 0; i < NAMES_AT_ONCE; i++)
		args[1 + i] = sql_text(i < n ? names->v[at + i] : NULL);
	return n;
}

int store_blobs_lacking(
	struct store *s, const struct strlist *names, struct strlist *lacking, struct err *err)
{
	struct sql_val args[1 + NAMES_AT_ONCE] = { sql_int(0) };
	struct strlist found = STRLIST_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < names->n;) {
		i += names_bind(args, names, i);
		rc = SQL_RUN(s,
			"UPDATE blob SET made_ms = thresh_now() WHERE $1 = 0 AND sha1 IN " NAMES
			" AND made_ms < thresh_now() - " STORE_NAMING_MS,
			args, NULL, NULL, err);
		if (rc == 0)
			rc = SQL_RUN(s, "SELECT sha1 FROM blob WHERE $1 = 0 AND sha1 IN " NAMES,
				args, add_found, &found, err);
	}
	strlist_sort(&found);
	for (size_t i = 0; rc == 0 && i < names->n; i++)
		if (!strlist_has_sorted(&found, names->v[i]))
			strlist_add(lacking, names->v[i]);
	strlist_release(&found);
	return rc;
}

int names_change(struct store *s, const char *sql, const char *harness, const struct strlist *names,
	struct err *err)
{
	struct sql_val args[1 + NAMES_AT_ONCE] = { sql_str(harness) };
	int rc = 0;

	if (!names->n)
		return 0;
	if (txn_begin(s, false, err) < 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < names->n;) {
		i += names_bind(args, names, i);
		rc = SQL_RUN(s, sql, args, NULL, NULL, err);
	}
	return txn_end(s, rc, err);
}

#define NEXT "(SELECT COALESCE(MAX(change), 0) + 1 FROM corpus WHERE harness = $1)"

int store_corpus_add(
	struct store *s, const char *harness, const struct strlist *names, struct err *err)
{
	return names_change(s,
		"INSERT INTO corpus (harness, sha1, change) SELECT $1, sha1, " NEXT
		" FROM blob WHERE sha1 IN " NAMES " ON CONFLICT (harness, sha1) DO NOTHING",
		harness, names, err);
}

int store_corpus_drop(
	struct store *s, const char *harness, const struct strlist *names, struct err *err)
{
	/* they stay for a year from now */
	if (names_change(s,
		    "UPDATE blob SET made_ms = thresh_now() WHERE sha1 IN (SELECT sha1 FROM corpus"
		    " WHERE harness = $1 AND gone = 0 AND sha1 IN " NAMES ")",
		    harness, names, err) < 0)
		return -1;
	return names_change(s,
		"UPDATE corpus SET gone = 1, change = " NEXT
		" WHERE harness = $1 AND gone = 0 AND sha1 IN " NAMES,
		harness, names, err);
}

int store_corpus_revive(
	struct store *s, const char *harness, const struct strlist *names, struct err *err)
{
	return names_change(s,
		"UPDATE corpus SET gone = 0, change = " NEXT
		" WHERE harness = $1 AND gone = 1 AND sha1 IN " NAMES,
		harness, names, err);
}

/* Pages of so many rows, so that a whole corpus never is in memory; no bytes longer than that. */
#define PAGE "256"
#define PAGE_ROWS 256
#define SHORT "16384"

struct changes {
	store_corpus_fn fn;
	void *arg;
	int64_t change; /* of the last row, and its name */
	char sha1[SHA1_HEX];
	size_t rows;
	bool ended;
};

static int one_change(void *arg, const struct sql_val *c, size_t n)
{
	struct changes *g = arg;
	char *sha1 = col_input(&c[0], "corpus");
	struct strv bytes = n > 3 ? c[3].s : strv_n(NULL, 0);

	g->rows++;
	if (sha1 && *sha1) {
		g->change = c[1].i;
		snprintf(g->sha1, sizeof(g->sha1), "%s", sha1);
		/* what isn't what its name says is told by who asks for it */
		g->ended = g->fn(g->arg, sha1, c[1].i, c[2].i != 0, as_named(bytes, sha1),
				   bytes.len) != 0;
	}
	free(sha1);
	return g->ended;
}

int store_corpus_since(struct store *s, const char *harness, int64_t change, bool bytes,
	store_corpus_fn fn, void *arg, struct err *err)
{
	/* behind all names of that change, by any language's order */
	struct changes g = { .fn = fn, .arg = arg, .change = change, .sha1 = "g" };
	int rc = 0;

	if (!bytes) {
		const struct sql_val args[] = { sql_str(harness), sql_int(change) };

		return SQL_RUN(s,
			"SELECT sha1, change, gone FROM corpus WHERE harness = $1 AND change > $2"
			" ORDER BY change, sha1",
			args, one_change, &g, err);
	}
	do {
		const struct sql_val args[] = { sql_str(harness), sql_int(g.change),
			sql_text(g.sha1) };

		g.rows = 0;
		rc = SQL_RUN(s,
			"SELECT c.sha1, change, gone, CASE WHEN gone = 0 AND length(bytes) "
			"<= " SHORT
			" THEN bytes END FROM corpus c LEFT JOIN blob b ON b.sha1 = c.sha1"
			" WHERE harness = $1 AND change >= $2 AND (change > $2 OR c.sha1 > $3)"
			" ORDER BY change, c.sha1 LIMIT " PAGE,
			args, one_change, &g, err);
	} while (rc == 0 && !g.ended && g.rows == PAGE_ROWS);
	return rc;
}

int store_corpus_count(struct store *s, const char *harness, uint64_t *n, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness) };
	struct sql_one one = { 0 };
	int rc = SQL_RUN(s, "SELECT count(*) FROM corpus WHERE harness = $1 AND gone = 0", args,
		sql_keep_int, &one, err);

	*n = one.i > 0 ? (uint64_t)one.i : 0;
	return rc;
}
