/* A night's plan, what it makes of what its steps say, and what it keeps: all of it pure. */
#include "base/prelude.h"
#include "cli/night_out.h"
#include "base/buf.h"
#include "base/mem.h"
#include "night/budget.h"
#include "base/fs.h"
#include "night/said.h"
#include "night/summary.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* --- time --- */

static const struct budget_row rows[] = {
	{ .share = 1000, .min_ms = 1000, .value = 90 },
	{ .share = 100, .min_ms = 1000, .value = 50 },
	{ .rest = true, .min_ms = 5000, .value = 70 },
	{ .share = 100, .min_ms = 1000, .value = 80 },
	{ .share = 100, .min_ms = 2000, .value = 20 },
};

static const struct {
	size_t i;
	uint64_t total, left, took_last, want;
	const char *why;
} limits[] = {
	{ 0, 100000, 100000, 0, 100000, "the first may have it all" },
	{ 1, 100000, 90000, 0, 10000, "a share is a share" },
	{ 1, 100000, 9000, 0, 3000, "better ones keep their least" },
	{ 1, 100000, 6500, 0, 0, "and it is cut for them" },
	{ 2, 100000, 80000, 0, 60000, "the rest is what no later one has" },
	{ 2, 100000, 80000, 3000, 65000, "or took the last time" },
	{ 2, 100000, 21000, 0, 5000, "at least its least" },
	{ 2, 100000, 5500, 0, 0, "but for a better one" },
	{ 3, 100000, 5000, 0, 5000, "a worse one gives way" },
	{ 3, 100000, 50000, 0, 40000, "what nobody else has is used" },
	{ 4, 100000, 1500, 0, 0, "less than its least is nothing" },
	{ 4, 100000, 0, 0, 0, "no time at all" },
	{ 1, 72000000, 70000000, 0, 600000, "no share is hours" },
};

static void plans(void **state)
{
	struct budget_row r[ARRAY_LEN(rows)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		uint64_t got;

		memcpy(r, rows, sizeof(r));
		r[4].took_ms = limits[i].took_last;
		got = budget_limit(r, ARRAY_LEN(r), limits[i].i, limits[i].total, limits[i].left);
		if (got != limits[i].want)
			fail_msg("%s: %llu, not %llu", limits[i].why, (unsigned long long)got,
				(unsigned long long)limits[i].want);
	}
}

/* --- words --- */

