/*
 * thresh run: a campaign, and at its end the bugs. Results go to standard output when all is over; on the way there
 * is only the log, and a line of progress on a terminal.
 */
#include "base/prelude.h"
#include "base/again.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/num.h"
#include "campaign/run.h"
#include "cli/canary_out.h"
#include "cli/commands.h"
#include "cli/select.h"
#include "proc/proc.h"
#include "report/bug_json.h"
#include "report/bugs_table.h"
#include "triage/bug_details.h"
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define WHY_MAX ((size_t)400)

struct run_args {
	uint64_t time_ms, finish_ms, jobs, enough_bugs;
	bool fresh, json, no_edge, no_guard, canary;
};

static const struct opt run_opts[] = {
	{ .name = "time",
		.key = 't',
		.kind = OPT_DURATION,
		.off = offsetof(struct run_args, time_ms),
		.min = 1000,
		.arg = "TIME",
		.help = "budget of exploring; default campaign.time" },
	{ .name = "finish",
		.kind = OPT_DURATION,
		.off = offsetof(struct run_args, finish_ms),
		.min = 1000,
		.arg = "TIME",
		.help = "how long at most what was found is worked on after that; default a "
			"quarter as long, at least 10s, at most 5m" },
	{ .name = "jobs",
		.key = 'j',
		.kind = OPT_UINT,
		.off = offsetof(struct run_args, jobs),
		.min = 1,
		.max = 256,
		.arg = "N",
		.help = "engines at once; default campaign.jobs" },
	{ .name = "fresh",
		.kind = OPT_FLAG,
		.off = offsetof(struct run_args, fresh),
		.help = "begin anew instead of going on with a campaign that was killed" },
	{ .name = "enough",
		.kind = OPT_UINT,
		.off = offsetof(struct run_args, enough_bugs),
		.min = 1,
		.max = UINT32_MAX,
		.arg = "N",
		.help = "stop exploring once so many bugs are open" },
	{ .name = "no-edge",
		.kind = OPT_FLAG,
		.off = offsetof(struct run_args, no_edge),
		.help = "the engines at once, without the edge cases before them" },
	{ .name = "no-guard",
		.kind = OPT_FLAG,
		.off = offsetof(struct run_args, no_guard),
		.help = "without the look at the corpora at its end, as `thresh guard --record` "
			"has it" },
	{ .name = "canary",
		.kind = OPT_FLAG,
		.off = offsetof(struct run_args, canary),
		.help = "first see that planted bugs are found, made small and tested: some "
			"seconds, beside the budget" },
	{ .name = "json",
		.kind = OPT_FLAG,
		.off = offsetof(struct run_args, json),
		.help = "the result as one JSON object" },
	{ .kind = OPT_END },
};

/* A narrow terminal shows the first of these that fit. */
enum {
	PART_TIME,
	PART_BUGS,
	PART_RATE,
	PART_EDGES,
	PART_NEW,
	PART_NOW,
	PART_CPU,
	PART_QUEUE,
	PART_CRASHES,
	PART_RUNS,
	PART_NOW_2,
	PARTS
};

static void add_time(struct buf *b, const struct run_status *s)
{
	if (strcmp(s->phase, "finishing") == 0) {
		buf_adds(b, "finishing: ");
		num_add_counted(b, s->waiting, "job");
	} else {
		num_add_duration(b, s->budget_ms - MIN(s->elapsed_ms, s->budget_ms));
	}
	buf_adds(b, " left");
}

static void add_engines(struct buf *part, const struct run_status *s)
{
	uint64_t now = clock_stamp_ms();

	if (s->execs_per_s >= 0.5) {
		num_add_count(&part[PART_RATE], (uint64_t)(s->execs_per_s + 0.5));
		buf_adds(&part[PART_RATE], "/s");
	}
	if (s->edges)
		num_add_counted(&part[PART_EDGES], s->edges, "edge");
	if (s->last_new_ms) {
		buf_adds(&part[PART_NEW], "last new ");
		/* whole seconds: tenths would only flicker */
		num_add_duration(
			&part[PART_NEW], MAX((now - MIN(now, s->last_new_ms)) / 1000, 1u) * 1000);
		buf_adds(&part[PART_NEW], " ago");
	}
	for (size_t i = 0; i < s->n_now && i < 2; i++)
		buf_adds(&part[i ? PART_NOW_2 : PART_NOW], s->now[i]);
	if (s->cpu_share >= 0)
		buf_addf(&part[PART_CPU], "cpu %.0f %%", s->cpu_share * 100);
}

