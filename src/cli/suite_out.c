/* What an edge suite shows. Everything that a target printed is escaped for where it goes. */
#include "base/prelude.h"
#include "cli/suite_out.h"
#include "base/escape.h"
#include "base/num.h"
#include "report/bug_json.h"
#include <stdio.h>

#define TAP_LINES 30
#define LINE_BYTES 400
/* before a bug's summary: its id and what it is */
#define BUG_COLUMNS 22
#define FAILURES_MAX 10000 /* in JSON; the counts are whole */

static void add_where(const struct suite_out_state *s, struct buf *b, const struct suite_one *one)
{
	if (s->many)
		buf_addf(b, "%s %s ", one->harness, one->variant);
}

static void tap_case(struct suite_out_state *s, const struct suite_one *one)
{
	struct strv rest = one->text, line;
	struct buf b = BUF_INIT;

	buf_addf(&b, "%sok %llu - ", one->verdict == SUITE_FAILED ? "not " : "",
		(unsigned long long)++s->no);
	add_where(s, &b, one);
	escape_tap(&b, strv_of(one->name));
	if (one->verdict == SUITE_NOT_RUN) {
		buf_adds(&b, " # SKIP could not be run");
	} else if (one->verdict == SUITE_FAILED && one->summary) {
		buf_adds(&b, " \\# ");
		escape_tap(&b, strv_of(one->summary));
	} else if (one->verdict != SUITE_ACCEPTED) {
		buf_addf(&b, " (%s", suite_verdict_name(one->verdict));
		buf_adds(&b, one->message.len ? ": " : "");
		escape_tap(&b, strv_sub(one->message, 0, LINE_BYTES));
		buf_addch(&b, ')');
	}
	buf_addch(&b, '\n');
	for (unsigned n = 0; n < TAP_LINES && strv_line(&rest, &line); n++) {
		buf_adds(&b, "# ");
		escape_term(&b, strv_sub(line, 0, LINE_BYTES));
		buf_addch(&b, '\n');
	}
	fwrite(b.s, 1, b.len, stdout);
	buf_release(&b);
}

static void verdict_case(const struct suite_out_state *s, const struct suite_one *one)
{
	struct buf b = BUF_INIT;

	buf_addf(&b, "%s\t", suite_verdict_name(one->verdict));
	add_where(s, &b, one);
	escape_term(&b, strv_of(one->name));
	buf_addch(&b, '\t');
	if (one->verdict == SUITE_FAILED)
		escape_term(&b, strv_of(one->summary));
	else
		escape_term(&b, strv_sub(one->message, 0, LINE_BYTES));
	buf_addch(&b, '\n');
	fwrite(b.s, 1, b.len, stdout);
	buf_release(&b);
}

static void junit_case(struct suite_out_state *s, const struct suite_one *one)
{
	struct buf where = BUF_INIT;
	struct junit_row row = { .name = one->name, .us = one->wall_us };

	buf_addf(&where, "%s.%s", one->harness, one->variant);
	row.classname = where.s;
	if (one->verdict == SUITE_FAILED) {
		row.result = JUNIT_FAILED;
		row.type = target_outcome_name(one->outcome);
		row.message = one->summary ? one->summary : "failed";
		row.text = one->text;
	} else if (one->verdict == SUITE_NOT_RUN) {
		row.result = JUNIT_SKIPPED;
	}
	junit_add(s->junit, &row);
	buf_release(&where);
}

static cJSON *case_json(const struct suite_one *one)
{
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "case", json_text(one->name));
	cJSON_AddItemToObject(j, "variant", json_text(one->variant));
	cJSON_AddItemToObject(j, "outcome", json_text(target_outcome_name(one->outcome)));
	cJSON_AddItemToObject(j, "signature", json_text(one->signature));
	cJSON_AddItemToObject(j, "summary", json_text(one->summary));
	cJSON_AddNumberToObject(j, "size", (double)one->len);
	return j;
}

