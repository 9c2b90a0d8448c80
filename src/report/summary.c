/* On one screen, and in one comment: the same as the first page's top. */
#include "base/prelude.h"
#include "report/summary.h"
#include "base/again.h"
#include "base/clock.h"
#include "base/num.h"
#include "report/bug_json.h"
#include "report/markdown.h"
#include "report/table.h"

#define BUGS_SHOWN 20
/* GitHub takes 65,536 characters of a comment */
#define COMMENT_MAX ((size_t)60000)

static enum term_style style_of(enum model_level l)
{
	static const enum term_style styles[] = { TERM_GREEN, TERM_YELLOW, TERM_RED };

	return styles[l];
}

static void add_head(const struct model *m, struct buf *out)
{
	num_add_counted(out, m->states[BUG_OPEN] + m->states[BUG_REGRESSED] + m->states[BUG_FLAKY],
		"open bug");
	buf_addf(out, ", %llu new, %llu back, %llu fixed", (unsigned long long)m->news[MODEL_NEW],
		(unsigned long long)m->news[MODEL_REGRESSED],
		(unsigned long long)m->news[MODEL_FIXED]);
}

static void text_lines(const struct model_lines *l, const char *heading, bool commands,
	const struct term *term, struct buf *out)
{
	struct buf line = BUF_INIT;

	if (!l->n)
		return;
	buf_addf(out, "\n%s%s%s\n", term_on(term, TERM_BOLD), heading, term_off(term));
	for (size_t i = 0; i < l->n; i++) {
		const struct model_line *one = &l->v[i];

		buf_reset(&line);
		buf_addf(&line, "%s: %s: %s", model_level_name(one->level), one->about, one->text);
		buf_adds(out, term_on(term, style_of(one->level)));
		term_add_wrapped(out, buf_str(&line), 2, term->wrap);
		buf_adds(out, term_off(term));
		if (commands && one->command)
			term_add_command(term, out, one->command, 4);
	}
	buf_release(&line);
}

static void text_harnesses(const struct model *m, const struct term *term, struct buf *out)
{
	static const struct table_col cols[] = { { .head = "HARNESS", .flex = true },
		{ .head = "RUNS", .right = true }, { .head = "FEATURES", .right = true },
		{ .head = "INPUTS", .right = true }, { .head = "OPEN BUGS", .right = true } };
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	struct buf runs = BUF_INIT;

	for (size_t i = 0; i < m->n_harnesses; i++) {
		const struct model_harness *h = &m->harnesses[i];
		const struct model_point none = { 0 },
					 *p = h->n_points ? &h->points[h->n_points - 1] : &none;

		buf_reset(&runs);
		num_add_count(&runs, p->execs);
		table_cell(t, TERM_BOLD, h->name);
		table_cell(t, TERM_PLAIN, buf_str(&runs));
		table_cellf(t, TERM_PLAIN, "%llu", (unsigned long long)p->features);
		table_cellf(t, TERM_PLAIN, "%llu", (unsigned long long)p->inputs);
		table_cellf(t, TERM_PLAIN, "%llu", (unsigned long long)h->open_bugs);
	}
	buf_addch(out, '\n');
	table_render(t, term, out);
	table_free(t);
	buf_release(&runs);
}

void summary_text(const struct model *m, const struct term *term, struct buf *out)
{
	struct buf head = BUF_INIT;
	char iso[CLOCK_ISO_LEN];

	buf_addf(&head, "%s: ", m->project);
	add_head(m, &head);
	if (m->since_ms) {
		clock_iso(m->since_ms, iso);
		buf_addf(&head, " since %s", iso);
	}
	term_add_wrapped(out, buf_str(&head), 0, term->wrap);
	text_lines(&m->todo, "what to do next", true, term, out);
	text_lines(&m->alive, "is it alive", false, term, out);
	text_lines(&m->worse, "what got worse", false, term, out);
	text_harnesses(m, term, out);
	buf_release(&head);
}

static void markdown_lines(const struct model_lines *l, const char *heading, struct buf *out)
{
	if (!l->n)
		return;
	buf_addf(out, "\n### %s\n\n", heading);
	for (size_t i = 0; i < l->n && out->len < COMMENT_MAX; i++) {
		buf_addf(out, "- **%s** ", model_level_name(l->v[i].level));
		markdown_text(out, l->v[i].about);
		buf_adds(out, ": ");
		markdown_text(out, l->v[i].text);
		buf_addch(out, '\n');
		if (l->v[i].command) {
			buf_adds(out, "\n");
			markdown_code(out, l->v[i].command);
			buf_addch(out, '\n');
		}
	}
}

static void markdown_bugs(const struct model *m, struct buf *out)
{
	size_t i = 0;

	if (!m->n_bugs)
		return;
	buf_adds(out, "\n### Bugs\n\n| bug | state | severity | what | harness "
		      "|\n|---|---|---|---|---|\n");
	for (; i < m->n_bugs && i < BUGS_SHOWN && out->len < COMMENT_MAX; i++) {
		const struct bug_rec *r = &m->bugs[i].rec;

		buf_addf(out, "| `%.8s` | ", r->id);
		model_add_state(out, &m->bugs[i]);
		buf_addf(out, " | %s | ", severity_name(r->severity));
		markdown_text(out, r->title);
		buf_adds(out, " | ");
		markdown_text(out, r->harness);
		buf_adds(out, " |\n");
	}
	if (i < m->n_bugs) {
		buf_addf(out, "\n%zu more: `", m->n_bugs - i);
		again_add(out, "bugs`\n");
	}
}

void summary_markdown(const struct model *m, struct buf *out)
{
	buf_adds(out, "## ");
	markdown_text(out, m->project);
	buf_adds(out, ": ");
	add_head(m, out);
	buf_addch(out, '\n');
	markdown_lines(&m->todo, "What to do next", out);
	markdown_lines(&m->worse, "What got worse", out);
	markdown_bugs(m, out);
}
