/* Other rules, the same reports: bugs that are one now are joined, those that are two parted, and no name gets lost. */
#include "base/prelude.h"
#include "fake.h"
#include "base/buf.h"
#include "triage/decide.h"
#include "triage/resignature.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* a and b fail in two functions, called from one. */
#define STACK(function) FAKE_ASAN("heap-buffer-overflow", function)

/* What tells the two apart, and what doesn't: a rule of the project's own. */
#define APART ""
#define TOGETHER "triage:\n  ignore: ['left', 'right']\n"

static struct fake f;

static void open_under(const char *rules)
{
	char yaml[1024];

	snprintf(yaml, sizeof(yaml), "%s%s", fake_yaml, rules);
	fake_open(&f, yaml);
	FAKE_ROWS({ .input = "~a", .outcome = TARGET_CRASH, .text = STACK("left") },
		{ .input = "~b", .outcome = TARGET_CRASH, .text = STACK("right") });
}

static struct resignature_counts resign_under(const char *rules)
{
	struct resignature_counts n;
	struct err err = ERR_INIT;
	char yaml[1024];

	snprintf(yaml, sizeof(yaml), "%s%s", fake_yaml, rules);
	fake_reopen(&f, yaml);
	if (resignature_all(f.p, false, &n, &err) < 0)
		fail_msg("%s", err.msg);
	return n;
}

/* The bug that an id, old or new, means now. */
static void means(const char *id, const char *want, uint64_t findings)
{
	struct bug_rec b = fake_bug(&f, id);

	assert_string_equal(b.id, want);
	assert_int_equal(b.findings, findings);
	bug_rec_release(&b);
}

static int add_event(void *arg, const struct event_rec *e)
{
	buf_addf(arg, "%s ", e->kind);
	return 0;
}

static void told(const char *kind)
{
	struct buf b = BUF_INIT;

	assert_int_equal(store_events(f.p->store, 0, add_event, &b, NULL), 0);
	if (!strstr(buf_str(&b), kind))
		fail_msg("no event %s: %s", kind, buf_str(&b));
	buf_release(&b);
}

static void joined(void **state)
{
	struct triage_filed a, b, again;
	struct resignature_counts n;

	(void)state;
	open_under(APART);
	a = fake_file(&f, "a");
	b = fake_file(&f, "bb");
	assert_int_equal(fake_n_bugs(&f), 2);
	n = resign_under(TOGETHER);
	assert_int_equal(n.joined, 1);
	assert_int_equal(fake_n_bugs(&f), 1);
	told("joined");
	means(a.bug, a.bug, 2);
	means(b.bug, a.bug, 2);
	again = fake_file(&f, "bbb");
	assert_string_equal(again.bug, a.bug);
	/* and once more: nothing is left to be done */
	n = resign_under(TOGETHER);
	assert_int_equal(n.bugs + n.joined + n.parted + n.renamed, 0);
	means(b.bug, a.bug, 3);
	fake_close(&f);
}

static void parted(void **state)
{
	struct triage_filed a, again;
	struct resignature_counts n;

	(void)state;
	open_under(TOGETHER);
	a = fake_file(&f, "a");
	assert_string_equal(fake_file(&f, "bb").bug, a.bug);
	n = resign_under(APART);
	assert_int_equal(n.parted, 1);
	assert_int_equal(fake_n_bugs(&f), 2);
	told("parted");
	means(a.bug, a.bug, 1); /* its best reproducer speaks for it */
	again = fake_file(&f, "bbb");
	assert_string_not_equal(again.bug, a.bug);
	assert_false(again.new_bug);
	means(again.bug, again.bug, 2);
	fake_close(&f);
}

/* Nobody else is told of it: the id stays, whatever the signature is. */
static void renamed(void **state)
{
	struct triage_filed a;
	struct resignature_counts n;

	(void)state;
	open_under(APART);
	a = fake_file(&f, "a");
	n = resign_under(TOGETHER);
	assert_int_equal(n.renamed, 1);
	means(a.bug, a.bug, 1);
	assert_string_equal(fake_file(&f, "aa").bug, a.bug);
	/* a bug in the other function, met under these rules for the first time, is this one */
	assert_string_equal(fake_file(&f, "b").bug, a.bug);
	fake_close(&f);
}

