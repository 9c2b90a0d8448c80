/*
 * Bugs and their aliases. An id once given stays valid for ever: merging and new signature rules leave an alias
 * behind. The number of findings is counted when asked, so no kill can leave it wrong.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/mem.h"
#include "store/internal.h"

#define ID_LEN 16
#define PREFIX_MIN 4
#define AMBIGUOUS_SHOWN 5
#define BUG_COLS                                                                               \
	"id, signature, sig_text, rule, harness, kind, family, title, state, why, until_ms, "  \
	"security, severity, frames, input, size, minimized, k, n, first_ms, last_ms, kinds, " \
	"variant, (SELECT count(*) FROM finding WHERE finding.bug = bug.id), "                 \
	"(SELECT count(*) FROM site WHERE site.bug = bug.id)"

static int read_bug(void *arg, const struct sql_val *c, size_t n)
{
	struct bug_rec *b = arg;

	(void)n;
	*b = (struct bug_rec){
		.id = col_id(&c[0], "bug"),
		.signature = col_need(&c[1], "bug"),
		.sig_text = col_need(&c[2], "bug"),
		.rule = (int)c[3].i,
		.harness = col_need(&c[4], "bug"),
		.kind = col_need(&c[5], "bug"),
		.family = col_need(&c[6], "bug"),
		.title = col_need(&c[7], "bug"),
		.state = (enum bug_state)col_range(&c[8], BUG_OPEN, BUG_IGNORED, "bug"),
		.why = col_str(&c[9]),
		.until_ms = col_uint(&c[10]),
		.security = col_range(&c[11], -1, 1, "bug"),
		.severity = col_range(&c[12], 0, 4, "bug"),
		.frames = col_need(&c[13], "bug"),
		.input = col_input(&c[14], "bug"),
		.size = col_uint(&c[15]),
		.minimized = c[16].i != 0,
		.k = (unsigned)c[17].i,
		.n = (unsigned)c[18].i,
		.first_ms = col_uint(&c[19]),
		.last_ms = col_uint(&c[20]),
		.kinds = col_need(&c[21], "bug"),
		.variant = col_str(&c[22]),
		.findings = col_uint(&c[23]),
		.sites = col_uint(&c[24]),
	};
	if (!b->id)
		bug_rec_release(b);
	return 1;
}

static bool is_id(const char *s)
{
	size_t n = strlen(s);

	return n == ID_LEN && strspn(s, "0123456789abcdef") == n;
}

char *bug_canonical(struct store *s, const char *id, struct err *err)
{
	const struct sql_val args[] = { sql_text(id) };
	struct sql_one one = { 0 };

	if (SQL_RUN(s, "SELECT bug FROM alias WHERE old = $1", args, sql_keep_str, &one, err) < 0) {
		free(one.str);
		return NULL;
	}
	return one.found ? one.str : xstrdup(id);
}

static bool list_has(struct strv list, struct strv word)
{
	struct strv part;

	while (strv_split(&list, ',', &part))
		if (strv_eq(part, word))
			return true;
	return false;
}

/* Add the words of `more` (',' between) that `list` lacks, in their order. */
static void merge_words(struct buf *list, const char *more)
{
	struct strv rest = strv_of(more), part;

	while (strv_split(&rest, ',', &part)) {
		if (!part.len || list_has(strv_n(buf_str(list), list->len), part))
			continue;
		if (list->len)
			buf_addch(list, ',');
		buf_addv(list, part);
	}
}

static int load_bug(struct store *s, const char *id, struct bug_rec *out, struct err *err)
{
	const struct sql_val args[] = { sql_text(id) };

	*out = (struct bug_rec){ 0 };
	return SQL_RUN(s, "SELECT " BUG_COLS " FROM bug WHERE id = $1", args, read_bug, out, err);
}