static const struct {
	enum night_step step;
	const char *json, *words, *note;
	enum night_color color;
	uint64_t findings;
} sayings[] = {
	{ NIGHT_BUILD, "[{\"ok\":true,\"fresh\":true},{\"ok\":true,\"fresh\":false}]",
		"2 builds, 1 made", NULL, NIGHT_GREEN, 0 },
	{ NIGHT_BUILD,
		"[{\"harness\":\"h\",\"variant\":\"asan\",\"ok\":false,\"error\":\"\\n a.c:1: "
		"no\\nmore\"}]",
		"1 build, 1 failed", "h, asan: doesn't build: a.c:1: no", NIGHT_YELLOW, 0 },
	{ NIGHT_REPLAY,
		"[{\"result\":\"still open\"},{\"result\":\"fixed\"},{\"harness\":\"h\",\"bug\":"
		"\"0123456789\",\"result\":\"regressed\"}]",
		"3 tests, 1 regressed, 1 still open",
		"h, bug 01234567: a test that has to pass fails", NIGHT_RED, 1 },
	{ NIGHT_VERIFY,
		"[{\"verdict\":\"gone\",\"before\":\"open\",\"state\":\"fixed\"},{\"harness\":"
		"\"h\","
		"\"bug\":\"ab\",\"verdict\":\"same\",\"before\":\"fixed\",\"state\":\"regressed\"}"
		"]",
		"2 bugs, 1 still there, 1 gone, 1 back", "h, bug ab: was fixed, and is back",
		NIGHT_RED, 1 },
	{ NIGHT_EDGE, "[{\"cases\":1200,\"failed\":0,\"complete\":true}]", "1,200 cases", NULL,
		NIGHT_GREEN, 0 },
	{ NIGHT_EDGE, "[{\"cases\":1,\"complete\":false},{\"cases\":1,\"complete\":true}]",
		"2 cases, 1 not whole",
		"edge cases of 1 of 2 harnesses were not all run: more --time", NIGHT_YELLOW, 0 },
	{ NIGHT_FUZZ, "{\"execs\":5,\"open_bugs\":0,\"not_done\":[],\"alarms\":[]}",
		"5 runs, 0 bugs", NULL, NIGHT_GREEN, 0 },
	{ NIGHT_FUZZ,
		"{\"execs\":5,\"open_bugs\":1,\"not_done\":[{\"harness\":null,\"what\":"
		"\"findings\","
		"\"why\":\"x\"},{\"harness\":\"h\",\"what\":\"left "
		"out\",\"why\":\"sick\\u001b\"}]}",
		"5 runs, 1 bug, 1 not done", "h, left out: sick\\x1b", NIGHT_YELLOW, 0 },
	{ NIGHT_DISTILL, "[{\"inputs\":10,\"kept\":4},{\"inputs\":5,\"kept\":1}]", "15 inputs to 5",
		NULL, NIGHT_GREEN, 0 },
	{ NIGHT_TESTS,
		"{\"tests\":[{\"status\":\"new\"},{\"bug\":\"ab\",\"status\":\"unproven\",\"why\":"
		"\"passes\"}]}",
		"2 tests, 1 new, 1 not proven", "bug ab has no test: passes", NIGHT_YELLOW, 0 },
	{ NIGHT_COVER,
		"{\"totals\":{\"own\":{\"lines\":{\"count\":200,\"covered\":50}}},\"harnesses\":[{"
		"\"changes\":{\"functions\":[{\"lost\":[1,2],\"gained\":[3]}]}}]}",
		"25.0 % of 200 lines, 1 gained, 2 lost", NULL, NIGHT_GREEN, 0 },
	{ NIGHT_GUARD, "[{\"complete\":true,\"lost\":[],\"alarms\":[]}]", "1 corpus, nothing lost",
		NULL, NIGHT_GREEN, 0 },
	{ NIGHT_GUARD,
		"[{\"harness\":\"h\",\"complete\":true,\"lost\":[{\"file\":\"a.c\",\"line\":3,"
		"\"function\":\"f\"}]}]",
		"1 corpus, 1 loss", "h reaches no longer: a.c:3 f", NIGHT_YELLOW, 1 },
	{ NIGHT_GUARD, "[{\"complete\":false}]", "1 corpus",
		"1 of 1 corpora were not wholly looked at: losses can't be told", NIGHT_YELLOW, 0 },
	/* nothing of what was hoped for */
	{ NIGHT_FUZZ, "[]", "0 runs, 0 bugs", NULL, NIGHT_GREEN, 0 },
	{ NIGHT_REPLAY, "{\"a\":[1]}", "1 test", NULL, NIGHT_GREEN, 0 },
};

static void says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sayings); i++) {
		struct night_record r = { .current = NIGHT_STEPS };
		struct night_part *p = &r.parts[sayings[i].step];
		cJSON *j = cJSON_Parse(sayings[i].json);

		assert_non_null(j);
		night_said(&r, sayings[i].step, j);
		assert_string_equal(p->words, sayings[i].words);
		assert_int_equal(p->findings, sayings[i].findings);
		assert_int_equal(night_record_color(&r), sayings[i].color);
		assert_int_equal(p->n_notes, sayings[i].note ? 1 : 0);
		if (sayings[i].note)
			assert_string_equal(p->notes[0].text, sayings[i].note);
		cJSON_Delete(j);
		night_record_release(&r);
	}
}

