/* What every style has: replay.c and a list of tests per harness. The style "files" is that and nothing else. */
#include "base/prelude.h"
#include "regress/internal.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"

int regress_put_buf(
	struct regress_writer *w, const char *path, const struct buf *b, struct err *err)
{
	return regress_put(w, path, buf_str(b), b->len, false, NULL, err);
}

/* replay.c knows four states: one that came back has to pass, as a fixed one has. */
static const char *list_state(enum bug_state s)
{
	switch (s) {
	case BUG_OPEN:
		return "open";
	case BUG_FLAKY:
		return "flaky";
	case BUG_IGNORED:
		return "ignored";
	case BUG_FIXED:
	case BUG_REGRESSED:
		break;
	}
	return "fixed";
}

/* ":2030-01-31": in a tree without thresh, too, an ignore has to end. */
static void add_day(struct buf *b, uint64_t ms)
{
	char iso[CLOCK_ISO_LEN];

	clock_iso(ms, iso);
	buf_addf(b, ":%.10s", iso);
}

static void list_comment(struct buf *b, const struct manifest *m)
{
	struct strv what = strv_of(m->summary ? m->summary : m->kind);

	escape_term(b, strv_sub(what, 0, 200));
	if (m->state == BUG_IGNORED && m->why) {
		buf_adds(b, "; ignored: ");
		escape_term(b, strv_sub(strv_of(m->why), 0, 200));
	}
}

uint64_t regress_timeout_s(const struct regress_harness *h)
{
	return 10 + h->timeout_ms * 2 / 1000;
}

static int emit_list(struct regress_writer *w, const struct regress_project *p,
	const struct regress_harness *h, struct err *err)
{
	struct buf b = BUF_INIT;
	char *path = xasprintf("%s/tests.list", h->name);
	int rc;

	buf_addf(&b,
		"# Regression tests of %s. Build its harness with replay.c, under any sanitizer or "
		"none:\n"
		"#     cc -g -fsanitize=address %s LIBRARY replay.c -o replay\n"
		"#     ./replay --manifest %s/%s/tests.list\n"
		"# A state, how often it is run, the input, what it guards; each input's manifest "
		"says "
		"more.\n"
		"# timeout: %llu\n# " REGRESS_LICENSE "\n",
		h->name, h->source ? h->source : "HARNESS", p->dir, h->name,
		(unsigned long long)regress_timeout_s(h));
	for (size_t i = 0; i < p->tree->n; i++) {
		const struct regress_entry *e = &p->tree->v[i];

		if (strcmp(e->harness, h->name) != 0)
			continue;
		buf_adds(&b, list_state(e->m.state));
		if (e->m.state == BUG_IGNORED && e->m.until_ms)
			add_day(&b, e->m.until_ms);
		buf_addf(&b, "\t%llu\t%s/input\t", (unsigned long long)e->m.runs, e->bug);
		list_comment(&b, &e->m);
		buf_addch(&b, '\n');
	}
	rc = regress_put_buf(w, path, &b, err);
	free(path);
	buf_release(&b);
	return rc;
}

int regress_emit_files(struct regress_writer *w, const struct regress_project *p, struct err *err)
{
	if (!p->tree->n)
		return 0;
	if (regress_put(w, "replay.c", p->replay_c, p->replay_c_len, false, NULL, err) < 0)
		return -1;
	if (p->faults_c &&
		regress_put(w, "faults.c", p->faults_c, p->faults_c_len, false, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < p->n_harnesses; i++)
		if (emit_list(w, p, &p->harnesses[i], err) < 0)
			return -1;
	return 0;
}
