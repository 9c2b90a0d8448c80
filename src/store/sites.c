/*
 * Sites and their keys. The columns that a bug shares with its leading site are copied there by one statement behind each
 * change, so that who lists bugs reads one table, and no two writers can leave half of one site and half of another.
 */
#include "base/prelude.h"
#include "store/sites.h"
#include "base/mem.h"
#include "store/internal.h"

#define SITE_COLS                                                                               \
	"id, bug, home, text, rule, harness, kind, family, title, security, severity, frames, " \
	"input, variant, size, minimized, k, n, gone, first_ms, last_ms"
static int read_site(void *arg, const struct sql_val *c, size_t n)
{
	struct site_rec *r = arg;

	(void)n;
	*r = (struct site_rec){
		.id = col_id(&c[0], "site"),
		.bug = col_id(&c[1], "site"),
		.home = col_need(&c[2], "site"),
		.text = col_need(&c[3], "site"),
		.rule = (int)c[4].i,
		.harness = col_need(&c[5], "site"),
		.kind = col_need(&c[6], "site"),
		.family = col_need(&c[7], "site"),
		.title = col_need(&c[8], "site"),
		.security = col_range(&c[9], -1, 1, "site"),
		.severity = col_range(&c[10], 0, 4, "site"),
		.frames = col_need(&c[11], "site"),
		.input = col_input(&c[12], "site"),
		.variant = col_str(&c[13]),
		.size = col_uint(&c[14]),
		.minimized = c[15].i != 0,
		.k = (unsigned)c[16].i,
		.n = (unsigned)c[17].i,
		.gone = c[18].i != 0,
		.first_ms = col_uint(&c[19]),
		.last_ms = col_uint(&c[20]),
	};
	if (!r->id || !r->bug)
		site_rec_release(r);
	return 1;
}

int store_site_get(struct store *s, const char *id, struct site_rec *out, struct err *err)
{
	const struct sql_val args[] = { sql_text(id) };

	*out = (struct site_rec){ 0 };
	if (SQL_RUN(s, "SELECT " SITE_COLS " FROM site WHERE id = $1", args, read_site, out, err) <
		0) {
		site_rec_release(out);
		return -1;
	}
	return out->id ? 0 : 1;
}

struct site_list {
	struct site_rec *v;
	size_t n, cap;
};

static int add_site(void *arg, const struct sql_val *c, size_t n)
{
	struct site_list *l = arg;

	GROW(l->v, l->n, l->cap);
	read_site(&l->v[l->n], c, n);
	l->n += l->v[l->n].id != NULL;
	return 0;
}

int store_sites(struct store *s, const char *bug, store_site_fn fn, void *arg, struct err *err)
{
	struct site_list l = { 0 };
	bool stop = false;
	char *id = bug ? bug_canonical(s, bug, err) : NULL;
	const struct sql_val args[] = { sql_text(id) };
	int rc = -1;

	if (!bug)
		rc = sql_run(s,
			"SELECT " SITE_COLS
			" FROM site ORDER BY bug, gone, severity DESC, first_ms, id",
			NULL, 0, add_site, &l, err);
	else if (id)
		rc = SQL_RUN(s, "SELECT " SITE_COLS " FROM site WHERE bug = $1 " SITE_LEADING, args,
			add_site, &l, err);
	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		site_rec_release(&l.v[i]);
	}
	free(l.v);
	free(id);
	return rc;
}

static int lead_of_site(struct store *s, const char *site, struct err *err)
{
	const struct sql_val args[] = { sql_text(site) };
	struct sql_one one = { 0 };
	int rc = SQL_RUN(s, "SELECT bug FROM site WHERE id = $1", args, sql_keep_str, &one, err);

	if (rc == 0)
		rc = one.found ? bug_lead(s, one.str, err) : 1;
	free(one.str);
	return rc;
}

static int put_keys(struct store *s, const char *site, const struct site_key_rec *keys, size_t n,
	struct err *err)
{
	const struct sql_val old[] = { sql_text(site) };
	int rc = SQL_RUN(s, "DELETE FROM site_key WHERE site = $1", old, NULL, NULL, err);

	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct sql_val args[] = { sql_text(site), sql_text(keys[i].key),
			sql_str(keys[i].rule), sql_str(keys[i].text) };

		rc = SQL_RUN(s,
			"INSERT INTO site_key (site, key, rule, text) VALUES ($1, $2, $3, $4)"
			" ON CONFLICT (site, key) DO NOTHING",
			args, NULL, NULL, err);
	}
	return rc;
}

