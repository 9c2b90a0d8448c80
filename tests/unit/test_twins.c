/* Further servers of a target: forks of the first one where nothing forbids it, started anew where something does. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "proc/proc.h"
#include "target/target.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define INPUTS 600

static char *dir, *starts, *starts_env;

static char *compile(const char *out_name, const char *define)
{
	static const char *const runtime[] = { "replay", "serve", "child", "fault", "told",
		"feature", "folders", "alloc" };
	const char *top = getenv("TOP") ? getenv("TOP") : ".";
	struct strlist argv = STRLIST_INIT;
	struct proc_spec ps = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	char *out = fs_join(dir, out_name);

	strlist_add(&argv, "clang");
	strlist_add(&argv, "-g");
	strlist_add(&argv, "-fsanitize=address");
	strlist_add(&argv, "-D_GNU_SOURCE");
	strlist_add(&argv, define);
	strlist_addf(&argv, "%s/tests/data/targets/twin.c", top);
	for (size_t i = 0; i < ARRAY_LEN(runtime); i++)
		strlist_addf(&argv, "%s/src/runtime/%s.c", top, runtime[i]);
	strlist_add(&argv, "-o");
	strlist_add(&argv, out);
	ps.argv = (const char *const *)argv.v;
	ps.err = PROC_CAPTURE;
	if (proc_run(&ps, &r, &err) < 0 || r.status != 0)
		fail_msg("clang: %s %s", err.msg, buf_str(&r.err));
	proc_result_release(&r);
	strlist_release(&argv);
	return out;
}

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	dir = fs_tmpdir("thresh-test-twins", &err);
	assert_non_null(dir);
	starts = fs_join(dir, "starts");
	starts_env = xasprintf("STARTS=%s", starts);
	return 0;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(fs_remove_tree(dir, &err), 0);
	free(dir);
	free(starts);
	free(starts_env);
	return 0;
}

struct work {
	size_t next, done, bad, crashes;
	const char *special; /* every hundredth input */
	/* the others */
	const char *common;
	struct strlist places;
};

static bool next_input(void *arg, struct target_input *in)
{
	struct work *w = arg;

	if (w->next == INPUTS)
		return false;
	in->data = w->special && w->next % 100 == 50 ? w->special : w->common;
	in->len = 1;
	w->next++;
	return true;
}

static int take(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct work *w = arg;
	char *line = xasprintf(STRV_FMT, (int)r->text.len, r->text.s);
	bool known = false;

	w->done++;
	if (((const char *)in->data)[0] == 'K') {
		w->crashes += r->outcome == TARGET_CRASH;
	} else {
		w->bad += r->outcome != TARGET_OK;
		for (size_t i = 0; i < w->places.n; i++)
			known = known || strcmp(w->places.v[i], line) == 0;
		if (!known)
			strlist_add(&w->places, line);
	}
	free(line);
	return 0;
}

/* How often the target was started for it; how many servers worked, in *servers. */
static size_t run_all(const char *exe, const char *common, const char *special, size_t *servers)
{
	const char *env[] = { starts_env, NULL }, *writable[] = { dir, NULL };
	struct target_spec spec = { .exe = exe, .workers = 3, .env = env, .writable = writable };
	struct target_opts opts = { .expect = INPUTS };
	struct work w = { .special = special, .common = common };
	struct err err = ERR_INIT;
	struct target *t;
	uint64_t n = 0;

	assert_int_equal(fs_write(starts, "", 0, 0600, &err), 0);
	t = target_open(&spec, &err);
	if (!t)
		fail_msg("%s", err.msg);
	assert_int_equal(target_run(t, &opts, next_input, take, &w, &err), 0);
	assert_int_equal(w.done, INPUTS);
	assert_int_equal(w.bad, 0);
	assert_int_equal(w.crashes, special ? INPUTS / 100 : 0);
	target_close(t);
	assert_int_equal(fs_size(starts, &n, &err), 0);
	*servers = w.places.n;
	strlist_release(&w.places);
	return (size_t)n;
}

static void test_forked(void **state)
{
	char *exe = compile("twin", "-DTWIN");
	size_t servers;

	(void)state;
	assert_int_equal(run_all(exe, "w", NULL, &servers), 1);
	assert_true(servers > 1);
	free(exe);
}

/* What was opened or named there would be shared by inputs that run at the same time. */
static void test_initialised(void **state)
{
	char *exe = compile("init", "-DINIT");
	size_t servers, n;

	(void)state;
	n = run_all(exe, "w", NULL, &servers);
	assert_true(n > 1);
	assert_int_equal(n, servers);
	free(exe);
}

/* The first server's end is that of all its twins, and no result is lost with them. */
static void test_killed(void **state)
{
	char *exe = compile("twin", "-DTWIN");
	size_t servers;

	(void)state;
	/*
	 * not "w": nobody waits for a twin's child to be dead, and one that is being killed may still finish making its
	 * file, on a machine with many others at work
	 */
	assert_true(run_all(exe, "n", "K", &servers) > 1);
	free(exe);
}

/* Twins have one /tmp: who uses that isn't run on twins, and none is in another one's way. */
static void test_shared_folder(void **state)
{
	char *exe = compile("twin", "-DTWIN");
	size_t servers, n;

	(void)state;
	assert_int_equal(proc_try_sandbox(NULL), 0);
	if (!sandbox_have()->view) {
		print_message("SKIP: no /tmp of its own here\n");
		skip();
	}
	n = run_all(exe, "t", NULL, &servers);
	assert_true(n > 1);
	free(exe);
}

/* What one child left in /tmp the next one doesn't find. */
static void test_left_in_tmp(void **state)
{
	char *exe = compile("twin", "-DTWIN");
	struct target_spec spec = { .exe = exe };
	struct target_input in = { .data = "T", .len = 1 };
	struct err err = ERR_INIT;
	struct target *t;

	(void)state;
	assert_int_equal(proc_try_sandbox(NULL), 0);
	if (!sandbox_have()->view) {
		print_message("SKIP: no /tmp of its own here\n");
		skip();
	}
	t = target_open(&spec, &err);
	if (!t)
		fail_msg("%s", err.msg);
	for (int i = 0; i < 20; i++) {
		struct target_result r;

		assert_int_equal(target_run_one(t, &in, &r, NULL, &err), 0);
		assert_int_equal(r.outcome, TARGET_OK);
	}
	target_close(t);
	free(exe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forked),
		cmocka_unit_test(test_initialised),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_shared_folder),
		cmocka_unit_test(test_left_in_tmp),
	};

	return cmocka_run_group_tests_name("twins", tests, set_up, tear_down);
}
