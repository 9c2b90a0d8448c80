/* The target server, both ends, against targets that misbehave in every way we know. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "proc/proc.h"
#include "target/target.h"
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char *dir, *top;
static const char *const runtime[] = { "replay", "serve", "child", "fault", "told", "feature",
	"folders", "alloc" };

enum build { ASAN_CLANG, ASAN_GCC, COV, MSAN, N_BUILDS };
static const struct {
	const char *cc, *name, *flags[6];
} builds[] = {
	[ASAN_CLANG] = { "clang", "asan-clang",
		{ "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined",
			"-fno-sanitize-recover=all" } },
	[ASAN_GCC] = { "gcc", "asan-gcc",
		{ "-O1", "-fno-omit-frame-pointer", "-fsanitize=address,undefined",
			"-fno-sanitize-recover=all" } },
	[COV] = { "clang", "cov", { "-O2", "-fsanitize-coverage=inline-8bit-counters,pc-table" } },
	[MSAN] = { "clang", "msan",
		{ "-O1", "-fno-omit-frame-pointer", "-fsanitize=memory",
			"-fsanitize-memory-track-origins" } },
};
static char *misbehave[N_BUILDS];

static void run_compiler(struct strlist *argv)
{
	struct proc_spec ps = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;

	ps.argv = (const char *const *)argv->v;
	ps.err = PROC_CAPTURE;
	if (proc_run(&ps, &r, &err) < 0 || r.status != 0)
		fail_msg("%s: %s %s", argv->v[0], err.msg, buf_str(&r.err));
	proc_result_release(&r);
	strlist_release(argv);
}

/* tests/data/targets/NAME.c, with the runtime when asked for; the path of the executable, owned by caller. */
static char *compile(const char *name, enum build b, bool with_runtime)
{
	struct strlist argv = STRLIST_INIT;
	char *out = xasprintf("%s/%s-%s", dir, name, builds[b].name);

	strlist_add(&argv, builds[b].cc);
	strlist_add(&argv, "-g");
	for (const char *const *f = builds[b].flags; *f; f++)
		strlist_add(&argv, *f);
	strlist_addf(&argv, "%s/tests/data/targets/%s.c", top, name);
	for (size_t i = 0; with_runtime && i < ARRAY_LEN(runtime); i++)
		strlist_addf(&argv, "%s/%s.o", dir, runtime[i]);
	strlist_add(&argv, "-o");
	strlist_add(&argv, out);
	run_compiler(&argv);
	return out;
}

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	top = xstrdup(getenv("TOP") ? getenv("TOP") : ".");
	dir = fs_tmpdir("thresh-test-target", &err);
	assert_non_null(dir);
	for (size_t i = 0; i < ARRAY_LEN(runtime); i++) {
		struct strlist argv = STRLIST_INIT;

		strlist_add(&argv, "gcc");
		strlist_add(&argv, "-O2");
		strlist_add(&argv, "-g");
		strlist_add(&argv, "-fPIC");
		strlist_add(&argv, "-D_GNU_SOURCE");
		strlist_add(&argv, "-c");
		strlist_addf(&argv, "%s/src/runtime/%s.c", top, runtime[i]);
		strlist_add(&argv, "-o");
		strlist_addf(&argv, "%s/%s.o", dir, runtime[i]);
		run_compiler(&argv);
	}
	for (int b = 0; b < N_BUILDS; b++)
		misbehave[b] = compile("misbehave", (enum build)b, true);
	return 0;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	for (int b = 0; b < N_BUILDS; b++)
		free(misbehave[b]);
	assert_int_equal(fs_remove_tree(dir, &err), 0);
	free(dir);
	free(top);
	return 0;
}

/* ---- running a list of inputs ---- */

struct got {
	enum target_outcome outcome, batch;
	bool stateful, alone;
	uint64_t allocs;
	size_t n_features, text_len;
	uint32_t features[64];
	char text[4096];
};

struct list {
	const char *const *in;
	size_t n, next, done;
	size_t lens[64];
	struct target_fault fault[64];
	bool alone;
	size_t stop_after;
	struct got got[64];
};

