/* ThreadSanitizer, and Go's race detector, which prints in its own way. */
#include "base/prelude.h"
#include "crash/internal.h"

static const struct name_kind headlines[] = {
	{ "data race", "data-race" },
	{ "DATA RACE", "data-race" },
	{ "race on external object", "data-race" },
	{ "race on a library object", "data-race" },
	{ "heap-use-after-free", "use-after-free" },
	{ "thread leak", "thread-leak" },
	{ "lock-order-inversion", "lock-order-inversion" },
	{ "destroy of a locked mutex", "mutex-misuse" },
	{ "double lock of a mutex", "mutex-misuse" },
	{ "unlock of an unlocked mutex", "mutex-misuse" },
	{ "read lock of a write locked mutex", "mutex-misuse" },
	{ "read unlock of a write locked mutex", "mutex-misuse" },
	{ "use of an invalid mutex", "mutex-misuse" },
	{ "use of an uninitialized mutex", "mutex-misuse" },
	{ "signal-unsafe call inside of a signal", "signal-unsafe-call" },
	{ "signal handler spoils errno", "signal-unsafe-call" },
	{ NULL, NULL },
};

void tsan_headline(struct crash_parser *p, struct strv what, long pid)
{
	const struct name_kind *k = name_kind_find(headlines, what);
	size_t at = strv_find(what, "(pid=");
	struct crash_report *r;
	struct strv num;
	unsigned digits;

	if (!k)
		return; /* remarks: "memory layout is incompatible", ... */
	r = report_open(p, strv_starts(what, "DATA") ? "go" : "tsan", k->kind, RANK_REPORT);
	num = strv_from(what, at == SIZE_MAX ? what.len : at + 5);
	r->pid = pid ? pid : (long)scan_dec_max(&num, &digits, (uint64_t)INT32_MAX);
	report_message(r, what);
}

/* "Write of size 4 at 0x55 by thread T1:" heads the first stack of a race. */
bool tsan_access(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), rest;
	struct crash_report *r = p->cur;
	size_t size = strv_find(s, "size ");
	unsigned digits;

	if (!r || (strcmp(r->sanitizer, "tsan") && strcmp(r->sanitizer, "go")))
		return false;
	if (r->access) {
		report_expect(r, CRASH_STACK_OTHER, line);
		return true;
	}
	strv_skip(&s, "Atomic ");
	r->access = *s.s == 'W' || *s.s == 'w' ? CRASH_WRITE : CRASH_READ;
	if (size != SIZE_MAX) {
		struct strv num = strv_from(line, at + size + 5);

		r->size = scan_dec(&num, &digits);
	}
	r->has_address = find_hex(s, &r->address, &rest);
	if (strv_starts(s, "Write at") || strv_starts(s, "Read at"))
		p->in_go = true;
	return true;
}

bool tsan_other(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (!p->cur || (strcmp(p->cur->sanitizer, "tsan") && strcmp(p->cur->sanitizer, "go")))
		return false;
	if (strv_contains(line, "heap block"))
		report_expect(p->cur, CRASH_STACK_ALLOC, line);
	else if (p->cur->n_stacks)
		report_expect(p->cur, CRASH_STACK_OTHER, line);
	return true;
}
