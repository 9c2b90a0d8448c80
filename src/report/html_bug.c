/* First what somebody needs who is to mend it: what, where with the source, the input, the commands; then its history. */
#include "base/prelude.h"
#include "report/html_bug.h"
#include "base/again.h"
#include "base/escape.h"
#include "base/fs.h"
#include "report/bug_json.h"
#include "report/chart.h"
#include "report/page.h"

#define SOURCE_FRAMES 3
#define SOURCE_AROUND 3
#define SOURCE_COLUMNS 200
#define FRAMES_MAX 32
#define HEX_LINES 64
#define SITES_MAX 50

static void fact(struct buf *b, const char *name)
{
	buf_addf(b, "<dt>%s</dt><dd>", name);
}

static void facts(
	struct buf *b, const struct model *m, const struct model_bug *bug, const struct html_bug *d)
{
	const struct bug_rec *r = &bug->rec;

	buf_adds(b, "<section aria-label=\"What it is\"><dl class=\"facts\">\n");
	fact(b, "state");
	model_add_state(b, bug);
	buf_adds(b, "</dd>\n");
	fact(b, "severity");
	buf_addf(b, "<b class=\"%s\">%s</b>", r->severity >= 3 ? "bad" : "level",
		severity_name(r->severity));
	if (d->report && d->report->why) {
		buf_adds(b, "; ");
		page_text(b, d->report->why);
	}
	buf_adds(b, "</dd>\n");
	fact(b, "harness");
	/* one that the project has no more has no page */
	if (model_harness_of(m, r->harness)) {
		buf_adds(b, "<a href=\"../harness/");
		page_text(b, r->harness);
		buf_adds(b, ".html\">");
		page_text(b, r->harness);
		buf_adds(b, "</a></dd>\n");
	} else {
		page_text(b, r->harness);
		buf_adds(b, ", which the project has no more</dd>\n");
	}
	fact(b, "kind");
	page_text(b, r->kinds && *r->kinds ? r->kinds : r->kind);
	buf_adds(b, "; family ");
	page_text(b, r->family);
	buf_adds(b, "</dd>\n");
	fact(b, "fails");
	buf_addf(b, "%u of %u times alone</dd>\n", r->k, r->n);
	if (d->matrix) {
		fact(b, "on each build");
		page_text(b, d->matrix);
		buf_adds(b, "</dd>\n");
	}
	if (r->why && *r->why) {
		fact(b, "ignored, because");
		page_text(b, r->why);
		buf_adds(b, "</dd>\n");
	}
	buf_adds(b, "</dl></section>\n");
}

static void commands(struct buf *b, const struct bug_rec *r, const struct html_bug *d)
{
	const char *path = d->input_path ? fs_below(d->root, d->input_path) : "INPUT";
	struct buf word = BUF_INIT, line = BUF_INIT;

	escape_shell(&word, strv_of(path));
	again_add(&line, "replay %s", r->harness);
	if (r->variant && strcmp(r->variant, "asan") != 0)
		buf_addf(&line, " --variant %s", r->variant);
	buf_addf(&line, " %s", buf_str(&word));
	buf_adds(b,
		"<section aria-labelledby=\"do\"><h2 id=\"do\">Do</h2>\n<ul>\n<li>see it fail: ");
	page_command(b, buf_str(&line));
	buf_adds(b, "</li>\n<li>in a debugger: ");
	buf_reset(&line);
	again_add(&line, "debug %.8s", r->id);
	page_command(b, buf_str(&line));
	buf_adds(b, "</li>\n<li>is it mended: ");
	buf_reset(&line);
	again_add(&line, "verify %.8s", r->id);
	page_command(b, buf_str(&line));
	buf_adds(b, "</li>\n</ul></section>\n");
	buf_release(&word);
	buf_release(&line);
}

static void one_frame(
	struct buf *b, const struct crash_frame *f, const struct html_bug *d, bool with_source)
{
	struct buf source = BUF_INIT;
	char *path = NULL;

	buf_addf(b, "<li%s>", f->ignored ? " class=\"free\"" : "");
	page_text(b, f->function ? f->function : "??");
	if (f->file) {
		buf_adds(b, " <code>");
		page_textf(b, "%s:%u:%u", fs_below(d->root, f->file), f->line, f->column);
		buf_adds(b, "</code>");
	} else if (f->module) {
		buf_adds(b, " <code>");
		page_textf(b, "%s+0x%llx", fs_below(d->root, f->module),
			(unsigned long long)f->offset);
		buf_adds(b, "</code>");
	}
	if (with_source && f->file && d->readable)
		path = d->readable(d->readable_arg, f->file);
	if (path && snippet_source(&source, path, f->line, SOURCE_AROUND, 0, SOURCE_COLUMNS)) {
		buf_adds(b, "\n<pre tabindex=\"0\">");
		page_lines(b, strv_n(source.s, source.len));
		buf_adds(b, "</pre>");
	}
	buf_adds(b, "</li>\n");
	free(path);
	buf_release(&source);
}

static bool has_function(const struct crash_stack *st)
{
	for (size_t i = 0; i < st->n; i++)
		if (st->frames[i].function)
			return true;
	return false;
}

static void one_stack(
	struct buf *b, const struct crash_stack *st, const struct html_bug *d, bool first)
{
	struct crash_shown shown = crash_frames_shown(st);
	unsigned sources = 0;

	buf_adds(b, "<h3>");
	page_text(b, st->title && *st->title ? st->title : "where it failed");
	buf_adds(b, "</h3>\n<ol start=\"0\">\n");
	for (size_t i = shown.from; i < shown.to && i < shown.from + FRAMES_MAX; i++) {
		bool source = first && !st->frames[i].ignored && sources < SOURCE_FRAMES;

		one_frame(b, &st->frames[i], d, source);
		sources += source;
	}
	buf_adds(b, "</ol>\n");
}

