/* One list of lines serves the terminal and Markdown; the rest is written by the report room. */
#include "base/prelude.h"
#include "cli/change_out.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/num.h"
#include "cli/cli.h"
#include "report/bug_json.h"
#include "report/junit.h"
#include "report/sarif.h"

#define NAMED_MAX 5

static bool is_lacking(const struct change_one *one)
{
	return one->state == CHANGE_NO_BASE || one->state == CHANGE_NOT_DONE || one->lacks.n;
}

void change_verdict(const struct change_result *r, struct change_verdict *v)
{
	*v = (struct change_verdict){ .broken = r->n_failures, .warnings = r->uncovered_lines > 0 };
	for (size_t i = 0; i < r->n; i++) {
		const struct change_one *one = &r->v[i];

		v->broken += one->state == CHANGE_BROKEN;
		v->warnings += (one->lost.n > 0) + one->slower + (one->n_verdicts > 0);
		v->lacking += is_lacking(one);
	}
}

/* --- lines --- */

static void add_count(struct buf *b, uint64_t n, const char *one, const char *many)
{
	num_add_count(b, n);
	buf_addf(b, " %s", n == 1 ? one : many);
}

/* "a, b, c and 4 more" */
static void add_some(struct buf *b, const struct strlist *l, uint64_t all)
{
	size_t n = MIN(l->n, (size_t)NAMED_MAX);

	for (size_t i = 0; i < n; i++) {
		buf_adds(b, i ? ", " : "");
		escape_term(b, strv_of(l->v[i]));
	}
	if (all > n)
		buf_addf(b, " and %llu more", (unsigned long long)(all - n));
}

static void add_head(const struct change_result *r, struct buf *b)
{
	uint64_t lost = 0, verdicts = 0, slower = 0;

	for (size_t i = 0; i < r->n; i++) {
		lost += r->v[i].lost.n;
		verdicts += r->v[i].n_verdicts;
		slower += r->v[i].slower;
	}
	buf_addf(b, "since %.12s: ", r->commit);
	add_count(b, r->n_failures, "new failure", "new failures");
	buf_addf(b, ", %llu lost, %llu with another verdict, %llu slower", (unsigned long long)lost,
		(unsigned long long)verdicts, (unsigned long long)slower);
	if (r->code_lines)
		buf_addf(b, ", %llu of %llu changed lines not covered",
			(unsigned long long)r->uncovered_lines, (unsigned long long)r->code_lines);
}

static void add_state(const struct change_one *one, struct buf *b)
{
	static const char *const words[] = {
		[CHANGE_UNTOUCHED] = "nothing that it is built from changed: skipped",
		[CHANGE_SAME_CODE] = "its build is the same apart from debug data: skipped",
		[CHANGE_ADDED] = "new: there is nothing to compare it with",
		[CHANGE_BROKEN] = "no longer builds",
		[CHANGE_NO_BASE] = "can't be compared: the base doesn't build",
		[CHANGE_NOT_DONE] = "can't be compared",
		[CHANGE_COMPARED] = "",
	};

	buf_adds(b, words[one->state]);
	if (one->state == CHANGE_COMPARED) {
		add_count(b, one->inputs, "input", "inputs");
		buf_adds(b, " and ");
		add_count(b, one->tests, "test", "tests");
		buf_adds(b, " on both builds");
		if (one->edge_runs) {
			buf_adds(b, ", ");
			add_count(b, one->edge_runs, "edge case or fault", "edge cases and faults");
			buf_adds(b, one->edge_cut ? " (not all, for want of time)" : "");
		}
		if (one->execs) {
			buf_adds(b, ", ");
			add_count(b, one->execs, "run", "runs");
			buf_adds(b, " of fuzzing");
		} else if (one->fuzz_cut) {
			buf_adds(b, ", not fuzzed for want of time");
		}
	}
	if (one->why) {
		buf_adds(b, ": ");
		escape_term(b, strv_sub(strv_of(one->why), 0, 300));
	}
}

