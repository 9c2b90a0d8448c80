/* Which failures are one site, which sites are one bug, and that nothing which was known of either is lost. */
#include "base/prelude.h"
#include "fake.h"
#include "base/hash.h"
#include "base/mem.h"
#include "crash/statement.h"
#include "triage/decide.h"
#include "triage/filing.h"
#include "triage/resignature.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct fake f;

#define COPY_3 "#0 0x1 in copy src/lib.c:3:7\n"
#define COPY_5 "#0 0x1 in copy src/lib.c:5:8\n"
#define COPY_6 "#0 0x1 in copy src/lib.c:6:2\n"
#define OTHER "#0 0x1 in other src/lib.c:10:17\n"
#define XDUP "#0 0x1 in my_strdup src/lib.c:14:9\n"
#define FROM(who, line) "#1 0x2 in " who " src/lib.c:" line ":3\n"
#define HARNESS(line) "#1 0x3 in LLVMFuzzerTestOneInput fuzz.c:" line ":2\n"
#define IN_HARNESS(line) "#0 0x3 in LLVMFuzzerTestOneInput fuzz.c:" line ":2\n"
#define HEAP_READ                                                                             \
	"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc " \
	"0x1\nREAD of size 1 at 0x602000000014 thread T0\n"
#define HEAP_WRITE                                                                            \
	"==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc " \
	"0x1\nWRITE of size 8 at 0x602000000014 thread T0\n"
#define WILD                                                                              \
	"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x7f0000001234 (pc 0x1)\n" \
	"==7==The signal is caused by a READ memory access.\n"
#define NULL_READ                                                                         \
	"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000008 (pc 0x1)\n" \
	"==7==The signal is caused by a READ memory access.\n"
#define UAF                                                                                       \
	"==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000014 at pc 0x1\n" \
	"READ of size 1 at 0x602000000014 thread T0\n"
#define FREED(line)                                                                              \
	"freed by thread T0 here:\n#0 0x8 in free (/fake/h+0x1)\n#1 0x9 in drop src/lib.c:" line \
	":2\n"
#define MSAN "==7==WARNING: MemorySanitizer: use-of-uninitialized-value\n"
#define UB(what) "src/lib.c:6:2: runtime error: " what "\n"
#define OVERFLOW "==7==ERROR: AddressSanitizer: stack-overflow on address 0x7ffe0 (pc 0x1)\n"
#define HANG "==7== ERROR: thresh: timeout after 1000 ms of CPU time\n"
#define LIMIT "==7== ERROR: thresh: out of memory: 70000000 bytes\n"
/* four rounds of two functions, from frame 1 on */
#define ROUNDS(x, y)                                                                              \
	"#1 0x1 in " x "#2 0x2 in " y "#3 0x1 in " x "#4 0x2 in " y "#5 0x1 in " x "#6 0x2 in " y \
	"#7 0x1 in " x "#8 0x2 in " y
#define A_ "a src/lib.c:3:1\n"
#define B_ "b src/lib.c:5:1\n"
#define C_ "c src/lib.c:6:1\n"
#define LEAK(line)                                                                           \
	"==7==ERROR: LeakSanitizer: detected memory leaks\n\nDirect leak of 4 byte(s) in 1 " \
	"object(s) allocated from:\n#0 0x1 in malloc (/fake/h+0x1)\n#1 0x2 in copy "         \
	"src/lib.c:" line ":2\n"

static const char source[] = "int copy(char *p, const char *s, int n)\n"
			     "{\n"
			     "\tp[n] = s[0];\n"
			     "\tif (n > 3) /* again */\n"
			     "\t\tp[n]   = s[0];\n"
			     "\tuse(p + n);\n"
			     "}\n"
			     "int other(struct node *q)\n"
			     "{\n"
			     "\treturn q->next->value;\n"
			     "}\n"
			     "char *my_strdup(const char *s)\n"
			     "{\n"
			     "\treturn memcpy(p, s, 3);\n"
			     "}\n"
			     "void drop(struct node *q)\n"
			     "{\n"
			     "\tfree(q);\n"
			     "\tfree(q->next);\n"
			     "}\n";