static void progress(void *arg, const struct run_status *s)
{
	struct buf part[PARTS] = { BUF_INIT };
	const char *shown[PARTS];

	(void)arg;
	if (strcmp(s->phase, "building") == 0) {
		log_progress("building what changed");
		return;
	}
	add_time(&part[PART_TIME], s);
	num_add_counted(&part[PART_BUGS], s->bugs, "bug");
	if (s->new_bugs)
		buf_addf(&part[PART_BUGS], " (%llu new)", (unsigned long long)s->new_bugs);
	add_engines(part, s);
	if (s->waiting && strcmp(s->phase, "finishing") != 0)
		buf_addf(&part[PART_QUEUE], "%llu to do", (unsigned long long)s->waiting);
	if (s->crashes) {
		num_add_count(&part[PART_CRASHES], s->crashes);
		buf_adds(&part[PART_CRASHES], s->crashes == 1 ? " crash" : " crashes");
	}
	/* the first slice isn't over */
	if (s->execs)
		num_add_counted(&part[PART_RUNS], s->execs, "run");
	for (size_t i = 0; i < PARTS; i++)
		shown[i] = buf_str(&part[i]);
	log_progress_parts(shown, PARTS);
	for (size_t i = 0; i < PARTS; i++)
		buf_release(&part[i]);
}

struct rows {
	const struct project *p;
	struct bugs_table table;
	/* of these bugs */
	uint64_t tests;
};

static int add_row(void *arg, const struct bug_rec *b)
{
	struct rows *rows = arg;
	char *test;

	if (b->state == BUG_FIXED || b->state == BUG_IGNORED)
		return 0;
	bugs_table_row(&rows->table, b);
	test = bug_details_test(rows->p, b);
	rows->tests += test != NULL;
	free(test);
	return 0;
}

static int add_json(void *arg, const struct bug_rec *b)
{
	cJSON_AddItemToArray(arg, bug_json(b));
	return 0;
}

static cJSON *add_harness_words(
	cJSON *list, const char *harness, const char *key, const char *word, const char *why)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddItemToObject(o, "harness", harness ? json_text(harness) : cJSON_CreateNull());
	if (key)
		cJSON_AddItemToObject(o, key, json_text(word));
	cJSON_AddItemToObject(o, "why", json_text(why));
	cJSON_AddItemToArray(list, o);
	return o;
}

/* What was tested, what wasn't, and why. */
static void add_account(cJSON *j, const struct run_result *r)
{
	cJSON *tested, *lacks, *alarms, *skipped;

	cJSON_AddBoolToObject(j, "complete", r->n_lacks == 0);
	cJSON_AddNumberToObject(j, "unfiled_findings", (double)r->unfiled);
	cJSON_AddNumberToObject(j, "unstored_findings", (double)r->unstored);
	cJSON_AddNumberToObject(j, "unexplained_failures", (double)r->unexplained);
	cJSON_AddNumberToObject(j, "slow_inputs", (double)r->slow);
	tested = cJSON_AddArrayToObject(j, "tested");
	for (size_t i = 0; i < r->n_pairs; i++) {
		const struct run_pair *p = &r->pairs[i];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddItemToObject(o, "harness", json_text(p->harness));
		cJSON_AddItemToObject(o, "engine", json_text(p->engine));
		cJSON_AddNumberToObject(o, "execs", (double)p->execs);
		cJSON_AddNumberToObject(o, "seconds", (double)p->ms / 1000);
		cJSON_AddBoolToObject(o, "complete", !p->lacking);
		cJSON_AddItemToObject(o, "why", p->why ? json_text(p->why) : cJSON_CreateNull());
		cJSON_AddItemToArray(tested, o);
	}
	lacks = cJSON_AddArrayToObject(j, "not_done");
	for (size_t i = 0; i < r->n_lacks; i++) {
		const struct run_lack *l = &r->lacks[i];
		cJSON *o = add_harness_words(lacks, l->harness, "what", l->what, l->why);

		cJSON_AddBoolToObject(o, "no_time", l->no_time);
	}
	alarms = cJSON_AddArrayToObject(j, "alarms");
	for (size_t i = 0; i < r->alarms.n; i++)
		cJSON_AddItemToArray(alarms, json_text(r->alarms.v[i]));
	skipped = cJSON_AddArrayToObject(j, "left_out");
	for (size_t i = 0; i < r->n_skipped; i++)
		add_harness_words(skipped, r->skipped[i].harness, NULL, NULL, r->skipped[i].why);
}