static bool list_next(void *arg, struct target_input *in)
{
	struct list *l = arg;

	if (l->next == l->n)
		return false;
	in->data = l->in[l->next];
	in->len = l->lens[l->next] ? l->lens[l->next] : strlen(l->in[l->next]);
	in->tag = l->next;
	in->fault = l->fault[l->next];
	in->alone = l->alone;
	l->next++;
	return true;
}

static int list_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct list *l = arg;
	struct got *g = &l->got[in->tag];

	l->done++;
	g->outcome = r->outcome;
	g->batch = r->batch_outcome;
	g->stateful = r->stateful;
	g->alone = r->alone;
	g->allocs = r->calls[TARGET_FAULT_ALLOC];
	g->text_len = r->text.len;
	snprintf(g->text, sizeof(g->text), "%.*s", (int)MIN(r->text.len, sizeof(g->text) - 1),
		r->text.s);
	g->n_features = r->n_features;
	for (size_t i = 0; i < MIN(r->n_features, ARRAY_LEN(g->features)); i++)
		g->features[i] = r->features[i];
	return l->stop_after && l->done >= l->stop_after;
}

static struct target *open_within(const char *exe, uint64_t timeout_ms)
{
	struct target_spec spec = { .exe = exe,
		.leaks = true,
		.features = true,
		.timeout_ms = timeout_ms,
		.memory = (uint64_t)128 << 20 };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);

	if (!t)
		fail_msg("%s", err.msg);
	return t;
}

static struct target *open_target(const char *exe)
{
	return open_within(exe, 500);
}

static void run_list(struct target *t, struct list *l)
{
	struct target_opts opts = { .in_order = true };
	struct err err = ERR_INIT;

	if (target_run(t, &opts, list_next, list_done, l, &err) < 0)
		fail_msg("%s", err.msg);
}

#define LIST(l, ...)                                         \
	static const char *const l##_in[] = { __VA_ARGS__ }; \
	struct list l = { .in = l##_in, .n = ARRAY_LEN(l##_in) }

/* ---- the table of misbehaviour: each between two inputs that must stay fine ---- */

static const struct {
	const char *in, *what;
	enum target_outcome outcome;
	const char *text; /* has to be in what it printed; NULL: anything */
	bool only_asan;   /* other builds see nothing */
} cases[] = {
	{ "n", "nothing", TARGET_OK, NULL, false },
	{ "r", "returns -1", TARGET_REJECTED, NULL, false },
	{ "O", "reads one byte too far", TARGET_CRASH, "heap-buffer-overflow", true },
	{ "S", "SIGSEGV", TARGET_CRASH, NULL, false },
	{ "A", "abort", TARGET_CRASH, NULL, false },
	{ "R", "endless recursion", TARGET_CRASH, NULL, false },
	{ "v", "writes to its input", TARGET_CRASH, "overwrites its const input", false },
	{ "l", "leaks", TARGET_LEAK, "LeakSanitizer: detected memory leaks", true },
	{ "L", "leaks what a dead frame points to", TARGET_LEAK, "LeakSanitizer", true },
	{ "c", "keeps memory in a cache", TARGET_OK, NULL, false },
	{ "M", "asks for 3 GiB", TARGET_OOM, "out of memory (asked for 3221225472 bytes", false },
	{ "m", "takes all memory", TARGET_OOM, "out of memory (used ", false },
	{ "f", "leaves processes behind", TARGET_OK, NULL, false },
	{ "F", "forks and both return", TARGET_OK, NULL, false },
	{ "x", "exit(3)", TARGET_EXIT, "fuzz target exited with status 3", false },
	{ "X", "_exit(4)", TARGET_EXIT, "fuzz target exited with status 4", false },
	{ "z", "_exit(0)", TARGET_EXIT, "fuzz target exited with status 0", false },
	{ "k", "SIGKILL", TARGET_CRASH, "killed from outside", false },
	{ "t", "spins", TARGET_TIMEOUT, "ms of CPU time", false },
	{ "h", "is slow, not too slow", TARGET_OK, NULL, false },
	{ "o", "prints to standard output", TARGET_OK, NULL, false },
	{ "e", "prints to standard error", TARGET_OK, "hello\n", false },
	{ "2", "closes standard error", TARGET_OK, NULL, false },
	{ "C", "closes everything", TARGET_OK, NULL, false },
	{ "d", "changes directory", TARGET_OK, NULL, false },
	{ "D", "leaves a file behind", TARGET_OK, NULL, false },
	{ "?", "floods standard error, then aborts", TARGET_CRASH, NULL, false },
	{ "K", "kills the server", TARGET_CRASH, "killed its server process", false },
};

static void check_cases(enum build b)
{
	/* to fill that memory takes some virtual machines a second */
	struct target *t = open_within(misbehave[b], 2500);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const in[] = { "n", cases[i].in, "ne" };
		struct list l = { .in = in, .n = 3 };
		enum target_outcome want =
			cases[i].only_asan && b >= COV ? TARGET_OK : cases[i].outcome;

		run_list(t, &l);
		assert_int_equal(l.done, 3);
		if (l.got[1].outcome != want)
			fail_msg("%s: %s: %s, not %s: %s", builds[b].name, cases[i].what,
				target_outcome_name(l.got[1].outcome), target_outcome_name(want),
				l.got[1].text);
		if (cases[i].text && want == cases[i].outcome &&
			!strstr(l.got[1].text, cases[i].text))
			fail_msg(
				"%s: %s: printed %s", builds[b].name, cases[i].what, l.got[1].text);
		if (l.got[0].outcome != TARGET_OK || l.got[2].outcome != TARGET_OK)
			fail_msg("%s: %s: took others with it", builds[b].name, cases[i].what);
		assert_false(l.got[1].stateful);
	}
	assert_false(target_is_stateful(t));
	target_close(t);
}

