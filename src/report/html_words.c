/* By where they came from first: that is what somebody changes who isn't content with them. */
#include "base/prelude.h"
#include "report/html_words.h"
#include "base/num.h"
#include "report/page.h"

#define WORDS_SHOWN 500

void html_words_release(struct html_words *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].token);
		free(w->v[i].from);
	}
	free(w->v);
	*w = (struct html_words){ .v = NULL };
}

static const char *from_of(const struct html_word *w)
{
	return *w->from ? w->from : "not said";
}

/* They come place by place. */
static void sources(struct buf *b, const struct html_words *w)
{
	static const char *const heads[] = { "from", "tokens", "in the corpus" };

	buf_adds(b, "<table class=\"wide\">\n<caption>Where they came from</caption>\n");
	page_heads(b, heads, ARRAY_LEN(heads), 1);
	for (size_t i = 0, n; i < w->n; i += n) {
		size_t met = 0;

		for (n = 0; i + n < w->n && strcmp(w->v[i].from, w->v[i + n].from) == 0; n++)
			met += w->v[i + n].inputs > 0;
		buf_adds(b, "<tr>");
		page_text_cell(b, heads[0], PAGE_TEXT, from_of(&w->v[i]));
		page_count_cell(b, heads[1], n);
		page_count_cell(b, heads[2], met);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody></table>\n");
}

static void tokens(struct buf *b, const struct html_words *w)
{
	static const char *const heads[] = { "token", "from", "inputs that have it" };

	buf_adds(b, "<details><summary>The tokens</summary>\n<table class=\"wide\">\n");
	page_heads(b, heads, ARRAY_LEN(heads), 2);
	for (size_t i = 0; i < w->n && i < WORDS_SHOWN; i++) {
		buf_adds(b, "<tr>");
		page_cell(b, heads[0], PAGE_TEXT);
		buf_adds(b, "<code>");
		page_text(b, w->v[i].token);
		buf_adds(b, "</code></td>");
		page_text_cell(b, heads[1], PAGE_TEXT, from_of(&w->v[i]));
		page_count_cell(b, heads[2], w->v[i].inputs);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody></table>\n");
	if (w->n > WORDS_SHOWN)
		buf_addf(b, "<p class=\"mute\">and %zu more</p>\n", w->n - WORDS_SHOWN);
	buf_adds(b, "</details>\n");
}

void html_words_add(struct buf *b, const struct html_words *w, const char *harness)
{
	buf_adds(b, "<section aria-labelledby=\"words\"><h2 id=\"words\">Dictionary</h2>\n<p>");
	if (!w->n) {
		buf_adds(b, "None was made yet: a campaign does, and ");
		page_again(b, "dict %s", harness);
		buf_adds(b, "</p></section>\n");
		return;
	}
	num_add_counted(b, w->n, "token");
	buf_adds(b, "; what one is worth shows in how many of ");
	num_add_counted(b, w->looked_at, "input");
	buf_adds(b, " of the corpus have it: each was kept as it reached more.</p>\n");
	sources(b, w);
	tokens(b, w);
	buf_adds(b, "</section>\n");
}
