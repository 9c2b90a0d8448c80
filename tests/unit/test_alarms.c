/* The guard's alarms of figures alone: histories of campaigns in a table, and a month of nights in which nothing happens. */
#include "base/prelude.h"
#include "guard/alarms.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define MOST 6

struct night {
	const char *build; /* NULL: no more nights */
	uint64_t inputs, features, rejected;
};

/* The oldest first; the last is the one that is judged. */
struct row {
	const char *what;
	struct night nights[MOST];
	bool grows, rejects;
};

static const struct row rows[] = {
	{ "grows and reaches nothing more",
		{ { "a", 400, 90, 0 }, { "a", 500, 90, 0 }, { "a", 550, 90, 0 },
			{ "a", 600, 90, 0 } },
		true, false },
	{ "and less by chance",
		{ { "a", 400, 90, 0 }, { "a", 500, 92, 0 }, { "a", 550, 91, 0 },
			{ "a", 900, 90, 0 } },
		true, false },
	{ "an input short of half",
		{ { "a", 400, 90, 0 }, { "a", 500, 90, 0 }, { "a", 550, 90, 0 },
			{ "a", 599, 90, 0 } },
		false, false },
	{ "by half, and of few",
		{ { "a", 20, 90, 0 }, { "a", 50, 90, 0 }, { "a", 100, 90, 0 },
			{ "a", 219, 90, 0 } },
		false, false },
	{ "few that became many",
		{ { "a", 20, 90, 0 }, { "a", 50, 90, 0 }, { "a", 100, 90, 0 },
			{ "a", 220, 90, 0 } },
		true, false },
	{ "one feature more since the first of them",
		{ { "a", 400, 89, 0 }, { "a", 500, 90, 0 }, { "a", 550, 90, 0 },
			{ "a", 900, 90, 0 } },
		false, false },
	{ "the feature came before them",
		{ { "a", 100, 80, 0 }, { "a", 400, 90, 0 }, { "a", 500, 90, 0 },
			{ "a", 550, 90, 0 }, { "a", 900, 90, 0 } },
		true, false },
	{ "over fewer nights", { { "a", 400, 90, 0 }, { "a", 500, 90, 0 }, { "a", 900, 90, 0 } },
		false, false },
	{ "another build's counters can't be compared",
		{ { "b", 400, 90, 0 }, { "a", 500, 90, 0 }, { "a", 550, 90, 0 },
			{ "a", 900, 90, 0 } },
		false, false },
	{ "grew on the first night, rests since",
		{ { "a", 400, 90, 0 }, { "a", 900, 90, 0 }, { "a", 900, 90, 0 },
			{ "a", 900, 90, 0 }, { "a", 900, 90, 0 } },
		false, false },
	{ "distilled meanwhile",
		{ { "a", 900, 90, 0 }, { "a", 60, 90, 0 }, { "a", 80, 90, 0 },
			{ "a", 900, 90, 0 } },
		false, false },
	{ "nearly all rejected", { { "a", 40, 9, 39 } }, false, true },
	{ "half rejected", { { "a", 40, 9, 20 } }, false, false },
	{ "few and all rejected", { { "a", 19, 0, 19 } }, false, false },
	{ "grows with what is rejected",
		{ { "a", 400, 9, 0 }, { "a", 500, 9, 0 }, { "a", 600, 9, 0 },
			{ "a", 40000, 9, 39600 } },
		true, true },
};

struct guarded {
	char *dir;
	struct project p;
	struct guard_result last;
};

static void begin(struct guarded *g)
{
	char *path;

	*g = (struct guarded){ .dir = fs_tmpdir("test-alarms", NULL) };
	path = xasprintf("sqlite:%s/db", g->dir);
	g->p.store = store_open(path, NULL);
	assert_non_null(g->p.store);
	free(path);
}

static void forget(struct guarded *g)
{
	for (size_t i = 0; i < g->last.n_alarms; i++)
		free(g->last.alarms[i].text);
	g->last = (struct guard_result){ .n_alarms = 0 };
}