static void test_cases_clang(void **state)
{
	(void)state;
	check_cases(ASAN_CLANG);
}

static void test_cases_gcc(void **state)
{
	(void)state;
	check_cases(ASAN_GCC);
}

static void test_cases_cov(void **state)
{
	(void)state;
	check_cases(COV);
}

static void test_cases_msan(void **state)
{
	(void)state;
	check_cases(MSAN);
}

/* A report is there even when standard error was closed by an input before, or flooded. */
static void test_report_survives(void **state)
{
	LIST(l, "2", "A", "?");
	struct target *t = open_target(misbehave[ASAN_CLANG]);

	(void)state;
	run_list(t, &l);
	for (size_t i = 1; i < 3; i++)
		assert_int_equal(l.got[i].outcome, TARGET_CRASH);
	assert_non_null(strstr(l.got[1].text, "ERROR: AddressSanitizer: ABRT"));
	assert_true(l.got[2].text_len > 500000);
	assert_true(l.got[2].text_len < 1000000);
	target_close(t);
}

static void test_stateful(void **state)
{
	LIST(l, "n", "n", "1", "n", "A");
	LIST(again, "n", "1", "n", "1");
	struct target *t = open_target(misbehave[ASAN_CLANG]);
	uint64_t before, after;

	(void)state;
	run_list(t, &l);
	assert_int_equal(l.got[2].outcome, TARGET_OK);
	assert_true(l.got[2].stateful);
	assert_int_equal(l.got[2].batch, TARGET_CRASH);
	assert_non_null(strstr(l.got[2].text, "ABRT"));
	assert_int_equal(l.got[4].outcome, TARGET_CRASH);
	assert_false(l.got[4].stateful);
	assert_true(target_is_stateful(t));
	target_counts(t, NULL, &before);
	run_list(t, &again);
	target_counts(t, NULL, &after);
	assert_int_equal(after - before, 4); /* one child each */
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(again.got[i].outcome, TARGET_OK);
	target_close(t);
}