static const char harness[] = "int LLVMFuzzerTestOneInput(const unsigned char *p, size_t n)\n{\n"
			      "\tfirst(p[n]);\n\tsecond(p[n + 1]);\n\treturn 0;\n}\n";

static int set_up(void **state)
{
	(void)state;
	fake_open(&f, NULL);
	fake_put(&f, "src/lib.c", source);
	fake_put(&f, "fuzz.c", harness);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake_close(&f);
	return 0;
}

static struct triage_filed file(const char *input)
{
	struct triage_filed filed;
	struct err err = ERR_INIT;
	int64_t id;

	if (triage_keep(f.p, "h", "asan", "edge", NULL, input, strlen(input), &id, NULL, &err) <
			0 ||
		triage_finding(f.p, id, &filed, &err) < 0)
		fail_msg("%s: %s", input, err.msg);
	return filed;
}

static struct bug_rec bug(const char *id)
{
	struct bug_rec b = { 0 };

	assert_int_equal(store_bug_get(f.p->store, id, &b, NULL), 0);
	return b;
}

static struct site_rec site(const char *id)
{
	struct site_rec s = { 0 };

	assert_int_equal(store_site_get(f.p->store, id, &s, NULL), 0);
	return s;
}

static int count(void *arg, const struct bug_rec *b)
{
	(void)b;
	++*(unsigned *)arg;
	return 0;
}

static unsigned n_bugs(void)
{
	unsigned n = 0;

	assert_int_equal(store_bugs(f.p->store, count, &n, NULL), 0);
	return n;
}

/* --- statements --- */

static void statements(void **state)
{
	static const struct {
		unsigned line, column;
		const char *text;
		unsigned ordinal;
	} rows[] = { { 3, 7, "p[n]=s[0]", 1 }, { 4, 6, "if(n>3)", 1 }, { 5, 3, "p[n]=s[0]", 2 },
		{ 5, 0, "p[n]=s[0]", 2 }, { 10, 9, "return q->next->value", 1 },
		{ 18, 2, "free(q)", 1 }, { 2, 0, NULL, 0 }, { 99, 1, NULL, 0 } };
	struct statement_index *x = statement_index_new(strv_of(source));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crash_statement st;
		bool found = statement_find(x, rows[i].line, rows[i].column, &st);

		if (found != (rows[i].text != NULL) ||
			(found && (!strv_eqs(st.text, rows[i].text) ||
					  st.ordinal != rows[i].ordinal)))
			fail_msg("%u:%u: %.*s#%u", rows[i].line, rows[i].column,
				found ? (int)st.text.len : 0, found ? st.text.s : "",
				found ? st.ordinal : 0);
	}
	statement_index_free(x);
}

/* Moved, reindented, commented, beside other code: the same name. */
static void statements_move(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
	} rows[] = { { "int f(void)\n{\n\treturn g(a, b);\n}\n", 3, 2 },
		{ "/* a */\n#define X(a) \\\n\tg(a, b);\n\nint f(void) { return g( a ,b ) ; }", 5,
			15 },
		{ "int f(void)\n{\n\tif (x) {\n\t\treturn g(a, // one\n\t\t\tb);\n\t}\n}\n", 5, 4 },
		{ "int f(void)\n{\n\tswitch (\"};\"[0]) {\n\t}\n\treturn /* ; */ g(a,\n\tb);\n}\n",
			6, 2 },
		{ "namespace n { class C { int f() { for (;;) return g(a, b); } }; }", 1, 44 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct statement_index *x = statement_index_new(strv_of(rows[i].text));
		struct crash_statement st = { .ordinal = 0 };

		if (!statement_find(x, rows[i].line, rows[i].column, &st) ||
			!strv_eqs(st.text, "return g(a,b)") || st.ordinal != 1)
			fail_msg("%zu: %.*s#%u", i, (int)st.text.len, st.text.s ? st.text.s : "",
				st.ordinal);
		statement_index_free(x);
	}
}