static int write_bug(struct store *s, const char *id, const struct bug_rec *b, uint64_t last_ms,
	const char *kinds, struct err *err)
{
	const struct sql_val args[] = { sql_text(id), sql_str(b->signature), sql_str(b->sig_text),
		sql_int(b->rule), sql_str(b->harness), sql_str(b->kind), sql_str(b->family),
		sql_str(b->title), sql_int(b->state), sql_text(b->why), sql_uint(b->until_ms),
		sql_int(b->security), sql_int(b->severity), sql_str(b->frames), sql_text(b->input),
		sql_uint(b->size), sql_int(b->minimized), sql_int(b->k), sql_int(b->n),
		sql_uint(b->first_ms), sql_uint(last_ms), sql_str(kinds), sql_text(b->variant) };

	return SQL_RUN(s,
		"INSERT INTO bug (id, signature, sig_text, rule, harness, kind, family, title,"
		" state, why, until_ms, security, severity, frames, input, size, minimized, k, n,"
		" first_ms, last_ms, kinds, variant)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17, $18, $19, $20, $21, $22, $23)"
		" ON CONFLICT (id) DO UPDATE SET signature = excluded.signature,"
		" sig_text = excluded.sig_text, rule = excluded.rule, harness = excluded.harness,"
		" kind = excluded.kind, family = excluded.family, title = excluded.title,"
		" state = excluded.state, why = excluded.why, until_ms = excluded.until_ms,"
		" security = excluded.security, severity = excluded.severity,"
		" frames = excluded.frames, input = excluded.input, size = excluded.size,"
		" minimized = excluded.minimized, k = excluded.k, n = excluded.n,"
		" last_ms = excluded.last_ms, kinds = excluded.kinds, variant = excluded.variant",
		args, NULL, NULL, err);
}

static int put(struct store *s, const struct bug_rec *b, bool *is_new, struct err *err)
{
	struct buf kinds = BUF_INIT;
	struct bug_rec old = { 0 };
	char *id = bug_canonical(s, b->id, err);
	int rc = -1;

	if (!id || load_bug(s, id, &old, err) < 0)
		goto out;
	merge_words(&kinds, old.kinds);
	merge_words(&kinds, b->kinds);
	merge_words(&kinds, b->kind);
	rc = write_bug(s, id, b, MAX(b->last_ms, old.last_ms), buf_str(&kinds), err);
	if (rc == 0 && is_new)
		*is_new = !old.id;
out:
	bug_rec_release(&old);
	buf_release(&kinds);
	free(id);
	return rc;
}

int store_bug_put(struct store *s, const struct bug_rec *b, bool *is_new, struct err *err)
{
	if (!b->id || !is_id(b->id))
		return err_set(err, "bug '%s': an id is 16 hex digits", b->id ? b->id : "");
	if (txn_begin(s, false, err) < 0)
		return -1;
	return txn_end(s, put(s, b, is_new, err), err);
}

int store_bug_set_state(struct store *s, const char *id, enum bug_state state, const char *why,
	uint64_t until_ms, struct err *err)
{
	char *full = bug_canonical(s, id, err);
	struct sql_one one = { 0 };
	int rc = full && txn_begin(s, false, err) == 0 ? 0 : -1;

	if (rc == 0) {
		const struct sql_val args[] = { sql_text(full), sql_int(state), sql_text(why),
			sql_uint(until_ms) };

		rc = SQL_RUN(s,
			"UPDATE bug SET state = $2, why = $3, until_ms = $4 WHERE id = $1 "
			"RETURNING 1",
			args, sql_keep_int, &one, err);
		rc = txn_end(s, rc, err);
	}
	free(full);
	return rc < 0 ? -1 : !one.found;
}

static int seen(
	struct store *s, const char *id, const char *kind, uint64_t last_ms, struct err *err)
{
	struct bug_rec b = { 0 };
	struct buf kinds = BUF_INIT;
	int rc = load_bug(s, id, &b, err);

	if (rc == 0 && b.id) {
		merge_words(&kinds, b.kinds);
		merge_words(&kinds, kind);
		const struct sql_val args[] = { sql_text(id), sql_str(buf_str(&kinds)),
			sql_uint(MAX(last_ms, b.last_ms)) };

		rc = SQL_RUN(s, "UPDATE bug SET kinds = $2, last_ms = $3 WHERE id = $1", args, NULL,
			NULL, err);
	} else if (rc == 0) {
		rc = 1;
	}
	bug_rec_release(&b);
	buf_release(&kinds);
	return rc;
}

int store_bug_seen(
	struct store *s, const char *id, const char *kind, uint64_t last_ms, struct err *err)
{
	char *full = bug_canonical(s, id, err);
	int rc = full && txn_begin(s, false, err) == 0 ? 0 : -1;

	if (rc == 0)
		rc = txn_end(s, seen(s, full, kind, last_ms, err), err);
	free(full);
	return rc;
}

