/* The worst first: files by lines that nothing covers, blockers by what lies behind them. */
#include "base/prelude.h"
#include "cli/cover_out.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "report/bug_json.h"
#include "report/table.h"

/* functions whose losses are listed */
#define LOST_MAX 10

/* --- numbers --- */

static enum term_style style_of(const struct coverage_ratio *r)
{
	return !r->n || r->covered == r->n ? TERM_GREEN
	       : r->covered * 2 < r->n     ? TERM_RED
					   : TERM_PLAIN;
}

static void cell_ratio(struct table *t, const struct coverage_ratio *r)
{
	if (r->n)
		table_cellf(t, TERM_PLAIN, "%zu/%zu", r->covered, r->n);
	else
		table_cell(t, TERM_DIM, "-");
}

static void cell_percent(struct table *t, const struct coverage_ratio *r)
{
	/* down, so that 100 says that nothing is missing */
	if (r->n)
		table_cellf(t, style_of(r), "%zu.%zu %%", r->covered * 100 / r->n,
			r->covered * 1000 / r->n % 10);
	else
		table_cell(t, TERM_DIM, "-");
}

static void cells(struct table *t, const struct coverage_counts *c)
{
	cell_ratio(t, &c->lines);
	cell_percent(t, &c->lines);
	cell_ratio(t, &c->functions);
	cell_ratio(t, &c->branches);
}

static void end_table(struct table *t, const struct term *term, struct buf *b)
{
	table_render(t, term, b);
	table_free(t);
}

/* --- harnesses --- */

static void add_notes(const struct coverage *c, struct buf *b)
{
	if (c->inputs.failed) {
		buf_addf(b, "%s: ", c->h->name);
		num_add_counted(b, c->inputs.failed, "input");
		buf_adds(b, c->inputs.failed == 1 ? " fails on the lines build and doesn't count\n"
						  : " fail on the lines build and don't count\n");
	}
	if (c->skipped + c->inputs.vanished) {
		buf_addf(b, "%s: ", c->h->name);
		num_add_counted(b, c->skipped + c->inputs.vanished, "input");
		buf_adds(b, " couldn't be read\n");
	}
}

static void add_harnesses(const struct coverage_view *w, const struct term *term, struct buf *b)
{
	static const struct table_col cols[] = { { .head = "HARNESS", .flex = true },
		{ .head = "INPUTS", .right = true }, { .head = "LINES", .right = true },
		{ .head = "%", .right = true }, { .head = "FUNCTIONS", .right = true },
		{ .head = "BRANCHES", .right = true } };
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	struct coverage_counts c[COVERAGE_OWNERS];

	for (size_t i = 0; i < w->n; i++) {
		coverage_view_counts(w, &w->v[i], c);
		table_cell(t, TERM_PLAIN, w->v[i].h->name);
		table_cellf(t, TERM_PLAIN, "%zu", w->v[i].inputs.ran);
		cells(t, &c[w->shown]);
	}
	if (w->n > 1) {
		coverage_view_counts(w, NULL, c);
		table_cell(t, TERM_BOLD, "together");
		table_cell(t, TERM_PLAIN, "");
		cells(t, &c[w->shown]);
	}
	end_table(t, term, b);
	for (size_t i = 0; i < w->n; i++)
		add_notes(&w->v[i], b);
}

/* --- files --- */

struct row {
	const struct coverage_file *f;
	struct coverage_counts c;
};

static int worst_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	size_t mx = x->c.lines.n - x->c.lines.covered, my = y->c.lines.n - y->c.lines.covered;

	return mx != my ? (mx < my) - (mx > my) : strcmp(x->f->path, y->f->path);
}

/* The caller frees. */
static struct row *rows_of(const struct coverage_view *w, enum coverage_owner who, size_t *n)
{
	struct row *rows = xcalloc(w->all.n + 1, sizeof(*rows));

	*n = 0;
	for (size_t i = 0; i < w->all.n; i++)
		if (w->owners.of[i] == who) {
			rows[*n].f = &w->all.files[i];
			coverage_count(rows[*n].f, &rows[*n].c);
			(*n)++;
		}
	qsort(rows, *n, sizeof(*rows), worst_first);
	return rows;
}

static void add_row(
	const struct coverage_view *w, struct table *t, enum term_style style, const struct row *r)
{
	table_cell(t, style, coverage_view_path(w, r->f->path));
	table_cellf(t, TERM_PLAIN, "%zu", r->c.lines.n - r->c.lines.covered);
	cells(t, &r->c);
}

