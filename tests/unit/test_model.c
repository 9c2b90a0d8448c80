/* The report's model: what counts as news and as worse; and that no format lets hostile text through. */
#include "base/prelude.h"
#include "base/mem.h"
#include "report/html_bug.h"
#include "report/html_harness.h"
#include "report/html_index.h"
#include "report/judge.h"
#include "report/model_json.h"
#include "report/junit.h"
#include "report/model_junit.h"
#include "report/prometheus.h"
#include "report/summary.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define DAY ((uint64_t)86400000)
#define EVIL                                                                          \
	"</td><script>alert(1)</script>\"'`|@a\n\x1b[31m\xe2\x80\xae\xd8\x9c\x07\xff" \
	"<img src=x>"

static char *s(const char *text)
{
	return (char *)(uintptr_t)text;
}

struct fixture {
	struct model m;
	struct model_campaign campaigns[10];
	struct model_harness harness;
	struct model_point points[10];
	struct model_bug bug;
	struct loss_rec loss;
};

/* Ten nights of one harness with one bug; nothing is wrong. */
static void fill(struct fixture *f, const char *text)
{
	*f = (struct fixture){ .bug = { .rec = { .id = s("0123456789abcdef"),
						.harness = s("h"),
						.kind = s(text),
						.kinds = s(text),
						.family = s(text),
						.title = s(text),
						.frames = s(text),
						.why = s(text),
						.state = BUG_OPEN,
						.first_ms = DAY } } };
	for (size_t i = 0; i < 10; i++) {
		f->campaigns[i] = (struct model_campaign){ .rec = { .id = (int64_t)i + 1,
								   .started_ms = (i + 1) * DAY,
								   .ended_ms = (i + 1) * DAY + 1,
								   .harnesses = s("h") },
			.execs = 5 };
		f->points[i] = (struct model_point){ .campaign = (int64_t)i + 1,
			.when_ms = (i + 1) * DAY,
			.inputs = 100,
			.features = 10,
			.execs_per_s = 100,
			.rejected = 5 };
	}
	f->loss = (struct loss_rec){ .harness = s("h"),
		.function = s(text),
		.file = s(text),
		.lines = s(text),
		.when_ms = DAY };
	f->harness = (struct model_harness){ .name = s("h"), .points = f->points, .n_points = 10 };
	f->m = (struct model){ .project = s(text),
		.now_ms = 10 * DAY + 2,
		.since_ms = 10 * DAY,
		.campaigns = f->campaigns,
		.n_campaigns = 10,
		.harnesses = &f->harness,
		.n_harnesses = 1,
		.bugs = &f->bug,
		.n_bugs = 1 };
}

static void judge_as(
	struct fixture *f, enum bug_state state, uint64_t fixed_ms, uint64_t regressed_ms)
{
	f->bug.rec.state = state;
	f->bug.fixed_ms = fixed_ms;
	f->bug.regressed_ms = regressed_ms;
	model_judge(&f->m);
}

static void drop(struct fixture *f)
{
	model_lines_release(&f->m.alive);
	model_lines_release(&f->m.worse);
	model_lines_release(&f->m.todo);
}

static void news(void **state)
{
	static const struct {
		enum bug_state state;
		uint64_t first_ms, fixed_ms, regressed_ms;
		enum model_news want;
	} rows[] = {
		{ BUG_OPEN, 10 * DAY, 0, 0, MODEL_NEW },
		{ BUG_FLAKY, 10 * DAY + 1, 0, 0, MODEL_NEW },
		{ BUG_OPEN, 10 * DAY - 1, 0, 0, MODEL_OLD },
		{ BUG_IGNORED, 10 * DAY, 0, 0, MODEL_OLD },
		{ BUG_FIXED, DAY, 10 * DAY, 0, MODEL_FIXED },
		{ BUG_FIXED, DAY, 9 * DAY, 0, MODEL_OLD },
		{ BUG_FIXED, 10 * DAY, 0, 0, MODEL_OLD },
		{ BUG_REGRESSED, DAY, 5 * DAY, 10 * DAY, MODEL_REGRESSED },
		{ BUG_REGRESSED, DAY, 5 * DAY, 9 * DAY, MODEL_OLD },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		fill(&f, "x");
		f.bug.rec.first_ms = rows[i].first_ms;
		judge_as(&f, rows[i].state, rows[i].fixed_ms, rows[i].regressed_ms);
		if (f.bug.news != rows[i].want)
			fail_msg("row %zu: %s", i, model_news_name(f.bug.news));
		assert_int_equal(f.m.news[rows[i].want], 1);
		drop(&f);
	}
}

