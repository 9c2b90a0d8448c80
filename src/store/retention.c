/* What is let go, by few statements: no row is read one by one. */
#include "base/prelude.h"
#include "store/retention.h"
#include "base/mem.h"
#include "store/internal.h"

/* Too many of their kind, the smallest first; the same input first in both: by number. */
#define SURPLUS                                                                             \
	"SELECT id FROM (SELECT id, trimmed, state, input, ROW_NUMBER() OVER (PARTITION BY" \
	" state, COALESCE(site, bug, harness) ORDER BY size, id) AS place"                  \
	" FROM finding WHERE state <> 0) AS ranked WHERE place > $1 AND trimmed = 0"        \
	" AND input NOT IN (SELECT input FROM bug WHERE input IS NOT NULL)"                 \
	" AND input NOT IN (SELECT input FROM site)"

static int keep_surplus(void *arg, const struct sql_val *c, size_t n)
{
	struct store_surplus *out = arg;

	(void)n;
	out->n = col_uint(&c[0]);
	out->bytes = col_uint(&c[1]);
	return 1;
}

/* Counts; and where it is no trial, does. */
static int prune(struct store *s, const char *count, const char *change, uint64_t keep, bool dry,
	struct store_surplus *out, struct err *err)
{
	const struct sql_val args[] = { sql_uint(keep) };
	int rc;

	*out = (struct store_surplus){ 0, 0 };
	if (dry)
		return SQL_RUN(s, count, args, keep_surplus, out, err);
	if (txn_begin(s, true, err) < 0)
		return -1;
	rc = SQL_RUN(s, count, args, keep_surplus, out, err);
	if (rc == 0 && out->n)
		rc = SQL_RUN(s, change, args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

int store_trim_findings(
	struct store *s, uint64_t keep, bool dry, struct store_surplus *out, struct err *err)
{
	return prune(s,
		"SELECT COUNT(*), COALESCE(SUM(COALESCE(length(text), 0) + "
		"COALESCE(length(places), 0)), "
		"0) FROM finding WHERE id IN (" SURPLUS ")",
		"UPDATE finding SET trimmed = 1, text = NULL, places = NULL WHERE id IN (" SURPLUS
		")",
		keep, dry, out, err);
}

#define OLD_JOBS                                                                          \
	" FROM job WHERE state > 1 AND campaign NOT IN (SELECT id FROM campaign ORDER BY" \
	" id DESC LIMIT $1)"

int store_prune_jobs(
	struct store *s, uint64_t keep, bool dry, struct store_surplus *out, struct err *err)
{
	return prune(s,
		"SELECT COUNT(*), COALESCE(SUM(length(key) + length(payload) + length(kind) +"
		" length(harness) + COALESCE(length(error), 0)), 0)" OLD_JOBS,
		"DELETE" OLD_JOBS, keep, dry, out, err);
}

struct each {
	store_input_fn fn;
	void *arg;
};

static int one_input(void *arg, const struct sql_val *c, size_t n)
{
	struct each *e = arg;
	char *sha1 = col_str(&c[0]);
	int rc = sha1 ? e->fn(e->arg, sha1) : 0;

	(void)n;
	free(sha1);
	return rc;
}

int store_inputs(struct store *s, uint64_t keep, store_input_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_uint(keep) };
	struct each e = { fn, arg };

	return SQL_RUN(s,
		"SELECT input FROM finding WHERE trimmed = 0 AND id NOT IN (" SURPLUS ")"
		" UNION SELECT input FROM bug WHERE input IS NOT NULL UNION SELECT input FROM site",
		args, one_input, &e, err);
}

/* --- bytes that are shared --- */

#define DAY_MS 86400000u
#define IN_TIME "made_ms < thresh_now() - $1"

struct unneeded {
	store_unneeded_fn fn;
	void *arg;
};

static int one_unneeded(void *arg, const struct sql_val *c, size_t n)
{
	const struct unneeded *u = arg;
	char *sha1 = col_input(&c[0], "blob");
	int rc = sha1 && *sha1 ? u->fn(u->arg, sha1, col_uint(&c[1])) : 0;

	(void)n;
	free(sha1);
	return rc;
}

/* No sum with the clock is ever out of range. */
static struct sql_val age(uint64_t ms)
{
	return sql_uint(MIN(MAX(ms, (uint64_t)DAY_MS), (uint64_t)1 << 62));
}

int store_blobs_unneeded(struct store *s, uint64_t keep, uint64_t older_ms, store_unneeded_fn fn,
	void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_uint(keep), age(older_ms),
		age(MAX(older_ms, (uint64_t)365 * DAY_MS)) };
	struct unneeded u = { fn, arg };

