/* The guard's figures and alarms. */
#include "base/prelude.h"
#include "store/guard.h"
#include "base/mem.h"
#include "store/internal.h"

void guard_rec_release(struct guard_rec *r)
{
	free(r->harness);
	free(r->build);
	*r = (struct guard_rec){ 0 };
}

void loss_rec_release(struct loss_rec *r)
{
	free(r->harness);
	free(r->function);
	free(r->file);
	free(r->lines);
	free(r->before);
	free(r->since);
	*r = (struct loss_rec){ 0 };
}

int store_guard_set(struct store *s, const struct guard_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_int(r->campaign), sql_str(r->harness),
		sql_str(r->build), sql_uint(r->when_ms), sql_uint(r->inputs), sql_uint(r->bytes),
		sql_uint(r->features), sql_uint(r->rejected), sql_uint(r->functions),
		sql_uint(r->lines), sql_real(r->execs_per_s) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO guard (campaign, harness, build, when_ms, inputs, bytes, features,"
		" rejected, functions, lines, execs_per_s)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
		" ON CONFLICT (harness, campaign) DO UPDATE SET build = excluded.build,"
		" when_ms = excluded.when_ms, inputs = excluded.inputs, bytes = excluded.bytes,"
		" features = excluded.features, rejected = excluded.rejected,"
		" functions = excluded.functions, lines = excluded.lines,"
		" execs_per_s = excluded.execs_per_s",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

struct guard_list {
	struct guard_rec *v;
	size_t n, cap;
};

static int add_guard(void *arg, const struct sql_val *c, size_t n)
{
	struct guard_list *l = arg;

	(void)n;
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct guard_rec){
		.campaign = c[0].i,
		.harness = col_need(&c[1], "guard"),
		.build = col_need(&c[2], "guard"),
		.when_ms = col_uint(&c[3]),
		.inputs = col_uint(&c[4]),
		.bytes = col_uint(&c[5]),
		.features = col_uint(&c[6]),
		.rejected = col_uint(&c[7]),
		.functions = col_uint(&c[8]),
		.lines = col_uint(&c[9]),
		.execs_per_s = c[10].d,
	};
	return 0;
}

int store_guards(
	struct store *s, const char *harness, store_guard_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness) };
	struct guard_list l = { 0 };
	bool stop = false;
	int rc = SQL_RUN(s,
		"SELECT campaign, harness, build, when_ms, inputs, bytes, features, rejected,"
		" functions, lines, execs_per_s FROM guard WHERE harness = $1"
		" ORDER BY campaign DESC",
		args, add_guard, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		guard_rec_release(&l.v[i]);
	}
	free(l.v);
	return rc;
}

int store_loss_add(struct store *s, const struct loss_rec *r, struct err *err)
{
	const struct sql_val args[] = { sql_str(r->harness), sql_str(r->function), sql_str(r->file),
		sql_uint(r->line), sql_str(r->lines), sql_int(r->campaign), sql_uint(r->when_ms),
		sql_str(r->before), sql_str(r->since) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s,
		"INSERT INTO loss (harness, function, file, line, lines, campaign, when_ms,"
		" before, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT (harness, function, file) DO NOTHING",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

int store_loss_remove(struct store *s, const char *harness, const char *function, const char *file,
	struct err *err)
{
	const struct sql_val args[] = { sql_str(harness), sql_text(function), sql_str(file) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	if (function)
		rc = SQL_RUN(s,
			"DELETE FROM loss WHERE harness = $1 AND function = $2 AND file = $3", args,
			NULL, NULL, err);
	else
		rc = sql_run(s, "DELETE FROM loss WHERE harness = $1", args, 1, NULL, NULL, err);
	return txn_end(s, rc, err);
}

struct loss_list {
	struct loss_rec *v;
	size_t n, cap;
};

static int add_loss(void *arg, const struct sql_val *c, size_t n)
{
	struct loss_list *l = arg;

	(void)n;
	GROW(l->v, l->n, l->cap);
	l->v[l->n++] = (struct loss_rec){
		.harness = col_need(&c[0], "loss"),
		.function = col_need(&c[1], "loss"),
		.file = col_need(&c[2], "loss"),
		.line = (unsigned)col_uint(&c[3]),
		.lines = col_need(&c[4], "loss"),
		.campaign = c[5].i,
		.when_ms = col_uint(&c[6]),
		.before = col_need(&c[7], "loss"),
		.since = col_need(&c[8], "loss"),
	};
	return 0;
}

int store_losses(struct store *s, const char *harness, store_loss_fn fn, void *arg, struct err *err)
{
	const struct sql_val args[] = { sql_str(harness) };
	struct loss_list l = { 0 };
	bool stop = false;
	int rc = SQL_RUN(s,
		"SELECT harness, function, file, line, lines, campaign, when_ms, before, since"
		" FROM loss WHERE harness = $1 ORDER BY campaign, file, line",
		args, add_loss, &l, err);

	for (size_t i = 0; i < l.n; i++) {
		if (rc == 0 && !stop && fn(arg, &l.v[i]) != 0)
			stop = true;
		loss_rec_release(&l.v[i]);
	}
	free(l.v);
	return rc;
}
