/* Read from the top: what to do, is it alive, what happened, how it went on, then all bugs. */
#include "base/prelude.h"
#include "report/html_index.h"
#include "base/num.h"
#include "report/bug_json.h"
#include "report/chart.h"
#include "report/html_harness.h"
#include "report/page.h"

#define NIGHTS 7
#define NEWS_SHOWN 5

static void level(struct buf *b, enum model_level l)
{
	const char *name = model_level_name(l);

	buf_addf(b, "<b class=\"level %s\">%s</b> ", name, name);
}

static void one_line(struct buf *b, const struct model_line *l, bool with_command)
{
	buf_adds(b, "<li>");
	level(b, l->level);
	page_text(b, l->about);
	buf_adds(b, ": ");
	page_text(b, l->text);
	if (with_command && l->command) {
		buf_adds(b, " ");
		page_command(b, l->command);
	}
	buf_adds(b, "</li>\n");
}

static void lines(struct buf *b, const struct model_lines *l, const char *none)
{
	if (!l->n) {
		buf_addf(b, "<p>%s</p>\n", none);
		return;
	}
	buf_adds(b, "<ul>\n");
	for (size_t i = 0; i < l->n; i++)
		one_line(b, &l->v[i], false);
	buf_adds(b, "</ul>\n");
}

static void todo(struct buf *b, const struct model *m)
{
	buf_adds(b, "<section aria-labelledby=\"todo\"><h2 id=\"todo\">What to do next</h2>\n");
	if (!m->todo.n) {
		buf_adds(b, "<p>Nothing.</p></section>\n");
		return;
	}
	buf_adds(b, "<ol class=\"todo\">\n");
	for (size_t i = 0; i < m->todo.n; i++)
		one_line(b, &m->todo.v[i], true);
	buf_adds(b, "</ol></section>\n");
}

static void bug_name(struct buf *b, const struct bug_rec *r, bool linked)
{
	if (linked) {
		buf_adds(b, "<a href=\"bug/");
		page_text(b, r->id);
		buf_adds(b, ".html\">");
	}
	buf_adds(b, "<code>");
	page_textf(b, "%.8s", r->id);
	buf_adds(b, linked ? "</code></a>" : "</code>");
}

static void news(struct buf *b, const struct model *m, enum model_news which, const char *heading,
	size_t paged)
{
	size_t shown = 0;

	buf_addf(b, "<h3>%s: %llu</h3>\n", heading, (unsigned long long)m->news[which]);
	if (!m->news[which])
		return;
	buf_adds(b, "<ul>\n");
	for (size_t i = 0; i < m->n_bugs && shown < NEWS_SHOWN; i++) {
		if (m->bugs[i].news != which)
			continue;
		shown++;
		buf_adds(b, "<li>");
		bug_name(b, &m->bugs[i].rec, i < paged);
		buf_adds(b, " ");
		page_text(b, m->bugs[i].rec.title);
		buf_adds(b, "</li>\n");
	}
	if (m->news[which] > shown)
		buf_addf(b, "<li>and %llu more</li>\n",
			(unsigned long long)(m->news[which] - shown));
	buf_adds(b, "</ul>\n");
}

static void cards(struct buf *b, const struct model *m, size_t paged)
{
	buf_adds(b, "<div class=\"cards\">\n<section class=\"card\" aria-labelledby=\"alive\">"
		    "<h2 id=\"alive\">Is it alive?</h2>\n");
	lines(b, &m->alive, "Nothing is known.");
	buf_adds(b, "</section>\n<section class=\"card\" aria-labelledby=\"news\">"
		    "<h2 id=\"news\">Since ");
	page_time(b, m->since_ms);
	buf_adds(b, "</h2>\n");
	news(b, m, MODEL_NEW, "New", paged);
	news(b, m, MODEL_REGRESSED, "Regressed", paged);
	news(b, m, MODEL_FIXED, "Fixed", paged);
	buf_adds(b, "</section>\n<section class=\"card\" aria-labelledby=\"worse\">"
		    "<h2 id=\"worse\">What got worse</h2>\n");
	lines(b, &m->worse, "Nothing: no coverage lost, not slower, no more inputs rejected.");
	buf_adds(b, "</section>\n</div>\n");
}