/* Each a line of its own. */
static void each_line(
	const struct change_one *one, void (*line)(void *arg, const char *s), void *arg)
{
	struct buf b = BUF_INIT;

	if (one->functions.n) {
		buf_adds(&b, "changed and reached: ");
		add_some(&b, &one->functions, one->functions.n);
		line(arg, buf_str(&b));
	}
	for (size_t i = 0; i < one->lost.n; i++) {
		buf_reset(&b);
		buf_addf(&b, "no longer reached: %s", one->lost.v[i]);
		line(arg, buf_str(&b));
	}
	if (one->n_verdicts) {
		buf_reset(&b);
		buf_adds(&b, "another verdict: ");
		add_some(&b, &one->verdicts, one->n_verdicts);
		line(arg, buf_str(&b));
	}
	if (one->slower) {
		buf_reset(&b);
		buf_adds(&b, "slower: ");
		num_add_duration(&b, one->now_us / 1000);
		buf_adds(&b, " of CPU time, was ");
		num_add_duration(&b, one->base_us / 1000);
		line(arg, buf_str(&b));
	}
	if (one->old || one->gone || one->unsteady) {
		buf_reset(&b);
		buf_addf(&b,
			"%llu fail on both, %llu fail no more, %llu failed once and never again",
			(unsigned long long)one->old, (unsigned long long)one->gone,
			(unsigned long long)one->unsteady);
		line(arg, buf_str(&b));
	}
	for (size_t i = 0; i < one->lacks.n; i++) {
		buf_reset(&b);
		buf_adds(&b, "not done: ");
		escape_term(&b, strv_sub(strv_of(one->lacks.v[i]), 0, 300));
		line(arg, buf_str(&b));
	}
	buf_release(&b);
}

/* --- the terminal --- */

struct lines {
	struct buf *out;
	unsigned columns;
};

static void term_line(void *arg, const char *s)
{
	struct lines *l = arg;

	term_add_wrapped(l->out, s, 4, l->columns);
}

static bool is_skipped(const struct change_one *one)
{
	return one->state == CHANGE_UNTOUCHED || one->state == CHANGE_SAME_CODE;
}

/* In one line, as most of them are in most changes. */
static void add_skipped(
	const struct change_result *r, enum change_state s, const char *words, struct buf *b)
{
	const char *between = words;

	for (size_t i = 0; i < r->n; i++) {
		if (r->v[i].state != s)
			continue;
		buf_addf(b, "%s%s", between, r->v[i].h->name);
		between = ", ";
	}
}

void change_out_text(const struct change_result *r, const struct term *term, struct buf *out)
{
	struct lines l = { out, term->columns };
	struct buf b = BUF_INIT;

	add_head(r, &b);
	term_add_wrapped(out, buf_str(&b), 0, term->columns);
	for (size_t i = 0; i < r->n_failures; i++) {
		const struct change_failure *f = &r->failures[i];

		buf_reset(&b);
		buf_addf(&b, "fails (%s): %s: ", f->by, f->harness);
		escape_term(&b, strv_of(f->title));
		buf_adds(&b, ": ");
		escape_term(&b, strv_of(f->input));
		term_add_wrapped(out, buf_str(&b), 2, term->columns);
	}
	for (size_t i = 0; i < r->n; i++) {
		if (is_skipped(&r->v[i]))
			continue;
		buf_reset(&b);
		buf_addf(&b, "%s: ", r->v[i].h->name);
		add_state(&r->v[i], &b);
		term_add_wrapped(out, buf_str(&b), 2, term->columns);
		each_line(&r->v[i], term_line, &l);
	}
	buf_reset(&b);
	add_skipped(r, CHANGE_SAME_CODE,
		"skipped, as their builds are the same apart from debug data: ", &b);
	term_add_wrapped(out, buf_str(&b), 2, term->columns);
	buf_reset(&b);
	add_skipped(
		r, CHANGE_UNTOUCHED, "skipped, as nothing that they are built from changed: ", &b);
	term_add_wrapped(out, buf_str(&b), 2, term->columns);
	if (r->uncovered.n) {
		buf_reset(&b);
		buf_adds(&b, "changed, and nothing reaches it: ");
		add_some(&b, &r->uncovered, r->uncovered.n);
		term_add_wrapped(out, buf_str(&b), 2, term->columns);
	}
	buf_release(&b);
}