/* What is worse, and what the chain lacks: the command that each line names. */
static void worse(void **state)
{
	static const struct {
		double rate;
		uint64_t rejected, execs, unfiled, idle_days;
		bool lost;
		const char *want;
	} rows[] = {
		{ 100, 5, 5, 0, 0, false, NULL },
		{ 51, 24, 5, 0, 1, false, NULL },
		{ 49, 5, 5, 0, 0, false, "thresh check h" },
		{ 100, 25, 5, 0, 0, false, "thresh check h" },
		{ 100, 5, 5, 0, 0, true, "thresh guard h" },
		{ 100, 5, 0, 0, 0, false, "thresh status" },
		{ 100, 5, 5, 3, 0, false, "thresh run --time 1m" },
		{ 100, 5, 5, 0, 3, false, "thresh night --time 8h" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		fill(&f, "x");
		f.bug.rec.state = BUG_IGNORED;
		f.points[9].execs_per_s = rows[i].rate;
		f.points[9].rejected = rows[i].rejected;
		f.campaigns[9].execs = rows[i].execs;
		f.m.unfiled = rows[i].unfiled;
		f.m.now_ms += rows[i].idle_days * DAY;
		f.harness.losses = &f.loss;
		f.harness.n_losses = rows[i].lost;
		model_judge(&f.m);
		assert_int_equal(f.m.todo.n, rows[i].want != NULL);
		if (rows[i].want)
			assert_string_equal(f.m.todo.v[0].command, rows[i].want);
		assert_int_equal(model_level(&f.m) == MODEL_GOOD, rows[i].want == NULL);
		drop(&f);
	}
}

/* A bug's page tells what happened to it in the order that it did, and its state once. */
static void history(void **state)
{
	static const struct {
		enum bug_state state;
		uint64_t last_ms, fixed_ms, regressed_ms;
		/* in this order */
		const char *want[4];
	} rows[] = {
		{ BUG_REGRESSED, 10 * DAY + 1, 9 * DAY, 10 * DAY,
			{ "<dd>regressed</dd>", "seen fixed", "seen again", "last seen" } },
		{ BUG_FIXED, 8 * DAY, 10 * DAY, 5 * DAY,
			{ "<dd>fixed</dd>", "seen again", "last seen", "seen fixed" } },
		{ BUG_OPEN, 10 * DAY, 0, 0, { "<dd>open</dd>", "first seen", "last seen" } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct html_bug d = { .root = "" };
		struct buf b = BUF_INIT;
		const char *at;
		struct fixture f;

		fill(&f, "x");
		f.bug.rec.last_ms = rows[i].last_ms;
		judge_as(&f, rows[i].state, rows[i].fixed_ms, rows[i].regressed_ms);
		html_bug_page(&b, &f.m, &f.bug, &d);
		at = buf_str(&b);
		for (size_t k = 0; k < ARRAY_LEN(rows[i].want) && rows[i].want[k]; k++) {
			at = strstr(at, rows[i].want[k]);
			if (!at)
				fail_msg("row %zu: no %s there", i, rows[i].want[k]);
		}
		buf_release(&b);
		drop(&f);
	}
}

static void markup(const struct model *m, const struct model_bug *bug, struct buf *b)
{
	struct site_rec sites[2] = { { .id = s(EVIL), .title = s(EVIL) },
		{ .id = s(EVIL), .title = s(EVIL) } };
	struct html_cover_file file = { s(EVIL), 3, 1 };
	struct html_cover_blocker blocker = { s(EVIL), s(EVIL), s(EVIL), true, 1 };
	struct html_cover cover = { .whose = { { "own", 3, 1, 1 } },
		.n_whose = 1,
		.files = &file,
		.n_files = 1,
		.blockers = &blocker,
		.n_blockers = 1 };
	struct html_word word[2] = { { s(EVIL), s(EVIL), 1 }, { s(EVIL), s(""), 0 } };
	struct html_words words = { .v = word, .n = 2, .looked_at = 3 };
	struct buf input = BUF_INIT;
	struct html_bug d = { .input = &input,
		.input_path = EVIL,
		.input_lost = EVIL,
		.test_dir = EVIL,
		.origin = EVIL,
		.note = EVIL,
		.matrix = EVIL,
		.sites = sites,
		.n_sites = 2,
		.root = "" };

	html_index_page(b, m, 1);
	html_bug_page(b, m, bug, &d);
	html_harness_page(b, m, &m->harnesses[0], &cover, &words, 1);
	model_junit(m, b);
}

/* A bug that was filed by hand is its harness's before any campaign ran, and when it is older than all of them. */
static void open_bugs(void **state)
{
	static const struct {
		enum bug_state state;
		size_t campaigns;
		uint64_t first_ms, want, counted;
	} rows[] = {
		{ BUG_OPEN, 0, DAY, 1, 0 },
		{ BUG_OPEN, 10, DAY / 2, 1, 0 },
		{ BUG_REGRESSED, 10, DAY, 1, 1 },
		{ BUG_FLAKY, 10, 2 * DAY - 1, 1, 1 },
		{ BUG_FIXED, 10, DAY, 0, 1 },
		{ BUG_IGNORED, 0, DAY, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;

		fill(&f, "x");
		f.bug.rec.state = rows[i].state;
		f.bug.rec.first_ms = rows[i].first_ms;
		f.m.n_campaigns = rows[i].campaigns;
		model_judge(&f.m);
		assert_int_equal(f.harness.open_bugs, rows[i].want);
		assert_int_equal(f.campaigns[0].new_bugs, rows[i].counted);
		assert_int_equal(f.points[0].new_bugs, rows[i].counted);
		drop(&f);
	}
}

/* A year with ten thousand bugs: what a browser has to lay out at once stays small, and each bug is on one page. */
static void year(void **state)
{
	enum { NIGHTS = 365, BUGS = 10000 };
	struct model_campaign *campaigns = xcalloc(NIGHTS, sizeof(*campaigns));
	struct model_point *points = xcalloc(NIGHTS, sizeof(*points));
	struct model_bug *bugs = xcalloc(BUGS, sizeof(*bugs));
	struct buf b = BUF_INIT, index = BUF_INIT;
	struct html_cover cover = { .n_files = 0 };
	struct html_words words = { .v = NULL };
	struct fixture f;
	size_t rows = 0;

	(void)state;
	fill(&f, "a name that is as long as names of functions are");
	for (size_t i = 0; i < NIGHTS; i++) {
		campaigns[i] = f.campaigns[i % 10];
		points[i] = f.points[i % 10];
		campaigns[i].rec.id = points[i].campaign = (int64_t)i + 1;
		campaigns[i].rec.started_ms = points[i].when_ms = (i + 1) * DAY;
	}
	for (size_t i = 0; i < BUGS; i++)
		bugs[i] = f.bug;
	f.harness.points = points;
	f.harness.n_points = f.m.n_campaigns = NIGHTS;
	f.m.campaigns = campaigns;
	f.m.bugs = bugs;
	f.m.n_bugs = BUGS;
	model_judge(&f.m);
	html_index_page(&index, &f.m, 500);
	assert_in_range(index.len, 1, 1 << 20);
	for (size_t i = 0; i <= html_bugs_pages(&f.m); i++) {
		if (i)
			html_bugs_page(&b, &f.m, 500, i);
		for (const char *at = buf_str(i ? &b : &index);
			(at = strstr(at, "<td data-h=\"bug\"")); at++)
			rows++;
		assert_in_range(b.len, 0, 1 << 20);
		buf_reset(&b);
	}
	assert_int_equal(rows, BUGS);
	html_harness_page(&b, &f.m, &f.harness, &cover, &words, 500);
	assert_in_range(b.len, 1, 1 << 20);
	drop(&f);
	buf_release(&b);
	buf_release(&index);
	free(campaigns);
	free(points);
	free(bugs);
}

/* What a harness's health makes of the first screen. */
static void health(void **state)
{
	static const struct {
		uint64_t when_ms;
		enum look_level levels[2];
		size_t n;
		/* of the last line of what is alive, where it is of the harness's health; NULL: there is none */
		const char *about, *text;
		enum model_level level;
		bool to_do;
	} rows[] = {
		{ 0, { 0 }, 0, NULL, NULL, MODEL_GOOD, false },
		{ DAY, { 0 }, 0, "health", "1 of 1 harness is healthy", MODEL_GOOD, false },
		{ DAY, { LOOK_WARNING, LOOK_WARNING }, 2, "h", "its health has 2 warnings: r, r",
			MODEL_WARN, true },
		{ DAY, { LOOK_SICK, LOOK_WARNING }, 2, "h", "sick, and gets no time: c; m",
			MODEL_BAD, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fixture f;
		struct health_rec v[2] = { { rows[i].levels[0], s("r"), s("c"), s("m") },
			{ rows[i].levels[1], s("r"), s("c"), s("m") } };
		const struct model_line *last;
		bool to_do = false;

		fill(&f, "x");
		f.harness.look =
			(struct look_rec){ .when_ms = rows[i].when_ms, .v = v, .n = rows[i].n };
		model_judge(&f.m);
		last = &f.m.alive.v[f.m.alive.n - 1];
		assert_string_equal(last->about, rows[i].about ? rows[i].about : "campaigns");
		if (rows[i].about) {
			assert_string_equal(last->text, rows[i].text);
			assert_int_equal(last->level, rows[i].level);
		}
		for (size_t k = 0; k < f.m.todo.n; k++)
			to_do = to_do || strcmp(f.m.todo.v[k].about, "h") == 0;
		assert_int_equal(to_do, rows[i].to_do);
		drop(&f);
	}
}

/* In every field that is not of our own making. */
static void hostile(void **state)
{
	struct term term = { .columns = 40, .wrap = 40 };
	struct health_rec sick = { LOOK_SICK, s(EVIL), s(EVIL), s(EVIL) };
	struct verdict_rec verdict = { .source = s(EVIL), .when_ms = DAY, .accepted = 1 };
	struct fixture f;
	struct buf all = BUF_INIT, text = BUF_INIT;
	cJSON *j;
	char *json;

	(void)state;
	fill(&f, EVIL);
	f.harness.losses = &f.loss;
	f.harness.n_losses = 1;
	f.harness.look = (struct look_rec){ .when_ms = DAY, .v = &sick, .n = 1 };
	f.harness.verdicts = &verdict;
	f.harness.n_verdicts = 1;
	model_lines_add(&f.m.alive, MODEL_BAD, EVIL, "thresh", "%s", EVIL);
	model_judge(&f.m);
	markup(&f.m, &f.bug, &all);
	summary_markdown(&f.m, &text);
	assert_null(strstr(buf_str(&text), "@a"));
	assert_null(strstr(buf_str(&text), "<"));
	summary_text(&f.m, &term, &text);
	assert_null(strstr(buf_str(&all), "<script"));
	assert_null(strstr(buf_str(&all), "<img"));
	for (size_t i = 0; i < 2; i++) {
		const char *shown = buf_str(i ? &text : &all);

		assert_null(strpbrk(shown, "\x1b\x07\xff"));
		assert_null(strstr(shown, "\xe2\x80\xae"));
		assert_null(strstr(shown, "\xd8\x9c"));
	}
	j = model_json(&f.m);
	json = cJSON_PrintUnformatted(j);
	assert_null(strpbrk(json, "\x1b\x07\xff\n"));
	cJSON_free(json);
	cJSON_Delete(j);
	buf_release(&all);
	buf_release(&text);
	drop(&f);
}

/* A sample stays on its line, and in its quotes. */
static void labels(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT;
	struct strv rest, line;

	(void)state;
	fill(&f, "a\"b\\c\nd");
	model_judge(&f.m);
	prometheus_write(&f.m, &b);
	assert_non_null(strstr(buf_str(&b), "{project=\"a\\\"b\\\\c\\nd\",state=\"open\"} 1\n"));
	rest = strv_n(b.s, b.len);
	while (strv_line(&rest, &line))
		assert_true(strv_skip(&line, "# ") || strv_skip(&line, "thresh_"));
	buf_release(&b);
	drop(&f);
}

/* Readers take no more of a file than so much: what is left out is the least bad. */
static void large(void **state)
{
	struct fixture f;
	struct buf b = BUF_INIT;
	size_t n = 400;
	struct model_bug *bugs = xcalloc(n, sizeof(*bugs));
	char *title = xcalloc(1, 100001);

	(void)state;
	memset(title, '&', 100000);
	fill(&f, "x");
	for (size_t i = 0; i < n; i++) {
		bugs[i] = f.bug;
		bugs[i].rec.title = title;
	}
	f.m.bugs = bugs;
	f.m.n_bugs = n;
	model_junit(&f.m, &b);
	assert_in_range(b.len, JUNIT_BYTES / 2, JUNIT_BYTES);
	assert_non_null(strstr(b.s, " tests are left out of this file"));
	buf_release(&b);
	free(bugs);
	free(title);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news),
		cmocka_unit_test(worse),
		cmocka_unit_test(open_bugs),
		cmocka_unit_test(year),
		cmocka_unit_test(history),
		cmocka_unit_test(health),
		cmocka_unit_test(hostile),
		cmocka_unit_test(labels),
		cmocka_unit_test(large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
