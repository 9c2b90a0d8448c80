/* What a replay shows. Everything that a target printed is escaped for where it goes. */
#include "base/prelude.h"
#include "cli/replay_out.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "project/symbolize.h"
#include "report/bug_json.h"
#include "report/junit.h"
#include "report/table.h"
#include <stdio.h>

#define LINE_MAX_BYTES 400
#define N_VERDICTS (REPLAY_NOT_RUN + 1)

/* One line about what the test guards or, of a failing plain input, what it is. */
static const char *what_of(const struct replay_item *it)
{
	if (it->failed && it->t.report && (!it->test || it->verdict == REPLAY_OTHER))
		return it->t.report->summary;
	if (it->test)
		return it->test->m.summary ? it->test->m.summary : it->test->m.kind;
	return NULL;
}

static void add_directive(struct buf *b, const struct replay_item *it)
{
	/* one that couldn't be run is no known bug */
	if (!it->test || it->verdict == REPLAY_NOT_RUN)
		return;
	switch (it->state) {
	case BUG_OPEN:
	case BUG_FLAKY:
		/* some readers take a TODO that passes for a failure */
		if (it->verdict == REPLAY_PASSES) {
			buf_addf(b, " (%s, passes)", bug_state_name(it->state));
			break;
		}
		buf_addf(b, " # TODO %s", it->state == BUG_FLAKY ? "flaky" : "open");
		if (it->verdict == REPLAY_OTHER)
			buf_adds(b, ", but fails in another way");
		break;
	case BUG_IGNORED:
		buf_adds(b, " # SKIP ignored");
		if (it->test->m.why) {
			buf_adds(b, ": ");
			escape_tap(b, strv_sub(strv_of(it->test->m.why), 0, 200));
		}
		break;
	case BUG_FIXED:
	case BUG_REGRESSED:
		break;
	}
}

static void add_diagnostics(struct buf *b, struct strv text, size_t lines_max)
{
	struct strv line;
	size_t n = 0, left = 0;

	while (strv_line(&text, &line)) {
		if (n++ >= lines_max) {
			left++;
			continue;
		}
		buf_adds(b, "# ");
		escape_term(b, strv_sub(line, 0, LINE_MAX_BYTES));
		buf_adds(b, line.len > LINE_MAX_BYTES ? "...\n" : "\n");
	}
	if (left)
		buf_addf(b, "# ... and %zu lines more\n", left);
}

/* "# time=0.512ms heap=1234": one line, for people, and for programs that know of it. */
static void add_cost(struct buf *b, const struct replay_item *it)
{
	if (it->verdict == REPLAY_SKIPPED || it->verdict == REPLAY_NOT_RUN)
		return;
	buf_addf(b, "# time=%llu.%03llums", (unsigned long long)it->wall_us / 1000,
		(unsigned long long)it->wall_us % 1000);
	if (it->has_memory)
		buf_addf(b, " %s=%llu", it->memory_is_heap ? "heap" : "rss",
			(unsigned long long)it->memory);
	buf_addch(b, '\n');
}

static void add_report(struct buf *b, struct replay_tap *tap, const struct replay_item *it)
{
	struct buf text = BUF_INIT;

	if (it->runs > 1 && it->failed)
		buf_addf(b, "# failed %u of %u times\n", it->failed, it->runs);
	if (it->t.report && it->t.report->summary) {
		buf_adds(b, "# ");
		escape_term(b, strv_sub(strv_of(it->t.report->summary), 0, LINE_MAX_BYTES));
		buf_addch(b, '\n');
	}
	if (it->why)
		add_diagnostics(b, strv_of(it->why), tap->report_max);
	/* a known bug's report is in its test's folder; a new one is what somebody wants to read */
	if (replay_is_failure(it) || it->verdict == REPLAY_OTHER) {
		project_symbolize(
			tap->project, strv_n(buf_str(&it->t.text), it->t.text.len), &text);
		add_diagnostics(b, strv_n(buf_str(&text), text.len), tap->report_max);
	}
	if (it->t.stateful || it->last.stateful)
		buf_adds(b,
			"# failed after the inputs before it, and passes alone: the harness keeps "
			"state\n");
	if (it->test && it->verdict == REPLAY_REGRESSED)
		buf_addf(b, "# the bug is back; its manifest is %s/manifest\n", it->test->dir);
	buf_release(&text);
}