static void add_files(
	const struct coverage_view *w, size_t max, const struct term *term, struct buf *b)
{
	static const struct table_col cols[] = { { .head = "FILE", .flex = true },
		{ .head = "UNCOVERED", .right = true }, { .head = "LINES", .right = true },
		{ .head = "%", .right = true }, { .head = "FUNCTIONS", .right = true },
		{ .head = "BRANCHES", .right = true } };
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	struct coverage_counts all[COVERAGE_OWNERS];
	size_t n, n_harness, n_other;
	struct row *own = rows_of(w, COVERAGE_OWN, &n),
		   *harness = rows_of(w, COVERAGE_HARNESS, &n_harness),
		   *other = rows_of(w, COVERAGE_OTHER, &n_other);

	for (size_t i = 0; i < n && (!max || i < max); i++)
		add_row(w, t, TERM_PLAIN, &own[i]);
	for (size_t i = 0; i < n_harness; i++)
		add_row(w, t, TERM_DIM, &harness[i]);
	coverage_view_counts(w, NULL, all);
	if (n_other) {
		const struct coverage_counts *c = &all[COVERAGE_OTHER];

		table_cellf(
			t, TERM_DIM, "third-party (%zu file%s)", n_other, n_other == 1 ? "" : "s");
		table_cellf(t, TERM_PLAIN, "%zu", c->lines.n - c->lines.covered);
		cells(t, c);
	}
	buf_addch(b, '\n');
	if (!n)
		buf_adds(b, "no code of the project's own: the numbers are the harness's\n");
	end_table(t, term, b);
	if (max && n > max) {
		num_add_counted(b, n - max, "file");
		buf_adds(b, " more of the project's own: --files 0 shows all\n");
	}
	free(own);
	free(harness);
	free(other);
}

/* --- what changed --- */

/* "3, 7-9" */
static void add_lines(struct buf *b, const unsigned *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = i;

		while (k + 1 < n && v[k + 1] == v[k] + 1)
			k++;
		buf_addf(b, "%s%u", i ? ", " : "", v[i]);
		if (k > i)
			buf_addf(b, "-%u", v[k]);
		i = k;
	}
}

static void add_lost(const struct coverage_view *w, const struct coverage_changes *c,
	const struct term *term, struct buf *b)
{
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct coverage_change *one = &c->v[i];
		struct buf line = BUF_INIT;
		char *name;

		if (!one->n_lost)
			continue;
		if (shown++ >= LOST_MAX) {
			left++;
			continue;
		}
		name = coverage_view_name(one->name);
		buf_addf(&line, "  lost: %s in %s, line%s ", name, coverage_view_path(w, one->file),
			one->n_lost == 1 ? "" : "s");
		free(name);
		add_lines(&line, one->lost, one->n_lost);
		buf_adds(b, term_on(term, TERM_RED));
		term_add_cut(b, strv_n(line.s, line.len), term->columns);
		buf_adds(b, term_off(term));
		buf_addch(b, '\n');
		buf_release(&line);
	}
	if (left) {
		buf_adds(b, "  and in ");
		num_add_counted(b, left, "function");
		buf_adds(b, " more: --json lists all\n");
	}
}

static void add_changes(const struct coverage_view *w, const struct coverage *c,
	const struct term *term, struct buf *b)
{
	size_t lost = 0, gained = 0;
	char when[CLOCK_ISO_LEN];

	if (!c->before_ms)
		return;
	for (size_t i = 0; i < c->changes.n; i++) {
		lost += c->changes.v[i].n_lost;
		gained += c->changes.v[i].n_gained;
	}
	clock_iso(c->before_ms, when);
	buf_addf(b, "\n%s, since %s: ", c->h->name, when);
	if (!lost && !gained)
		buf_adds(b, "no line lost or gained");
	if (lost) {
		num_add_counted(b, lost, "line");
		buf_adds(b, " lost");
	}
	if (gained) {
		buf_adds(b, lost ? ", " : "");
		num_add_counted(b, gained, "line");
		buf_adds(b, " gained");
	}
	if (c->changes.edited) {
		buf_adds(b, "; ");
		num_add_counted(b, c->changes.edited, "function");
		buf_adds(b, " edited, so not compared");
	}
	buf_addch(b, '\n');
	add_lost(w, &c->changes, term, b);
}

/* --- blockers --- */

static void add_names(const struct coverage_reached *r, struct buf *b)
{
	if (!r->functions)
		return;
	buf_adds(b, ", ");
	num_add_counted(b, r->functions, "function");
	buf_adds(b, r->functions == 1 ? " never called: " : " never called: ");
	for (size_t i = 0; i < r->n_names; i++)
		buf_adds2(b, i ? ", " : "", r->names[i]);
	if (r->functions > r->n_names)
		buf_adds(b, ", ...");
}

