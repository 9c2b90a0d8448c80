/* Names are unique, as GitLab drops what it has seen: the bug's id is part of each. */
#include "base/prelude.h"
#include "report/model_junit.h"
#include "base/mem.h"
#include "report/bug_json.h"
#include "report/junit.h"

/* around the rows */
#define FRAME_BYTES 1024

static void add_one(struct junit *j, const struct model_bug *b)
{
	const struct bug_rec *r = &b->rec;
	char *name = xasprintf("%.16s %s", r->id, r->kind);
	struct buf text = BUF_INIT;
	struct junit_row row = {
		.classname = r->harness, .name = name, .type = r->kind, .message = r->title
	};

	switch (r->state) {
	case BUG_OPEN:
	case BUG_REGRESSED:
		row.result = JUNIT_FAILED;
		break;
	case BUG_FLAKY:
		row.result = JUNIT_ERROR;
		break;
	case BUG_IGNORED:
		row.result = JUNIT_SKIPPED;
		row.message = r->why;
		break;
	case BUG_FIXED:
		row.result = JUNIT_PASSED;
		row.message = NULL;
		break;
	}
	buf_addf(&text, "%s\nstate %s%s%s, severity %s, failed %u of %u times alone\n",
		r->title ? r->title : r->kind, bug_state_name(r->state),
		b->news == MODEL_OLD ? "" : ", ", model_news_name(b->news),
		severity_name(r->severity), r->k, r->n);
	model_add_place(&text, r);
	buf_addf(&text, "\nthresh show %.8s\n", r->id);
	row.text = strv_n(text.s, text.len);
	junit_add(j, &row);
	buf_release(&text);
	free(name);
}

size_t model_junit(const struct model *m, struct buf *out)
{
	struct junit j = JUNIT_INIT;
	size_t i = 0;

	while (i < m->n_bugs && i < MODEL_JUNIT_CASES &&
		j.rows.len < MODEL_JUNIT_BYTES - 2 * JUNIT_TEXT_MAX - FRAME_BYTES)
		add_one(&j, &m->bugs[i++]);
	junit_write(&j, m->project, out);
	junit_release(&j);
	return m->n_bugs - i;
}
