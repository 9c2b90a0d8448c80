/* macOS: crash reports ("Exception Type:", "Thread 0 Crashed:") and lldb's stop reasons. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static const struct name_kind exceptions[] = {
	{ "EXC_BAD_ACCESS", "segv" },
	{ "EXC_BAD_INSTRUCTION", "illegal-instruction" },
	{ "EXC_ARITHMETIC", "fpe" },
	{ "EXC_BREAKPOINT", "trap" },
	{ "EXC_CRASH", "abort" },
	{ "EXC_RESOURCE", "out-of-memory" },
	{ NULL, NULL },
};

/* "Exception Type:  EXC_BAD_ACCESS (SIGBUS)", "stop reason = EXC_BAD_ACCESS (code=1, address=0x0)" */
bool apple_exception(struct crash_parser *p, struct strv line, size_t at)
{
	size_t name = strv_find(strv_from(line, at), "EXC_"), address;
	const struct report_signal *sig;
	struct crash_report *r;
	struct strv s, rest;
	const char *kind;

	if (name == SIZE_MAX)
		return false;
	s = strv_from(line, at + name);
	if (!name_kind_find(exceptions, s))
		return false;
	kind = name_kind_find(exceptions, s)->kind;
	name = strv_find(s, "(SIG");
	sig = name == SIZE_MAX ? NULL : signal_by_name(strv_from(s, name + 1));
	if (stopped_again(p, "apple", sig ? sig->kind : kind, line, at))
		return true;
	r = signal_open(p, "apple", sig ? sig->kind : kind);
	report_message(r, s);
	if (strv_contains(line, "thread #"))
		report_expect(r, CRASH_STACK_FAULT, line);
	address = strv_find(s, "address=0x");
	if (address != SIZE_MAX)
		r->has_address = find_hex(strv_from(s, address), &r->address, &rest);
	return true;
}

/* "KERN_INVALID_ADDRESS at 0x0000000000000010" */
bool apple_address(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv rest;

	if (!r || strcmp(r->sanitizer, "apple"))
		return false;
	r->has_address = find_hex(strv_from(line, at), &r->address, &rest);
	return true;
}

/* "Thread 0 Crashed:: Dispatch queue: ..." heads the stack that counts, "Thread 1:" others */
bool apple_thread(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 7);
	unsigned digits;

	scan_dec(&s, &digits);
	if (!p->cur || strcmp(p->cur->sanitizer, "apple") || !digits)
		return false;
	if (strv_starts(s, " Crashed:"))
		report_expect(p->cur, CRASH_STACK_FAULT, line);
	else if (strv_starts(s, ":"))
		report_expect(p->cur, CRASH_STACK_OTHER, line);
	else
		return false;
	return true;
}
