/* A finding's way to its bug, on targets that are tables: what is filed, under which bug, and what never is. */
#include "base/prelude.h"
#include "fake.h"
#include "base/fs.h"
#include "base/mem.h"
#include "triage/decide.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>

#define NO_BUG ((enum bug_state) - 1)

static struct fake f;

static int set_up(void **state)
{
	(void)state;
	fake_open(&f, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake_close(&f);
	return 0;
}

/* --- one finding --- */

#define HEAP(function) FAKE_ASAN("heap-buffer-overflow", function)
#define MSAN_TEXT                                                                   \
	"==7==WARNING: MemorySanitizer: use-of-uninitialized-value\n    #0 0x1 in " \
	"peek /fake/src/lib.c:10:3\n    #1 0x2 in parse /fake/src/lib.c:20:3\n"
#define EXIT_TEXT(words)                                                                   \
	words "==7== ERROR: thresh: fuzz target exited with status 1\n    #0 0x1 in quit " \
	      "/fake/src/lib.c:9:1\n"
#define ABORT_TEXT                                                                              \
	"==7==ERROR: AddressSanitizer: ABRT on unknown address 0x1 (pc 0x2 bp 0x3 sp 0x4 T0)\n" \
	"    #0 0x1 in quit /fake/src/lib.c:9:1\n"
#define FAULT                                       \
	{                                           \
		.kind = TARGET_FAULT_ALLOC, .at = 1 \
	}
#define READ_FAULT                                      \
	{                                               \
		.kind = TARGET_FAULT_READ_HALF, .at = 1 \
	}

static const struct {
	const char *name;
	const char *input, *variant; /* NULL: libfuzzer */
	struct target_fault fault;   /* that it carries */
	struct fake_row rows[3];
	enum bug_state state;  /* NO_BUG: it is no finding */
	const char *kind, *on; /* on: the build that shows it */
	unsigned k, n;
	unsigned most; /* runs that this may take; 0: doesn't matter */
} singles[] = {
	{ .name = "fails each time",
		.input = "x",
		.rows = { { .outcome = TARGET_CRASH, .text = HEAP("copy") } },
		.kind = "heap-buffer-overflow",
		.on = "asan",
		.k = 4,
		.n = 4 },
	{ .name = "passes", .input = "x", .state = NO_BUG, .most = 3 },
	{ .name = "is refused by the harness",
		.input = "x",
		.rows = { { .outcome = TARGET_REJECTED } },
		.state = NO_BUG },
	{ .name = "fails now and then",
		.input = "x",
		.rows = { { .outcome = TARGET_CRASH, .text = HEAP("copy"), .runs = ".F" } },
		.state = BUG_FLAKY,
		.kind = "heap-buffer-overflow",
		.on = "asan",
		.k = 2,
		.n = 4 },
	{ .name = "fails in the last of its tries",
		.input = "x",
		.rows = { { .outcome = TARGET_CRASH, .text = HEAP("copy"), .runs = "..F" } },
		.state = BUG_FLAKY,
		.kind = "heap-buffer-overflow",
		.on = "asan",
		.k = 1,
		.n = 4 },
	{ .name = "fails by where memory happens to lie",
		.input = "x",
		.rows = { { .outcome = TARGET_CRASH, .text = HEAP("copy"), .aslr = true } },
		.state = BUG_FLAKY,
		.kind = "heap-buffer-overflow",
		.on = "asan",
		.k = 3,
		.n = 4 },
	{ .name = "leaks",
		.input = "x",
		.rows = { { .outcome = TARGET_LEAK,
			.text = "==7==ERROR: LeakSanitizer: detected memory leaks\n\nDirect leak "
				"of 4 byte(s) in "
				"1 object(s) allocated from:\n    #0 0x1 in malloc (/fake/h+0x1)\n "
				"   #1 0x2 in make "
				"/fake/src/lib.c:4:2\n" } },
		.kind = "leak",
		.on = "asan",
		.k = 4,
		.n = 4 },
	{ .name = "exits",
		.input = "x",
		.rows = { { .outcome = TARGET_EXIT, .exit_code = 1, .text = EXIT_TEXT("") } },
		.kind = "unexpected-exit",
		.on = "asan",
		.k = 4,
		.n = 4 },
	/* limits: 1 s and 64 MiB */
	{ .name = "hangs",
		.input = "x",
		.rows = { { .ms = 60000 } },
		.kind = "timeout",
		.on = "asan",
		.k = 1,
		.n = 1,
		.most = 2 },
	{ .name = "is slow, but ends within twice the limit",
		.input = "x",
		.rows = { { .ms = 1900 } },
		.state = NO_BUG },
	{ .name = "takes all memory",
		.input = "x",
		.rows = { { .bytes = (uint64_t)1 << 40 } },
		.kind = "out-of-memory",
		.on = "asan",
		.k = 4,
		.n = 4 },
	/* the limit is what the project asked for: nobody doubles it behind its back */
	{ .name = "takes less than twice the memory",
		.input = "x",
		.rows = { { .bytes = (uint64_t)100 << 20 } },
		.kind = "out-of-memory",
		.on = "asan",
		.k = 4,
		.n = 4 },
	/* builds */
	{ .name = "seen under MSan, which alone shows it",
		.input = "x",
		.variant = "msan",
		.rows = { { .variant = "msan", .outcome = TARGET_CRASH, .text = MSAN_TEXT } },
		.kind = "uninitialized-value",
		.on = "msan",
		.k = 4,
		.n = 4 },
	{ .name = "seen under gcc, which alone shows it",
		.input = "x",
		.variant = "gcc-asan",
		.rows = { { .variant = "gcc-asan",
			.outcome = TARGET_CRASH,
			.text = HEAP("copy") } },
		.kind = "heap-buffer-overflow",
		.on = "gcc-asan",
		.k = 4,
		.n = 4 },
	{ .name = "seen under MSan, and fails under ASan, too",
		.input = "x",
		.variant = "msan",
		.rows = { { .variant = "msan", .outcome = TARGET_CRASH, .text = MSAN_TEXT },
			{ .variant = "asan", .outcome = TARGET_CRASH, .text = HEAP("copy") } },
		.kind = "heap-buffer-overflow",
		.on = "asan",
		.k = 4,
		.n = 4 },
	{ .name = "seen by AFL++, whose build nothing is judged on",
		.input = "x",
		.variant = "afl",
		.rows = { { .variant = "afl", .outcome = TARGET_CRASH, .text = HEAP("copy") } },
		.state = NO_BUG },
	/* faults: giving up is allowed where something was lost */
	{ .name = "ends with a word where memory is short",
		.input = "x",
		.fault = FAULT,
		.rows = { { .outcome = TARGET_EXIT,
			.exit_code = 1,
			.text = EXIT_TEXT("out of memory\n") } },
		.state = NO_BUG },
	{ .name = "ends without a word where memory is short",
		.input = "x",
		.fault = FAULT,
		.rows = { { .input = "~thresh-fault",
			.outcome = TARGET_EXIT,
			.exit_code = 1,
			.text = EXIT_TEXT("") } },
		.kind = "unexpected-exit",
		.on = "asan",
		.k = 4,
		.n = 4 },
	{ .name = "aborts where memory is short",
		.input = "x",
		.fault = FAULT,
		.rows = { { .outcome = TARGET_CRASH, .text = ABORT_TEXT } },
		.state = NO_BUG },
	{ .name = "aborts where nothing is short",
		.input = "x",
		.rows = { { .outcome = TARGET_CRASH, .text = ABORT_TEXT } },
		.kind = "abort",
		.on = "asan",
		.k = 4,
		.n = 4 },
	{ .name = "ends where a read was short",
		.input = "x",
		.fault = READ_FAULT,
		.rows = { { .outcome = TARGET_EXIT, .exit_code = 1, .text = EXIT_TEXT("") } },
		.state = NO_BUG },
	{ .name = "crashes where memory is short",
		.input = "x",
		.fault = FAULT,
		.rows = { { .input = "~thresh-fault",
			.outcome = TARGET_CRASH,
			.text = HEAP("copy") } },
		.kind = "heap-buffer-overflow",
		.on = "asan",
		.k = 4,
		.n = 4 },
};

static void one_finding(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(singles); i++) {
		bool is_bug = singles[i].state != NO_BUG;
		struct triage_filed filed;
		struct finding_rec found = { 0 };
		struct bug_rec b;
		int64_t id;
		struct err err = ERR_INIT;

		set_up(state);
		fake_rows(singles[i].rows, ARRAY_LEN(singles[i].rows));
		id = fake_keep(&f, singles[i].input, singles[i].fault.at ? &singles[i].fault : NULL,
			singles[i].variant ? singles[i].variant : "libfuzzer");
		if (triage_finding(f.p, id, &filed, &err) < 0)
			fail_msg("%s: %s", singles[i].name, err.msg);
		if (is_bug != (*filed.bug != '\0') || fake_n_bugs(&f) != is_bug ||
			filed.new_bug != is_bug)
			fail_msg("%s: %s", singles[i].name, *filed.bug ? "a bug" : "no bug");
		assert_int_equal(store_finding_get(f.p->store, id, &found, NULL), 0);
		assert_int_equal(found.state, is_bug ? FINDING_TRIAGED : FINDING_NO_CRASH);
		if (singles[i].most && fake_runs(NULL) > singles[i].most)
			fail_msg("%s: took %u runs", singles[i].name, fake_runs(NULL));
		finding_rec_release(&found);
		if (is_bug) {
			b = fake_bug(&f, filed.bug);
			if (b.state != singles[i].state || strcmp(b.kind, singles[i].kind) != 0 ||
				strcmp(b.variant, singles[i].on) != 0 || b.k != singles[i].k ||
				b.n != singles[i].n || b.findings != 1)
				fail_msg("%s: %s %s, on %s, %u of %u", singles[i].name,
					bug_state_name(b.state), b.kind, b.variant, b.k, b.n);
			bug_rec_release(&b);
		}
		tear_down(state);
	}
}