/* A bad night can be read, too. */
static void says_the_first_few(void **state)
{
	struct night_record r = { .current = NIGHT_STEPS };
	struct buf b = BUF_INIT;
	cJSON *j;

	(void)state;
	for (int i = 0; i < 50; i++)
		buf_addf(&b, "%s{\"harness\":\"h%d\",\"result\":\"regressed\"}", i ? "," : "[", i);
	buf_addch(&b, ']');
	j = cJSON_Parse(buf_str(&b));
	night_said(&r, NIGHT_REPLAY, j);
	assert_int_equal(r.parts[NIGHT_REPLAY].n_notes, 6);
	assert_string_equal(r.parts[NIGHT_REPLAY].notes[5].text,
		"and 45 more: `thresh replay --tests --quiet`");
	cJSON_Delete(j);
	buf_release(&b);
	night_record_release(&r);
}

/* --- rounds --- */

static const struct {
	enum night_step step;
	const char *first, *second, *words;
	/* what is still said; NULL: nothing */
	const char *note;
	uint64_t findings;
} twice[] = {
	{ NIGHT_FUZZ,
		"{\"execs\":5,\"open_bugs\":2,\"new_bugs\":2,\"not_done\":[{\"harness\":\"h\","
		"\"what\":\"findings\",\"why\":\"2 do not fail alone\"}]}",
		"{\"execs\":5,\"open_bugs\":3,\"new_bugs\":1,\"not_done\":[],\"alarms\":[]}",
		"10 runs, 3 bugs, 3 new, 1 not done", "h, findings: 2 do not fail alone", 0 },
	{ NIGHT_FUZZ, "{\"execs\":1,\"alarms\":[\"a\"]}", "{\"execs\":1,\"alarms\":[\"a\"]}",
		"2 runs, 0 bugs, 1 not done", "a", 0 },
	/* another round is short: who had time in none of them is told, once; g had it in the first, h in the second */
	{ NIGHT_FUZZ,
		"{\"execs\":1,\"tested\":[{\"harness\":\"g\",\"engine\":\"e\",\"execs\":1},"
		"{\"harness\":\"h\",\"engine\":\"e\",\"execs\":0},"
		"{\"harness\":\"i\",\"engine\":\"e\",\"execs\":0}],\"not_done\":["
		"{\"harness\":\"h\",\"what\":\"e\",\"why\":\"?\",\"no_time\":true},"
		"{\"harness\":\"i\",\"what\":\"e\",\"why\":\"?\",\"no_time\":true}]}",
		"{\"execs\":2,\"tested\":[{\"harness\":\"g\",\"engine\":\"e\",\"execs\":0},"
		"{\"harness\":\"h\",\"engine\":\"f\",\"execs\":2},"
		"{\"harness\":\"h\",\"engine\":\"e\",\"execs\":0},"
		"{\"harness\":\"i\",\"engine\":\"e\",\"execs\":0}],\"not_done\":["
		"{\"harness\":\"g\",\"what\":\"e\",\"why\":\"?\",\"no_time\":true},"
		"{\"harness\":\"i\",\"what\":\"e\",\"why\":\"?\",\"no_time\":true}]}",
		"3 runs, 0 bugs, 1 not done", "i, e: there was no time for it", 0 },
	{ NIGHT_GUARD,
		"[{\"harness\":\"h\",\"complete\":true,\"lost\":[{\"file\":\"a.c\",\"line\":3,"
		"\"function\":\"f\"}]}]",
		"[{\"harness\":\"h\",\"complete\":true}]", "1 corpus, 1 loss",
		"h reaches no longer: a.c:3 f", 1 },
	{ NIGHT_TESTS, "{\"tests\":[{\"bug\":\"ab\",\"status\":\"new\"}]}",
		"{\"tests\":[{\"bug\":\"ab\",\"status\":\"kept\"}]}", "1 test, 1 new", NULL, 0 },
	/* what is true no longer isn't said */
	{ NIGHT_TESTS, "{\"tests\":[{\"bug\":\"ab\",\"status\":\"unproven\",\"why\":\"passes\"}]}",
		"{\"tests\":[{\"bug\":\"ab\",\"status\":\"new\"}]}", "1 test, 1 new", NULL, 0 },
	{ NIGHT_GC, "{\"rows\":[{\"count\":1,\"bytes\":1024}]}", "{\"rows\":[]}",
		"1.0 KiB of old state removed", NULL, 0 },
};