/* What a scan by characters stumbles over: what comes behind it has its own name, and its own function. */
static void statements_behind(void **state)
{
	static const char *const rows[] = {
		"int f(int c)\n{\nswitch (c) {\ncase '{': break;\ncase '\"': case '(': "
		"break;\n}\n}",
		"int f(int c)\n{\nreturn c == L'{' ? 1'000 : 0xdead'beef;\n\n\n}\n",
		"int f(int c)\n{\nputs(\"a\\\n{\\\n(\");\n}\n\n",
		"int f(int c)\n{\nputs(R\"x(\"{)\"\n;({\n)x\");\n}\n",
		"int f(int c)\n{\n#ifdef A\nif (c) {\n#else\nif (!c) {\n#endif\n}\n}",
		"int f(int c)\n{\n#if A\nif (g(c,\n#elif B\nif (g(\n#endif\n3)) {\n} }",
		"int f(int c)\n{\n# if A\n#  if B\nfor (;;) {\n#  endif\n# else\n{\n#endif\n} }",
		"int f(int c)\n{\nif (c)\ngoto out;\ng(a);\nout:\nreturn 1;\n}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf b = BUF_INIT;
		struct crash_statement st = { .ordinal = 0 };
		struct statement_index *x;
		unsigned line = 1;

		buf_adds(&b, rows[i]);
		for (const char *s = rows[i]; *s; s++)
			line += *s == '\n';
		buf_adds(&b, "\nint h(void)\n{\n\tg(a);\nlast:\n\tg(a);\n}\n");
		x = statement_index_new(strv_n(buf_str(&b), b.len));
		/* the second one of h, whatever f has */
		if (!statement_find(x, line + 5, 2, &st) || !strv_eqs(st.text, "g(a)") ||
			st.ordinal != 2)
			fail_msg("%zu: %.*s#%u", i, (int)st.text.len, st.text.s ? st.text.s : "",
				st.ordinal);
		statement_index_free(x);
		buf_release(&b);
	}
}

/* A label in front says how one gets there, not what fails. */
static void statements_behind_labels(void **state)
{
	static const char text[] = "int f(int c)\n{\nswitch (c) {\ncase 'a': g(a); break;\n"
				   "case B::C: g(b); break;\ncase 1: { g(c); } break;\n"
				   "default: g(d);\n}\nout: g(e);\nreturn c ? x::d : e;\n}\n";
	static const struct {
		unsigned line, column;
		const char *text;
	} rows[] = { { 4, 11, "g(a)" }, { 4, 1, "case'a':" }, { 5, 12, "g(b)" }, { 6, 11, "g(c)" },
		{ 7, 10, "g(d)" }, { 9, 6, "g(e)" }, { 10, 8, "return c?x::d:e" } };
	struct statement_index *x = statement_index_new(strv_of(text));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct crash_statement st;

		if (!statement_find(x, rows[i].line, rows[i].column, &st) ||
			!strv_eqs(st.text, rows[i].text) || st.ordinal != 1)
			fail_msg("%s: %.*s#%u", rows[i].text, (int)st.text.len, st.text.s,
				st.ordinal);
	}
	statement_index_free(x);
}

/* --- two failures --- */

enum relation { SITE, BUG_ONLY, NOTHING };