void suite_out_case(void *arg, const struct suite_one *one)
{
	struct suite_out_state *s = arg;

	if (s->tap)
		tap_case(s, one);
	if (s->verdicts)
		verdict_case(s, one);
	if (s->junit)
		junit_case(s, one);
	if (s->failures && one->verdict == SUITE_FAILED &&
		cJSON_GetArraySize(s->failures) < FAILURES_MAX)
		cJSON_AddItemToArray(s->failures, case_json(one));
}

static void add_runs(struct buf *b, uint64_t n, const char *what, uint64_t ms)
{
	num_add_counted(b, n, what);
	buf_adds(b, " in ");
	num_add_duration(b, ms);
	if (ms) {
		buf_adds(b, " (");
		num_add_count(b, n * 1000 / ms);
		buf_adds(b, "/s)");
	}
}

static void bug_line(const struct suite_bug *bug, const struct term *term)
{
	struct buf b = BUF_INIT, head = BUF_INIT, text = BUF_INIT;

	buf_addf(&head, "  %s%.8s%s %s  ", term_on(term, TERM_RED),
		bug->id[0] ? bug->id : "--------", term_off(term),
		bug->is_new      ? "new      "
		: bug->regressed ? "regressed"
		: bug->id[0]     ? "known    "
				 : "not filed");
	if (bug->summary) {
		escape_term(&text, strv_of(bug->summary));
		term_add_headed(&b, head.s, BUG_COLUMNS, text.s, term->columns);
	}
	buf_reset(&text);
	escape_term(&text, strv_of(bug->name));
	if (strcmp(bug->variant, "asan") != 0)
		buf_addf(&text, " (%s build)", bug->variant);
	buf_addf(&text, "%s, %llu %s, %zu bytes", bug->fault ? " (needs the fault)" : "",
		(unsigned long long)bug->cases, bug->cases == 1 ? "case" : "cases", bug->len);
	if (bug->why)
		buf_adds2(&text, "; ", bug->why);
	if (bug->summary)
		term_add_headed(&b, "           ", 11, text.s, term->columns);
	else
		term_add_headed(&b, head.s, BUG_COLUMNS, text.s, term->columns);
	term_print(term, &b);
	buf_release(&b);
	buf_release(&head);
	buf_release(&text);
}

/* The harness's name, which the text begins with, stands out. */
static void put_summary(const char *harness, const char *text, const struct term *term)
{
	struct buf lines = BUF_INIT;
	size_t n = strlen(harness);

	term_add_wrapped(&lines, text, 0, term->columns);
	term_printf(term, "%s%s%s%s", term_on(term, TERM_BOLD), harness, term_off(term),
		lines.len > n ? lines.s + n : "");
	buf_release(&lines);
}

void suite_out_summary(const char *harness, const struct suite_result *r, const struct term *term)
{
	struct buf b = BUF_INIT;
	uint64_t failed = r->verdicts[SUITE_FAILED];

	buf_addf(&b, "%s: ", harness);
	if (r->cases || !r->fault_runs)
		add_runs(&b, r->cases, "case", r->ms);
	if (r->fault_runs) {
		buf_adds(&b, r->cases ? ", " : "");
		add_runs(&b, r->fault_runs, "fault run", r->fault_ms);
	}
	if (failed)
		buf_addf(&b, "; %llu failed", (unsigned long long)failed);
	else
		buf_adds(&b, "; all pass");
	if (r->verdicts[SUITE_GAVE_UP])
		buf_addf(&b, "; %llu ended by themselves when something failed",
			(unsigned long long)r->verdicts[SUITE_GAVE_UP]);
	if (r->stateful)
		buf_addf(&b, "; %llu failed behind others, but not alone: the target keeps state",
			(unsigned long long)r->stateful);
	if (r->verdicts[SUITE_SLOW]) {
		buf_addf(&b, "; %llu took more than ", (unsigned long long)r->verdicts[SUITE_SLOW]);
		num_add_duration(&b, r->quick_ms);
		if (r->slow_left)
			buf_addf(&b, " (%llu not looked at: --time 0)",
				(unsigned long long)r->slow_left);
	}
	if (r->verdicts[SUITE_NOT_RUN])
		buf_addf(&b, "; %llu could not be run",
			(unsigned long long)r->verdicts[SUITE_NOT_RUN]);
	if (r->corpus_added)
		buf_addf(&b, "; %llu into the corpus", (unsigned long long)r->corpus_added);
	if (r->cut || r->fault_cut)
		buf_adds(&b, "; stopped before the end (--time 0: all)");
	put_summary(harness, b.s, term);
	buf_reset(&b);
	if (r->no_faults)
		term_add_headed(&b, "  no faults: ", 13, r->no_faults, term->columns);
	for (size_t i = 0; i < r->not_built.n; i++) {
		struct buf why = BUF_INIT;

		buf_addv(&why, strv_sub(strv_of(r->not_built.v[i]), 0, 600));
		term_add_headed(&b, "  not run on ", 13, why.s, term->columns);
		buf_release(&why);
	}
	term_print(term, &b);
	for (size_t i = 0; i < r->n_bugs; i++)
		bug_line(&r->bugs[i], term);
	fflush(stdout);
	buf_release(&b);
}

