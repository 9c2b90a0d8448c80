/* Breakpad's and its heirs' minidump_stackwalk: "Crash reason:", "Crash address:", threads, frames of the listed kind. */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

static const struct name_kind reasons[] = {
	{ "EXCEPTION_ACCESS_VIOLATION", "segv" },
	{ "EXCEPTION_STACK_OVERFLOW", "stack-overflow" },
	{ "EXCEPTION_STACK_BUFFER_OVERRUN", "stack-buffer-overflow" },
	{ "EXCEPTION_INT_DIVIDE_BY_ZERO", "divide-by-zero" },
	{ "EXCEPTION_FLT_DIVIDE_BY_ZERO", "divide-by-zero" },
	{ "EXCEPTION_INT_OVERFLOW", "integer-overflow" },
	{ "EXCEPTION_ILLEGAL_INSTRUCTION", "illegal-instruction" },
	{ "EXCEPTION_PRIV_INSTRUCTION", "illegal-instruction" },
	{ "EXCEPTION_BREAKPOINT", "trap" },
	{ "EXCEPTION_IN_PAGE_ERROR", "segv" },
	{ "EXCEPTION_HEAP_CORRUPTION", "heap-corruption" },
	{ "EXCEPTION_GUARD_PAGE", "segv" },
	{ "EXCEPTION_DATATYPE_MISALIGNMENT", "misaligned" },
	{ "EXCEPTION_ARRAY_BOUNDS_EXCEEDED", "index-out-of-bounds" },
	{ "EXCEPTION_NONCONTINUABLE", "abort" },
	{ "STATUS_ACCESS_VIOLATION", "segv" },
	{ "STATUS_STACK_BUFFER_OVERRUN", "stack-buffer-overflow" },
	{ "STATUS_HEAP_CORRUPTION", "heap-corruption" },
	{ "STATUS_STACK_OVERFLOW", "stack-overflow" },
	{ "STATUS_INTEGER_DIVIDE_BY_ZERO", "divide-by-zero" },
	{ "STATUS_ILLEGAL_INSTRUCTION", "illegal-instruction" },
	{ "EXC_BAD_ACCESS", "segv" },
	{ "EXC_BAD_INSTRUCTION", "illegal-instruction" },
	{ "EXC_ARITHMETIC", "fpe" },
	{ "EXC_BREAKPOINT", "trap" },
	{ "EXC_SOFTWARE", "abort" },
	{ "EXC_CRASH", "abort" },
	{ "Out of Memory", "out-of-memory" },
	{ "MD_EXCEPTION_", "deadly-signal" },
	{ NULL, NULL },
};

/* "EXCEPTION_ACCESS_VIOLATION reading address 0x10": a name of Windows' where something happened */
bool windows_named(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	const struct name_kind *k = name_kind_find(reasons, s);
	struct crash_report *r = p->cur;

	if (!k || strv_contains(line, "#define") || strv_contains(line, "case EXC") ||
		strv_contains(line, "==") || strv_contains(line, "__except"))
		return false;
	if (!r || !r->priv->is_signal || r->n_stacks || strcmp(r->kind, k->kind)) {
		r = signal_open(p, "windows", k->kind);
		report_message(r, line);
	}
	fault_details(r, line);
	if (strv_contains(s, "_READ"))
		r->access = CRASH_READ;
	else if (strv_contains(s, "_WRITE"))
		r->access = CRASH_WRITE;
	return true;
}

/* "Crash reason:  SIGSEGV /SEGV_MAPERR", "Crash reason:  EXCEPTION_ACCESS_VIOLATION_READ" */
bool minidump_reason(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_trim(strv_from(line, at + 13));
	const struct name_kind *k = name_kind_find(reasons, s);
	const struct report_signal *sig = signal_by_name(s);
	struct crash_report *r;

	if (!k && !sig)
		return false;
	r = signal_open(p, "minidump", sig ? sig->kind : k->kind);
	report_message(r, s);
	if (strv_contains(s, "_READ"))
		r->access = CRASH_READ;
	else if (strv_contains(s, "_WRITE"))
		r->access = CRASH_WRITE;
	return true;
}

/* "Thread 0 (crashed)", "Thread 1", alone on the line */
bool minidump_thread(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 7);
	unsigned digits;

	scan_dec(&s, &digits);
	if (!digits || !p->cur || strcmp(p->cur->sanitizer, "minidump"))
		return false;
	if (s.len && !strv_starts(s, " (") && !strv_starts(s, " - ") && *s.s != ' ')
		return false;
	report_expect(
		p->cur, strv_contains(s, "crashed") ? CRASH_STACK_FAULT : CRASH_STACK_OTHER, line);
	return true;
}
