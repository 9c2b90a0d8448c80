/* valgrind's thread checkers: helgrind's races and lock orders, DRD's conflicting accesses and misused mutexes. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static const struct name_kind errors[] = {
	{ "Possible data race during ", "data-race" },
	{ "Conflicting load by ", "data-race" },
	{ "Conflicting store by ", "data-race" },
	{ "Thread #", NULL }, /* what follows decides */
	{ "Exiting thread still holds ", "mutex-misuse" },
	{ "Mutex not locked", "mutex-misuse" },
	{ "Mutex still locked", "mutex-misuse" },
	{ "Recursive locking not allowed", "mutex-misuse" },
	{ "Destroying locked mutex", "mutex-misuse" },
	{ "Mutex reinitialization", "mutex-misuse" },
	{ "The object at address", "mutex-misuse" },
	{ "Reader-writer lock not locked", "mutex-misuse" },
	{ "Probably a race condition: condition variable", "data-race" },
	{ "Semaphore reinitialization", "mutex-misuse" },
	{ "Invalid semaphore", "mutex-misuse" },
	{ "Condition variable ", "mutex-misuse" },
	{ "Acquired at:", NULL },
	{ NULL, NULL },
};

static const struct name_kind of_thread[] = {
	{ "lock order \"", "lock-order-inversion" },
	{ "unlocked a not-locked lock", "mutex-misuse" },
	{ "unlocked lock at", "mutex-misuse" },
	{ "unlocked an invalid lock", "mutex-misuse" },
	{ "Attempt to re-lock a non-recursive lock", "mutex-misuse" },
	{ "Exiting thread still holds", "mutex-misuse" },
	{ "'s call to pthread_", "mutex-misuse" },
	{ "pthread_", "mutex-misuse" },
	{ "sem_", "mutex-misuse" },
	{ "Bug in libpthread", "mutex-misuse" },
	{ NULL, NULL },
};

static void numbers(struct crash_report *r, struct strv s)
{
	size_t size = strv_find(s, "size ");
	struct strv num, rest;
	unsigned digits;

	r->access = strv_contains(s, "during write") || strv_contains(s, "ing store") ? CRASH_WRITE
										      : CRASH_READ;
	r->has_address = find_hex(s, &r->address, &rest);
	if (size != SIZE_MAX) {
		num = strv_from(s, size + 5);
		r->size = scan_dec(&num, &digits);
	}
}

/* Text behind "==12== ". */
bool helgrind_headline(struct crash_parser *p, struct strv s, long pid)
{
	const struct name_kind *k = name_kind_find(errors, s);
	const char *kind = k ? k->kind : NULL;
	struct crash_report *r;
	size_t colon;

	if (!k)
		return false;
	if (!kind) {
		if (!strv_starts(s, "Thread #"))
			return false;
		colon = strv_find(s, ": ");
		if (colon == SIZE_MAX || colon > 16)
			colon = strv_find(strv_from(s, 8), " "); /* "Thread #1 unlocked ..." */
		else
			colon -= 6;
		if (colon == SIZE_MAX)
			return false;
		k = name_kind_find(of_thread, skip_blank(strv_from(s, 8 + colon)));
		kind = k ? k->kind : NULL;
	}
	if (!kind)
		return false;
	r = report_open(p, "valgrind", kind, RANK_REPORT);
	r->pid = pid;
	report_message(r, s);
	if (!strcmp(kind, "data-race") && !strv_starts(s, "Probably"))
		numbers(r, s);
	return true;
}

/* What heads a further stack. */
bool helgrind_detail(struct crash_report *r, struct strv s)
{
	static const char *const heads[] = { "This conflicts with", "Other segment",
		"followed by a later acquisition", "Required order was", "Lock at 0x", "Thread #",
		"Address 0x", "mutex 0x", "first observed", "Block was alloc'd",
		"Allocation context" };
	static const char *const first[] = { "Observed (incorrect) order is" };

	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		if (strv_starts(s, first[i])) {
			report_expect(r, CRASH_STACK_FAULT, s);
			return true;
		}
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (strv_starts(s, heads[i]) || (i == 2 && strv_contains(s, heads[i]))) {
			report_expect(r,
				strv_contains(s, "alloc'd") ? CRASH_STACK_ALLOC : CRASH_STACK_OTHER,
				s);
			return true;
		}
	return false;
}