/* Killed, and not again when it runs alone: that was somebody else's doing, and says nothing of the input or its target. */
static void test_killed_from_outside(void **state)
{
	LIST(l, "n", "g", "n");
	struct target *t = open_target(misbehave[ASAN_CLANG]);

	(void)state;
	run_list(t, &l);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(l.got[i].outcome, TARGET_OK);
		assert_false(l.got[i].stateful);
	}
	assert_false(target_is_stateful(t));
	target_close(t);
}

/* The leak is that input's, whatever stands around it and however rarely it is looked for. */
static void test_leaks_are_blamed_right(void **state)
{
	LIST(l, "c", "c", "c", "c", "c", "c", "c", "c", "l", "n", "c", "c", "l", "c");
	struct target *t = open_target(misbehave[ASAN_CLANG]);

	(void)state;
	if (!target_finds_leaks(t, NULL)) {
		target_close(t);
		skip();
	}
	run_list(t, &l);
	for (size_t i = 0; i < l.n; i++)
		assert_int_equal(l.got[i].outcome, l.in[i][0] == 'l' ? TARGET_LEAK : TARGET_OK);
	target_close(t);
}

static void check_faults(enum build b)
{
	LIST(l, "a", "a", "a", "a", "a", "a", "a", "n");
	struct target *t = open_target(misbehave[b]);

	if (!target_injects(t, TARGET_FAULT_ALLOC))
		fail_msg("%s: no fault injection", builds[b].name);
	for (size_t i = 0; i < 7; i++)
		l.fault[i].at = i; /* 0: none; 6: there is no sixth */
	run_list(t, &l);
	assert_int_equal(l.got[0].allocs, 5);
	for (size_t i = 0; i < l.n; i++)
		assert_int_equal(l.got[i].outcome, i == 3 ? TARGET_CRASH : TARGET_OK);
	l.next = l.done = 0;
	for (size_t i = 0; i < 7; i++)
		l.fault[i].after = true;
	run_list(t, &l);
	for (size_t i = 0; i < l.n; i++)
		assert_int_equal(l.got[i].outcome, i >= 1 && i <= 3 ? TARGET_CRASH : TARGET_OK);
	target_close(t);
}

static void test_faults(void **state)
{
	(void)state;
	check_faults(ASAN_CLANG);
	check_faults(ASAN_GCC);
	check_faults(COV);
}

static void test_features(void **state)
{
	LIST(l, "n", "n", "e", "n", "", "n");
	struct target *t = open_target(misbehave[COV]);
	size_t counters = target_n_counters(t);

	(void)state;
	assert_true(counters > 10);
	run_list(t, &l);
	assert_true(l.got[0].n_features > 2);
	for (size_t i = 0; i < l.n; i++)
		for (size_t k = 0; k < l.got[i].n_features; k++) {
			assert_true(l.got[i].features[k] < counters * 8);
			assert_true(k == 0 || l.got[i].features[k - 1] < l.got[i].features[k]);
		}
	/* the same input gives the same features, whatever ran before it; others give others */
	assert_int_equal(l.got[0].n_features, l.got[3].n_features);
	assert_memory_equal(
		l.got[0].features, l.got[5].features, l.got[0].n_features * sizeof(uint32_t));
	assert_true(l.got[4].n_features < l.got[0].n_features);
	assert_memory_not_equal(
		l.got[0].features, l.got[2].features, l.got[0].n_features * sizeof(uint32_t));
	target_close(t);
}

static void test_wall_clock(void **state)
{
	LIST(l, "w", "W", "n");
	struct target_spec spec = { .exe = misbehave[ASAN_CLANG], .timeout_ms = 50 };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);

	(void)state;
	assert_non_null(t);
	run_list(t, &l);
	assert_int_equal(l.got[0].outcome, TARGET_TIMEOUT);
	assert_non_null(strstr(l.got[0].text, "wall-clock time\n    #0"));
	assert_int_equal(l.got[1].outcome, TARGET_TIMEOUT);
	assert_non_null(strstr(l.got[1].text, "wall-clock time"));
	assert_int_equal(l.got[2].outcome, TARGET_OK);
	target_close(t);
}