void replay_print_tap(void *arg, const struct replay_item *it)
{
	struct replay_tap *tap = arg;
	struct buf b = BUF_INIT;
	bool ok = it->verdict == REPLAY_PASSES || it->verdict == REPLAY_SKIPPED;
	const char *what = what_of(it);

	log_progress_end();
	buf_addf(&b, "%sok %zu - ", ok ? "" : "not ", ++tap->no);
	escape_tap(&b, strv_of(it->name));
	if (what) {
		buf_adds(&b, ": ");
		escape_tap(&b, strv_sub(strv_of(what), 0, 200));
	}
	add_directive(&b, it);
	buf_addch(&b, '\n');
	add_cost(&b, it);
	if (!ok || it->last.stateful)
		add_report(&b, tap, it);
	fwrite(b.s, 1, b.len, stdout);
	/* somebody may watch, or nothing may come behind it for long */
	if (!ok || tap->flush)
		fflush(stdout);
	buf_release(&b);
}

static const struct table_col cols[] = {
	{ .head = "TEST" },
	{ .head = "STATE" },
	{ .head = "RESULT" },
	{ .head = "MS", .right = true },
	{ .head = "MEMORY", .right = true },
	{ .head = "WHAT", .flex = true },
};

static enum term_style style_of(const struct replay_item *it)
{
	if (replay_is_failure(it))
		return TERM_RED;
	if (it->verdict == REPLAY_PASSES)
		return TERM_GREEN;
	return it->verdict == REPLAY_SKIPPED ? TERM_DIM : TERM_YELLOW;
}

static void add_memory(struct table *t, const struct replay_item *it)
{
	struct buf b = BUF_INIT;

	if (it->has_memory)
		num_add_size(&b, it->memory);
	table_cell(t, TERM_PLAIN, b.len ? b.s : "-");
	buf_release(&b);
}

static void add_row(struct table *t, const struct replay_item *it)
{
	const char *what = it->why ? it->why : what_of(it);

	table_cell(t, TERM_BOLD, it->name);
	table_cell(t, TERM_PLAIN, it->test ? bug_state_name(it->state) : "-");
	if (it->failed && it->runs > 1)
		table_cellf(t, style_of(it), "%s, %u of %u", replay_word(it), it->failed, it->runs);
	else
		table_cell(t, style_of(it), replay_word(it));
	table_cellf(t, TERM_PLAIN, "%.1f", (double)it->wall_us / 1000);
	add_memory(t, it);
	table_cell(t, TERM_PLAIN, what ? what : "");
}

/* "12 tests: 4 pass, 3 still open" */
static void print_closing(
	const struct replay_set *s, const size_t counts[N_VERDICTS], const struct term *term)
{
	static const struct {
		enum replay_verdict v;
		const char *words;
	} rows[] = { { REPLAY_PASSES, "pass" }, { REPLAY_OPEN, "still open" },
		{ REPLAY_OTHER, "fail in another way" }, { REPLAY_REGRESSED, "regressed" },
		{ REPLAY_FAILS, "fail" }, { REPLAY_SKIPPED, "ignored" },
		{ REPLAY_NOT_RUN, "not run" } };
	bool tests = s->n && s->v[0].test;
	const char *between = ": ";
	struct buf b = BUF_INIT;

	buf_addf(&b, "%zu %s%s", s->n, tests ? "regression test" : "input", s->n == 1 ? "" : "s");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!counts[rows[i].v])
			continue;
		buf_addf(&b, "%s%zu %s", between, counts[rows[i].v], rows[i].words);
		between = ", ";
	}
	buf_addch(&b, '\n');
	term_print(term, &b);
	buf_release(&b);
}