/* Also when the night died between its rounds. */
static void adds_rounds_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(twice); i++) {
		struct night_record r = { .current = NIGHT_STEPS, .budget_ms = 1 }, back;
		cJSON *first = cJSON_Parse(twice[i].first), *second = cJSON_Parse(twice[i].second);
		struct night_part *p = &back.parts[twice[i].step];
		cJSON *j;

		r.harnesses = xstrdup("h");
		assert_true(first && second);
		night_said(&r, twice[i].step, first);
		r.parts[twice[i].step].state = NIGHT_DONE;
		night_part_again(&r.parts[twice[i].step]);
		j = night_record_json(&r);
		assert_true(night_record_parse(j, &back));
		night_said(&back, twice[i].step, second);
		assert_string_equal(p->words, twice[i].words);
		assert_int_equal(p->n_notes, twice[i].note ? 1 : 0);
		if (twice[i].note)
			assert_string_equal(p->notes[0].text, twice[i].note);
		assert_int_equal(p->findings, twice[i].findings);
		assert_int_equal(
			night_record_color(&back), twice[i].note ? NIGHT_YELLOW : NIGHT_GREEN);
		cJSON_Delete(j);
		cJSON_Delete(first);
		cJSON_Delete(second);
		night_record_release(&r);
		night_record_release(&back);
	}
}

/* Each round has its own first few. */
static void says_the_first_few_of_each(void **state)
{
	struct night_record r = { .current = NIGHT_STEPS };
	struct night_part *p = &r.parts[NIGHT_FUZZ];

	(void)state;
	for (int round = 0; round < 2; round++) {
		struct buf b = BUF_INIT;
		cJSON *j;

		buf_adds(&b, "{\"alarms\":[");
		for (int i = 0; i < 5; i++)
			buf_addf(&b, "%s\"%d of %d\"", i ? "," : "", i, round);
		buf_adds(&b, "]}");
		j = cJSON_Parse(buf_str(&b));
		night_said(&r, NIGHT_FUZZ, j);
		night_part_again(p);
		cJSON_Delete(j);
		buf_release(&b);
	}
	assert_int_equal(p->n_notes, 10);
	assert_string_equal(p->notes[9].text, "4 of 1");
	night_record_release(&r);
}

static const struct {
	enum night_state first, second, want; /* second: NIGHT_SKIPPED, there was no time */
	bool why;
} states[] = {
	{ NIGHT_DONE, NIGHT_DONE, NIGHT_DONE, false },
	{ NIGHT_CUT, NIGHT_DONE, NIGHT_CUT, true },
	{ NIGHT_FAILED, NIGHT_DONE, NIGHT_FAILED, true },
	{ NIGHT_FAILED, NIGHT_CUT, NIGHT_FAILED, true },
	{ NIGHT_DONE, NIGHT_CUT, NIGHT_CUT, true },
	{ NIGHT_DONE, NIGHT_SKIPPED, NIGHT_DONE, false },
	{ NIGHT_CUT, NIGHT_SKIPPED, NIGHT_CUT, true },
	{ NIGHT_FAILED, NIGHT_SKIPPED, NIGHT_FAILED, true },
	{ NIGHT_SKIPPED, NIGHT_SKIPPED, NIGHT_SKIPPED, true },
	{ NIGHT_SKIPPED, NIGHT_DONE, NIGHT_DONE, false },
};

