/*
 * Findings: one row for each (harness, input), whatever found it and however often. The only writes that are synced
 * to the disk one by one: an engine doesn't find the same input again after a loss of power.
 */
#include "base/prelude.h"
#include "base/mem.h"
#include "store/internal.h"

#define PAGE 64 /* rows held in memory at once; each may carry a whole report */
#define FINDING_COLS                                                                        \
	"id, campaign, harness, variant, origin, input, size, found_ms, state, note, bug, " \
	"signature, sig_text, rule, kind, text, k, n, stateful, site, places, trimmed"

static int finding_id(
	struct store *s, const struct finding_rec *f, struct sql_one *one, struct err *err)
{
	const struct sql_val args[] = { sql_str(f->harness), sql_str(f->input) };

	return SQL_RUN(s, "SELECT id FROM finding WHERE harness = $1 AND input = $2", args,
		sql_keep_int, one, err);
}

/* The bug that f->bug means today, or NULL for none; checked, so that the message can name it. */
static int finding_bug(struct store *s, const struct finding_rec *f, char **bug, struct err *err)
{
	struct sql_one one = { 0 };
	int rc = 0;

	*bug = NULL;
	if (!f->bug)
		return 0;
	*bug = bug_canonical(s, f->bug, err);
	if (!*bug)
		return -1;
	const struct sql_val args[] = { sql_text(*bug) };

	rc = SQL_RUN(s, "SELECT 1 FROM bug WHERE id = $1", args, sql_keep_int, &one, err);
	if (rc == 0 && !one.found)
		rc = err_set(
			err, "finding of %s: no bug %s", f->harness ? f->harness : "?", f->bug);
	if (rc < 0) {
		free(*bug);
		*bug = NULL;
	}
	return rc;
}

static int insert(struct store *s, const struct finding_rec *f, const char *bug,
	struct sql_one *one, struct err *err)
{
	const struct sql_val args[] = { sql_ref(f->campaign), sql_str(f->harness),
		sql_str(f->variant), sql_str(f->origin), sql_str(f->input), sql_uint(f->size),
		sql_uint(f->found_ms), sql_int(f->state), sql_text(f->note), sql_text(bug),
		sql_text(f->signature), sql_text(f->sig_text), sql_int(f->rule), sql_text(f->kind),
		sql_bytes(f->text, f->text_len), sql_int(f->k), sql_int(f->n), sql_int(f->stateful),
		sql_text(f->site), sql_text(f->places) };

	return SQL_RUN(s,
		"INSERT INTO finding (campaign, harness, variant, origin, input, size, found_ms,"
		" state, note, bug, signature, sig_text, rule, kind, text, k, n, stateful, site, "
		"places)"
		" VALUES ($1, $2, $3, $4, $5, $6,"
		/* a machine whose clock is ahead finds nothing tomorrow */
		" CASE WHEN $7 > thresh_now() THEN thresh_now() ELSE $7 END,"
		" $8, $9, $10, $11, $12, $13, $14, $15, $16,"
		" $17, $18, $19, $20) ON CONFLICT (harness, input) DO NOTHING RETURNING id",
		args, sql_keep_int, one, err);
}

int store_finding_add(
	struct store *s, const struct finding_rec *f, int64_t *id, bool *added, struct err *err)
{
	struct sql_one old = { 0 }, new = { 0 };
	char *bug = NULL;
	int rc;

	/* most are repeats: no write lock and no sync for them */
	if (finding_id(s, f, &old, err) < 0)
		return -1;
	if (!old.found) {
		/* with a bug it reads first whether that is there */
		if ((f->bug ? txn_begin : txn_begin_row)(s, true, err) < 0)
			return -1;
		rc = finding_bug(s, f, &bug, err);
		if (rc == 0)
			rc = insert(s, f, bug, &new, err);
		if (rc == 0 && !new.found) /* another process was faster */
			rc = finding_id(s, f, &old, err);
		free(bug);
		if (txn_end(s, rc, err) < 0)
			return -1;
	}
	if (id)
		*id = new.found ? new.i : old.i;
	if (added)
		*added = new.found;
	return 0;
}

static int update(struct store *s, const struct finding_rec *f, const char *bug, struct err *err)
{
	const struct sql_val args[] = { sql_int(f->id), sql_int(f->state), sql_text(f->note),
		sql_text(bug), sql_text(f->signature), sql_text(f->sig_text), sql_int(f->rule),
		sql_text(f->kind), sql_bytes(f->text, f->text_len), sql_int(f->k), sql_int(f->n),
		sql_int(f->stateful), sql_text(f->site), sql_text(f->places) };
	struct sql_one one = { 0 };
	int rc = SQL_RUN(s,
		"UPDATE finding SET state = $2, note = $3, bug = $4, signature = $5, sig_text = $6,"
		" rule = $7, kind = $8, text = $9, k = $10, n = $11, stateful = $12,"
		" site = $13, places = $14, trimmed = 0"
		" WHERE id = $1 RETURNING id",
		args, sql_keep_int, &one, err);

	if (rc == 0 && !one.found)
		return err_set(err, "finding %lld: not in the store", (long long)f->id);
	return rc;
}

