/* Everything known of one bug. */
#include "base/prelude.h"
#include "campaign/look.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/inputs.h"

struct best_text {
	struct look *l;
	uint64_t size;
	bool exact; /* the text is of the best reproducer itself */
};

/* The report of the best reproducer, else of the smallest finding that has one. */
static int consider(void *arg, const struct finding_rec *f)
{
	struct best_text *best = arg;
	struct look *l = best->l;
	bool exact = strcmp(f->input, l->bug.input) == 0;

	if (!l->origin) {
		l->origin = xstrdup(f->origin);
		l->note = f->note ? xstrdup(f->note) : NULL;
	}
	if (!f->text || best->exact || (l->text.len && !exact && f->size >= best->size))
		return 0;
	buf_reset(&l->text);
	buf_adds(&l->text, f->text);
	l->stateful = f->stateful;
	best->size = f->size;
	best->exact = exact;
	return 0;
}

int look_bug(struct campaign *c, const char *id, struct look *out, struct err *err)
{
	struct best_text best = { .l = out };
	struct crash_rules rules;
	int rc;

	*out = (struct look){ .report = NULL };
	rc = store_bug_get(c->store, id, &out->bug, err);
	if (rc != 0)
		return rc < 0 ? -1
			      : err_usage(
					err, "%s: no such bug; `thresh bugs --all` lists them", id);
	if (store_findings(c->store, out->bug.id, -1, consider, &best, err) < 0)
		goto fail;
	rules = campaign_rules(c, out->bug.harness);
	if (out->text.len) {
		out->report = crash_parse(strv_n(out->text.s, out->text.len));
		crash_resolve(out->report, campaign_resolve, c);
		crash_finish(out->report, &rules);
	}
	out->input_path = inputs_path(c->inputs_dir, out->bug.input);
	if (inputs_get(c->inputs_dir, out->bug.input, &out->input, err) < 0)
		goto fail;
	out->test_dir =
		xasprintf("%s/tests/regress/%s/%s", c->cfg->dir, out->bug.harness, out->bug.id);
	if (!fs_is_dir(out->test_dir)) {
		free(out->test_dir);
		out->test_dir = NULL;
	}
	return 0;
fail:
	look_release(out);
	return -1;
}

void look_release(struct look *l)
{
	bug_rec_release(&l->bug);
	crash_report_free(l->report);
	buf_release(&l->text);
	buf_release(&l->input);
	free(l->input_path);
	free(l->test_dir);
	free(l->origin);
	free(l->note);
	*l = (struct look){ .report = NULL };
}