static int put(struct store *s, const struct site_rec *r, const char *bug,
	const struct site_key_rec *keys, size_t n, bool *is_new, struct err *err)
{
	struct site_rec old;
	int rc = store_site_get(s, r->id, &old, err);
	const struct sql_val args[] = { sql_text(r->id), sql_text(bug), sql_str(r->home),
		sql_str(r->text), sql_int(r->rule), sql_str(r->harness), sql_str(r->kind),
		sql_str(r->family), sql_str(r->title), sql_int(r->security), sql_int(r->severity),
		sql_str(r->frames), sql_text(r->input), sql_text(r->variant), sql_uint(r->size),
		sql_int(r->minimized), sql_int(r->k), sql_int(r->n), sql_uint(r->first_ms),
		sql_uint(MAX(r->last_ms, old.last_ms)) };

	if (rc < 0)
		return -1;
	if (is_new)
		*is_new = rc == 1;
	rc = SQL_RUN(s,
		"INSERT INTO site (id, bug, home, text, rule, harness, kind, family, title, "
		"security,"
		" severity, frames, input, variant, size, minimized, k, n, first_ms, last_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
		"$17,"
		" $18, $19, $20)"
		" ON CONFLICT (id) DO UPDATE SET bug = excluded.bug, home = excluded.home,"
		" rule = excluded.rule, last_ms = excluded.last_ms, gone = 0",
		args, NULL, NULL, err);
	if (rc == 0)
		rc = put_keys(s, r->id, keys, n, err);
	if (rc == 0)
		rc = bug_lead(s, bug, err);
	if (rc == 0 && old.bug && strcmp(old.bug, bug) != 0)
		rc = bug_lead(s, old.bug, err);
	site_rec_release(&old);
	return rc;
}

int store_site_put(struct store *s, const struct site_rec *r, const struct site_key_rec *keys,
	size_t n, bool *is_new, struct err *err)
{
	char *bug;
	int rc = -1;

	if (txn_begin(s, false, err) < 0)
		return -1;
	bug = bug_canonical(s, r->bug, err);
	if (bug)
		rc = put(s, r, bug, keys, n, is_new, err);
	free(bug);
	return txn_end(s, rc, err);
}

/*
 * One statement on one site, then what its bug shows: in one transaction, so that nobody reads a bug that leads by what its
 * site no longer is. Whether a row was it is asked by RETURNING, in the same breath as the change, not before. 1: no row was.
 */
static int change(struct store *s, const char *id, const char *sql, const struct sql_val *args,
	size_t n, struct err *err)
{
	struct sql_one one = { 0 };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = sql_run(s, sql, args, n, sql_keep_int, &one, err);
	if (rc == 0 && one.found)
		rc = lead_of_site(s, id, err);
	rc = txn_end(s, rc, err);
	return rc < 0 ? -1 : !one.found;
}

int store_site_reproducer(
	struct store *s, const char *id, const char *was, const struct site_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_text(id), sql_str(r->harness), sql_str(r->kind),
		sql_str(r->title), sql_int(r->security), sql_int(r->severity), sql_str(r->frames),
		sql_text(r->input), sql_text(r->variant), sql_uint(r->size), sql_int(r->minimized),
		sql_int(r->k), sql_int(r->n), sql_str(was) };

	return change(s, id,
		"UPDATE site SET harness = $2, kind = $3, title = $4, security = $5, severity = $6,"
		" frames = $7, input = $8, variant = $9, size = $10, minimized = $11, k = $12, n = "
		"$13,"
		" gone = 0 WHERE id = $1 AND ($14 = '' OR input = $14) RETURNING 1",
		args, ARRAY_LEN(args), err);
}

int store_site_minimized(struct store *s, const char *id, bool minimized, struct err *err)
{
	const struct sql_val args[] = { sql_text(id), sql_int(minimized) };

	return change(s, id, "UPDATE site SET minimized = $2 WHERE id = $1 RETURNING 1", args,
		ARRAY_LEN(args), err);
}

int store_site_odds(struct store *s, const char *id, unsigned k, unsigned n, struct err *err)
{
	const struct sql_val args[] = { sql_text(id), sql_int(k), sql_int(n) };

	return change(s, id, "UPDATE site SET k = $2, n = $3 WHERE id = $1 RETURNING 1", args,
		ARRAY_LEN(args), err);
}