static void stacks(struct buf *b, const struct html_bug *d)
{
	const struct crash_report *r = d->report;
	bool first = true;

	buf_adds(b, "<section aria-labelledby=\"where\"><h2 id=\"where\">Where</h2>\n");
	for (size_t i = 0; r && i < r->n_stacks; i++) {
		const struct crash_stack *st = &r->stacks[i];

		if (st->role == CRASH_STACK_SAMPLE || !st->n ||
			(r->n_stacks > 1 && !has_function(st)))
			continue;
		one_stack(b, st, d, first);
		first = false;
	}
	if (first)
		buf_adds(b, "<p>No stack was kept of it.</p>\n");
	buf_adds(b, "</section>\n");
}

static void input(struct buf *b, const struct bug_rec *r, const struct html_bug *d)
{
	struct buf hex = BUF_INIT;

	buf_adds(b, "<section aria-labelledby=\"input\"><h2 id=\"input\">Input</h2>\n<p>");
	if (d->input_path) {
		page_command(b, fs_below(d->root, d->input_path));
		buf_adds(b, ", ");
	}
	buf_addf(b, "%llu byte%s%s", (unsigned long long)r->size, r->size == 1 ? "" : "s",
		r->minimized ? ", minimised" : "");
	if (d->input_lost) {
		buf_adds(b, "; <b class=\"bad\">lost</b>: ");
		page_text(b, d->input_lost);
	}
	buf_adds(b, "</p>\n");
	if (d->input && d->input->len && !d->input_lost) {
		snippet_hexdump(&hex, d->input->s, d->input->len, d->essential, HEX_LINES, 0,
			SOURCE_COLUMNS);
		buf_adds(b, "<pre tabindex=\"0\" aria-label=\"Bytes of the input\">");
		page_lines(b, strv_n(buf_str(&hex), hex.len));
		buf_adds(b, "</pre>\n");
	}
	buf_adds(b, "</section>\n");
	buf_release(&hex);
}

static void sites(struct buf *b, const struct html_bug *d)
{
	if (d->n_sites < 2)
		return;
	buf_addf(b,
		"<section aria-labelledby=\"sites\"><h2 id=\"sites\">Its %zu sites</h2>\n<ul>\n",
		d->n_sites);
	for (size_t i = 0; i < d->n_sites && i < SITES_MAX; i++) {
		const struct site_rec *s = &d->sites[i];

		buf_adds(b, "<li><code>");
		page_text(b, s->id);
		buf_adds(b, "</code> ");
		page_text(b, s->title);
		buf_addf(b, ", %llu bytes%s</li>\n", (unsigned long long)s->size,
			s->gone ? ", fails no more" : "");
	}
	if (d->n_sites > SITES_MAX)
		buf_addf(b, "<li>and %zu more</li>\n", d->n_sites - SITES_MAX);
	buf_adds(b, "</ul></section>\n");
}

struct event {
	uint64_t ms;
	const char *what;
};

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return (x->ms > y->ms) - (x->ms < y->ms);
}

/* Each in its last time, the latest last: a bug may be fixed again. */
static void last_events(struct buf *b, const struct model_bug *bug)
{
	const struct bug_rec *r = &bug->rec;
	struct event v[] = { { bug->fixed_ms, "seen fixed" }, { bug->regressed_ms, "seen again" },
		{ r->last_ms, NULL } };

	qsort(v, ARRAY_LEN(v), sizeof(*v), by_time);
	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		if (v[i].what && !v[i].ms)
			continue;
		buf_adds(b, "<li>");
		page_time(b, v[i].ms);
		if (v[i].what) {
			buf_adds2(b, " ", v[i].what);
		} else {
			buf_addf(b, " last seen, %llu time%s in all ",
				(unsigned long long)r->findings, r->findings == 1 ? "" : "s");
			chart_spark(b, "findings in each of the last campaigns", bug->seen,
				MODEL_SPARK);
		}
		buf_adds(b, "</li>\n");
	}
}

static void history(struct buf *b, const struct model_bug *bug, const struct html_bug *d)
{
	const struct bug_rec *r = &bug->rec;

	buf_adds(b,
		"<section aria-labelledby=\"history\"><h2 id=\"history\">History</h2>\n<ol>\n<li>");
	page_time(b, r->first_ms);
	buf_adds(b, " first seen");
	if (d->origin) {
		buf_adds(b, " by ");
		page_text(b, d->origin);
	}
	if (d->note) {
		buf_adds(b, ": ");
		page_text(b, d->note);
	}
	buf_adds(b, "</li>\n");
	if (r->minimized)
		buf_addf(b, "<li>minimised to %llu byte%s</li>\n", (unsigned long long)r->size,
			r->size == 1 ? "" : "s");
	if (d->test_dir) {
		buf_adds(b, "<li>test written: ");
		page_command(b, fs_below(d->root, d->test_dir));
		buf_adds(b, "</li>\n");
	}
	last_events(b, bug);
	buf_adds(b, "</ol></section>\n");
}

void html_bug_page(
	struct buf *b, const struct model *m, const struct model_bug *bug, const struct html_bug *d)
{
	struct buf title = BUF_INIT;

	buf_addf(&title, "%.8s: %s", bug->rec.id, bug->rec.title ? bug->rec.title : bug->rec.kind);
	page_begin(b, buf_str(&title), "../", m->project);
	facts(b, m, bug, d);
	commands(b, &bug->rec, d);
	stacks(b, d);
	input(b, &bug->rec, d);
	sites(b, d);
	history(b, bug, d);
	page_end(b, m->now_ms);
	buf_release(&title);
}