static void end_as(struct night_part *p, enum night_state s)
{
	if (s == NIGHT_SKIPPED) {
		night_part_skip(p, "no time");
	} else {
		p->state = s;
		if (s != NIGHT_DONE) {
			free(p->why);
			p->why = xstrdup("because");
		}
	}
	night_part_end(p);
}

static void ends_no_better(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct night_record r = { .current = NIGHT_STEPS };
		struct night_part *p = &r.parts[NIGHT_GUARD];

		end_as(p, states[i].first);
		night_part_again(p);
		assert_int_equal(p->state, NIGHT_WAITS);
		end_as(p, states[i].second);
		assert_int_equal(p->state, states[i].want);
		assert_int_equal(p->why != NULL, states[i].why);
		night_record_release(&r);
	}
}

/* --- what is new --- */

static void put_bug(struct store *s, const char *id, uint64_t first_ms)
{
	struct bug_rec b = { .id = (char *)(uintptr_t)id,
		.signature = (char *)(uintptr_t)id,
		.sig_text = (char *)(uintptr_t) "s",
		.harness = (char *)(uintptr_t) "h",
		.kind = (char *)(uintptr_t) "segv",
		.family = (char *)(uintptr_t) "memory",
		.title = (char *)(uintptr_t)id,
		.frames = (char *)(uintptr_t) "",
		.state = BUG_OPEN,
		.first_ms = first_ms,
		.last_ms = first_ms };
	struct err err = ERR_INIT;

	if (store_bug_put(s, &b, NULL, &err) < 0)
		fail_msg("%s", err.msg);
}

/* Whatever clocks say: the store's may be behind this machine's, and either may step. */
static void tells_new_bugs(void **state)
{
	static const char *const old = "00000000000000aa", *const future = "00000000000000bb",
				 *const renamed = "00000000000000cc",
				 *const fresh = "00000000000000dd", *const now = "00000000000000ee";
	struct err err = ERR_INIT;
	char *dir = fs_tmpdir("thresh-test", &err), *url = xasprintf("sqlite:%s/db", dir);
	struct project p = { .store = store_open(url, &err) };
	struct night_record r = { .started_ms = 1000, .budget_ms = 1, .current = NIGHT_STEPS },
			    back;
	struct night_part *part = &back.parts[NIGHT_REPORT];
	cJSON *j;

	(void)state;
	if (!p.store)
		fail_msg("%s", err.msg);
	put_bug(p.store, old, 5);
	put_bug(p.store, future, 99999);
	put_bug(p.store, renamed, 5);
	r.harnesses = xstrdup("h");
	assert_int_equal(summary_known(&p, &r, &err), 0);
	j = night_record_json(&r);
	assert_true(night_record_parse(j, &back));
	put_bug(p.store, fresh, 7);
	put_bug(p.store, now, 2000);
	assert_int_equal(store_bug_alias(p.store, renamed, now, &err), 0);
	assert_int_equal(summary_bugs(&p, &back, &err), 0);
	assert_string_equal(part->words, "1 new bug, 4 open");
	assert_int_equal(part->n_notes, 2);
	assert_string_equal(part->notes[0].text, "new bug 00000000 in h: 00000000000000dd");
	cJSON_Delete(j);
	night_record_release(&r);
	night_record_release(&back);
	store_close(p.store);
	fs_remove_tree(dir, NULL);
	free(url);
	free(dir);
}

/* --- the record --- */