/* --- two findings --- */

/* A failure that is told by frames alone: its source isn't there. */
#define FPE(line, third, fourth)                                                               \
	"==7==ERROR: AddressSanitizer: FPE on unknown address 0x1 (pc 0x1 bp 0x2 sp 0x3 T0)\n" \
	"    #0 0x1 in one /other/x.c:" line ":1\n    #1 0x2 in two /other/x.c:2:1\n"          \
	"    #2 0x3 in " third " /other/x.c:3:1\n    #3 0x4 in " fourth " /other/x.c:4:1\n"

/* Each "a" and "b" are inputs; the second one is filed when the first is. */
static const struct {
	const char *name;
	struct fake_row rows[2];
	bool same;        /* one bug */
	const char *best; /* of the first one's bug, then; NULL: doesn't matter */
} pairs[] = {
	{ "the same failure, smaller",
		{ { .input = "aaaa", .outcome = TARGET_CRASH, .text = HEAP("copy") },
			{ .input = "bb", .outcome = TARGET_CRASH, .text = HEAP("copy") } },
		true, "bb" },
	{ "the same failure, larger",
		{ { .input = "aa", .outcome = TARGET_CRASH, .text = HEAP("copy") },
			{ .input = "bbbb", .outcome = TARGET_CRASH, .text = HEAP("copy") } },
		true, "aa" },
	{ "the same failure, smaller but now and then",
		{ { .input = "aaaa", .outcome = TARGET_CRASH, .text = HEAP("copy") },
			{ .input = "bb",
				.outcome = TARGET_CRASH,
				.text = HEAP("copy"),
				.runs = "F." } },
		true, "aaaa" },
	{ "the same failure, larger but each time",
		{ { .input = "aa", .outcome = TARGET_CRASH, .text = HEAP("copy"), .runs = "F." },
			{ .input = "bbbb", .outcome = TARGET_CRASH, .text = HEAP("copy") } },
		true, "bbbb" },
	{ "another function",
		{ { .input = "aaaa", .outcome = TARGET_CRASH, .text = HEAP("copy") },
			{ .input = "bb", .outcome = TARGET_CRASH, .text = HEAP("move") } },
		false, "aaaa" },
	{ "another class of fault in the same function",
		{ { .input = "aaaa", .outcome = TARGET_CRASH, .text = HEAP("copy") },
			{ .input = "bb",
				.ms = 60000,
				.text = "==7== ERROR: thresh: timeout after 1000 ms of CPU time\n  "
					"  #0 0x1 in copy /fake/src/lib.c:10:3\n"
					"    #1 0x2 in parse /fake/src/lib.c:20:3\n" } },
		false, "aaaa" },
	{ "another place below another third frame",
		{ { .input = "aaaa", .outcome = TARGET_CRASH, .text = FPE("1", "three", "four") },
			{ .input = "bb",
				.outcome = TARGET_CRASH,
				.text = FPE("9", "drei", "four") } },
		false, "aaaa" },
	{ "another place below another fourth frame",
		{ { .input = "aaaa", .outcome = TARGET_CRASH, .text = FPE("1", "three", "four") },
			{ .input = "bb",
				.outcome = TARGET_CRASH,
				.text = FPE("9", "three", "vier") } },
		true, NULL },
	{ "on the usual build, larger",
		{ { .input = "aa",
			  .variant = "gcc-asan",
			  .outcome = TARGET_CRASH,
			  .text = HEAP("copy") },
			{ .input = "bbbb",
				.variant = "asan",
				.outcome = TARGET_CRASH,
				.text = HEAP("copy") } },
		true, "bbbb" },
};