/* canary: NULL where none was asked for. */
static int print_json(struct project *p, const struct run_result *r,
	const struct canary_result *canary, struct err *err)
{
	cJSON *j = cJSON_CreateObject(), *bugs;
	struct buf out = BUF_INIT;

	cJSON_AddNumberToObject(j, "campaign", (double)r->campaign);
	cJSON_AddBoolToObject(j, "resumed", r->resumed);
	cJSON_AddBoolToObject(j, "interrupted", r->interrupted);
	cJSON_AddNumberToObject(j, "execs", (double)r->execs);
	cJSON_AddNumberToObject(j, "seconds", (double)r->elapsed_ms / 1000);
	cJSON_AddNumberToObject(j, "new_bugs", (double)r->new_bugs);
	cJSON_AddNumberToObject(j, "open_bugs", (double)r->open_bugs);
	cJSON_AddNumberToObject(j, "unfinished_jobs", (double)r->unfinished);
	add_account(j, r);
	if (canary)
		cJSON_AddItemToObject(j, "canary", canary_out_json(canary));
	bugs = cJSON_AddArrayToObject(j, "bugs");
	if (store_bugs(p->store, add_json, bugs, err) < 0) {
		cJSON_Delete(j);
		return -1;
	}
	json_print_take(&out, j, true);
	fputs(out.s, stdout);
	buf_release(&out);
	return 0;
}

/* Other than by the parts of the budget, which large suites are longer than in each campaign. */
static bool fell_short(const struct run_result *r)
{
	for (size_t i = 0; i < r->n_lacks; i++)
		if (!r->lacks[i].budgeted)
			return true;
	return false;
}

/* "not done: parse, libfuzzer: it ran nothing". What a target or a compiler said stays on one line. */
static void print_lacks(const struct run_result *r, const struct term *term)
{
	struct buf b = BUF_INIT;
	size_t budgeted = 0;

	for (size_t i = 0; i < r->n_lacks; i++) {
		const struct run_lack *l = &r->lacks[i];

		budgeted += l->budgeted;
		/* as with all large suites in each campaign: one line for all of them, and --json names each */
		if (l->budgeted)
			continue;
		buf_adds(&b, "not done: ");
		if (l->harness)
			buf_addf(&b, "%s, ", l->harness);
		buf_addf(&b, "%s: ", l->what);
		escape_term(&b, strv_sub(strv_of(l->why), 0, WHY_MAX));
		buf_addch(&b, '\n');
	}
	if (budgeted) {
		buf_addf(&b, "edge cases: those of %zu harness%s had time for a part; `", budgeted,
			budgeted == 1 ? "" : "es");
		again_add(&b, "edge` runs all\n");
	}
	term_print(term, &b);
	buf_release(&b);
}

static void print_canary(const struct canary_result *canary, const struct term *term)
{
	struct buf b = BUF_INIT;

	canary_out_text(canary, &b);
	term_print(term, &b);
	buf_release(&b);
}

static void print_next(const struct run_result *r, uint64_t tests, const struct term *term)
{
	struct buf b = BUF_INIT;

	if (r->interrupted) {
		buf_adds(&b, "interrupted; `");
		again_add(&b, "run` goes on, with ");
		num_add_counted(&b, r->unfinished, "job");
		buf_adds(&b, " to do\n");
	} else if (r->open_bugs) {
		buf_adds(&b, "look at one with `");
		again_add(&b, "show BUG`");
		if (tests) {
			buf_adds(&b, "; ");
			num_add_counted(&b, tests, "test");
			buf_addf(&b, " %s in " PROJECT_TESTS, tests == 1 ? "is" : "are");
		}
		buf_addch(&b, '\n');
	}
	term_print(term, &b);
	buf_release(&b);
}

static int print_text(
	struct project *p, const struct run_result *r, const struct cli_ctx *ctx, struct err *err)
{
	const struct term *term = &ctx->term;
	struct buf b = BUF_INIT, shown = BUF_INIT;
	struct rows rows = { .p = p };
	int rc;