int store_site_gone(struct store *s, const char *id, bool gone, struct err *err)
{
	const struct sql_val args[] = { sql_text(id), sql_int(gone) };

	return change(s, id, "UPDATE site SET gone = $2 WHERE id = $1 RETURNING 1", args,
		ARRAY_LEN(args), err);
}

int store_site_rename(struct store *s, const char *id, const struct site_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_text(id), sql_text(r->id), sql_str(r->text),
		sql_int(r->rule), sql_str(r->home) };
	const struct sql_val move[] = { sql_text(id), sql_text(r->id) };
	struct site_rec there;
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = store_site_get(s, r->id, &there, err);
	site_rec_release(&there);
	if (rc == 1)
		rc = SQL_RUN(s,
			"UPDATE site SET id = $2, text = $3, rule = $4, home = $5 WHERE id = $1",
			args, NULL, NULL, err);
	else if (rc == 0)
		return txn_end(s, 0, err) < 0 ? -1 : 1;
	if (rc == 0)
		rc = SQL_RUN(
			s, "UPDATE finding SET site = $2 WHERE site = $1", move, NULL, NULL, err);
	return txn_end(s, rc, err);
}

int store_site_absorb(struct store *s, const char *id, const char *into, struct err *err)
{
	const struct sql_val move[] = { sql_text(id), sql_text(into) };
	const struct sql_val drop[] = { sql_text(id) };
	struct site_rec old;
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = store_site_get(s, id, &old, err);
	if (rc == 0)
		rc = SQL_RUN(
			s, "UPDATE finding SET site = $2 WHERE site = $1", move, NULL, NULL, err);
	if (rc == 0)
		rc = SQL_RUN(s, "DELETE FROM site WHERE id = $1", drop, NULL, NULL, err);
	if (rc == 0)
		rc = bug_lead(s, old.bug, err);
	site_rec_release(&old);
	return txn_end(s, rc < 0 ? -1 : 0, err);
}

static int add_id(void *arg, const struct sql_val *c, size_t n)
{
	struct strlist *ids = arg;
	char *id = col_need(&c[0], "site");

	(void)n;
	strlist_add_once(ids, id);
	free(id);
	return 0;
}

int store_bugs_by_keys(struct store *s, const struct site_key_rec *keys, size_t n,
	struct strlist *out, struct err *err)
{
	struct strlist found = STRLIST_INIT, ordered = STRLIST_INIT;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct sql_val args[] = { sql_text(keys[i].key) };

		rc = SQL_RUN(s,
			"SELECT bug.id FROM site_key JOIN site ON site.id = site_key.site"
			" JOIN bug ON bug.id = site.bug WHERE site_key.key = $1"
			" ORDER BY bug.first_ms, bug.id",
			args, add_id, &found, err);
	}
	/* each key's are in order; of several keys they are sorted by asking once more */
	if (rc == 0 && found.n > 1) {
		rc = sql_run(s, "SELECT id FROM bug ORDER BY first_ms, id", NULL, 0, add_id,
			&ordered, err);
		for (size_t i = 0; rc == 0 && i < ordered.n; i++)
			if (strlist_has(&found, ordered.v[i]) && !strlist_has(out, ordered.v[i]))
				strlist_add(out, ordered.v[i]);
	} else if (rc == 0 && found.n && !strlist_has(out, found.v[0])) {
		strlist_add(out, found.v[0]);
	}
	strlist_release(&found);
	strlist_release(&ordered);
	return rc;
}

struct two_texts {
	char *rule, *text;
};

static int keep_two(void *arg, const struct sql_val *c, size_t n)
{
	struct two_texts *t = arg;

	(void)n;
	t->rule = col_str(&c[0]);
	t->text = col_str(&c[1]);
	return 1;
}

int store_site_common(
	struct store *s, const char *a, const char *b, char **rule, char **text, struct err *err)
{
	const struct sql_val args[] = { sql_text(a), sql_text(b) };
	struct two_texts t = { NULL, NULL };
	int rc = SQL_RUN(s,
		"SELECT x.rule, x.text FROM site_key x JOIN site_key y ON y.key = x.key"
		" WHERE x.site = $1 AND y.site = $2 ORDER BY x.text LIMIT 1",
		args, keep_two, &t, err);

	*rule = t.rule;
	*text = t.text;
	return rc < 0 ? -1 : !t.rule;
}
