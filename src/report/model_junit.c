/* Names are unique, as GitLab drops what it has seen: the bug's id is part of each. */
#include "base/prelude.h"
#include "report/model_junit.h"
#include "base/again.h"
#include "base/escape.h"
#include "base/mem.h"
#include "report/bug_json.h"
#include "report/junit.h"

/* Directions and controls that XML could say would turn a list of tests around. */
static char *clean(const char *s)
{
	struct buf b = BUF_INIT;

	escape_term(&b, strv_of(s ? s : ""));
	return buf_detach(&b);
}

static void add_one(struct junit *j, const struct model_bug *b)
{
	const struct bug_rec *r = &b->rec;
	char *kind = clean(r->kind), *title = clean(r->title ? r->title : r->kind);
	char *why = clean(r->why), *name = xasprintf("%.16s %s", r->id, kind);
	struct buf text = BUF_INIT, safe = BUF_INIT;
	struct junit_row row = {
		.classname = r->harness, .name = name, .type = kind, .message = title
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
		row.message = why;
		break;
	case BUG_FIXED:
		row.result = JUNIT_PASSED;
		row.message = NULL;
		break;
	}
	buf_addf(&text, "%s\nstate ", title);
	model_add_state(&text, b);
	buf_addf(&text, ", severity %s, failed %u of %u times alone\n", severity_name(r->severity),
		r->k, r->n);
	model_add_place(&text, r);
	buf_addch(&text, '\n');
	again_add(&text, "show %.8s\n", r->id);
	escape_term_text(&safe, strv_n(text.s, text.len));
	row.text = strv_n(safe.s, safe.len);
	junit_add(j, &row);
	buf_release(&text);
	buf_release(&safe);
	free(kind);
	free(title);
	free(why);
	free(name);
}

void model_junit(const struct model *m, struct buf *out)
{
	struct junit j = JUNIT_INIT;
	char *suite = clean(m->project);

	for (size_t i = 0; i < m->n_bugs; i++)
		add_one(&j, &m->bugs[i]);
	junit_write(&j, suite, out);
	free(suite);
	junit_release(&j);
}