/* --- one more of the same --- */

#define HANG(function)                                             \
	"==7== ERROR: thresh: timeout after 1000 ms of CPU time\n" \
	"    #0 0x1 in " function " /fake/src/lib.c:10:3\n"        \
	"    #1 0x2 in parse /fake/src/lib.c:20:3\n"

static int64_t keep_as(const char *input, const char *kind)
{
	struct finding_rec seen = { .harness = (char *)(uintptr_t) "h",
		.variant = (char *)(uintptr_t) "asan",
		.origin = (char *)(uintptr_t) "libfuzzer",
		.kind = (char *)(uintptr_t)kind };
	struct err err = ERR_INIT;

	bool alone = kind && strcmp(kind, "alone") == 0;

	if ((!alone ? triage_add_seen(f.p, &seen, true, input, strlen(input), NULL, &err)
		    : triage_add_slow(f.p, "h", "asan", "edge", NULL, input, strlen(input), NULL,
			      &err)) < 0)
		fail_msg("%s", err.msg);
	return fake_keep(&f, input, NULL, "asan");
}

/* What an engine saw, triaged. How many runs that took: *runs. */
static struct triage_filed file_as(const char *input, const char *kind, unsigned *runs)
{
	struct triage_filed filed;
	struct err err = ERR_INIT;
	unsigned before = fake_runs(NULL);

