/* First what colour it has, then what to do, the worst first, then each step in a line. */
#include "base/prelude.h"
#include "cli/night_out.h"
#include "base/clock.h"
#include "base/num.h"
#include "cli/cli.h"
#include "report/table.h"

static enum term_style style_of(enum night_color c)
{
	static const enum term_style styles[] = { TERM_GREEN, TERM_YELLOW, TERM_RED };

	return styles[c];
}

int night_out_status(const struct night_record *r)
{
	if (night_record_is_blind(r))
		return EXIT_OTHER;
	if (night_record_findings(r))
		return EXIT_FINDINGS;
	return !r->ended_ms || night_record_color(r) != NIGHT_GREEN ? EXIT_OTHER : EXIT_OK;
}

static void add_head(const struct night_record *r, const struct term *term, struct buf *out)
{
	enum night_color c = night_record_color(r);
	char when[CLOCK_ISO_LEN];

	clock_iso(r->started_ms, when);
	buf_addf(out, "night of %.10s: %s%s%s, ", when, term_on(term, style_of(c)),
		night_color_name(c), term_off(term));
	num_add_duration(out, r->spent_ms);
	buf_adds(out, " of ");
	num_add_duration(out, r->budget_ms);
	if (r->rounds > 1)
		buf_addf(out, ", %u rounds", r->rounds);
	if (r->resumed)
		buf_addf(out, ", resumed %s", r->resumed == 1 ? "once" : "");
	if (r->resumed > 1)
		buf_addf(out, "%u times", r->resumed);
	if (!r->ended_ms)
		buf_adds(out, ", not over: `thresh night` goes on");
	buf_addch(out, '\n');
}

static void add_notes(const struct night_record *r, const struct term *term, struct buf *out)
{
	struct buf line = BUF_INIT;

	for (int c = NIGHT_RED; c > NIGHT_GREEN; c--)
		for (int i = 0; i < NIGHT_STEPS; i++)
			for (size_t k = 0; k < r->parts[i].n_notes; k++) {
				const struct night_note *n = &r->parts[i].notes[k];

				if ((int)n->color != c)
					continue;
				buf_reset(&line);
				buf_addf(&line, "%s: %s", night_color_name(n->color), n->text);
				term_add_wrapped(out, buf_str(&line), 2, term->wrap);
			}
	buf_release(&line);
}

static void add_steps(const struct night_record *r, const struct term *term, struct buf *out)
{
	static const struct table_col cols[] = {
		{ .head = "STEP" },
		{ .head = "STATE" },
		{ .head = "TIME", .right = true },
		{ .head = "WHAT", .flex = true },
	};
	static const enum term_style styles[] = {
		[NIGHT_WAITS] = TERM_DIM,
		[NIGHT_DONE] = TERM_PLAIN,
		[NIGHT_CUT] = TERM_YELLOW,
		[NIGHT_FAILED] = TERM_RED,
		[NIGHT_SKIPPED] = TERM_DIM,
	};
	struct table *t = table_new(cols, ARRAY_LEN(cols));

	for (int i = 0; i < NIGHT_STEPS; i++) {
		const struct night_part *p = &r->parts[i];
		struct buf ms = BUF_INIT;

		num_add_duration(&ms, p->ms);
		table_cell(t, TERM_BOLD, night_step_name((enum night_step)i));
		table_cell(t, styles[p->state], night_state_name(p->state));
		table_cell(t, TERM_PLAIN, p->ms ? buf_str(&ms) : "");
		table_cell(t, TERM_PLAIN, p->words ? p->words : p->why ? p->why : "");
		buf_release(&ms);
	}
	table_render(t, term, out);
	table_free(t);
}

void night_out_text(const struct night_record *r, const struct term *term, struct buf *out)
{
	add_head(r, term, out);
	add_notes(r, term, out);
	buf_addch(out, '\n');
	add_steps(r, term, out);
}

cJSON *night_out_json(const struct night_record *r)
{
	cJSON *j = night_record_json(r);

	cJSON_DeleteItemFromObject(j, NIGHT_KNOWN);
	cJSON_AddStringToObject(j, "color", night_color_name(night_record_color(r)));
	cJSON_AddNumberToObject(j, "findings", (double)night_record_findings(r));
	cJSON_AddBoolToObject(j, "blind", night_record_is_blind(r));
	cJSON_AddBoolToObject(j, "ended", r->ended_ms != 0);
	cJSON_AddNumberToObject(j, "exit_status", night_out_status(r));
	return j;
}
