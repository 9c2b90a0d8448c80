/* Nothing is built or run: what is kept of the last measurement is looked at as `thresh cover` looks at it. */
#include "base/prelude.h"
#include "cli/report_cover.h"
#include "base/mem.h"
#include "base/num.h"
#include "coverage/view.h"

static int worst_first(const void *a, const void *b)
{
	const struct html_cover_file *x = a, *y = b;
	size_t mx = x->lines - x->covered, my = y->lines - y->covered;

	return mx != my ? (mx < my) - (mx > my) : strcmp(x->path, y->path);
}

static void add_files(const struct coverage_view *w, struct html_cover *out)
{
	size_t files[COVERAGE_OWNERS] = { 0 };
	struct coverage_counts all[COVERAGE_OWNERS];

	for (size_t i = 0; i < w->all.n; i++) {
		struct coverage_counts c = { .lines = { 0 } };

		files[w->owners.of[i]]++;
		if (w->owners.of[i] != w->shown)
			continue;
		coverage_count(&w->all.files[i], &c);
		GROW(out->files, out->n_files, out->cap_files);
		out->files[out->n_files++] = (struct html_cover_file){
			xstrdup(coverage_view_path(w, w->all.files[i].path)), c.lines.n,
			c.lines.covered
		};
	}
	if (out->n_files)
		qsort(out->files, out->n_files, sizeof(*out->files), worst_first);
	coverage_view_counts(w, NULL, all);
	for (int o = 0; o < COVERAGE_OWNERS; o++)
		if (files[o])
			out->whose[out->n_whose++] = (struct html_cover_whose){
				coverage_owner_name((enum coverage_owner)o), all[o].lines.n,
				all[o].lines.covered, files[o]
			};
}

static char *behind(const struct coverage_blocker *x)
{
	struct buf b = BUF_INIT;

	num_add_counted(&b, x->lines, "line");
	if (x->reached.functions) {
		buf_adds(&b, ", ");
		num_add_counted(&b, x->reached.functions, "function");
		buf_adds(&b, " never called");
	}
	return buf_detach(&b);
}

static void add_blockers(const struct coverage_view *w, struct html_cover *out)
{
	for (size_t i = 0; i < w->blockers.n; i++) {
		const struct coverage_blocker *x = &w->blockers.v[i];

		GROW(out->blockers, out->n_blockers, out->cap_blockers);
		out->blockers[out->n_blockers++] = (struct html_cover_blocker){
			.place = xasprintf("%s:%u:%u", coverage_view_path(w, x->file->path),
				x->at.line, x->at.column),
			.source = strv_dup(
				strv_trim(coverage_text_line(w->texts, x->file->path, x->at.line))),
			.behind = behind(x),
			.never_true = x->never_true,
			.times = x->times
		};
	}
}

void report_cover(const struct project *p, const char *harness, struct html_cover *out)
{
	const struct config_harness *h = config_harness(p->cfg, harness);
	struct coverage_view w;
	struct coverage c;

	*out = (struct html_cover){ .n_files = 0 };
	if (h && coverage_last(p, h, &c)) {
		coverage_view_init(&w, p->cfg, &c, 1);
		add_files(&w, out);
		add_blockers(&w, out);
		out->since_ms = c.before_ms;
		for (size_t i = 0; i < c.changes.n; i++) {
			out->lost += c.changes.v[i].n_lost;
			out->gained += c.changes.v[i].n_gained;
		}
		coverage_view_release(&w);
	}
	if (h)
		coverage_release(&c);
}
