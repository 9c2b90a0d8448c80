/* What happened, in order, and facts by name: the two places for what has no table of its own. */
#include "base/prelude.h"
#include "base/mem.h"
#include "store/internal.h"

#define EVENT_PAGE 256

int store_event_add(struct store *s, int64_t campaign, uint64_t when_ms, const char *kind,
	const char *text, struct err *err)
{
	const struct sql_val args[] = { sql_ref(campaign), sql_uint(when_ms), sql_str(kind),
		sql_str(text) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	rc = SQL_RUN(s, "INSERT INTO event (campaign, when_ms, kind, text) VALUES ($1, $2, $3, $4)",
		args, NULL, NULL, err);
	return txn_end(s, rc, err);
}

struct event_page {
	struct event_rec v[EVENT_PAGE];
	size_t n;
};

static int add_event(void *arg, const struct sql_val *c, size_t n)
{
	struct event_page *p = arg;

	(void)n;
	p->v[p->n++] = (struct event_rec){
		.id = c[0].i,
		.campaign = c[1].i,
		.when_ms = col_uint(&c[2]),
		.kind = col_need(&c[3], "event"),
		.text = col_need(&c[4], "event"),
	};
	return p->n == EVENT_PAGE;
}

int store_events(struct store *s, int64_t after_id, store_event_fn fn, void *arg, struct err *err)
{
	struct event_page *p = xcalloc(1, sizeof(*p));
	bool stop = false;
	int rc;

	do {
		const struct sql_val args[] = { sql_int(after_id), sql_int(EVENT_PAGE) };

		p->n = 0;
		rc = SQL_RUN(s,
			"SELECT id, campaign, when_ms, kind, text FROM event WHERE id > $1"
			" ORDER BY id LIMIT $2",
			args, add_event, p, err);
		for (size_t i = 0; i < p->n; i++) {
			after_id = p->v[i].id;
			if (rc == 0 && !stop && fn(arg, &p->v[i]) != 0)
				stop = true;
			event_rec_release(&p->v[i]);
		}
	} while (rc == 0 && !stop && p->n == EVENT_PAGE);
	free(p);
	return rc;
}

int store_fact_set(struct store *s, const char *key, const char *value, struct err *err)
{
	const struct sql_val args[] = { sql_text(key), sql_text(value) };
	int rc;

	if (txn_begin(s, false, err) < 0)
		return -1;
	if (value)
		rc = SQL_RUN(s,
			"INSERT INTO fact (key, value) VALUES ($1, $2)"
			" ON CONFLICT (key) DO UPDATE SET value = excluded.value",
			args, NULL, NULL, err);
	else
		rc = sql_run(s, "DELETE FROM fact WHERE key = $1", args, 1, NULL, NULL, err);
	return txn_end(s, rc, err);
}

int store_fact_get(struct store *s, const char *key, char **value, struct err *err)
{
	const struct sql_val args[] = { sql_text(key) };
	struct sql_one one = { 0 };

	*value = NULL;
	if (SQL_RUN(s, "SELECT value FROM fact WHERE key = $1", args, sql_keep_str, &one, err) <
		0) {
		free(one.str);
		return -1;
	}
	*value = one.str;
	return one.found ? 0 : 1;
}