static void end(struct guarded *g)
{
	forget(g);
	store_close(g->p.store);
	fs_remove_tree(g->dir, NULL);
	free(g->dir);
}

/* As guard_look() does it: kept, then judged. */
static void pass(struct guarded *g, int64_t campaign, const struct night *n)
{
	struct err err = ERR_INIT;

	forget(g);
	g->last.now = (struct guard_rec){ .campaign = campaign,
		.harness = (char *)(uintptr_t) "h",
		.build = (char *)(uintptr_t)n->build,
		.when_ms = (uint64_t)campaign * 1000,
		.inputs = n->inputs,
		.features = n->features,
		.rejected = n->rejected };
	assert_int_equal(store_guard_set(g->p.store, &g->last.now, &err), 0);
	assert_int_equal(guard_alarms(&g->p, &g->last, &err), 0);
}

static const struct guard_alarm *alarm_of(const struct guarded *g, enum guard_alarm_kind kind)
{
	for (size_t i = 0; i < g->last.n_alarms; i++)
		if (g->last.alarms[i].kind == kind)
			return &g->last.alarms[i];
	return NULL;
}

static void histories(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct guarded g;
		bool grows, rejects;

		begin(&g);
		for (size_t k = 0; k < MOST && r->nights[k].build; k++)
			pass(&g, (int64_t)k + 1, &r->nights[k]);
		grows = alarm_of(&g, GUARD_GROWS) != NULL;
		rejects = alarm_of(&g, GUARD_REJECTS) != NULL;
		if (grows != r->grows || rejects != r->rejects) {
			print_error("%s: grows %d, rejects %d\n", r->what, grows, rejects);
			wrong++;
		}
		end(&g);
	}
	assert_int_equal(wrong, 0);
}

static void told_once_with_the_mend(void **state)
{
	struct night n = { "a", 400, 90, 0 };
	const struct guard_alarm *a;
	struct guarded g;

	(void)state;
	begin(&g);
	for (int64_t c = 1; c <= 3; c++)
		pass(&g, c, &n);
	n.inputs = 700;
	pass(&g, 4, &n);
	a = alarm_of(&g, GUARD_GROWS);
	assert_non_null(a);
	assert_true(a->fresh);
	assert_non_null(strstr(a->text, "from 400 to 700 inputs"));
	assert_non_null(strstr(a->text, "`thresh distill h`"));
	n.inputs = 800;
	pass(&g, 5, &n);
	a = alarm_of(&g, GUARD_GROWS);
	assert_non_null(a);
	assert_false(a->fresh);
	n.inputs = 90; /* distilled: over, and news when it comes again */
	for (int64_t c = 6; c <= 8; c++)
		pass(&g, c, &n);
	assert_null(alarm_of(&g, GUARD_GROWS));
	n.inputs = 800;
	pass(&g, 9, &n);
	a = alarm_of(&g, GUARD_GROWS);
	assert_non_null(a);
	assert_true(a->fresh);
	end(&g);
}

/* Features that come and go by chance, some inputs more or fewer, some of them rejected. */
static void quiet_month(void **state)
{
	struct rng rng;
	unsigned alarms = 0;

	(void)state;
	rng_seed(&rng, 13);
	for (unsigned month = 0; month < 4; month++) {
		struct night n = { "a", 300 * (month + 1), 5000, 0 };
		struct guarded g;

		begin(&g);
		for (int64_t c = 1; c <= 30; c++) {
			n.inputs = n.inputs - n.inputs / 50 + rng_below(&rng, n.inputs / 12);
			n.features = 4990 + rng_below(&rng, 20);
			n.rejected = rng_below(&rng, n.inputs * 9 / 10);
			pass(&g, c, &n);
			alarms += (unsigned)g.last.n_alarms;
		}
		end(&g);
	}
	assert_int_equal(alarms, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(histories),
		cmocka_unit_test(told_once_with_the_mend),
		cmocka_unit_test(quiet_month),
	};

	return cmocka_run_group_tests_name("alarms", tests, NULL, NULL);
}