/*
 * A crowd on the processor that it has to share: the wall clock runs out long before it has had its CPU time, and says
 * nothing of it.
 */
static void test_starved(void **state)
{
	LIST(first, "n");
	LIST(l, "t", "n");
	struct target_spec spec = { .exe = misbehave[ASAN_GCC], .timeout_ms = 50 };
	struct err err = ERR_INIT;
	pid_t crowd[50];
	cpu_set_t all, one;
	struct target *t;
	int cpu = 0;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	t = target_open(&spec, &err);
	assert_non_null(t);
	run_list(t, &first);
	for (size_t i = 0; i < ARRAY_LEN(crowd); i++) {
		crowd[i] = fork();
		if (crowd[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			setsid(); /* else they may count as one to the scheduler */
			for (;;)
				;
		}
	}
	sched_setaffinity(0, sizeof(all), &all);
	run_list(t, &l);
	for (size_t i = 0; i < ARRAY_LEN(crowd); i++) {
		kill(crowd[i], SIGKILL);
		waitpid(crowd[i], NULL, 0);
	}
	target_close(t);
	assert_int_equal(l.got[0].outcome, TARGET_TIMEOUT);
	if (!strstr(l.got[0].text, "ms of CPU time"))
		fail_msg("%s", l.got[0].text);
	assert_int_equal(l.got[1].outcome, TARGET_OK);
}

static void test_samples(void **state)
{
	LIST(l, "t");
	struct target *t = open_target(misbehave[ASAN_CLANG]);
	const char *p;
	unsigned n = 0;

	(void)state;
	run_list(t, &l);
	for (p = l.got[0].text; (p = strstr(p, "thresh: stack sample ")); p++)
		n++;
	assert_int_equal(n, 3);
	target_close(t);
}

/* Larger than the segment at its start, and then small ones again. */
static void test_large_input(void **state)
{
	size_t n = (size_t)20 << 20;
	char *big = xcalloc(1, n);
	const char *const in[] = { "n", big, "n", "A" };
	struct list l = { .in = in, .n = 4, .lens = { 0, n } };
	struct target *t = open_target(misbehave[ASAN_CLANG]);

	(void)state;
	memset(big, 'n', n);
	run_list(t, &l);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(l.got[i].outcome, TARGET_OK);
	assert_int_equal(l.got[3].outcome, TARGET_CRASH);
	target_close(t);
	free(big);
}

struct many {
	size_t n, next, done, crashes;
	uint64_t last;
	bool ordered;
};

static bool many_next(void *arg, struct target_input *in)
{
	struct many *m = arg;

	if (m->next == m->n)
		return false;
	in->data = m->next % 97 == 5 ? "A" : "nn";
	in->len = 1;
	in->tag = ++m->next;
	return true;
}

static int many_done(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct many *m = arg;

	m->ordered &= in->tag == m->last + 1;
	m->last = in->tag;
	m->done++;
	m->crashes += r->outcome == TARGET_CRASH;
	return 0;
}

static void test_many_workers(void **state)
{
	struct target_spec spec = { .exe = misbehave[ASAN_GCC], .workers = 3 };
	struct target_opts opts = { .in_order = true };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);
	struct many m = { .n = 3000, .ordered = true };
	uint64_t inputs;

	(void)state;
	assert_non_null(t);
	assert_int_equal(target_run(t, &opts, many_next, many_done, &m, &err), 0);
	assert_int_equal(m.done, 3000);
	assert_int_equal(m.crashes, 31);
	assert_true(m.ordered);
	target_counts(t, &inputs, NULL);
	assert_int_equal(inputs, 3000);
	target_close(t);
}

/* Slow to look, so that what runs behind a failing input is done by then. */
static int looked_late(void *arg, const struct target_input *in, const struct target_result *r)
{
	if (in->tag == 0)
		usleep(1500000);
	return list_done(arg, in, r);
}

