/* The levels of health are those of the first page, by another name. */
#include "base/prelude.h"
#include "report/html_looks.h"
#include "report/page.h"

static const char *style_of(enum look_level l)
{
	static const enum model_level levels[] = { MODEL_GOOD, MODEL_WARN, MODEL_BAD };

	return model_level_name(levels[l]);
}

static void level(struct buf *b, enum look_level l)
{
	buf_addf(b, "<b class=\"level %s\">%s</b>", style_of(l), look_level_name(l));
}

static void found(struct buf *b, const struct health_rec *r)
{
	buf_adds(b, "<li>");
	level(b, r->level);
	buf_adds(b, " (");
	page_text(b, r->rule);
	buf_adds(b, "): ");
	page_text(b, r->cause);
	buf_adds(b, "<br/>mend: ");
	page_text(b, r->mend);
	buf_adds(b, "</li>\n");
}

void html_health_add(struct buf *b, const struct model_harness *h)
{
	const struct look_rec *look = &h->look;

	buf_adds(b, "<section aria-labelledby=\"health\"><h2 id=\"health\">Health</h2>\n");
	if (!look->when_ms) {
		buf_adds(b, "<p>Nobody looked yet: a campaign does, and ");
		page_again(b, "check %s", h->name);
		buf_adds(b, "</p></section>\n");
		return;
	}
	buf_adds(b, "<p>");
	level(b, look_rec_level(look));
	buf_adds(b, look_rec_level(look) == LOOK_SICK ? ", so campaigns leave it out; seen "
						      : ", seen ");
	page_time(b, look->when_ms);
	buf_adds(b, "</p>\n");
	if (look->n)
		buf_adds(b, "<ul>\n");
	for (size_t i = 0; i < look->n; i++)
		found(b, &look->v[i]);
	buf_adds(b, look->n ? "</ul></section>\n" : "</section>\n");
}

void html_verdicts_add(struct buf *b, const struct model_harness *h)
{
	static const char *const heads[] = { "inputs", "seen", "accepted", "rejected", "failed",
		"slow", "gave up", "not run" };

	if (!h->n_verdicts)
		return;
	buf_adds(b, "<section aria-labelledby=\"verdicts\"><h2 id=\"verdicts\">How inputs were "
		    "taken</h2>\n<table class=\"wide\">\n");
	page_heads(b, heads, ARRAY_LEN(heads), 2);
	for (size_t i = 0; i < h->n_verdicts; i++) {
		const struct verdict_rec *v = &h->verdicts[i];

		buf_adds(b, "<tr>");
		page_text_cell(b, heads[0], PAGE_WORD, v->source);
		page_time_cell(b, heads[1], v->when_ms);
		page_count_cell(b, heads[2], v->accepted);
		page_count_cell(b, heads[3], v->rejected);
		page_count_cell(b, heads[4], v->failed);
		page_count_cell(b, heads[5], v->slow);
		page_count_cell(b, heads[6], v->gave_up);
		page_count_cell(b, heads[7], v->not_run);
		buf_adds(b, "</tr>\n");
	}
	buf_adds(b, "</tbody></table></section>\n");
}