static const struct {
	const char *name, *a, *b;
	enum relation are;
} pairs[] = {
	{ "other callers of one statement", HEAP_READ COPY_3 FROM("parse", "10"),
		HEAP_READ COPY_3 FROM("load", "18"), SITE },
	{ "a moved address", HEAP_READ COPY_3,
		"==9==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x7012 at pc "
		"0x9\nREAD of "
		"size 1 at 0x7012 thread T0\n#0 0x9 in copy src/lib.c:3:7\n",
		SITE },
	{ "layout decides what is hit", HEAP_READ COPY_3, WILD COPY_3, SITE },
	{ "an equal statement further down", HEAP_READ COPY_3, HEAP_READ COPY_5, BUG_ONLY },
	{ "reads and writes of one function", HEAP_READ COPY_3, HEAP_WRITE COPY_6, BUG_ONLY },
	{ "another function", HEAP_READ COPY_3, HEAP_READ OTHER, NOTHING },
	{ "use after free and null in one function", UAF COPY_3 FREED("18"), NULL_READ COPY_3,
		NOTHING },
	{ "overflow and null in one function", HEAP_READ COPY_3, NULL_READ COPY_3, NOTHING },
	{ "uses of one dangling pointer", UAF COPY_3 FREED("18"), UAF OTHER FREED("18"), BUG_ONLY },
	{ "pointers freed by two statements, used at two", UAF COPY_3 FREED("18"),
		UAF OTHER FREED("19"), NOTHING },
	{ "a shared helper, two callers", HEAP_READ XDUP FROM("parse", "10"),
		HEAP_READ XDUP FROM("load", "18"), NOTHING },
	{ "a shared helper, one caller", HEAP_READ XDUP FROM("parse", "10"),
		HEAP_READ "#0 0x1 in memcpy (/fake/h+0x3)\n" FROM("parse", "10"), BUG_ONLY },
	{ "one check of UBSan", UB("signed integer overflow: 1 + 2 cannot be represented") COPY_6,
		UB("signed integer overflow: 7 + 9 cannot be represented") COPY_6, SITE },
	{ "two checks of UBSan", UB("signed integer overflow: 1 + 2 cannot be represented") COPY_6,
		UB("signed integer overflow: 1 + 2 cannot be represented") COPY_3, NOTHING },
	{ "uninitialised here and there in a function", MSAN COPY_3, MSAN COPY_6, BUG_ONLY },
	{ "two leaks of one function", LEAK("3"), LEAK("6"), BUG_ONLY },
	{ "a recursion, whatever leaf it ends in",
		OVERFLOW "#0 0x9 in leaf src/lib.c:6:1\n" ROUNDS(A_, B_),
		OVERFLOW "#0 0x8 in malloc (/h+0x1)\n" ROUNDS(B_, A_), SITE },
	{ "recursions with one function in common", OVERFLOW ROUNDS(A_, B_),
		OVERFLOW ROUNDS(C_, B_), BUG_ONLY },
	{ "a loop, by the clock and by the memory it takes", HANG COPY_6 FROM("parse", "10"),
		LIMIT "#0 0x1 in malloc (/h+0x1)\n#1 0x5 in grow src/lib.c:3:1\n#2 0x2 in copy "
		      "src/lib.c:6:2\n",
		BUG_ONLY },
	{ "faults of the harness itself", HEAP_READ IN_HARNESS("3"), HEAP_READ IN_HARNESS("4"),
		NOTHING },
	{ "no stack at all",
		"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x7f0000001234\n",
		"==7==ERROR: AddressSanitizer: SEGV on unknown address 0x7f0000009876\n", NOTHING },
	{ "assertions of one text in one function",
		"h: lib.c:3: copy: Assertion `n < 4' failed.\n" COPY_3,
		"h: lib.c:9: copy: Assertion `n < 4' failed.\n" COPY_3, SITE },
};

static void two_failures(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct triage_filed a, b;
		enum relation are;

		set_up(state);
		FAKE_ROWS({ .input = "a", .outcome = TARGET_CRASH, .text = pairs[i].a },
			{ .input = "b", .outcome = TARGET_CRASH, .text = pairs[i].b });
		a = file("a");
		b = file("b");
		are = strcmp(a.bug, b.bug) ? NOTHING : strcmp(a.site, b.site) ? BUG_ONLY : SITE;
		if (!*a.bug || !*b.bug || are != pairs[i].are) {
			struct site_rec sa = site(a.site), sb = site(b.site);

			fail_msg("%s: %s\n%s\n%s", pairs[i].name,
				are == SITE ? "one site"
				: are       ? are == NOTHING ? "two bugs" : "one bug"
					    : "",
				sa.text, sb.text);
		}
		tear_down(state);
	}
}

/* --- sites keep what is theirs --- */

static void assert_input(const char *id, const char *input)
{
	struct site_rec s = site(id);
	char sha1[SHA1_HEX];

	hash_sha1(input, strlen(input), sha1);
	assert_string_equal(s.input, sha1);
	site_rec_release(&s);
}

/* The graver one of two in a function, found first, found last, larger or smaller: both stay, and the bug shows it. */
static void each_site_keeps_its_input(void **state)
{
	struct triage_filed read, write;
	struct bug_rec b;

	(void)state;
	FAKE_ROWS({ .input = "~r", .outcome = TARGET_CRASH, .text = HEAP_READ COPY_3 },
		{ .input = "~w", .outcome = TARGET_CRASH, .text = HEAP_WRITE COPY_6 });
	read = file("r");
	write = file("wwww");
	assert_string_equal(read.bug, write.bug);
	assert_true(write.new_site);
	assert_false(write.new_bug);
	file("rr");
	file("www");
	assert_input(read.site, "r");
	assert_input(write.site, "www");
	b = bug(read.bug);
	assert_int_equal(b.sites, 2);
	assert_int_equal(b.severity, 3); /* of the write */
	assert_int_equal(b.size, 3);
	bug_rec_release(&b);
}

