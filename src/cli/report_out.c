/* The last night says whether the canary lived, and which steps didn't do what they should. */
#include "base/prelude.h"
#include "cli/report_out.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/report_cover.h"
#include "cli/report_words.h"
#include "night/night.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include "report/html.h"
#include "report/sarif.h"
#include "triage/bug_details.h"
#include "triage/decide.h"

static void add_canary(const struct night_record *r, struct model_lines *alive)
{
	const struct night_part *p = &r->parts[NIGHT_CANARY];

	if (night_record_is_blind(r))
		model_lines_add(alive, MODEL_BAD, "canary", "run --canary --time 1m",
			"dead: what was not found says nothing%s%s", p->why ? "; " : "",
			p->why ? p->why : "");
	else if (p->state == NIGHT_DONE)
		model_lines_add(alive, MODEL_GOOD, "canary", NULL, "alive: %s",
			p->words ? p->words : "planted bugs were found");
	else
		model_lines_add(alive, MODEL_WARN, "canary", "run --canary --time 1m", "%s: %s",
			p->state == NIGHT_CUT ? "not known" : "not tried",
			p->why ? p->why : night_state_name(p->state));
}

/* What the last step says of bugs is in the model already, and better. */
static void add_night(const struct night_record *r, struct model_lines *alive)
{
	static const enum model_level levels[] = { MODEL_GOOD, MODEL_WARN, MODEL_BAD };

	add_canary(r, alive);
	for (int i = 0; i < NIGHT_REPORT; i++) {
		const struct night_part *p = &r->parts[i];
		const char *name = night_step_name((enum night_step)i);

		for (size_t k = 0; i != NIGHT_CANARY && k < p->n_notes; k++)
			model_lines_add(alive, levels[p->notes[k].color], name, NULL, "%s",
				p->notes[k].text);
		if (i != NIGHT_CANARY && !p->n_notes &&
			(p->state == NIGHT_FAILED || p->state == NIGHT_CUT))
			model_lines_add(alive, MODEL_WARN, name, NULL, "%s%s%s",
				night_state_name(p->state), p->why ? ": " : "",
				p->why ? p->why : "");
	}
}

int report_out_load(struct project *p, struct model *out, struct err *err)
{
	struct model_lines alive = { .v = NULL };
	struct strlist names = STRLIST_INIT;
	struct night_record night;
	struct model_opts opts = { .project = p->cfg->project,
		.harnesses = &names,
		.now_ms = clock_stamp_ms(),
		.alive = &alive };
	int rc;

	*out = (struct model){ .project = NULL };
	for (size_t i = 0; i < p->cfg->n_harnesses; i++)
		strlist_add(&names, p->cfg->harnesses[i].name);
	if (night_last(p, &night) == 0) {
		add_night(&night, &alive);
		opts.since_ms = night.started_ms;
		opts.until_ms = night.ended_ms ? night.ended_ms : UINT64_MAX;
		night_record_release(&night);
	}
	/* a day that has come, a file that was pulled */
	rc = decide_apply(p, err);
	if (rc == 0)
		rc = model_load(p->store, &opts, out, err);
	model_lines_release(&alive);
	strlist_release(&names);
	return rc;
}

static char *readable(const void *sources, const char *file)
{
	return source_text_allowed(sources, file);
}

/* --- pages --- */

struct paging {
	struct project *p;
	struct bug_details look;
	bool looked;
};

static int one_bug(void *arg, const char *id, struct html_bug *out, struct err *err)
{
	struct paging *g = arg;
	struct err why = ERR_INIT;

	if (proc_interrupted())
		return err_set(err, "interrupted");
	if (g->looked)
		bug_details_release(&g->look);
	g->looked = bug_details_load(g->p, id, &g->look, &why) == 0;
	*out = (struct html_bug){ .root = g->p->cfg->dir };
	if (!g->looked) {
		log_warn("bug %.8s: %s", id, why.msg);
		return 1;
	}
	*out = (struct html_bug){ .report = g->look.report,
		.input = &g->look.input,
		.essential = g->look.essential,
		.input_path = g->look.input_path,
		.input_lost = g->look.input_lost,
		.test_dir = g->look.test_dir,
		.origin = g->look.origin,
		.note = g->look.note,
		.matrix = g->look.matrix,
		.sites = g->look.sites,
		.n_sites = g->look.n_sites,
		.root = g->p->cfg->dir,
		.readable = readable,
		.readable_arg = g->p->sources };
	return 0;
}

static void one_cover(void *arg, const char *harness, struct html_cover *out)
{
	report_cover(((struct paging *)arg)->p, harness, out);
}

static void one_words(void *arg, const char *harness, struct html_words *out)
{
	report_words(((struct paging *)arg)->p, harness, out);
}

int report_out_html(
	struct project *p, const struct model *m, const char *dir, size_t pages, struct err *err)
{
	struct paging g = { .p = p };
	struct html_opts opts = { .dir = dir,
		.pages = pages,
		.bug = one_bug,
		.cover = one_cover,
		.words = one_words,
		.arg = &g };
	int rc = html_write(m, &opts, err);

	if (g.looked)
		bug_details_release(&g.look);
	return rc;
}

int report_out_sarif(struct project *p, const struct model *m, struct buf *out, struct err *err)
{
	struct sarif s = { .log = NULL };
	int rc = 0;

	sarif_begin(&s, p->cfg->dir, p->cfg->path, THRESH_VERSION, readable, p->sources);
	for (size_t i = 0; rc == 0 && i < m->n_bugs; i++) {
		struct bug_details look = { .report = NULL };

		rc = proc_interrupted() ? err_set(err, "interrupted")
					: bug_details_load(p, m->bugs[i].rec.id, &look, err);
		if (rc == 0) {
			sarif_add(&s, &look.bug, look.report);
			bug_details_release(&look);
		}
	}
	if (rc == 0)
		json_print_take(out, sarif_take(&s), true);
	else
		cJSON_Delete(sarif_take(&s));
	return rc;
}