static void add_blocker(const struct coverage_view *w, const struct coverage_blocker *x,
	const struct term *term, struct buf *b)
{
	struct buf head = BUF_INIT, behind = BUF_INIT;
	struct strv text = strv_trim(coverage_text_line(w->texts, x->file->path, x->at.line));

	buf_addf(&head, "%s:%u:%u: never %s in ", coverage_view_path(w, x->file->path), x->at.line,
		x->at.column, x->never_true ? "true" : "false");
	num_add_counted(&head, x->times, "run");
	buf_adds(&behind, "behind it: ");
	num_add_counted(&behind, x->lines, "line");
	add_names(&x->reached, &behind);
	buf_adds(b, term_on(term, TERM_BOLD));
	term_add_cut(b, strv_n(head.s, head.len), term->columns);
	buf_adds(b, term_off(term));
	buf_addch(b, '\n');
	if (text.len) {
		buf_adds(b, "    ");
		term_add_cut(b, text, term->columns - 4);
		buf_addch(b, '\n');
	}
	buf_adds(b, "  ");
	term_add_cut(b, strv_n(behind.s, behind.len), term->columns - 2);
	buf_addch(b, '\n');
	buf_release(&head);
	buf_release(&behind);
}

static void add_blockers(
	const struct coverage_view *w, size_t max, const struct term *term, struct buf *b)
{
	size_t n = MIN(max, w->blockers.n);

	if (!n)
		return;
	buf_addf(b,
		"\nWhat blocks it, by what lies behind as far as the source tells (%zu of %zu):\n",
		n, w->blockers.n);
	for (size_t i = 0; i < n; i++)
		add_blocker(w, &w->blockers.v[i], term, b);
}

void cover_out_text(const struct coverage_view *w, size_t files, size_t blockers,
	const struct term *term, struct buf *b)
{
	add_harnesses(w, term, b);
	add_files(w, files, term, b);
	for (size_t i = 0; i < w->n; i++)
		add_changes(w, &w->v[i], term, b);
	add_blockers(w, blockers, term, b);
}

/* --- JSON --- */

static cJSON *json_name(const char *linker)
{
	char *name = linker ? coverage_view_name(linker) : NULL;
	cJSON *j = json_text(name);

	free(name);
	return j;
}

static void json_ratio(cJSON *j, const char *key, const struct coverage_ratio *r)
{
	cJSON *o = cJSON_AddObjectToObject(j, key);

	cJSON_AddNumberToObject(o, "count", (double)r->n);
	cJSON_AddNumberToObject(o, "covered", (double)r->covered);
}

static void json_counts(cJSON *j, const struct coverage_counts *c)
{
	json_ratio(j, "lines", &c->lines);
	json_ratio(j, "functions", &c->functions);
	json_ratio(j, "branches", &c->branches);
	json_ratio(j, "regions", &c->regions);
}

static void json_totals(cJSON *j, const struct coverage_view *w, const struct coverage *one)
{
	cJSON *totals = cJSON_AddObjectToObject(j, "totals");
	struct coverage_counts c[COVERAGE_OWNERS];

	coverage_view_counts(w, one, c);
	for (int i = 0; i < COVERAGE_OWNERS; i++)
		json_counts(cJSON_AddObjectToObject(
				    totals, coverage_owner_name((enum coverage_owner)i)),
			&c[i]);
}

/* [first, last] of each run of lines with code that nothing ran; lines without code between don't part it. */
static cJSON *json_uncovered(const struct coverage_file *f)
{
	cJSON *all = cJSON_CreateArray();
	size_t from = 0, to = 0;

	for (size_t l = 1; l <= f->n_lines; l++) {
		uint64_t n = l < f->n_lines ? f->lines[l] : 1;

		if (n == 0) {
			from = from ? from : l;
			to = l;
		} else if (n != COVERAGE_NO_CODE && from) {
			const double range[] = { (double)from, (double)to };

			cJSON_AddItemToArray(all, cJSON_CreateDoubleArray(range, 2));
			from = 0;
		}
	}
	return all;
}

static cJSON *json_files(const struct coverage_view *w)
{
	cJSON *all = cJSON_CreateArray();

	for (int who = 0; who < COVERAGE_OWNERS; who++) {
		size_t n;
		struct row *rows = rows_of(w, (enum coverage_owner)who, &n);

		for (size_t i = 0; i < n; i++) {
			cJSON *j = cJSON_CreateObject();

			cJSON_AddItemToObject(
				j, "file", json_text(coverage_view_path(w, rows[i].f->path)));
			cJSON_AddStringToObject(
				j, "owner", coverage_owner_name((enum coverage_owner)who));
			json_counts(j, &rows[i].c);
			cJSON_AddItemToObject(j, "uncovered", json_uncovered(rows[i].f));
			cJSON_AddItemToArray(all, j);
		}
		free(rows);
	}
	return all;
}