	return SQL_RUN(s,
		"SELECT sha1, length(bytes) FROM blob WHERE made_ms < thresh_now() - $2"
		" AND NOT EXISTS (SELECT 1 FROM corpus WHERE corpus.sha1 = blob.sha1"
		" AND (gone = 0 OR blob.made_ms >= thresh_now() - $3))"
		" AND NOT EXISTS (SELECT 1 FROM bug WHERE bug.input = blob.sha1)"
		" AND NOT EXISTS (SELECT 1 FROM site WHERE site.input = blob.sha1)"
		" AND NOT EXISTS (SELECT 1 FROM finding WHERE finding.input = blob.sha1"
		" AND finding.trimmed = 0 AND finding.id NOT IN (" SURPLUS ")) ORDER BY sha1",
		args, one_unneeded, &u, err);
}

static int remove_some(struct store *s, const struct sql_val *args, struct err *err)
{
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = sql_run(s,
		"DELETE FROM corpus WHERE gone = 1 AND sha1 IN (SELECT sha1 FROM blob "
		"WHERE " IN_TIME " AND sha1 IN " NAMES ")",
		args, 1 + NAMES_AT_ONCE, NULL, NULL, err);
	if (rc == 0)
		rc = sql_run(s,
			"DELETE FROM blob WHERE " IN_TIME " AND sha1 IN " NAMES
			" AND NOT EXISTS (SELECT 1 FROM corpus WHERE corpus.sha1 = blob.sha1)",
			args, 1 + NAMES_AT_ONCE, NULL, NULL, err);
	return txn_end(s, rc, err);
}

int store_blobs_remove(
	struct store *s, const struct strlist *names, uint64_t older_ms, struct err *err)
{
	struct sql_val args[1 + NAMES_AT_ONCE] = { age(older_ms) };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < names->n;) {
		i += names_bind(args, names, i);
		rc = remove_some(s, args, err);
	}
	return rc;
}

struct texts {
	store_text_fn fn;
	void *arg;
};

static int one_text(void *arg, const struct sql_val *c, size_t n)
{
	const struct texts *t = arg;
	char *text = col_str(&c[0]);
	int rc = text ? t->fn(t->arg, text) : 0;

	(void)n;
	free(text);
	return rc;
}

#define OF_CAMPAIGNS(in)                                                                       \
	" FROM fact WHERE substr(key, 1, length($2)) = $2 AND substr(key, length($2) + 1) " in \
	" (SELECT CAST(id AS TEXT) FROM campaign ORDER BY id DESC LIMIT $1)"

int store_facts_of(struct store *s, const char *prefix, uint64_t keep, store_text_fn fn, void *arg,
	struct err *err)
{
	char *begin = xasprintf("%s/", prefix);
	const struct sql_val args[] = { sql_uint(keep), sql_str(begin) };
	struct texts t = { fn, arg };
	int rc = SQL_RUN(s, "SELECT value" OF_CAMPAIGNS("IN"), args, one_text, &t, err);

	free(begin);
	return rc;
}

int store_facts_prune(struct store *s, const char *prefix, uint64_t keep, struct err *err)
{
	char *begin = xasprintf("%s/", prefix);
	const struct sql_val args[] = { sql_uint(keep), sql_str(begin) };
	int rc = txn_begin(s, false, err);

	if (rc == 0)
		rc = txn_end(
			s, SQL_RUN(s, "DELETE" OF_CAMPAIGNS("NOT IN"), args, NULL, NULL, err), err);
	free(begin);
	return rc;
}

int store_compact(struct store *s, struct err *err)
{
	return sql_run(s, "VACUUM", NULL, 0, NULL, NULL, err);
}