static void nights(struct buf *b, const struct model *m)
{
	size_t from = m->n_campaigns > NIGHTS ? m->n_campaigns - NIGHTS : 0;

	if (!m->n_campaigns)
		return;
	buf_adds(b,
		"<section aria-labelledby=\"nights\"><h2 id=\"nights\">The last nights</h2>\n"
		"<table class=\"wide\">\n<thead><tr><th scope=\"col\">began</th>"
		"<th scope=\"col\" class=\"n\">spent</th><th scope=\"col\" class=\"n\">runs</th>"
		"<th scope=\"col\" class=\"n\">new bugs</th><th scope=\"col\">ended</th></tr>"
		"</thead>\n<tbody>\n");
	for (size_t i = m->n_campaigns; i > from; i--) {
		const struct model_campaign *c = &m->campaigns[i - 1];

		buf_adds(b, "<tr>");
		page_time_cell(b, "began", c->rec.started_ms);
		page_cell(b, "spent", PAGE_NUMBER);
		num_add_duration(b, c->rec.spent_ms);
		buf_adds(b, " of ");
		num_add_duration(b, c->rec.budget_ms);
		buf_adds(b, "</td>");
		page_count_cell(b, "runs", c->execs);
		page_count_cell(b, "new bugs", c->new_bugs);
		page_cell(b, "ended", PAGE_WORD);
		buf_adds(b, c->rec.ended_ms ? "yes</td></tr>\n" : "no</td></tr>\n");
	}
	buf_adds(b, "</tbody></table></section>\n");
}

static void harnesses(struct buf *b, const struct model *m)
{
	buf_adds(b, "<section aria-labelledby=\"harnesses\"><h2 id=\"harnesses\">Harnesses</h2>\n"
		    "<div class=\"cards\">\n");
	for (size_t i = 0; i < m->n_harnesses; i++) {
		const struct model_harness *h = &m->harnesses[i];

		buf_adds(b, "<article class=\"card\"><h3><a href=\"harness/");
		page_text(b, h->name);
		buf_adds(b, ".html\">");
		page_text(b, h->name);
		buf_adds(b, "</a></h3>\n<p class=\"mute\">");
		num_add_counted(b, h->open_bugs, "open bug");
		if (h->n_engines) {
			buf_adds(b, "; runs by ");
			html_harness_shares(b, h);
		}
		buf_adds(b, "</p>\n");
		html_harness_charts(b, h);
		buf_adds(b, "</article>\n");
	}
	buf_adds(b, "</div></section>\n");
}

static void bug_row(struct buf *b, const struct model_bug *bug, bool linked)
{
	const struct bug_rec *r = &bug->rec;

	buf_adds(b, "<tr>");
	page_cell(b, "bug", PAGE_WORD);
	bug_name(b, r, linked);
	buf_adds(b, "</td>");
	page_cell(b, "state", PAGE_WORD);
	model_add_state(b, bug);
	buf_adds(b, r->minimized ? "</td>" : ", not small yet</td>");
	page_cell(b, "severity", PAGE_WORD);
	buf_addf(b, "<span%s>%s</span></td>", r->severity >= 3 ? " class=\"bad\"" : "",
		severity_name(r->severity));
	page_text_cell(b, "what", PAGE_TEXT, r->title);
	page_text_cell(b, "family", PAGE_WORD, r->family);
	page_text_cell(b, "harness", PAGE_TEXT, r->harness);
	page_cell(b, "fails", PAGE_NUMBER);
	buf_addf(b, "%u of %u</td>", r->k, r->n);
	page_time_cell(b, "first seen", r->first_ms);
	page_time_cell(b, "last seen", r->last_ms);
	page_cell(b, "findings", PAGE_WORD);
	chart_spark(b, "findings in each of the last campaigns", bug->seen, MODEL_SPARK);
	buf_adds(b, "</td></tr>\n");
}

