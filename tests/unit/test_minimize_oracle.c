/* Which failures the reducer takes for the same bug: by reports as a served target prints them, without a target. */
#include "base/prelude.h"
#include "minimize/internal.h"
#include "base/buf.h"
#include "base/mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* --- reports --- */

struct fault {
	const char *headline;
	const char *access; /* "WRITE of size 8"; NULL: the line of a signal is in the headline */
	const char *frames[6];
};

static void print(struct buf *b, const struct fault *f)
{
	buf_reset(b);
	buf_addf(b,
		"=================================================================\n"
		"==77==ERROR: AddressSanitizer: %s\n",
		f->headline);
	if (f->access)
		buf_addf(b, "%s at 0x602000000018 thread T0\n", f->access);
	for (size_t i = 0; i < ARRAY_LEN(f->frames) && f->frames[i]; i++)
		buf_addf(b, "    #%zu 0x5585%08x  (/t/h+%s)\n", i, (unsigned)i, f->frames[i]);
	buf_adds(b, "\n");
}

/* Functions by offset, as a symboliser would give them: 0x1xxx is parse(), 0x2xxx main(), all else isn't known. */
static size_t resolve(void *arg, const char *module, const char *build_id, uint64_t offset,
	bool is_return, struct crash_frame *out, size_t max)
{
	static const char *const names[] = { NULL, "parse", "LLVMFuzzerTestOneInput", "inner" };

	(void)arg;
	(void)module;
	(void)build_id;
	(void)is_return;
	if (!max || offset >> 12 >= ARRAY_LEN(names) || !names[offset >> 12])
		return 0;
	out->function = names[offset >> 12];
	return 1;
}

static const char heap[] = "heap-buffer-overflow on address 0x602000000018 at pc 0x5585";
static const char deep[] =
	"stack-overflow on address 0x7ffd1234 (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)";

static const struct row {
	const char *name;
	struct fault original, candidate;
	enum shows want;
	bool handed_on;
} rows[] = {
	{ "itself", { heap, "WRITE of size 8", { "0x1010", "0x2010" } },
		{ heap, "WRITE of size 8", { "0x1010", "0x2010" } }, SHOWS_IT, false },
	{ "from elsewhere", { heap, "WRITE of size 8", { "0x1010", "0x2010" } },
		{ heap, "WRITE of size 8", { "0x1010", "0x1500", "0x2010" } }, SHOWS_IT, false },
	{ "another statement of the function", { heap, "WRITE of size 8", { "0x1010", "0x2010" } },
		{ heap, "WRITE of size 8", { "0x1078", "0x2010" } }, SHOWS_NOT, true },
	{ "a read there", { heap, "WRITE of size 8", { "0x1010", "0x2010" } },
		{ heap, "READ of size 8", { "0x1010", "0x2010" } }, SHOWS_NOT, true },
	{ "less grave: the address marks an assertion",
		{ "SEGV on unknown address 0x414141414141 (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)\n"
		  "==77==The signal is caused by a READ memory access.",
			NULL, { "0x1010", "0x2010" } },
		{ "SEGV on unknown address 0x0000bbadbeef (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)\n"
		  "==77==The signal is caused by a READ memory access.",
			NULL, { "0x1010", "0x2010" } },
		SHOWS_NOT, false },
	{ "graver",
		{ "SEGV on unknown address 0x0000bbadbeef (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)\n"
		  "==77==The signal is caused by a READ memory access.",
			NULL, { "0x1010", "0x2010" } },
		{ "SEGV on unknown address 0x414141414141 (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)\n"
		  "==77==The signal is caused by a READ memory access.",
			NULL, { "0x1010", "0x2010" } },
		SHOWS_IT, false },
	{ "near null",
		{ "SEGV on unknown address 0x414141414141 (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)\n"
		  "==77==The signal is caused by a READ memory access.",
			NULL, { "0x1010", "0x2010" } },
		{ "SEGV on unknown address 0x000000000010 (pc 0x5585 bp 0x7ffd sp 0x7ffd T0)\n"
		  "==77==The signal is caused by a READ memory access.",
			NULL, { "0x1010", "0x2010" } },
		SHOWS_NOT, true },
	{ "nothing named: the same instruction at another depth",
		{ heap, "WRITE of size 8", { "0x9010", "0x9100", "0x9100", "0x9200" } },
		{ heap, "WRITE of size 8", { "0x9010", "0x9200" } }, SHOWS_IT, false },
	{ "nothing named: another instruction", { heap, "WRITE of size 8", { "0x9010", "0x9200" } },
		{ heap, "WRITE of size 8", { "0x9018", "0x9200" } }, SHOWS_NOT, true },
	{ "a recursion ends at another leaf",
		{ deep, NULL, { "0x1010", "0x3010", "0x1020", "0x3010", "0x1020", "0x3010" } },
		{ deep, NULL, { "0x3018", "0x1020", "0x3010", "0x1020", "0x3010", "0x1020" } },
		SHOWS_IT, false },
	{ "a recursion without a stack",
		{ deep, NULL, { "0x1010", "0x3010", "0x1020", "0x3010", "0x1020", "0x3010" } },
		{ deep, NULL, { NULL } }, SHOWS_CANNOT_TELL, false },
	{ "a recursion without a stack is no overflow of a block, either",
		{ heap, "WRITE of size 8", { "0x1010", "0x2010" } }, { deep, NULL, { NULL } },
		SHOWS_NOT, true },
	{ "no stack, and never was one", { deep, NULL, { NULL } }, { deep, NULL, { NULL } },
		SHOWS_IT, false },
};

struct handed {
	unsigned n;
};

static void count_other(void *arg, const void *input, size_t len, const struct target_result *r)
{
	struct handed *h = arg;

	(void)input;
	(void)len;
	(void)r;
	h->n++;
}

static void original_is(struct bug_oracle *o, const struct target_result *r)
{
	const struct verdict *v = oracle_verdict(o, r, &o->signature);

	o->want = xstrdup(v->identity);
	o->severity = v->severity;
	o->family = v->family;
	o->told = v->told;
	o->outcome = r->outcome;
}

static void test_same_bug(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct handed handed = { 0 };
		struct minimize_spec spec = { .same = SAME_SIGNATURE,
			.resolve = resolve,
			.other = count_other,
			.arg = &handed };
		struct bug_oracle o = { .spec = &spec, .tries = 1 };
		struct target_result r = { .outcome = TARGET_CRASH, .exit_code = 77 };
		enum shows got;

		print(&text, &rows[i].original);
		r.text = strv_n(text.s, text.len);
		original_is(&o, &r);
		print(&text, &rows[i].candidate);
		r.text = strv_n(text.s, text.len);
		got = oracle_shows(&o, "x", 1, &r);
		if (got != rows[i].want || handed.n != rows[i].handed_on)
			print_message("# %s: %d, handed on %u\n", rows[i].name, got, handed.n);
		assert_int_equal(got, rows[i].want);
		assert_int_equal(handed.n, rows[i].handed_on);
		oracle_close(&o);
	}
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