/* --- Markdown --- */

/* No line of a target's may become a heading, a link or a row. */
static void add_code(struct buf *out, const char *s)
{
	struct buf b = BUF_INIT;

	escape_term(&b, strv_of(s));
	buf_addch(out, '`');
	for (size_t i = 0; i < b.len; i++)
		buf_addch(out, b.s[i] == '`' ? '\'' : b.s[i] == '|' ? '/' : b.s[i]);
	buf_addch(out, '`');
	buf_release(&b);
}

static void markdown_line(void *arg, const char *s)
{
	struct buf *out = arg;

	buf_adds(out, "  - ");
	add_code(out, s);
	buf_addch(out, '\n');
}

void change_out_markdown(const struct change_result *r, struct buf *out)
{
	struct buf b = BUF_INIT;
	struct change_verdict v;

	change_verdict(r, &v);
	buf_addf(out, "### thresh: %s\n\n",
		v.broken    ? "this change breaks something"
		: v.lacking ? "not all could be compared"
			    : "nothing fails that didn't before");
	add_head(r, &b);
	buf_addf(out, "%s\n\n", buf_str(&b));
	if (r->n_failures)
		buf_adds(out, "| harness | found by | failure | input |\n|---|---|---|---|\n");
	for (size_t i = 0; i < r->n_failures; i++) {
		const struct change_failure *f = &r->failures[i];

		buf_addf(out, "| %s | %s | ", f->harness, f->by);
		add_code(out, f->title);
		buf_adds(out, " | ");
		add_code(out, f->input);
		buf_adds(out, " |\n");
	}
	if (r->n_failures)
		buf_addch(out, '\n');
	for (size_t i = 0; i < r->n; i++) {
		buf_reset(&b);
		add_state(&r->v[i], &b);
		buf_addf(out, "- **%s**: ", r->v[i].h->name);
		add_code(out, buf_str(&b));
		buf_addch(out, '\n');
		each_line(&r->v[i], markdown_line, out);
	}
	if (r->uncovered.n)
		buf_adds(out, "\nChanged lines that nothing reaches:\n\n");
	for (size_t i = 0; i < r->uncovered.n; i++) {
		buf_adds(out, "- ");
		add_code(out, r->uncovered.v[i]);
		buf_addch(out, '\n');
	}
	buf_release(&b);
}

/* --- JUnit --- */

void change_out_junit(const struct change_result *r, struct buf *out)
{
	struct junit j = JUNIT_INIT;

	for (size_t i = 0; i < r->n_failures; i++) {
		const struct change_failure *f = &r->failures[i];
		struct junit_row row = { .classname = f->harness,
			.name = f->input,
			.result = JUNIT_FAILED,
			.type = f->by,
			.message = f->title,
			.text = strv_n(buf_str(&f->t.text), f->t.text.len) };

		junit_add(&j, &row);
	}
	for (size_t i = 0; i < r->n; i++) {
		const struct change_one *one = &r->v[i];
		struct buf b = BUF_INIT;
		struct junit_row row = { .classname = one->h->name, .name = "compared" };

		add_state(one, &b);
		row.message = buf_str(&b);
		row.type = change_state_name(one->state);
		row.result = one->state == CHANGE_BROKEN     ? JUNIT_FAILED
			     : is_lacking(one)               ? JUNIT_ERROR
			     : one->state == CHANGE_COMPARED ? JUNIT_PASSED
							     : JUNIT_SKIPPED;
		junit_add(&j, &row);
		buf_release(&b);
	}
	junit_write(&j, "thresh check", out);
	junit_release(&j);
}

/* --- JSON --- */

