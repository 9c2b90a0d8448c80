/* What a harness came to over time, who did it, and what it lost. */
#include "base/prelude.h"
#include "report/html_harness.h"
#include "base/mem.h"
#include "base/num.h"
#include "report/chart.h"
#include "report/html_looks.h"
#include "report/page.h"

#define POINTS_SHOWN 30
#define LOSSES_SHOWN 100
#define BUGS_SHOWN 100

enum figure { FEATURES, LINES, EXECS };

static double figure_of(const struct model_point *p, enum figure f)
{
	switch (f) {
	case FEATURES:
		return (double)p->features;
	case LINES:
		return (double)p->lines;
	case EXECS:
		return (double)p->execs;
	}
	return 0;
}

/* Campaigns in which it wasn't measured are left out: a drop to nothing would be a lie. */
static void one_chart(
	struct buf *b, const struct model_harness *h, enum figure f, const char *title)
{
	struct chart_point *v = xcalloc(MAX(h->n_points, (size_t)1), sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < h->n_points; i++) {
		const struct model_point *p = &h->points[i];

		if (f == EXECS || p->features)
			v[n++] = (struct chart_point){ p->when_ms, figure_of(p, f),
				p->new_bugs > 0 };
	}
	chart_add(b, title, v, n);
	free(v);
}

void html_harness_charts(struct buf *b, const struct model_harness *h)
{
	buf_adds(b, "<div class=\"charts\">\n");
	one_chart(b, h, FEATURES, "features");
	one_chart(b, h, LINES, "places in the code");
	one_chart(b, h, EXECS, "runs");
	buf_adds(b, "</div>\n");
}

void html_harness_shares(struct buf *b, const struct model_harness *h)
{
	uint64_t all = 0;

	for (size_t i = 0; i < h->n_engines; i++)
		all += h->engines[i].execs;
	for (size_t i = 0; i < h->n_engines; i++) {
		buf_adds(b, i ? ", " : "");
		page_text(b, h->engines[i].engine);
		buf_addf(b, " %.0f %%", all ? (double)h->engines[i].execs * 100 / (double)all : 0);
	}
}

static void engines(struct buf *b, const struct model_harness *h)
{
	static const char *const heads[] = { "engine", "runs", "runs/s", "corpus", "edges",
		"crashes", "restarts" };

	if (!h->n_engines)
		return;
	buf_adds(b, "<section aria-labelledby=\"engines\"><h2 id=\"engines\">Engines in the last "
		    "campaign</h2>\n<table class=\"wide\">\n");
	page_heads(b, heads, ARRAY_LEN(heads), 1);
	for (size_t i = 0; i < h->n_engines; i++) {
		const struct stat_rec *s = &h->engines[i];

		buf_adds(b, "<tr>");
		page_text_cell(b, heads[0], PAGE_WORD, s->engine);
		page_count_cell(b, heads[1], s->execs);
		page_count_cell(b, heads[2], s->wall_ms ? s->execs * 1000 / s->wall_ms : 0);
		page_count_cell(b, heads[3], s->corpus);
		page_count_cell(b, heads[4], s->edges);
		page_count_cell(b, heads[5], s->crashes);
		page_count_cell(b, heads[6], s->restarts);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody></table></section>\n");
}

static void points(struct buf *b, const struct model_harness *h)
{
	static const char *const heads[] = { "campaign", "runs", "inputs", "features", "functions",
		"places", "rejected", "new bugs" };
	size_t from = h->n_points > POINTS_SHOWN ? h->n_points - POINTS_SHOWN : 0;

	if (!h->n_points)
		return;
	buf_adds(b, "<section aria-labelledby=\"nights\"><h2 id=\"nights\">Campaigns</h2>\n"
		    "<table class=\"wide\">\n");
	page_heads(b, heads, ARRAY_LEN(heads), 1);
	for (size_t i = h->n_points; i > from; i--) {
		const struct model_point *p = &h->points[i - 1];

		buf_adds(b, "<tr>");
		page_time_cell(b, heads[0], p->when_ms);
		page_count_cell(b, heads[1], p->execs);
		page_count_cell(b, heads[2], p->inputs);
		page_count_cell(b, heads[3], p->features);
		page_count_cell(b, heads[4], p->functions);
		page_count_cell(b, heads[5], p->lines);
		page_count_cell(b, heads[6], p->rejected);
		page_count_cell(b, heads[7], p->new_bugs);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody></table></section>\n");
}

static void losses(struct buf *b, const struct model_harness *h)
{
	if (!h->n_losses)
		return;
	buf_adds(b,
		"<section aria-labelledby=\"lost\"><h2 id=\"lost\">Reached no more</h2>\n<ul>\n");
	for (size_t i = 0; i < h->n_losses && i < LOSSES_SHOWN; i++) {
		const struct loss_rec *l = &h->losses[i];

		buf_adds(b, "<li>");
		page_text(b, l->function);
		buf_adds(b, " <code>");
		page_textf(b, "%s:%u", l->file, l->line);
		buf_adds(b, "</code>");
		if (l->lines && *l->lines) {
			buf_adds(b, ", lines ");
			page_text(b, l->lines);
		}
		buf_adds(b, ", since ");
		page_time(b, l->when_ms);
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, "</ul></section>\n");
}

static void bugs(struct buf *b, const struct model *m, const struct model_harness *h, size_t paged)
{
	size_t shown = 0;

	if (!h->open_bugs)
		return;
	buf_addf(b,
		"<section aria-labelledby=\"bugs\"><h2 id=\"bugs\">Open bugs: %llu</h2>\n<ul>\n",
		(unsigned long long)h->open_bugs);
	for (size_t i = 0; i < m->n_bugs && shown < BUGS_SHOWN; i++) {
		const struct bug_rec *r = &m->bugs[i].rec;

		if (!model_bug_is_open(r) || strcmp(r->harness, h->name) != 0)
			continue;
		shown++;
		buf_adds(b, "<li>");
		if (i < paged) {
			buf_adds(b, "<a href=\"../bug/");
			page_text(b, r->id);
			buf_adds(b, ".html\">");
		}
		buf_adds(b, "<code>");
		page_textf(b, "%.8s", r->id);
		buf_adds(b, i < paged ? "</code></a> " : "</code> ");
		page_text(b, r->title);
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, "</ul></section>\n");
}

void html_harness_page(struct buf *b, const struct model *m, const struct model_harness *h,
	const struct html_cover *cover, const struct html_words *words, size_t paged)
{
	const char *const verbs[] = { "check", "cover", "guard" };
	const char *const says[] = { "is it healthy", "which lines it reaches, and what blocks it",
		"what its corpus lost" };

	page_begin(b, h->name, "../", m->project);
	buf_adds(b, "<section aria-label=\"Over time\">\n");
	html_harness_charts(b, h);
	if (!h->n_points)
		buf_adds(b, "<p>No campaign has run it yet.</p>\n");
	buf_adds(b, "</section>\n<section aria-labelledby=\"do\"><h2 id=\"do\">Look "
		    "closer</h2>\n<ul>\n");
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		buf_addf(b, "<li>%s: ", says[i]);
		page_again(b, "%s %s", verbs[i], h->name);
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, "</ul></section>\n");
	html_health_add(b, h);
	bugs(b, m, h, paged);
	losses(b, h);
	html_cover_add(b, cover, h->name);
	html_words_add(b, words, h->name);
	html_verdicts_add(b, h);
	engines(b, h);
	points(b, h);
	page_end(b, m->now_ms);
}