static void test_record_rewritten(void **state)
{
	static const struct {
		bool no_confirm;
		enum target_outcome want;
		const char *text;
	} rows[] = { { true, TARGET_CRASH, "SEGV" }, { false, TARGET_CRASH, "SEGV" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		LIST(l, "n", "h", "S", "#", "n");
		struct target_opts opts = { .in_order = true, .no_confirm = rows[i].no_confirm };
		struct target *t = open_target(misbehave[ASAN_CLANG]);
		struct err err = ERR_INIT;

		assert_int_equal(target_run(t, &opts, list_next, looked_late, &l, &err), 0);
		assert_int_equal(l.done, 5);
		if (l.got[3].outcome != TARGET_OK)
			fail_msg("it can't be written to: %s", l.got[3].text);
		assert_int_equal(l.got[2].outcome, rows[i].want);
		if (!strstr(l.got[2].text, rows[i].text))
			fail_msg("its report is another: %s", l.got[2].text);
		assert_int_equal(l.got[4].outcome, TARGET_OK);
		target_close(t);
	}
}

/* What one input writes into the server's memory makes no other one pass, nor fail. */
static void test_others_are_believed_nothing(void **state)
{
	static const struct {
		const char *in[12];
		bool alone;
	} rows[] = {
		{ { "%", "S", "n", "A" }, true },
		{ { "n", "h", "n", "&", "n" }, false },
		{ { "n", "&", "n" }, true },
		{ { "=", "h", "n" }, true },
		/* its child ends before the leak is looked for */
		{ { "c", "c", "c", "c", "c", "c", "c", "c", "l", "S", "#", "n" }, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct list l = { .in = rows[i].in, .alone = rows[i].alone };
		struct target_opts opts = { .in_order = true };
		struct target *t = open_target(misbehave[ASAN_CLANG]);
		struct err err = ERR_INIT;

		while (l.n < ARRAY_LEN(rows[i].in) && l.in[l.n])
			l.n++;
		assert_int_equal(target_run(t, &opts, list_next, looked_late, &l, &err), 0);
		assert_int_equal(l.done, l.n);
		for (size_t k = 0; k < l.n; k++) {
			enum target_outcome want = strchr("SA", *l.in[k]) ? TARGET_CRASH
						   : *l.in[k] == 'l'      ? TARGET_LEAK
									  : TARGET_OK;

			if (want == TARGET_LEAK && !target_finds_leaks(t, NULL))
				continue;
			if (l.got[k].outcome != want)
				fail_msg("row %zu: %s: %s, not %s: %s", i, l.in[k],
					target_outcome_name(l.got[k].outcome),
					target_outcome_name(want), l.got[k].text);
		}
		target_close(t);
	}
}

static void test_stop_early(void **state)
{
	LIST(l, "n", "n", "n", "w", "n");
	LIST(after, "n", "A");
	struct target *t = open_target(misbehave[ASAN_CLANG]);

	(void)state;
	l.stop_after = 2;
	run_list(t, &l);
	assert_int_equal(l.done, 2);
	run_list(t, &after); /* and it is still good */
	assert_int_equal(after.got[0].outcome, TARGET_OK);
	assert_int_equal(after.got[1].outcome, TARGET_CRASH);
	target_close(t);
}

static void test_run_one(void **state)
{
	struct target *t = open_target(misbehave[ASAN_CLANG]);
	struct target_input in = { .data = "O", .len = 1 };
	struct target_result r;
	struct buf text = BUF_INIT;
	struct err err = ERR_INIT;

	(void)state;
	buf_adds(&text, "before ");
	assert_int_equal(target_run_one(t, &in, &r, &text, &err), 0);
	assert_int_equal(r.outcome, TARGET_CRASH);
	assert_true(strv_contains(r.text, "heap-buffer-overflow"));
	assert_int_equal(strncmp(buf_str(&text), "before ", 7), 0);
	in.data = "n";
	assert_int_equal(target_run_one(t, &in, &r, NULL, &err), 0);
	assert_int_equal(r.outcome, TARGET_OK);
	buf_release(&text);
	target_close(t);
}

static void test_start_up(void **state)
{
	static const struct {
		const char *name;
		bool runtime;
		const char *want;
	} rows[] = {
		{ "start_crash", true, "no configuration found" },
		{ "start_exit", true, "exit status 5" },
		{ "start_hang", true, "not ready after 700 ms" },
		{ "foreign", false, "not linked with thresh's runtime" },
		{ NULL, false, "no such file" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *exe = rows[i].name ? compile(rows[i].name, ASAN_CLANG, rows[i].runtime)
					 : xstrdup("/nonexistent/target");
		struct target_spec spec = { .exe = exe, .start_ms = 700 };
		struct err err = ERR_INIT;

		assert_null(target_open(&spec, &err));
		assert_int_equal(err.kind, ERR_USAGE);
		if (!strstr(err.msg, rows[i].want))
			fail_msg("%s: %s", rows[i].name, err.msg);
		free(exe);
	}
}

static void check_foreign(const char *exe, const char *arg)
{
	static const struct {
		const char *in;
		enum target_outcome outcome;
	} rows[] = { { "n", TARGET_OK }, { "A", TARGET_CRASH }, { "x", TARGET_EXIT },
		{ "w", TARGET_TIMEOUT }, { "e", TARGET_OK }, { "", TARGET_OK } };
	const char *const argv[] = { exe, arg, NULL };
	struct target_spec spec = { .argv = argv, .timeout_ms = 700, .workers = 2 };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);
	const char *in[ARRAY_LEN(rows)];
	struct list l = { .in = in, .n = ARRAY_LEN(rows) };

	if (!t)
		fail_msg("%s", err.msg);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		in[i] = rows[i].in;
	run_list(t, &l);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (l.got[i].outcome != rows[i].outcome)
			fail_msg("'%s': %s: %s", in[i], target_outcome_name(l.got[i].outcome),
				l.got[i].text);
	assert_string_equal(l.got[4].text, "hello\n");
	target_close(t);
}

static void test_foreign(void **state)
{
	char *exe = compile("foreign", ASAN_CLANG, false);

	(void)state;
	check_foreign(exe, "@@");
	check_foreign(exe, NULL);
	free(exe);
}

/* What a process left that was killed goes with whoever had it killed; what a live one holds stays. */
static void test_killed_owners(void **state)
{
	char *tmp = fs_join(dir, "tmp"), *left = fs_join(tmp, "thresh-target-abcdef");
	char *deep = fs_join(left, "server-0/deep"), *held = fs_join(tmp, "thresh-target-ghijkl");
	char *before = getenv("TMPDIR") ? xstrdup(getenv("TMPDIR")) : NULL;
	int lock;

	(void)state;
	assert_int_equal(fs_mkdirs(deep, NULL), 0);
	assert_int_equal(fs_mkdirs(held, NULL), 0);
	lock = open(held, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
	setenv("TMPDIR", tmp, 1);
	target_sweep();
	assert_false(fs_is_dir(left));
	assert_true(fs_is_dir(held));
	close(lock);
	if (before)
		setenv("TMPDIR", before, 1);
	else
		unsetenv("TMPDIR");
	free(before);
	free(held);
	free(deep);
	free(left);
	free(tmp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_owners),
		cmocka_unit_test(test_cases_clang),
		cmocka_unit_test(test_cases_gcc),
		cmocka_unit_test(test_cases_cov),
		cmocka_unit_test(test_cases_msan),
		cmocka_unit_test(test_report_survives),
		cmocka_unit_test(test_stateful),
		cmocka_unit_test(test_killed_from_outside),
		cmocka_unit_test(test_leaks_are_blamed_right),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_wall_clock),
		cmocka_unit_test(test_starved),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_large_input),
		cmocka_unit_test(test_many_workers),
		cmocka_unit_test(test_record_rewritten),
		cmocka_unit_test(test_others_are_believed_nothing),
		cmocka_unit_test(test_stop_early),
		cmocka_unit_test(test_run_one),
		cmocka_unit_test(test_start_up),
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests_name("target", tests, set_up, tear_down);
}