static void add_list(cJSON *j, const char *key, const struct strlist *l)
{
	cJSON *all = cJSON_AddArrayToObject(j, key);

	for (size_t i = 0; i < l->n; i++)
		cJSON_AddItemToArray(all, json_text(l->v[i]));
}

static cJSON *one_json(const struct change_one *one)
{
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
		{ "inputs", one->inputs },
		{ "tests", one->tests },
		{ "fail_on_both", one->old },
		{ "fail_no_more", one->gone },
		{ "failed_once", one->unsteady },
		{ "other_verdicts", one->n_verdicts },
		{ "base_cpu_us", one->base_us },
		{ "cpu_us", one->now_us },
		{ "edge_runs", one->edge_runs },
		{ "execs", one->execs },
	};
	cJSON *j = cJSON_CreateObject();

	cJSON_AddItemToObject(j, "harness", json_text(one->h->name));
	cJSON_AddItemToObject(j, "state", json_text(change_state_name(one->state)));
	cJSON_AddItemToObject(j, "why", json_text(one->why));
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		cJSON_AddNumberToObject(j, numbers[i].name, (double)numbers[i].value);
	cJSON_AddBoolToObject(j, "edge_complete", !one->edge_cut);
	if (one->execs || one->fuzz_cut)
		cJSON_AddBoolToObject(j, "fuzz_complete", !one->fuzz_cut);
	cJSON_AddBoolToObject(j, "slower", one->slower);
	add_list(j, "changed_functions", &one->functions);
	add_list(j, "lost", &one->lost);
	add_list(j, "verdicts", &one->verdicts);
	add_list(j, "not_done", &one->lacks);
	return j;
}

cJSON *change_out_json(const struct change_result *r)
{
	cJSON *j = cJSON_CreateObject(), *all;

	cJSON_AddItemToObject(j, "since", json_text(r->commit));
	cJSON_AddNumberToObject(j, "seconds", (double)r->ms / 1000);
	all = cJSON_AddArrayToObject(j, "failures");
	for (size_t i = 0; i < r->n_failures; i++) {
		const struct change_failure *f = &r->failures[i];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddItemToObject(o, "harness", json_text(f->harness));
		cJSON_AddItemToObject(o, "by", json_text(f->by));
		cJSON_AddItemToObject(o, "input", json_text(f->input));
		cJSON_AddItemToObject(o, "title", json_text(f->title));
		cJSON_AddItemToObject(o, "kind", json_text(f->kind));
		cJSON_AddItemToObject(o, "signature", json_text(f->signature));
		cJSON_AddItemToArray(all, o);
	}
	all = cJSON_AddArrayToObject(j, "harnesses");
	for (size_t i = 0; i < r->n; i++)
		cJSON_AddItemToArray(all, one_json(&r->v[i]));
	cJSON_AddNumberToObject(j, "changed_lines", (double)r->code_lines);
	cJSON_AddNumberToObject(j, "uncovered_lines", (double)r->uncovered_lines);
	add_list(j, "uncovered", &r->uncovered);
	return j;
}

/* --- SARIF --- */

static char *quotable(const void *sources, const char *file)
{
	return source_text_allowed(sources, file);
}

cJSON *change_out_sarif(const struct project *p, const struct change_result *r)
{
	struct sarif s;

	sarif_begin(&s, p->cfg->dir, p->cfg->path, THRESH_VERSION, quotable, p->sources);
	for (size_t i = 0; i < r->n_failures; i++) {
		const struct change_failure *f = &r->failures[i];
		struct bug_rec b = { .id = f->signature,
			.signature = f->signature,
			.rule = f->t.sig.rule,
			.harness = (char *)(uintptr_t)f->harness,
			.kind = f->kind ? f->kind : (char *)(uintptr_t) "failure",
			.title = f->title,
			.state = BUG_OPEN,
			.severity = f->t.report ? (int)f->t.report->severity : 2 };

		sarif_add(&s, &b, f->t.report);
	}
	return sarif_take(&s);
}
