/* Wine: its page faults and the other exceptions that its debugger names. */
#include "base/prelude.h"
#include "crash/dialect/internal.h"
#include "crash/internal.h"

/*
 * Wine: "Unhandled page fault on read access to 00000008 at address 00401136", "Unhandled exception: page fault on
 * read access to 0x00000008 in 32-bit code (0x00401136)."
 */
bool wine_page_fault(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), num;
	size_t to = strv_find(s, "access to "), code;
	struct crash_report *r = p->cur;
	unsigned digits;

	if (to == SIZE_MAX)
		return false;
	if (!r || strcmp(r->sanitizer, "wine") || r->n_stacks)
		r = signal_open(p, "wine", "segv");
	report_message(r, s);
	fault_access(r, s);
	num = strv_from(s, to + 10);
	strv_skip(&num, "0x");
	r->address = scan_hex(&num, &digits);
	r->has_address = digits > 0;
	code = strv_find(s, "at address ");
	if (strv_contains(s, "execute access") && r->has_address && !r->address)
		r->priv->pc_zero = code == SIZE_MAX || strv_starts(strv_from(s, code + 11), "0000");
	return true;
}

/* "Unhandled exception: divide by zero in 32-bit code (0x...)." */
bool wine_exception(struct crash_parser *p, struct strv line, size_t at)
{
	static const struct name_kind names[] = { { "divide by zero", "divide-by-zero" },
		{ "integer divide by zero", "divide-by-zero" },
		{ "stack overflow", "stack-overflow" },
		{ "illegal instruction", "illegal-instruction" },
		{ "privileged instruction", "illegal-instruction" },
		{ "assertion failed", "assertion" }, { "unimplemented function", "abort" },
		{ "C++ exception", "uncaught-exception" }, { "breakpoint", "trap" },
		{ "floating point", "fpe" }, { "critical section", "deadlock" }, { NULL, NULL } };
	struct strv s = strv_from(line, at + 21);
	const struct name_kind *k = name_kind_find(names, s);

	if (!k || !strv_contains(s, "-bit code"))
		return false;
	report_message(signal_open(p, "wine", k->kind), s);
	return true;
}