static void keeps(void **state)
{
	struct night_record r = { .started_ms = 5,
		.budget_ms = 28800000,
		.spent_ms = 77,
		.resumed = 2,
		.rounds = 3,
		.current = NIGHT_EDGE,
		.explore_ms = 9,
		.begun_ms = 8,
		.execs = 11 },
			    back;
	cJSON *j;

	(void)state;
	r.harnesses = xstrdup("a b");
	r.parts[NIGHT_FUZZ] = (struct night_part){
		.state = NIGHT_CUT, .ms = 3, .last_ms = 2, .tries = 1, .findings = 4
	};
	r.parts[NIGHT_FUZZ].words = xstrdup("w\xff");
	night_note(&r.parts[NIGHT_FUZZ], NIGHT_RED, "bad: %d", 1);
	night_note(&r.parts[NIGHT_FUZZ], NIGHT_RED, "bad: %d", 1);
	j = night_record_json(&r);
	assert_true(night_record_parse(j, &back));
	assert_int_equal(back.started_ms, 5);
	assert_int_equal(back.budget_ms, 28800000);
	assert_int_equal(back.spent_ms, 77);
	assert_int_equal(back.resumed, 2);
	assert_int_equal(back.rounds, 3);
	assert_int_equal(back.current, NIGHT_EDGE);
	assert_int_equal(back.explore_ms, 9);
	assert_int_equal(back.begun_ms, 8);
	assert_int_equal(back.execs, 11);
	assert_string_equal(back.harnesses, "a b");
	assert_int_equal(back.parts[NIGHT_FUZZ].state, NIGHT_CUT);
	assert_int_equal(back.parts[NIGHT_FUZZ].last_ms, 2);
	assert_int_equal(back.parts[NIGHT_FUZZ].tries, 1);
	assert_int_equal(back.parts[NIGHT_FUZZ].findings, 4);
	assert_int_equal(back.parts[NIGHT_FUZZ].n_notes, 1);
	assert_string_equal(back.parts[NIGHT_FUZZ].notes[0].text, "bad: 1");
	assert_null(back.parts[NIGHT_FUZZ].why);
	night_record_release(&back);
	cJSON_DeleteItemFromObject(j, "harnesses");
	assert_false(night_record_parse(j, &back));
	cJSON_Delete(j);
	night_record_release(&r);
}

static void refuses_what_is_none(void **state)
{
	static const char *const texts[] = { "{}", "[]", "{\"version\":1}", "7",
		"{\"version\":2,\"budget_ms\":1,\"harnesses\":\"\",\"steps\":[]}",
		"{\"version\":1,\"budget_ms\":1,\"harnesses\":\"\",\"steps\":[{\"state\":\"done\"}]"
		"}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		cJSON *j = cJSON_Parse(texts[i]);
		struct night_record r;

		assert_false(night_record_parse(j, &r));
		cJSON_Delete(j);
	}
}

/* --- its exit status --- */

static const struct {
	enum night_step step;
	enum night_color color;
	uint64_t findings;
	bool ended;
	int status;
} endings[] = {
	{ NIGHT_COVER, NIGHT_GREEN, 0, true, 0 },
	{ NIGHT_COVER, NIGHT_GREEN, 0, false, 3 },
	{ NIGHT_COVER, NIGHT_YELLOW, 0, true, 3 },
	{ NIGHT_REPORT, NIGHT_YELLOW, 2, true, 1 },
	{ NIGHT_REPORT, NIGHT_RED, 2, true, 1 },
	/* what was found with a dead canary is no comfort */
	{ NIGHT_CANARY, NIGHT_RED, 2, true, 3 },
	{ NIGHT_CANARY, NIGHT_YELLOW, 0, true, 3 },
};

static void ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		struct night_record r = { .current = NIGHT_STEPS, .ended_ms = endings[i].ended };

		if (endings[i].color != NIGHT_GREEN)
			night_note(&r.parts[endings[i].step], endings[i].color, "x");
		r.parts[NIGHT_REPORT].findings = endings[i].findings;
		assert_int_equal(night_out_status(&r), endings[i].status);
		night_record_release(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans),
		cmocka_unit_test(says),
		cmocka_unit_test(says_the_first_few),
		cmocka_unit_test(adds_rounds_up),
		cmocka_unit_test(says_the_first_few_of_each),
		cmocka_unit_test(ends_no_better),
		cmocka_unit_test(tells_new_bugs),
		cmocka_unit_test(keeps),
		cmocka_unit_test(refuses_what_is_none),
		cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