static void json_lines(cJSON *j, const char *key, const unsigned *v, size_t n)
{
	cJSON *a = cJSON_AddArrayToObject(j, key);

	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(a, cJSON_CreateNumber(v[i]));
}

static cJSON *json_changes(const struct coverage_view *w, const struct coverage *c)
{
	cJSON *j = cJSON_CreateObject(), *all;
	char when[CLOCK_ISO_LEN];

	clock_iso(c->before_ms, when);
	cJSON_AddStringToObject(j, "since", when);
	all = cJSON_AddArrayToObject(j, "functions");
	for (size_t i = 0; i < c->changes.n; i++) {
		const struct coverage_change *x = &c->changes.v[i];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddItemToObject(o, "function", json_name(x->name));
		cJSON_AddItemToObject(o, "file", json_text(coverage_view_path(w, x->file)));
		cJSON_AddNumberToObject(o, "line", x->line);
		json_lines(o, "lost", x->lost, x->n_lost);
		json_lines(o, "gained", x->gained, x->n_gained);
		cJSON_AddItemToArray(all, o);
	}
	cJSON_AddNumberToObject(j, "edited", (double)c->changes.edited);
	cJSON_AddNumberToObject(j, "gone", (double)c->changes.gone);
	return j;
}

static cJSON *json_harness(const struct coverage_view *w, const struct coverage *c)
{
	cJSON *j = cJSON_CreateObject();
	char when[CLOCK_ISO_LEN];

	clock_iso(c->measured_ms, when);
	cJSON_AddItemToObject(j, "harness", json_text(c->h->name));
	cJSON_AddNumberToObject(j, "inputs", (double)c->inputs.ran);
	cJSON_AddNumberToObject(j, "failed", (double)c->inputs.failed);
	cJSON_AddNumberToObject(j, "unreadable", (double)(c->skipped + c->inputs.vanished));
	cJSON_AddStringToObject(j, "measured", when);
	cJSON_AddBoolToObject(j, "cached", c->cached);
	json_totals(j, w, c);
	if (c->before_ms)
		cJSON_AddItemToObject(j, "changes", json_changes(w, c));
	else
		cJSON_AddNullToObject(j, "changes");
	return j;
}

static cJSON *json_blocker(const struct coverage_view *w, const struct coverage_blocker *x)
{
	struct strv text = strv_trim(coverage_text_line(w->texts, x->file->path, x->at.line));
	cJSON *j = cJSON_CreateObject(), *names;
	char *source = strv_dup(text);

	cJSON_AddItemToObject(j, "file", json_text(coverage_view_path(w, x->file->path)));
	cJSON_AddNumberToObject(j, "line", x->at.line);
	cJSON_AddNumberToObject(j, "column", x->at.column);
	cJSON_AddItemToObject(j, "function", json_name(x->in ? x->in->name : NULL));
	cJSON_AddItemToObject(j, "source", json_text(text.len ? source : NULL));
	cJSON_AddStringToObject(j, "never", x->never_true ? "true" : "false");
	cJSON_AddNumberToObject(j, "times", (double)x->times);
	cJSON_AddNumberToObject(j, "lines_behind", (double)x->lines);
	cJSON_AddNumberToObject(j, "functions_behind", (double)x->reached.functions);
	names = cJSON_AddArrayToObject(j, "calls");
	for (size_t i = 0; i < x->reached.n_names; i++)
		cJSON_AddItemToArray(names, json_text(x->reached.names[i]));
	free(source);
	return j;
}

cJSON *cover_out_json(const struct coverage_view *w, size_t blockers)
{
	cJSON *j = cJSON_CreateObject(), *all = cJSON_AddArrayToObject(j, "harnesses");

	for (size_t i = 0; i < w->n; i++)
		cJSON_AddItemToArray(all, json_harness(w, &w->v[i]));
	json_totals(j, w, NULL);
	cJSON_AddItemToObject(j, "files", json_files(w));
	all = cJSON_AddArrayToObject(j, "blockers");
	for (size_t i = 0; i < MIN(blockers, w->blockers.n); i++)
		cJSON_AddItemToArray(all, json_blocker(w, &w->blockers.v[i]));
	return j;
}