/* Two bugs, until a site is met that has something of both. */
static void a_site_joins_two(void **state)
{
	struct triage_filed a, b, both;
	struct bug_rec rec;

	(void)state;
	FAKE_ROWS({ .input = "a", .outcome = TARGET_CRASH, .text = UAF COPY_3 FREED("18") },
		{ .input = "b", .outcome = TARGET_CRASH, .text = UAF OTHER FREED("19") },
		{ .input = "c", .outcome = TARGET_CRASH, .text = UAF COPY_3 FREED("19") });
	a = file("a");
	b = file("b");
	assert_int_equal(n_bugs(), 2);
	both = file("c");
	assert_int_equal(n_bugs(), 1);
	assert_string_equal(both.bug, a.bug);
	rec = bug(b.bug); /* its id goes on meaning it */
	assert_string_equal(rec.id, a.bug);
	assert_int_equal(rec.sites, 3);
	bug_rec_release(&rec);
	assert_input(b.site, "b");
}

/* Somebody reduces a site while another bug is merged into its bug: each write stays what it was. */
static void writes_are_narrow(void **state)
{
	struct triage_filed a, b;
	struct site_rec stale, better;
	struct bug_rec rec;
	char sha1[SHA1_HEX];

	(void)state;
	FAKE_ROWS({ .input = "~a", .outcome = TARGET_CRASH, .text = HEAP_WRITE COPY_3 },
		{ .input = "~b", .outcome = TARGET_CRASH, .text = NULL_READ OTHER });
	a = file("aaaa");
	b = file("b");
	stale = site(a.site); /* as the reducer read it */
	assert_int_equal(decide_merge(f.p, b.bug, a.bug, NULL), 0);
	better = stale;
	hash_sha1("aa", 2, sha1);
	better.input = sha1;
	better.size = 2;
	assert_int_equal(store_site_reproducer(f.p->store, a.site, stale.input, &better, NULL), 0);
	rec = bug(b.bug);
	assert_string_equal(rec.id, b.bug);
	assert_int_equal(rec.sites, 2);
	bug_rec_release(&rec);
	assert_input(a.site, "aa");
	assert_input(b.site, "b");
	/* and one that is better than what isn't there any more changes nothing */
	assert_int_equal(store_site_reproducer(f.p->store, a.site, stale.input, &stale, NULL), 1);
	assert_input(a.site, "aa");
	site_rec_release(&stale);
}

/* A parser that echoes its input, and crashes then: what the input says isn't believed. */
static void an_echo_is_not_believed(void **state)
{
	struct triage_filed filed;
	struct bug_rec b;

	(void)state;
	FAKE_ROWS({ .outcome = TARGET_CRASH,
		.text = "unexpected token: ==7==ERROR: AddressSanitizer: attempting double-free on "
			"0x602\n"
			"#0 0x1 in login_check src/lib.c:10:1\n"
			"SUMMARY: AddressSanitizer: double-free src/lib.c:10:1 in login_check\n"
			"==7==ABORTING\n" HEAP_READ COPY_3 FROM("parse", "10") });
	filed = file("x");
	b = bug(filed.bug);
	assert_string_equal(b.kind, "heap-buffer-overflow");
	assert_string_equal(b.frames, "copy|parse");
	assert_int_equal(b.severity, 2);
	bug_rec_release(&b);
}

/* --- signed anew --- */