	if (triage_finding(f.p, keep_as(input, kind), &filed, &err) < 0)
		fail_msg("%s", err.msg);
	*runs = fake_runs(NULL) - before;
	return filed;
}

/* How often it fails is asked of the first, and of one that would be the better reproducer. */
static void repeats_are_brief(void **state)
{
	static const struct {
		const char *input;
		unsigned runs;
	} rows[] = { { "first", 4 }, { "larger one", 1 }, { "less", 3 }, { "later", 1 },
		{ "flaps", 3 } };
	struct triage_filed filed;
	unsigned runs;

	(void)state;
	FAKE_ROWS({ .input = "flaps", .outcome = TARGET_CRASH, .text = HEAP("move"), .runs = "F." },
		{ .input = "flaps more", .outcome = TARGET_CRASH, .text = HEAP("move") },
		{ .outcome = TARGET_CRASH, .text = HEAP("copy") });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		filed = file_as(rows[i].input, NULL, &runs);
		if (!*filed.bug || (i < 4 && runs != rows[i].runs))
			fail_msg("%s: %u runs", rows[i].input, runs);
	}
	/* a place that fails now and then is known as such: one more says how often */
	filed = file_as("flaps more", NULL, &runs);
	assert_true(*filed.bug && runs >= 3);
}