static cJSON *bug_object(const struct suite_bug *bug)
{
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "bug", json_text(bug->id[0] ? bug->id : NULL));
	cJSON_AddItemToObject(j, "signature", json_text(bug->signature));
	cJSON_AddItemToObject(j, "summary", json_text(bug->summary));
	cJSON_AddItemToObject(j, "case", json_text(bug->name));
	cJSON_AddItemToObject(j, "variant", json_text(bug->variant));
	cJSON_AddNumberToObject(j, "cases", (double)bug->cases);
	cJSON_AddNumberToObject(j, "size", (double)bug->len);
	cJSON_AddBoolToObject(j, "new", bug->is_new);
	cJSON_AddBoolToObject(j, "regressed", bug->regressed);
	cJSON_AddBoolToObject(j, "needs_fault", bug->fault);
	cJSON_AddItemToObject(j, "why", json_text(bug->why));
	return j;
}

cJSON *suite_out_json(const char *harness, const struct suite_result *r, cJSON *failures)
{
	cJSON *j = cJSON_CreateObject(), *bugs = cJSON_CreateArray();

	cJSON_AddItemToObject(j, "harness", json_text(harness));
	cJSON_AddNumberToObject(j, "cases", (double)r->cases);
	cJSON_AddNumberToObject(j, "fault_runs", (double)r->fault_runs);
	cJSON_AddNumberToObject(j, "accepted", (double)r->verdicts[SUITE_ACCEPTED]);
	cJSON_AddNumberToObject(j, "rejected", (double)r->verdicts[SUITE_REJECTED]);
	cJSON_AddNumberToObject(j, "gave_up", (double)r->verdicts[SUITE_GAVE_UP]);
	cJSON_AddNumberToObject(j, "failed", (double)r->verdicts[SUITE_FAILED]);
	cJSON_AddNumberToObject(j, "stateful", (double)r->stateful);
	cJSON_AddNumberToObject(j, "slow", (double)r->verdicts[SUITE_SLOW]);
	cJSON_AddNumberToObject(j, "not_run", (double)r->verdicts[SUITE_NOT_RUN]);
	cJSON_AddNumberToObject(j, "same", (double)r->same);
	cJSON_AddNumberToObject(j, "too_long", (double)r->too_long);
	cJSON_AddNumberToObject(j, "corpus_added", (double)r->corpus_added);
	cJSON_AddNumberToObject(j, "seconds", (double)(r->ms + r->fault_ms) / 1000);
	cJSON_AddBoolToObject(j, "complete", !r->cut && !r->fault_cut);
	for (size_t i = 0; i < r->n_bugs; i++)
		cJSON_AddItemToArray(bugs, bug_object(&r->bugs[i]));
	cJSON_AddItemToObject(j, "bugs", bugs);
	cJSON_AddItemToObject(j, "failures", failures);
	return j;
}