/* 3,000 warnings and a NUL before the crash; then the source moves on, and the rules are others. */
static void nothing_is_forgotten(void **state)
{
	struct resignature_counts n;
	struct triage_filed filed;
	struct buf text = BUF_INIT;
	struct bug_rec b;
	struct site_rec s;
	char *was;

	(void)state;
	for (int i = 0; i < 6000; i++)
		buf_addf(&text,
			"warning %d: this target talks before it fails, and at some length\n", i);
	buf_adds(&text, HEAP_WRITE COPY_6);
	FAKE_ROWS({ .outcome = TARGET_CRASH, .text = text.s });
	filed = file("x");
	s = site(filed.site);
	was = xstrdup(s.text);
	site_rec_release(&s);
	fake_put(&f, "src/lib.c", "int nothing;\n\n\n\n\nint as_it_was;\n");
	fake_reopen(&f,
		"version: 1\nproject: fake\nbuild:\n  sources: [src/*.c]\n"
		"triage:\n  frames: 5\nharnesses:\n  h:\n    source: fuzz.c\n    timeout: 1s\n");
	assert_int_equal(resignature_all(f.p, false, &n, NULL), 0);
	assert_int_equal(n.findings, 1);
	assert_int_equal(n.renamed + n.joined + n.parted, 0);
	b = bug(filed.bug);
	assert_string_equal(b.kind, "heap-buffer-overflow");
	assert_int_equal(b.sites, 1);
	bug_rec_release(&b);
	s = site(filed.site);
	assert_string_equal(s.text, was);
	site_rec_release(&s);
	free(was);
	buf_release(&text);
}

/* A helper that the project names: its sites part by their callers, and the first goes on as the bug. */
static void other_rules_part_and_join(void **state)
{
	struct resignature_counts n;
	struct triage_filed a, b;
	struct bug_rec rec;

	(void)state;
	FAKE_ROWS({ .input = "a",
			  .outcome = TARGET_CRASH,
			  .text = HEAP_READ COPY_3 FROM("parse", "10") },
		{ .input = "b",
			.outcome = TARGET_CRASH,
			.text = HEAP_READ COPY_5 FROM("load", "18") });
	a = file("a");
	b = file("b");
	assert_string_equal(a.bug, b.bug);
	fake_reopen(&f, "version: 1\nproject: fake\nbuild:\n  sources: [src/*.c]\n"
			"triage:\n  helpers: [co*]\nharnesses:\n  h:\n    source: fuzz.c\n    "
			"timeout: 1s\n");
	assert_int_equal(resignature_all(f.p, false, &n, NULL), 0);
	assert_int_equal(n_bugs(), 2);
	assert_int_equal(n.parted, 1);
	rec = bug(a.bug);
	assert_string_equal(rec.id, a.bug);
	assert_int_equal(rec.sites, 1);
	bug_rec_release(&rec);
	fake_reopen(&f, fake_yaml);
	assert_int_equal(resignature_all(f.p, false, &n, NULL), 0);
	assert_int_equal(n_bugs(), 1);
	rec = bug(a.bug);
	assert_int_equal(rec.sites, 2);
	bug_rec_release(&rec);
}

/* People part a site from its bug, and it stays so when rules are applied anew. */
static void people_split_a_site(void **state)
{
	struct resignature_counts n;
	struct triage_filed a, b, again;

	(void)state;
	FAKE_ROWS({ .input = "~a", .outcome = TARGET_CRASH, .text = HEAP_READ COPY_3 },
		{ .input = "~b", .outcome = TARGET_CRASH, .text = HEAP_READ COPY_5 });
	a = file("a");
	b = file("b");
	assert_int_equal(decide_split(f.p, b.site, NULL), 0);
	assert_int_equal(n_bugs(), 2);
	again = file("bb");
	assert_string_equal(again.bug, b.site);
	assert_int_equal(resignature_all(f.p, true, &n, NULL), 0);
	assert_int_equal(n_bugs(), 2);
	again = file("aa");
	assert_string_equal(again.bug, a.bug);
	assert_int_equal(decide_split(f.p, "0123456789abcdef", NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statements),
		cmocka_unit_test(statements_move),
		cmocka_unit_test(statements_behind),
		cmocka_unit_test(statements_behind_labels),
		cmocka_unit_test(two_failures),
		cmocka_unit_test_setup_teardown(each_site_keeps_its_input, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_site_joins_two, set_up, tear_down),
		cmocka_unit_test_setup_teardown(writes_are_narrow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_echo_is_not_believed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_is_forgotten, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_rules_part_and_join, set_up, tear_down),
		cmocka_unit_test_setup_teardown(people_split_a_site, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