	bugs_table_init(&rows.table);
	rc = store_bugs(p->store, add_row, &rows, err);
	if (rc == 0 && rows.table.n) {
		bugs_table_render(&rows.table, term, &shown);
		buf_addch(&shown, '\n');
		term_print(term, &shown);
	}
	num_add_counted(&b, r->execs, "run");
	buf_adds(&b, " in ");
	num_add_duration(&b, r->elapsed_ms);
	buf_adds(&b, ": ");
	num_add_counted(&b, r->open_bugs, "open bug");
	buf_addf(&b, ", %llu of them new", (unsigned long long)r->new_bugs);
	if (r->first_bug_ms) {
		buf_adds(&b, "; the first after ");
		num_add_duration(&b, r->first_bug_ms);
	}
	buf_addch(&b, '\n');
	if (r->slow)
		buf_addf(&b, "%llu input%s ran into a limit once, and %s within it alone\n",
			(unsigned long long)r->slow, r->slow == 1 ? "" : "s",
			r->slow == 1 ? "stays" : "stay");
	for (size_t i = 0; i < r->alarms.n; i++)
		buf_addf(&b, "%s\n", r->alarms.v[i]);
	term_print(term, &b);
	print_lacks(r, term);
	print_next(r, rows.tests, term);
	bugs_table_release(&rows.table);
	buf_release(&shown);
	buf_release(&b);
	return rc;
}

static int conduct(
	struct project *p, const struct run_args *a, const struct cli_ctx *ctx, struct err *err)
{
	struct select_harnesses sel;
	struct run_result r = { .campaign = 0 };
	struct canary_result canary = { .link = CHAIN_ALIVE };
	struct strlist more = STRLIST_INIT;
	struct run_opts opts = { .time_ms = a->time_ms ? a->time_ms : p->cfg->time_ms,
		.any_time = !a->time_ms,
		.finish_ms = a->finish_ms,
		.jobs = a->jobs ? (unsigned)a->jobs : p->jobs,
		.fresh = a->fresh,
		.no_edge = a->no_edge,
		.no_guard = a->no_guard,
		.enough_bugs = a->enough_bugs,
		.progress = progress };
	int rc, status;

	if (select_harnesses(p, ctx->args, &sel, err) < 0)
		return -1;
	cli_pass_on(ctx, &more);
	opts.worker_args = (const char *const *)more.v;
	opts.harnesses = sel.v;
	opts.n_harnesses = sel.n;
	rc = a->canary ? canary_run(p, &(struct canary_opts){ .campaign_ms = opts.time_ms },
				 &canary, err)
		       : 0;
	if (rc == 0)
		rc = campaign_run(p, &opts, &r, err);
	log_progress_end();
	if (rc == 0)
		rc = a->json ? print_json(p, &r, a->canary ? &canary : NULL, err)
			     : print_text(p, &r, ctx, err);
	if (rc == 0 && a->canary && !a->json)
		print_canary(&canary, &ctx->term);
	/* a campaign that did less than was asked must not look like one that found nothing */
	status = r.open_bugs ? EXIT_FINDINGS : fell_short(&r) ? EXIT_OTHER : EXIT_OK;
	if (canary.link != CHAIN_ALIVE)
		status = EXIT_OTHER;
	canary_result_release(&canary);
	run_result_release(&r);
	select_release(&sel);
	strlist_release(&more);
	return rc < 0 ? -1 : status;
}

static int run(void *args, const struct cli_ctx *ctx)
{
	struct err err = ERR_INIT;
	struct project *p = project_open(ctx->config, &err);
	int rc;

	if (!p)
		return cli_fail(&err);
	proc_catch_signals();
	rc = conduct(p, args, ctx, &err);
	project_close(p);
	return rc < 0 ? cli_fail(&err) : rc;
}

const struct cmd cmd_run = {
	.name = "run",
	.args = "[HARNESS...]",
	.help = "fuzz under a time budget; triage, minimise and test what is found",
	.more = "Builds what changed, runs the edge cases of each harness, then explores all of "
		"them "
		"with every engine on one shared corpus. Each failing input is "
		"replayed on the sanitizer build, filed under its bug, minimised, and kept as a "
		"regression test.\n\n"
		"Ctrl-C once ends it cleanly and keeps everything; twice ends it now, still losing "
		"nothing. A campaign that was "
		"interrupted or killed goes on with the next `thresh run` of the same "
		"harnesses.\n\n"
		"One campaign of a project runs at a time. Ends with 1 when bugs are open, also "
		"old ones; else with 3 when less was done than asked, and says what: a harness "
		"was "
		"left out, an engine could not run or ran nothing, edge cases had no time at all, "
		"a job "
		"failed for good, "
		"failing inputs could not be stored or triaged, a failure that was seen doesn't "
		"come again, or it was interrupted. With --canary always with 3 where planted "
		"bugs didn't become tests: then what was not found says nothing.",
	.examples = "thresh run --time 10m\nthresh run -j4 my_parser",
	.opts = run_opts,
	.args_size = sizeof(struct run_args),
	.max_args = UINT_MAX,
	.run = run,
};