void replay_print_table(const struct replay_set *s, const struct term *term)
{
	struct table *t = table_new(cols, ARRAY_LEN(cols));
	size_t counts[N_VERDICTS] = { 0 };

	for (size_t i = 0; i < s->n; i++) {
		counts[s->v[i].verdict]++;
		/* a long list of inputs that pass tells nobody anything */
		if (s->v[i].test || s->v[i].verdict != REPLAY_PASSES)
			add_row(t, &s->v[i]);
	}
	if (table_rows(t))
		table_print(t, term);
	table_free(t);
	print_closing(s, counts, term);
}

static cJSON *item_json(const struct replay_item *it)
{
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "harness", json_text(it->harness));
	cJSON_AddItemToObject(j, "input", json_text(it->path));
	cJSON_AddItemToObject(j, "bug", json_text(it->test ? regress_entry_bug(it->test) : NULL));
	cJSON_AddItemToObject(j, "state", json_text(it->test ? bug_state_name(it->state) : NULL));
	cJSON_AddItemToObject(j, "result", json_text(replay_word(it)));
	cJSON_AddBoolToObject(j, "failure", replay_is_failure(it));
	cJSON_AddItemToObject(j, "outcome",
		json_text(it->verdict == REPLAY_SKIPPED || it->verdict == REPLAY_NOT_RUN
				  ? NULL
				  : target_outcome_name(
					    it->failed ? it->t.outcome : it->last.outcome)));
	cJSON_AddNumberToObject(j, "failed", it->failed);
	cJSON_AddNumberToObject(j, "runs", it->runs);
	cJSON_AddNumberToObject(j, "cpu_ms", (double)it->cpu_us / 1000);
	cJSON_AddNumberToObject(j, "wall_ms", (double)it->wall_us / 1000);
	if (it->has_memory)
		cJSON_AddNumberToObject(
			j, it->memory_is_heap ? "heap_bytes" : "rss_bytes", (double)it->memory);
	cJSON_AddBoolToObject(j, "stateful", it->last.stateful || it->t.stateful);
	cJSON_AddItemToObject(j, "signature", json_text(it->t.report ? it->t.sig.id : NULL));
	cJSON_AddItemToObject(j, "summary", json_text(it->t.report ? it->t.report->summary : NULL));
	cJSON_AddItemToObject(j, "why", json_text(it->why));
	return j;
}

void replay_print_json(const struct replay_set *s)
{
	cJSON *all = cJSON_CreateArray();
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < s->n; i++)
		cJSON_AddItemToArray(all, item_json(&s->v[i]));
	json_print_take(&out, all, true);
	fputs(out.s, stdout);
	buf_release(&out);
}

static enum junit_result junit_result(const struct replay_item *it)
{
	if (replay_is_failure(it))
		return JUNIT_FAILED;
	return it->verdict == REPLAY_PASSES ? JUNIT_PASSED : JUNIT_SKIPPED;
}

static const char *junit_message(const struct replay_item *it)
{
	const char *what = it->why ? it->why : what_of(it);

	if (replay_is_failure(it))
		return what ? what : "failed";
	return it->verdict == REPLAY_SKIPPED ? "ignored"
	       : it->verdict == REPLAY_OPEN  ? "a known bug, still open"
					     : "a known bug, fails in another way";
}

void replay_junit(struct buf *out, const struct replay_set *s, const char *suite)
{
	struct junit j = JUNIT_INIT;

	for (size_t i = 0; i < s->n; i++) {
		const struct replay_item *it = &s->v[i];
		struct junit_row row = { .classname = it->harness,
			.name = it->name,
			.us = it->wall_us,
			.result = junit_result(it),
			.type = replay_word(it),
			.message = junit_message(it),
			.text = strv_n(buf_str(&it->t.text), it->t.text.len),
			.value = it->memory };

		if (it->has_memory)
			row.property = it->memory_is_heap ? "heap_bytes" : "rss_bytes";
		junit_add(&j, &row);
	}
	junit_write(&j, suite, out);
	junit_release(&j);
}