struct matches {
	char *v[AMBIGUOUS_SHOWN + 1];
	size_t n;
};

static int add_match(void *arg, const struct sql_val *c, size_t n)
{
	struct matches *m = arg;

	(void)n;
	m->v[m->n++] = col_need(&c[0], "bug");
	return m->n == ARRAY_LEN(m->v);
}

/* The one bug whose id, or an alias of which, starts with prefix. 0 with *id, 1 none, -1. */
static int by_prefix(struct store *s, const char *prefix, char **id, struct err *err)
{
	const struct sql_val args[] = { sql_text(prefix), sql_int((int64_t)strlen(prefix)) };
	struct matches m = { 0 };
	struct buf list = BUF_INIT;
	int rc = SQL_RUN(s,
		"SELECT id FROM bug WHERE substr(id, 1, CAST($2 AS INTEGER)) = $1"
		" UNION SELECT bug FROM alias WHERE substr(old, 1, CAST($2 AS INTEGER)) = $1"
		" ORDER BY 1",
		args, add_match, &m, err);

	if (rc == 0 && m.n > 1) {
		for (size_t i = 0; i < m.n && i < AMBIGUOUS_SHOWN; i++)
			buf_addf(&list, "%s%s", i ? ", " : "", m.v[i]);
		rc = err_usage(err, "bug '%s': stands for more than one: %s%s", prefix,
			buf_str(&list), m.n > AMBIGUOUS_SHOWN ? ", ..." : "");
	}
	if (rc == 0 && m.n == 0)
		rc = 1;
	if (rc == 0) {
		*id = m.v[0];
		m.v[0] = NULL;
	}
	for (size_t i = 0; i < m.n; i++)
		free(m.v[i]);
	buf_release(&list);
	return rc;
}

static int get_one(struct store *s, const char *id, struct bug_rec *out, struct err *err)
{
	char *full = bug_canonical(s, id, err);
	int rc = full ? load_bug(s, full, out, err) : -1;

	free(full);
	if (rc < 0)
		bug_rec_release(out);
	return rc < 0 ? -1 : (out->id ? 0 : 1);
}

int store_bug_get(struct store *s, const char *id, struct bug_rec *out, struct err *err)
{
	size_t len = id ? strlen(id) : 0;
	char *low, *full = NULL;
	int rc;

	*out = (struct bug_rec){ 0 };
	if (!id)
		return 1;
	if (len > ID_LEN || strspn(id, "0123456789abcdefABCDEF") != len)
		return 1;
	if (len < PREFIX_MIN)
		return err_usage(err, "bug '%s': give at least %d digits", id, PREFIX_MIN);
	low = xstrdup(id);
	for (char *p = low; *p; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p - 'A' + 'a');
	rc = len == ID_LEN ? 0 : by_prefix(s, low, &full, err);
	if (rc == 0)
		rc = get_one(s, full ? full : low, out, err);
	free(full);
	free(low);
	return rc;
}

int store_bug_by_signature(
	struct store *s, const char *signature, struct bug_rec *out, struct err *err)
{
	const struct sql_val args[] = { sql_text(signature) };

	*out = (struct bug_rec){ 0 };
	if (SQL_RUN(s,
		    "SELECT " BUG_COLS " FROM bug WHERE signature = $1 ORDER BY first_ms, id"
		    " LIMIT 1",
		    args, read_bug, out, err) < 0)
		return -1;
	return out->id ? 0 : get_one(s, signature, out, err);
}

struct bug_list {
	struct bug_rec *v;
	size_t n, cap;
};

static int add_bug(void *arg, const struct sql_val *c, size_t n)
{
	struct bug_list *l = arg;

	GROW(l->v, l->n, l->cap);
	read_bug(&l->v[l->n], c, n);
	l->n += l->v[l->n].id != NULL;
	return 0;
}

int store_bugs(struct store *s, store_bug_fn fn, void *arg, struct err *err)
{
	struct bug_list l = { 0 };
	bool stop = false;
	int rc = sql_run(s, "SELECT " BUG_COLS " FROM bug ORDER BY severity DESC, first_ms, id",
		NULL, 0, add_bug, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		bug_rec_release(&l.v[i]);
	}
	free(l.v);
	return rc;
}