int store_finding_update(struct store *s, const struct finding_rec *f, struct err *err)
{
	char *bug = NULL;
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = finding_bug(s, f, &bug, err);
	if (rc == 0)
		rc = update(s, f, bug, err);
	free(bug);
	return txn_end(s, rc, err);
}

static int read_finding(void *arg, const struct sql_val *c, size_t n)
{
	struct finding_rec *f = arg;

	(void)n;
	*f = (struct finding_rec){
		.id = c[0].i,
		.campaign = c[1].i,
		.harness = col_need(&c[2], "finding"),
		.variant = col_need(&c[3], "finding"),
		.origin = col_need(&c[4], "finding"),
		.input = col_input(&c[5], "finding"),
		.size = col_uint(&c[6]),
		.found_ms = col_uint(&c[7]),
		.state = (enum finding_state)col_range(
			&c[8], FINDING_NEW, FINDING_NO_CRASH, "finding"),
		.note = col_str(&c[9]),
		.bug = col_str(&c[10]),
		.signature = col_str(&c[11]),
		.sig_text = col_str(&c[12]),
		.rule = (int)c[13].i,
		.kind = col_str(&c[14]),
		.text = col_str(&c[15]),
		.text_len = c[15].s.len,
		.k = (unsigned)c[16].i,
		.n = (unsigned)c[17].i,
		.stateful = c[18].i != 0,
		.site = col_str(&c[19]),
		.places = col_str(&c[20]),
		.trimmed = c[21].i != 0,
	};
	return 1;
}

int store_finding_get(struct store *s, int64_t id, struct finding_rec *out, struct err *err)
{
	const struct sql_val args[] = { sql_int(id) };

	*out = (struct finding_rec){ 0 };
	if (SQL_RUN(s, "SELECT " FINDING_COLS " FROM finding WHERE id = $1", args, read_finding,
		    out, err) < 0)
		return -1;
	return out->id ? 0 : 1;
}

struct page {
	struct finding_rec v[PAGE];
	size_t n;
};

static int add_to_page(void *arg, const struct sql_val *c, size_t n)
{
	struct page *p = arg;

	read_finding(&p->v[p->n], c, n);
	return ++p->n == PAGE;
}

/* A page at a time, so that fn may read and write the store: no statement is active while it runs. */
static int each_page(struct store *s, const char *bug, int state, store_finding_fn fn, void *arg,
	struct err *err)
{
	struct page *p = xcalloc(1, sizeof(*p));
	bool stop = false;
	int64_t last = 0;
	int rc;

	do {
		const struct sql_val args[] = { sql_int(last), sql_int(state), sql_int(PAGE),
			sql_text(bug) };

		p->n = 0;
		rc = bug ? sql_run(s,
				   "SELECT " FINDING_COLS " FROM finding WHERE bug = $4 AND id > $1"
				   " AND ($2 < 0 OR state = $2) ORDER BY id LIMIT $3",
				   args, 4, add_to_page, p, err)
			 : sql_run(s,
				   "SELECT " FINDING_COLS " FROM finding WHERE id > $1"
				   " AND ($2 < 0 OR state = $2) ORDER BY id LIMIT $3",
				   args, 3, add_to_page, p, err);
		for (size_t i = 0; i < p->n; i++) {
			last = p->v[i].id;
			if (rc == 0 && !stop && fn(arg, &p->v[i]) != 0)
				stop = true;
			finding_rec_release(&p->v[i]);
		}
	} while (rc == 0 && !stop && p->n == PAGE);
	free(p);
	return rc;
}

int store_findings(struct store *s, const char *bug, int state, store_finding_fn fn, void *arg,
	struct err *err)
{
	char *id = NULL;
	int rc;

	if (bug) {
		id = bug_canonical(s, bug, err);
		if (!id)
			return -1;
	}
	rc = each_page(s, id, state, fn, arg, err);
	free(id);
	return rc;
}

struct counting {
	store_finding_count_fn fn;
	void *arg;
};

static int one_count(void *arg, const struct sql_val *c, size_t n)
{
	struct counting *k = arg;
	char *bug = col_need(&c[0], "finding");
	int rc = k->fn(k->arg, bug, c[1].i, col_uint(&c[2]));

	(void)n;
	free(bug);
	return rc;
}

int store_finding_counts(struct store *s, store_finding_count_fn fn, void *arg, struct err *err)
{
	struct counting k = { fn, arg };

	return sql_run(s,
		"SELECT bug, campaign, COUNT(*) FROM finding"
		" WHERE bug IS NOT NULL AND campaign IS NOT NULL GROUP BY bug, campaign"
		" ORDER BY bug, campaign",
		NULL, 0, one_count, &k, err);
}
