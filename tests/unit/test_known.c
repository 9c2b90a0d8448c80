/* Failures that are known end their input before the report: those and no others, under each compiler. */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "proc/proc.h"
#include "target/known.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const char *const compilers[] = { "clang", "gcc" };
static char *dir;

/* The runtime without a sanitizer, as thresh builds it, the target with. */
static char *compile(const char *cc)
{
	const char *top = getenv("TOP") ? getenv("TOP") : ".";
	char *here = fs_abspath(top);
	char *script = xasprintf(
		"mkdir %s.d && cd %s.d && for f in replay serve child feature alloc early; do "
		"%s -g -O2 -fno-omit-frame-pointer -fPIC -D_GNU_SOURCE -c %s/src/runtime/$f.c || "
		"exit; "
		"done; %s -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined "
		"-fno-sanitize-recover=all %s/tests/data/targets/ways.c *.o -o ../%s",
		cc, cc, cc, here, cc, here, cc);
	const char *const sh[] = { "sh", "-c", script, NULL };
	struct proc_spec ps = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;

	ps.argv = sh;
	ps.cwd = dir;
	ps.err = PROC_CAPTURE;
	if (proc_run(&ps, &r, &err) < 0 || r.status != 0)
		fail_msg("%s: %s %s", cc, err.msg, buf_str(&r.err));
	proc_result_release(&r);
	free(script);
	free(here);
	return fs_join(dir, cc);
}

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	dir = fs_tmpdir("thresh-test-known", &err);
	assert_non_null(dir);
	return 0;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(fs_remove_tree(dir, &err), 0);
	free(dir);
	return 0;
}

/* Addresses that the report gives its frames of bad() and of who called it. */
#define FRAMES 6

struct run {
	const char *input;
	bool given;
	struct target *target;
	enum target_outcome outcome;
	bool known, has_report;
	uint64_t keys[FRAMES]; /* of the first frames of the first stack; 0: none */
};

static bool next_input(void *arg, struct target_input *in)
{
	struct run *r = arg;

	if (r->given)
		return false;
	r->given = true;
	*in = (struct target_input){ .data = r->input, .len = strlen(r->input) };
	return true;
}

static int take(void *arg, const struct target_input *in, const struct target_result *r)
{
	struct run *run = arg;
	struct strv text = r->text, line, word;
	uint64_t n, address;

	(void)in;
	run->outcome = r->outcome;
	run->known = r->known;
	run->has_report = strv_contains(text, "ERROR: ") || strv_contains(text, "runtime error");
	while (strv_line(&text, &line)) {
		line = strv_trim(line);
		if (!strv_skip(&line, "#") || !strv_split(&line, ' ', &word) ||
			num_u64(word, &n) < 0 || n >= FRAMES || run->keys[n] ||
			!strv_split(&line, ' ', &word) || num_hex(word, &address) < 0)
			continue;
		run->keys[n] = target_failure_key(r, address);
	}
	return 0;
}

static struct run run_one(struct target *t, const char *input)
{
	struct target_opts opts = { .no_confirm = true, .early = true };
	struct run r = { .input = input, .target = t };
	struct err err = ERR_INIT;

	assert_int_equal(target_run(t, &opts, next_input, take, &r, &err), 0);
	return r;
}

static const char ways[] = "hHsnaxo";

static void check(const char *cc)
{
	char *exe = compile(cc), input[3] = "";
	struct target_spec spec = { .exe = exe, .name = cc };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);

	assert_non_null(t);
	for (const char *w = ways; *w; w++) {
		struct run first, again, elsewhere;
		uint64_t key = 0;

		input[0] = *w;
		input[1] = '\0';
		first = run_one(t, input);
		if (!first.has_report || first.known)
			print_message("# %s: no report of '%c'\n", cc, *w);
		assert_in_range(first.outcome, TARGET_CRASH, TARGET_EXIT);
		assert_true(first.has_report && !first.known);
		/* down to the caller: abort and exit have frames of their own on top */
		for (size_t i = 0; i < FRAMES; i++)
			key = first.keys[i] ? first.keys[i] : key;
		if (!key)
			print_message("# %s: no key for '%c'\n", cc, *w);
		assert_true(key != 0);
		target_know(t, key);
		again = run_one(t, input);
		assert_true(again.known && !again.has_report);
		assert_int_equal(again.outcome, TARGET_CRASH);
		/* the same instruction, but not the same stack down there */
		input[0] = 'f';
		input[1] = *w;
		input[2] = '\0';
		elsewhere = run_one(t, input);
		if (!elsewhere.has_report || elsewhere.known)
			print_message("# %s: '%c' from elsewhere is known\n", cc, *w);
		assert_true(elsewhere.has_report && !elsewhere.known);
	}
	/* and those that are known don't hide what passes */
	assert_int_equal(run_one(t, "???").outcome, TARGET_OK);
	target_close(t);
	free(exe);
}

static void test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(compilers); i++)
		check(compilers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