/* What never ends costs the whole limit: of a place that is known for it a part of the limit is enough. */
static void hangs_are_peeked_at(void **state)
{
	static const struct {
		const char *input, *kind;
		unsigned runs;
		bool is_bug, is_new;
	} rows[] = {
		{ "spins", "timeout", 2, true, true },
		{ "spins, too", "slow", 1, true, false },
		/* smaller, but nobody saw it take all of the limit */
		{ "s", "slow", 1, true, false },
		{ "slow", "timeout", 2, false, false },
		{ "is not that slow", "slow", 2, false, false },
		{ "quick", "slow", 3 + 1, false, false },
		{ "crashes late", "slow", 4 + 1, true, true },
		/* who saw these waited for the whole limit */
		{ "ran out of time", "alone", 1, true, true },
		{ "was only late", "alone", 3 + 1, false, false },
	};
	struct triage_filed filed;
	char bug[17] = "";
	unsigned runs;

	(void)state;
	FAKE_ROWS({ .input = "spins", .ms = 60000, .text = HANG("spin") },
		{ .input = "spins, too", .ms = 60000, .text = HANG("spin") },
		{ .input = "s", .ms = 60000, .text = HANG("spin") },
		{ .input = "slow", .ms = 1900, .text = HANG("walk") },
		{ .input = "is not that slow", .ms = 300, .text = HANG("stride") },
		{ .input = "crashes late", .outcome = TARGET_CRASH, .text = HEAP("copy") },
		{ .input = "ran out of time", .ms = 1900, .text = HANG("turn") });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		filed = file_as(rows[i].input, rows[i].kind, &runs);
		if ((*filed.bug != '\0') != rows[i].is_bug || filed.new_bug != rows[i].is_new ||
			runs != rows[i].runs)
			fail_msg("%s: bug %s, %u runs", rows[i].input, filed.bug, runs);
		if (i == 0)
			snprintf(bug, sizeof(bug), "%s", filed.bug);
	}
	fake_assert_reproducer(&f, bug, "spins");
	/* that it comes back is shown by nothing less than the limit */
	fake_set_state(&f, bug, BUG_FIXED);
	FAKE_ROWS({ .ms = 60000, .text = HANG("spin") });
	filed = file_as("spins again", "slow", &runs);
	assert_true(filed.regressed && runs == 2);
}

/* While engines wait, one of each place is enough, and later: its judgement is that of the others. */
static void hangs_are_put_off(void **state)
{
	static const struct {
		const char *inputs[2];
		bool is_bug;
	} rows[] = { { { "spins", "spins, too" }, true }, { { "slow", "slow, too" }, false },
		{ { "long", "long, and never ends" }, true } };
	struct err err = ERR_INIT;

	(void)state;
	FAKE_ROWS({ .input = "spins", .ms = 60000, .text = HANG("spin") },
		{ .input = "spins, too", .ms = 60000, .text = HANG("spin") },
		{ .input = "slow", .ms = 1900, .text = HANG("walk") },
		{ .input = "slow, too", .ms = 1900, .text = HANG("walk") },
		{ .input = "long", .ms = 1900, .text = HANG("stroll") },
		{ .input = "long, and never ends", .ms = 60000, .text = HANG("stroll") },
		{ .input = "other", .ms = 60000, .text = HANG("turn") });
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct triage_filed filed[2], one;
		struct finding_rec rec = { 0 };
		int64_t ids[2], other;

		for (size_t k = 0; k < 2; k++) {
			ids[k] = keep_as(rows[i].inputs[k], "slow");
			assert_int_equal(triage_finding_soon(f.p, ids[k], &filed[k], &err), 1);
		}
		other = keep_as("other", "slow");
		assert_int_equal(triage_finding_soon(f.p, other, &one, &err), 1);
		assert_string_equal(filed[0].site, filed[1].site);
		assert_string_not_equal(filed[0].site, one.site);
		assert_int_equal(triage_finding(f.p, ids[0], &one, &err), 0);
		assert_int_equal(*one.bug != '\0', rows[i].is_bug);
		assert_int_equal(store_finding_get(f.p->store, ids[1], &rec, NULL), 0);
		assert_int_equal(rec.state, rows[i].is_bug ? FINDING_TRIAGED : FINDING_NO_CRASH);
		assert_true(!rows[i].is_bug || strcmp(rec.bug, one.bug) == 0);
		finding_rec_release(&rec);
		assert_int_equal(store_finding_get(f.p->store, other, &rec, NULL), 0);
		assert_int_equal(rec.state, FINDING_NEW);
		finding_rec_release(&rec);
	}
}

