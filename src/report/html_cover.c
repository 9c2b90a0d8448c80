/* The worst first, since there is no script that could sort. */
#include "base/prelude.h"
#include "report/html_cover.h"
#include "base/num.h"
#include "report/page.h"

#define FILES_SHOWN 50
#define BLOCKERS_SHOWN 20

void html_cover_release(struct html_cover *c)
{
	for (size_t i = 0; i < c->n_files; i++)
		free(c->files[i].path);
	for (size_t i = 0; i < c->n_blockers; i++) {
		free(c->blockers[i].place);
		free(c->blockers[i].source);
		free(c->blockers[i].behind);
	}
	free(c->files);
	free(c->blockers);
	*c = (struct html_cover){ .n_files = 0 };
}

/* Down, so that 100 says that nothing is missing. */
static void percent(struct buf *b, size_t covered, size_t n)
{
	if (n)
		buf_addf(b, "%zu.%zu %%", covered * 100 / n, covered * 1000 / n % 10);
	else
		buf_adds(b, "none");
}

static void table_begin(struct buf *b, const char *const *heads, size_t n, const char *caption)
{
	buf_addf(b, "<table class=\"wide\">\n<caption>%s</caption>\n", caption);
	page_heads(b, heads, n, 1);
}

static void figures(struct buf *b, const char *const *heads, size_t lines, size_t covered)
{
	page_count_cell(b, heads[0], lines - covered);
	page_count_cell(b, heads[1], lines);
	page_cell(b, heads[2], PAGE_NUMBER);
	percent(b, covered, lines);
	buf_adds(b, "</td></tr>\n");
}

static void whose(struct buf *b, const struct html_cover *c)
{
	static const char *const heads[] = { "code", "files", "uncovered", "lines", "covered" };

	table_begin(b, heads, ARRAY_LEN(heads), "Whose code it is");
	for (size_t i = 0; i < c->n_whose; i++) {
		const struct html_cover_whose *w = &c->whose[i];

		buf_adds(b, "<tr>");
		page_text_cell(b, heads[0], PAGE_WORD, w->whose);
		page_count_cell(b, heads[1], w->files);
		figures(b, heads + 2, w->lines, w->covered);
	}
	buf_adds(b, "</tbody></table>\n");
}

static void files(struct buf *b, const struct html_cover *c)
{
	static const char *const heads[] = { "file", "uncovered", "lines", "covered" };

	table_begin(b, heads, ARRAY_LEN(heads), "Files, the most uncovered lines first");
	for (size_t i = 0; i < c->n_files && i < FILES_SHOWN; i++) {
		const struct html_cover_file *f = &c->files[i];

		buf_adds(b, "<tr>");
		page_text_cell(b, heads[0], PAGE_TEXT, f->path);
		figures(b, heads + 1, f->lines, f->covered);
	}
	buf_adds(b, "</tbody></table>\n");
	if (c->n_files > FILES_SHOWN)
		buf_addf(b, "<p class=\"mute\">and %zu more</p>\n", c->n_files - FILES_SHOWN);
}

static void blockers(struct buf *b, const struct html_cover *c)
{
	if (!c->n_blockers)
		return;
	buf_adds(b, "<h3>What blocks it</h3>\n<ol>\n");
	for (size_t i = 0; i < c->n_blockers && i < BLOCKERS_SHOWN; i++) {
		const struct html_cover_blocker *x = &c->blockers[i];

		buf_adds(b, "<li><code>");
		page_text(b, x->place);
		buf_addf(b, "</code> never %s in ", x->never_true ? "true" : "false");
		num_add_counted(b, x->times, "run");
		if (x->source && *x->source) {
			buf_adds(b, ": <code>");
			page_text(b, x->source);
			buf_adds(b, "</code>");
		}
		buf_adds(b, "; behind it ");
		page_text(b, x->behind);
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, "</ol>\n");
	if (c->n_blockers > BLOCKERS_SHOWN)
		buf_addf(b, "<p class=\"mute\">and %zu more</p>\n", c->n_blockers - BLOCKERS_SHOWN);
}

void html_cover_add(struct buf *b, const struct html_cover *c, const char *harness)
{
	if (!c->n_whose)
		return;
	buf_adds(b, "<section aria-labelledby=\"cover\"><h2 id=\"cover\">Lines that its corpus "
		    "reaches</h2>\n<p>");
	if (c->since_ms) {
		buf_adds(b, "Since ");
		page_time(b, c->since_ms);
		buf_adds(b, ": ");
		num_add_counted(b, c->lost, "line");
		buf_adds(b, " lost, ");
		num_add_counted(b, c->gained, "line");
		buf_adds(b, " gained. ");
	}
	buf_adds(b, "The lines themselves: ");
	page_again(b, "cover --html DIR %s", harness);
	buf_adds(b, "</p>\n");
	whose(b, c);
	if (c->n_files)
		files(b, c);
	blockers(b, c);
	buf_adds(b, "</section>\n");
}