size_t html_bugs_pages(const struct model *m)
{
	return m->n_bugs > HTML_BUGS_A_PAGE ? (m->n_bugs - 1) / HTML_BUGS_A_PAGE : 0;
}

static void page_link(struct buf *b, size_t n)
{
	if (n)
		buf_addf(b, " <a href=\"bugs-%zu.html\">%zu</a>", n + 1, n + 1);
	else
		buf_adds(b, " <a href=\"index.html#bugs\">1</a>");
}

static void bugs_table(struct buf *b, const struct model *m, size_t paged, size_t n)
{
	static const char *const heads[] = { "bug", "state", "severity", "what", "family",
		"harness", "fails", "first seen", "last seen", "findings" };
	size_t from = n * HTML_BUGS_A_PAGE, to = MIN(from + HTML_BUGS_A_PAGE, m->n_bugs);

	buf_adds(b,
		"<section aria-labelledby=\"bugs\"><h2 id=\"bugs\">Bugs, the worst first</h2>\n");
	if (!m->n_bugs) {
		buf_adds(b, "<p>None was found yet.</p></section>\n");
		return;
	}
	buf_adds(b, "<table class=\"wide\">\n<caption>");
	buf_addf(b, "%zu to %zu of ", from + 1, to);
	num_add_count(b, m->n_bugs);
	if (to > paged) {
		buf_adds(b, "; ");
		page_again(b, "show BUG");
		buf_adds(b, " shows those without a page");
	}
	buf_adds(b, "</caption>\n<thead><tr>");
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		buf_addf(b, "<th scope=\"col\"%s>%s</th>", i == 6 ? " class=\"n\"" : "", heads[i]);
	buf_adds(b, "</tr></thead>\n<tbody>\n");
	for (size_t i = from; i < to; i++)
		bug_row(b, &m->bugs[i], i < paged);
	buf_adds(b, "</tbody></table>\n");
	if (html_bugs_pages(m)) {
		buf_adds(b, "<nav aria-label=\"More bugs\">Page");
		for (size_t i = 0; i <= html_bugs_pages(m); i++) {
			if (i == n)
				buf_addf(b, " <b aria-current=\"page\">%zu</b>", i + 1);
			else
				page_link(b, i);
		}
		buf_adds(b, "</nav>\n");
	}
	buf_adds(b, "</section>\n");
}

void html_bugs_page(struct buf *b, const struct model *m, size_t paged, size_t n)
{
	struct buf title = BUF_INIT;

	buf_addf(&title, "%s: bugs, page %zu", m->project, n + 1);
	page_begin(b, buf_str(&title), "", m->project);
	bugs_table(b, m, paged, n);
	page_end(b, m->now_ms);
	buf_release(&title);
}

void html_index_page(struct buf *b, const struct model *m, size_t paged)
{
	struct buf title = BUF_INIT;
	uint64_t open = m->states[BUG_OPEN] + m->states[BUG_REGRESSED] + m->states[BUG_FLAKY];

	buf_addf(&title, "%s: ", m->project);
	num_add_counted(&title, open, "open bug");
	buf_addf(&title, ", %llu new, %llu back, %llu fixed",
		(unsigned long long)m->news[MODEL_NEW],
		(unsigned long long)m->news[MODEL_REGRESSED],
		(unsigned long long)m->news[MODEL_FIXED]);
	page_begin(b, buf_str(&title), "", NULL);
	todo(b, m);
	cards(b, m, paged);
	nights(b, m);
	harnesses(b, m);
	bugs_table(b, m, paged, 0);
	page_end(b, m->now_ms);
	buf_release(&title);
}