/* A recursion whose limit may fall where nothing can be unwound. */
#define DEEP                                                                                    \
	"==7==ERROR: AddressSanitizer: stack-overflow on address 0x7ffe (pc 0x1 bp 0x2 sp 0x3 " \
	"T0)\n"
#define TURN                                           \
	"    #0 0x1 in down /fake/src/lib.c:10:3\n"    \
	"    #1 0x2 in through /fake/src/lib.c:20:3\n" \
	"    #2 0x1 in down /fake/src/lib.c:10:3\n"    \
	"    #3 0x2 in through /fake/src/lib.c:20:3\n" \
	"    #4 0x1 in down /fake/src/lib.c:10:3\n"    \
	"    #5 0x2 in through /fake/src/lib.c:20:3\n" \
	"    #6 0x1 in down /fake/src/lib.c:10:3\n"    \
	"    #7 0x2 in through /fake/src/lib.c:20:3\n"

static struct triage_filed file_on(const char *input)
{
	struct triage_filed filed;
	struct err err = ERR_INIT;

	if (triage_finding(f.p, fake_keep(&f, input, NULL, "gcc-asan"), &filed, &err) < 0)
		fail_msg("%s", err.msg);
	return filed;
}

static void two_findings(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct triage_filed a, b;
		struct bug_rec rec;

		set_up(state);
		fake_rows(pairs[i].rows, 2);
		a = file_on(pairs[i].rows[0].input);
		b = file_on(pairs[i].rows[1].input);
		if (!*a.bug || !*b.bug || (strcmp(a.bug, b.bug) == 0) != pairs[i].same ||
			b.new_bug == pairs[i].same)
			fail_msg("%s: %s and %s", pairs[i].name, a.bug, b.bug);
		assert_int_equal(fake_n_bugs(&f), pairs[i].same ? 1 : 2);
		rec = fake_bug(&f, a.bug);
		assert_int_equal(rec.findings, pairs[i].same ? 2 : 1);
		bug_rec_release(&rec);
		if (pairs[i].best)
			fake_assert_reproducer(&f, a.bug, pairs[i].best);
		tear_down(state);
	}
}

/* Where the limit falls is luck: with more stack the report says which recursion it is. */
static void an_overflow_without_a_stack(void **state)
{
	struct triage_filed told, blind, other;

	(void)state;
	FAKE_ROWS({ .input = "told", .outcome = TARGET_CRASH, .text = DEEP TURN },
		{ .input = "blind", .outcome = TARGET_CRASH, .text = DEEP TURN, .stack = 32768 },
		{ .input = "blind", .outcome = TARGET_CRASH, .text = DEEP },
		{ .input = "other", .outcome = TARGET_CRASH, .text = HEAP("copy"), .stack = 1 },
		{ .input = "other", .outcome = TARGET_CRASH, .text = DEEP });
	told = fake_file(&f, "told");
	blind = fake_file(&f, "blind");
	assert_string_equal(told.bug, blind.bug);
	/* what fails otherwise with more of it is no answer */
	other = fake_file(&f, "other");
	assert_string_not_equal(told.bug, other.bug);
	assert_int_equal(fake_n_bugs(&f), 2);
}

/* --- what is known already --- */

static void a_fixed_bug_comes_back(void **state)
{
	static const struct {
		enum bug_state before, after;
	} rows[] = { { BUG_FIXED, BUG_REGRESSED }, { BUG_REGRESSED, BUG_REGRESSED },
		{ BUG_OPEN, BUG_OPEN }, { BUG_FLAKY, BUG_FLAKY }, { BUG_IGNORED, BUG_IGNORED } };
	struct triage_filed first, again;

	(void)state;
	FAKE_ROWS({ .outcome = TARGET_CRASH, .text = HEAP("copy") });
	first = fake_file(&f, "one");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char input[16];
		struct bug_rec b;

		fake_set_state(&f, first.bug, rows[i].before);
		snprintf(input, sizeof(input), "again %zu", i);
		again = fake_file(&f, input);
		assert_string_equal(again.bug, first.bug);
		assert_false(again.new_bug);
		assert_int_equal(again.regressed, rows[i].before == BUG_FIXED);
		b = fake_bug(&f, first.bug);
		assert_int_equal(b.state, rows[i].after);
		bug_rec_release(&b);
	}
}