/* The bug shows what its leading site shows; one without a site stays as it is. */
int bug_lead(struct store *s, const char *bug, struct err *err)
{
	const struct sql_val args[] = { sql_text(bug) };

	return SQL_RUN(s,
		"UPDATE bug SET (signature, harness, kind, family, title, security, severity, "
		"frames,"
		" input, variant, size, minimized, k, n)"
		" = (SELECT home, harness, kind, family, title, security, severity, frames, input,"
		" variant, size, minimized, k, n FROM site WHERE bug = $1 " SITE_LEADING " LIMIT 1)"
		" WHERE id = $1 AND EXISTS (SELECT 1 FROM site WHERE bug = $1)",
		args, NULL, NULL, err);
}

/* What the bug `old` knew goes to the bug `id`; its row ends. */
static int absorb(struct store *s, const struct bug_rec *old, const char *id, struct err *err)
{
	const struct sql_val move[] = { sql_text(old->id), sql_text(id) };
	const struct sql_val drop[] = { sql_text(old->id) };
	struct bug_rec into = { 0 };
	struct buf kinds = BUF_INIT;
	int rc = load_bug(s, id, &into, err);

	if (rc == 0) {
		merge_words(&kinds, into.kinds);
		merge_words(&kinds, old->kinds);
		const struct sql_val args[] = { sql_text(id), sql_str(buf_str(&kinds)),
			sql_uint(MIN(old->first_ms, into.first_ms)),
			sql_uint(MAX(old->last_ms, into.last_ms)) };

		rc = SQL_RUN(s,
			"UPDATE bug SET kinds = $2, first_ms = $3, last_ms = $4 WHERE id = $1",
			args, NULL, NULL, err);
	}
	if (rc == 0)
		rc = SQL_RUN(
			s, "UPDATE finding SET bug = $2 WHERE bug = $1", move, NULL, NULL, err);
	if (rc == 0)
		rc = SQL_RUN(s, "UPDATE site SET bug = $2 WHERE bug = $1", move, NULL, NULL, err);
	if (rc == 0)
		rc = SQL_RUN(s, "UPDATE alias SET bug = $2 WHERE bug = $1", move, NULL, NULL, err);
	if (rc == 0)
		rc = SQL_RUN(s, "DELETE FROM bug WHERE id = $1", drop, NULL, NULL, err);
	if (rc == 0)
		rc = bug_lead(s, id, err);
	bug_rec_release(&into);
	buf_release(&kinds);
	return rc;
}

static int make_alias(struct store *s, const char *old, const char *id, struct err *err)
{
	const struct sql_val args[] = { sql_text(old), sql_text(id) };
	struct bug_rec gone = { 0 }, into = { 0 };
	int rc = -1;

	if (load_bug(s, id, &into, err) < 0 || load_bug(s, old, &gone, err) < 0)
		goto out;
	if (!into.id) {
		err_set(err, "bug %s: not in the store", id);
		goto out;
	}
	if (gone.id && absorb(s, &gone, id, err) < 0)
		goto out;
	rc = SQL_RUN(s,
		"INSERT INTO alias (old, bug) VALUES ($1, $2)"
		" ON CONFLICT (old) DO UPDATE SET bug = excluded.bug",
		args, NULL, NULL, err);
out:
	bug_rec_release(&gone);
	bug_rec_release(&into);
	return rc;
}

int store_bug_alias(struct store *s, const char *old, const char *id, struct err *err)
{
	char *full;
	int rc;

	if (!is_id(old))
		return err_set(err, "bug '%s': an id is 16 hex digits", old);
	if (txn_begin(s, false, err) < 0)
		return -1;
	full = bug_canonical(s, id, err);
	rc = !full ? -1 : strcmp(full, old) == 0 ? 0 : make_alias(s, old, full, err);
	free(full);
	return txn_end(s, rc, err);
}

int store_bug_unalias(struct store *s, const char *old, struct err *err)
{
	const struct sql_val args[] = { sql_text(old) };
	struct sql_one one = { 0 };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"UPDATE finding SET bug = NULL, state = 0 WHERE signature = $1"
		" AND bug = (SELECT bug FROM alias WHERE old = $1)",
		args, NULL, NULL, err);
	if (rc == 0)
		rc = SQL_RUN(s, "DELETE FROM alias WHERE old = $1 RETURNING 1", args, sql_keep_int,
			&one, err);
	rc = txn_end(s, rc, err);
	return rc < 0 ? -1 : (one.found ? 0 : 1);
}
