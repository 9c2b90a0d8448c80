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

int store_compact(struct store *s, struct err *err)
{
	return sql_run(s, "VACUUM", NULL, 0, NULL, NULL, err);
}
