/*
 * What the runtime itself says of a failure. With a sanitizer: those that are known end their input before the report, and
 * no others. Without: it reports them, and the place is there. Under each compiler.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/num.h"
#include "crash/crash.h"
#include "proc/proc.h"
#include "target/known.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const char *const compilers[] = { "clang", "gcc" };
static char *dir;

/* The runtime without a sanitizer, as thresh builds it, and once for each compiler; the target with. */
static char *compile(const char *cc, const char *name, const char *flags)
{
	const char *top = getenv("TOP") ? getenv("TOP") : ".";
	char *here = fs_abspath(top);
	char *script = xasprintf(
		"if [ -d %s.d ]; then cd %s.d; else mkdir %s.d && cd %s.d && "
		"for f in replay serve child fault told feature folders alloc early; do "
		"%s -g -O2 -fno-omit-frame-pointer -fPIC -D_GNU_SOURCE -c %s/src/runtime/$f.c || "
		"exit; done; fi; "
		"%s -g -O1 -fno-omit-frame-pointer %s %s/tests/data/targets/ways.c *.o -o ../%s",
		cc, cc, cc, cc, cc, here, cc, flags, here, name);
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
	return fs_join(dir, name);
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
	char *name = xasprintf("%s-asan", cc), input[3] = "";
	char *exe =
		compile(cc, name, "-fsanitize=address,undefined -fno-sanitize-recover=undefined");
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
	free(name);
}

static void test_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(compilers); i++)
		check(compilers[i]);
}

/* --- without a sanitizer --- */

static size_t resolve(void *arg, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max)
{
	(void)arg;
	(void)build_id;
	(void)is_return;
	(void)max;
	(void)offset;
	/* what isn't libc's is the target's own */
	out->function = "bad";
	return strstr(module, "/libc") == NULL;
}

static const struct {
	const char *input, *kind;
	enum crash_access access;
	size_t at_most; /* frames above the target's own */
} faults[] = {
	{ "s", "segv", CRASH_READ, 0 }, { "n", "null-deref", CRASH_READ, 0 },
	{ "w", "segv", CRASH_WRITE, 0 }, { "a", "abort", CRASH_ACCESS_NONE, 4 },
	{ "d", "fpe", CRASH_ACCESS_NONE, 0 }, { "b", "trap", CRASH_ACCESS_NONE, 0 },
	{ "r", "stack-overflow", CRASH_ACCESS_NONE, 4 }, /* now and then in malloc */
};

static void check_plain(const char *cc)
{
	char *name = xasprintf("%s-plain", cc), *exe = compile(cc, name, "");
	struct target_spec spec = { .exe = exe, .name = name };
	struct err err = ERR_INIT;
	struct target *t = target_open(&spec, &err);

	assert_non_null(t);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct target_input in = { .data = faults[i].input, .len = 1 };
		struct crash_report *report;
		struct target_result r;
		struct buf text = BUF_INIT;
		size_t above = 0;

		assert_int_equal(target_run_one(t, &in, &r, &text, &err), 0);
		assert_int_equal(r.outcome, TARGET_CRASH);
		assert_true(r.sig != 0);
		report = crash_parse(r.text);
		crash_resolve(report, resolve, NULL);
		crash_finish(report, NULL);
		if (strcmp(report->kind, faults[i].kind) != 0)
			print_message("# %s %s: %s\n", cc, faults[i].input, buf_str(&text));
		assert_string_equal(report->kind, faults[i].kind);
		assert_int_equal(report->access, faults[i].access);
		assert_true(report->n_stacks == 1 && report->stacks[0].n > 1);
		while (above < report->stacks[0].n && !report->stacks[0].frames[above].function)
			above++;
		if (above > faults[i].at_most)
			print_message("# %s %s: %s\n", cc, faults[i].input, buf_str(&text));
		assert_in_range(above, 0, faults[i].at_most);
		crash_report_free(report);
		buf_release(&text);
	}
	assert_int_equal(run_one(t, "i").outcome, TARGET_OK);
	target_close(t);
	free(exe);
	free(name);
}

static void test_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(compilers); i++)
		check_plain(compilers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_plain),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