/* Triaged twice, as after a kill: one finding, one bug, counted once. */
static void twice_is_once(void **state)
{
	struct triage_filed first, again;
	struct bug_rec b;

	(void)state;
	FAKE_ROWS({ .outcome = TARGET_CRASH, .text = HEAP("copy") });
	first = fake_file(&f, "one");
	again = fake_file(&f, "one");
	assert_true(first.new_bug);
	assert_false(again.new_bug);
	assert_string_equal(first.bug, again.bug);
	b = fake_bug(&f, first.bug);
	assert_int_equal(b.findings, 1);
	bug_rec_release(&b);
}

/* A better reproducer is one that was made smaller, too: what the reducer left isn't thrown away for luck. */
static void minimized_stays(void **state)
{
	struct triage_filed first;
	struct bug_rec b;

	(void)state;
	FAKE_ROWS({ .outcome = TARGET_CRASH, .text = HEAP("copy") });
	first = fake_file(&f, "first");
	assert_int_equal(store_site_minimized(f.p->store, first.site, true, NULL), 0);
	fake_file(&f, "x");
	fake_assert_reproducer(&f, first.bug, "first");
	b = fake_bug(&f, first.bug);
	assert_true(b.minimized);
	bug_rec_release(&b);
}

/* The fault of an input that fails without it, too, is taken off. */
static void without_its_fault(void **state)
{
	struct triage_filed filed;
	struct bug_rec b;

	(void)state;
	FAKE_ROWS({ .input = "~x", .outcome = TARGET_CRASH, .text = HEAP("copy") });
	assert_int_equal(
		triage_finding(
			f.p, fake_keep(&f, "x", &(struct target_fault)FAULT, "asan"), &filed, NULL),
		0);
	assert_true(filed.new_bug);
	fake_assert_reproducer(&f, filed.bug, "x");
	b = fake_bug(&f, filed.bug);
	assert_int_equal(b.findings, 2);
	bug_rec_release(&b);
}

/* Seen only behind others: filed from what it showed there, and no run of it alone takes that back. */
static void behind_others(void **state)
{
	struct target_result r = { .outcome = TARGET_OK,
		.stateful = true,
		.batch_outcome = TARGET_CRASH,
		.exit_code = -1,
		.text = strv_of(HEAP("copy")) };
	struct bug_rec b;
	struct triage_filed alone;

	(void)state;
	assert_int_equal(
		triage_add_stateful(f.p, "h", "asan", "edge", "s", 1, &r, &alone, NULL), 0);
	assert_int_equal(fake_n_bugs(&f), 1);
	FAKE_ROWS({ .outcome = TARGET_CRASH, .text = HEAP("copy") });
	alone = fake_file(&f, "each time");
	assert_false(alone.new_bug);
	b = fake_bug(&f, alone.bug);
	assert_int_equal(b.state, BUG_FLAKY);
	assert_int_equal(b.k, b.n); /* that one is steady, and stands for the bug from now on */
	bug_rec_release(&b);
	fake_assert_reproducer(&f, alone.bug, "each time");
}

/* --- people's word --- */