/* What people parted isn't joined by a rule. */
static void split_stays(void **state)
{
	struct triage_filed a, b;

	(void)state;
	open_under(APART);
	a = fake_file(&f, "a");
	b = fake_file(&f, "bb");
	assert_int_equal(decide_merge(f.p, a.bug, b.bug, NULL), 0);
	assert_int_equal(decide_split(f.p, b.bug, NULL), 0);
	resign_under(TOGETHER);
	assert_int_equal(fake_n_bugs(&f), 2);
	means(b.bug, b.bug, 1);
	fake_close(&f);
}

/* People's states go along: what was fixed or ignored isn't open again for having another name. */
static void states_stay(void **state)
{
	static const enum bug_state states[] = { BUG_FIXED, BUG_REGRESSED, BUG_FLAKY, BUG_IGNORED };

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		struct triage_filed a;
		struct bug_rec b;

		(void)state;
		open_under(APART);
		a = fake_file(&f, "a");
		fake_set_state(&f, a.bug, states[i]);
		resign_under(TOGETHER);
		b = fake_bug(&f, a.bug);
		assert_int_equal(b.state, states[i]);
		bug_rec_release(&b);
		fake_close(&f);
	}
}

#define THROUGH(caller, maker)                                                                    \
	"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x1 " \
	"bp 0x2 sp 0x3\nREAD of size 1 at 0x602000000014 thread T0\n"                             \
	"    #0 0x1 in fetch /fake/src/lib.c:10:3\n    #1 0x2 in " caller                         \
	" /fake/src/lib.c:20:3\n\n0x602000000014 is located 0 bytes to the right of 4-byte "      \
	"region [0x602000000010,0x602000000014)\nallocated by thread T0 here:\n"                  \
	"    #0 0x3 in malloc\n    #1 0x4 in " maker " /fake/src/lib.c:30:3\n"

/* Who fails for many others, with things of many others, isn't whose bug it is: from the next signing on. */
static void helpers_are_learned(void **state)
{
	static const char *const inputs[] = { "a", "b", "c", "d" };
	struct resignature_counts n;

	(void)state;
	open_under(APART);
	FAKE_ROWS({ .input = "a", .outcome = TARGET_CRASH, .text = THROUGH("ant", "ark") },
		{ .input = "b", .outcome = TARGET_CRASH, .text = THROUGH("bat", "box") },
		{ .input = "c", .outcome = TARGET_CRASH, .text = THROUGH("cat", "cup") },
		{ .input = "d", .outcome = TARGET_CRASH, .text = THROUGH("dog", "den") });
	for (size_t i = 0; i < 3; i++)
		fake_file(&f, inputs[i]);
	resign_under(APART);
	assert_int_equal(fake_n_bugs(&f), 1);
	fake_file(&f, inputs[3]);
	assert_int_equal(fake_n_bugs(&f), 1); /* one name as long as nothing is signed anew */
	told("helper");
	n = resign_under(APART);
	assert_int_equal(n.parted, 3);
	assert_int_equal(fake_n_bugs(&f), 4);
	n = resign_under(APART);
	assert_int_equal(n.bugs + n.joined + n.parted + n.renamed, 0);
	/* the project's own word goes before */
	n = resign_under("triage:\n  helpers: ['!fetch']\n");
	assert_int_equal(n.joined, 3);
	assert_int_equal(fake_n_bugs(&f), 1);
	fake_close(&f);
}

/* Many callers with one thing of one maker: what they share is the bug. */
static void one_maker_is_no_helper(void **state)
{
	static const char *const inputs[] = { "a", "b", "c", "d", "e" };

	(void)state;
	open_under(APART);
	FAKE_ROWS({ .input = "a", .outcome = TARGET_CRASH, .text = THROUGH("ant", "ark") },
		{ .input = "b", .outcome = TARGET_CRASH, .text = THROUGH("bat", "ark") },
		{ .input = "c", .outcome = TARGET_CRASH, .text = THROUGH("cat", "ark") },
		{ .input = "d", .outcome = TARGET_CRASH, .text = THROUGH("dog", "den") },
		{ .input = "e", .outcome = TARGET_CRASH, .text = THROUGH("eel", "den") });
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++)
		fake_file(&f, inputs[i]);
	resign_under(APART);
	assert_int_equal(fake_n_bugs(&f), 1);
	fake_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joined),
		cmocka_unit_test(parted),
		cmocka_unit_test(renamed),
		cmocka_unit_test(split_stays),
		cmocka_unit_test(states_stay),
		cmocka_unit_test(helpers_are_learned),
		cmocka_unit_test(one_maker_is_no_helper),
	};

	return cmocka_run_group_tests_name("resign", tests, NULL, NULL);
}
