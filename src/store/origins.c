/* Rows of inputs that are gone stay for a while: a cold pack may bring them back. `thresh gc` knows which are in none. */
#include "base/prelude.h"
#include "store/origins.h"
#include "base/mem.h"
#include "store/internal.h"

void origin_rec_release(struct origin_rec *r)
{
	free(r->harness);
	free(r->engine);
	free(r->name);
	*r = (struct origin_rec){ 0 };
}

int store_origin_add(struct store *s, const struct origin_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_str(r->harness), sql_text(r->sha1), sql_str(r->engine),
		sql_int(r->campaign), sql_uint(r->when_ms), sql_str(r->name), sql_text(r->parent) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO origin (harness, sha1, engine, campaign, when_ms, name, parent)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)"
		" ON CONFLICT (harness, sha1) DO NOTHING",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

struct origin_list {
	struct origin_rec *v;
	size_t n, cap;
};

static void keep_sha1(char to[SHA1_HEX], const struct sql_val *c)
{
	if (c->type == SQL_TEXT && c->s.len == SHA1_HEX - 1)
		memcpy(to, c->s.s, SHA1_HEX - 1);
}

static int add_origin(void *arg, const struct sql_val *c, size_t n)
{
	struct origin_list *l = arg;
	struct origin_rec *r;

	(void)n;
	GROW(l->v, l->n, l->cap);
	r = &l->v[l->n++];
	*r = (struct origin_rec){ .harness = col_need(&c[0], "origin"),
		.engine = col_need(&c[2], "origin"),
		.campaign = c[3].i,
		.when_ms = col_uint(&c[4]),
		.name = col_need(&c[5], "origin") };
	keep_sha1(r->sha1, &c[1]);
	keep_sha1(r->parent, &c[6]);
	return 0;
}

#define FIELDS "SELECT harness, sha1, engine, campaign, when_ms, name, parent FROM origin"

/* fn may use the store: all are read before it's called. True: it wants no more. */
static bool give_all(struct origin_list *l, bool calls, store_origin_fn fn, void *arg)
{
	bool stop = !calls;

	for (size_t i = 0; i < l->n; i++) {
		if (!stop && fn(arg, &l->v[i]) != 0)
			stop = true;
		origin_rec_release(&l->v[i]);
	}
	free(l->v);
	*l = (struct origin_list){ 0 };
	return stop;
}

int store_origins_of(struct store *s, const char *harness, const struct strlist *names,
	store_origin_fn fn, void *arg, struct err *err)
{
	struct sql_val args[1 + NAMES_AT_ONCE] = { sql_str(harness) };
	struct origin_list l = { 0 };
	bool stop = false;
	int rc = 0;

	for (size_t i = 0; rc == 0 && !stop && i < names->n;) {
		i += names_bind(args, names, i);
		rc = SQL_RUN(s, FIELDS " WHERE harness = $1 AND sha1 IN " NAMES, args, add_origin,
			&l, err);
		stop = give_all(&l, rc == 0, fn, arg);
	}
	return rc;
}

struct old {
	store_origin_old_fn fn;
	void *arg;
};

static int one_old(void *arg, const struct sql_val *c, size_t n)
{
	const struct old *o = arg;
	char *harness = col_need(&c[0], "origin"), *sha1 = col_input(&c[1], "origin");
	int rc = sha1 && *sha1 ? o->fn(o->arg, harness, sha1, col_uint(&c[2])) : 0;

	(void)n;
	free(harness);
	free(sha1);
	return rc;
}

int store_origins_old(
	struct store *s, uint64_t before_ms, store_origin_old_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_uint(before_ms) };
	struct old o = { fn, arg };

	return SQL_RUN(s,
		"SELECT harness, sha1, length(harness) + length(sha1) + length(engine)"
		" + length(name) + length(parent) FROM origin WHERE when_ms < $1"
		" ORDER BY harness, sha1",
		args, one_old, &o, err);
}

int store_origins_remove(
	struct store *s, const char *harness, const struct strlist *names, struct err *err)
{
	return names_change(
		s, "DELETE FROM origin WHERE harness = $1 AND sha1 IN " NAMES, harness, names, err);
}

int store_origins(struct store *s, const char *harness, const char *prefix, store_origin_fn fn,
	void *arg, struct err *err)
{
	/* digits end before g */
	char *end = xasprintf("%sg", prefix);
	const struct sql_val args[] = { sql_str(harness), sql_text(prefix), sql_text(end) };
	struct origin_list l = { 0 };
	int rc = SQL_RUN(s, FIELDS " WHERE harness = $1 AND sha1 >= $2 AND sha1 < $3 ORDER BY sha1",
		args, add_origin, &l, err);

	give_all(&l, rc == 0, fn, arg);
	free(end);
	return rc;
}

struct last_call {
	store_origin_last_fn fn;
	void *arg;
};

static int one_last(void *arg, const struct sql_val *c, size_t n)
{
	const struct last_call *l = arg;
	char *harness = col_need(&c[0], "origin"), *engine = col_need(&c[1], "origin");
	int rc;

	(void)n;
	rc = l->fn(l->arg, harness, engine, col_uint(&c[2]));
	free(harness);
	free(engine);
	return rc;
}

int store_origins_last(
	struct store *s, int64_t campaign, store_origin_last_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_int(campaign) };
	struct last_call call = { fn, arg };

	return SQL_RUN(s,
		"SELECT harness, engine, max(when_ms) FROM origin WHERE campaign = $1"
		" GROUP BY harness, engine ORDER BY harness, engine",
		args, one_last, &call, err);
}