static void merged_ignored_split(void **state)
{
	struct triage_filed a, b, again;
	struct bug_rec rec;

	(void)state;
	FAKE_ROWS({ .input = "~a", .outcome = TARGET_CRASH, .text = HEAP("copy") },
		{ .input = "~b", .outcome = TARGET_CRASH, .text = HEAP("move") });
	a = fake_file(&f, "a");
	b = fake_file(&f, "b");
	assert_int_equal(decide_merge(f.p, a.bug, b.bug, NULL), 0);
	assert_int_equal(fake_n_bugs(&f), 1);
	again = fake_file(&f, "bb");
	assert_string_equal(again.bug, a.bug);
	rec = fake_bug(&f, b.bug); /* its old name means the other one */
	assert_string_equal(rec.id, a.bug);
	assert_int_equal(rec.findings, 3);
	bug_rec_release(&rec);

	assert_int_equal(decide_split(f.p, b.bug, NULL), 0);
	assert_int_equal(fake_n_bugs(&f), 2);
	rec = fake_bug(&f, b.bug);
	assert_string_equal(rec.id, b.bug);
	assert_int_equal(rec.findings, 2);
	bug_rec_release(&rec);

	assert_int_equal(decide_ignore(f.p, a.bug, 0, "known", NULL), 0);
	again = fake_file(&f, "aaa");
	assert_string_equal(again.bug, a.bug);
	rec = fake_bug(&f, a.bug);
	assert_int_equal(rec.state, BUG_IGNORED);
	bug_rec_release(&rec);
}

static void lose_store(void)
{
	static const char *const names[] = { "thresh.db", "thresh.db-wal", "thresh.db-shm" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *path = xasprintf("%s/.thresh/%s", f.dir, names[i]);

		unlink(path);
		free(path);
	}
}

/* A verdict outlives the store. */
static void verdicts_hold_anew(void **state)
{
	struct triage_filed a, b;
	struct bug_rec rec;

	(void)state;
	FAKE_ROWS({ .input = "~a", .outcome = TARGET_CRASH, .text = HEAP("copy") },
		{ .input = "~b", .outcome = TARGET_CRASH, .text = HEAP("move") });
	a = fake_file(&f, "a");
	b = fake_file(&f, "b");
	assert_int_equal(decide_merge(f.p, a.bug, b.bug, NULL), 0);
	assert_int_equal(decide_ignore(f.p, a.bug, 0, "known", NULL), 0);
	project_close(f.p);
	f.p = NULL;
	lose_store();
	fake_reopen(&f, NULL);
	b = fake_file(&f, "b");
	assert_string_equal(b.bug, a.bug);
	rec = fake_bug(&f, a.bug);
	assert_int_equal(rec.state, BUG_IGNORED);
	assert_string_equal(rec.why, "known");
	bug_rec_release(&rec);
}

/* --- when it can't be told --- */

/* What couldn't be run, or built, says nothing of the input: the finding waits, and is filed once it can be. */
static void nothing_is_dropped(void **state)
{
	static const struct fake_row error = { .outcome = TARGET_ERROR, .text = "no memory here" };
	struct finding_rec found = { 0 };
	struct triage_filed filed;
	struct err err;
	int64_t id = fake_keep(&f, "x", NULL, "libfuzzer");

	(void)state;
	for (int i = 0; i < 2; i++) {
		err = (struct err)ERR_INIT;
		fake_reopen(&f, NULL); /* a target that is open stays so */
		fake_unbuilt(i ? "asan" : NULL);
		fake_rows(i ? NULL : &error, !i);
		assert_int_equal(triage_finding(f.p, id, &filed, &err), -1);
		assert_non_null(strstr(err.msg, i ? "doesn't compile" : "no memory here"));
		assert_int_equal(store_finding_get(f.p->store, id, &found, NULL), 0);
		assert_int_equal(found.state, FINDING_NEW);
		finding_rec_release(&found);
	}
	fake_unbuilt(NULL);
	FAKE_ROWS({ .outcome = TARGET_CRASH, .text = HEAP("copy") });
	filed = fake_file(&f, "x");
	assert_true(filed.new_bug);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_finding),
		cmocka_unit_test_setup_teardown(an_overflow_without_a_stack, set_up, tear_down),
		cmocka_unit_test(two_findings),
		cmocka_unit_test_setup_teardown(repeats_are_brief, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hangs_are_peeked_at, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hangs_are_put_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_fixed_bug_comes_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(twice_is_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(minimized_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_its_fault, set_up, tear_down),
		cmocka_unit_test_setup_teardown(behind_others, set_up, tear_down),
		cmocka_unit_test_setup_teardown(merged_ignored_split, set_up, tear_down),
		cmocka_unit_test_setup_teardown(verdicts_hold_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_dropped, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("triage", tests, NULL, NULL);
}
