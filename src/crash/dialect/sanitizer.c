/* What the sanitizers' dialects share: tables of kinds, the faulting address, the signals they catch, ABORTING. */
#include "base/prelude.h"
#include "crash/internal.h"

const struct name_kind *name_kind_find(const struct name_kind *t, struct strv s)
{
	for (; t->text; t++)
		if (strv_starts(s, t->text))
			return t;
	return NULL;
}

/* The faulting address: the first number that isn't the program counter. */
void sanitizer_address(struct crash_report *r, struct strv what)
{
	size_t pc = strv_find(what, "pc 0x");
	uint64_t v, counter = 0;
	struct strv rest;

	if (pc != SIZE_MAX && find_hex(strv_from(what, pc), &counter, &rest))
		r->priv->pc_zero = counter == 0;
	if (find_hex(what, &v, &rest) && !(pc != SIZE_MAX && rest.s > what.s + pc + 4)) {
		r->has_address = true;
		r->address = v;
		r->priv->pc_wild = counter && v == counter;
	}
}

bool sanitizer_signal(struct crash_parser *p, const char *tool, struct strv what, long pid)
{
	static const struct name_kind signals[] = { { "SEGV ", "segv" }, { "BUS ", "bus-error" },
		{ "ABRT ", "abort" }, { "FPE ", "fpe" }, { "ILL ", "illegal-instruction" },
		{ "TRAP ", "trap" }, { "SIGTRAP", "trap" }, { "breakpoint on", "trap" },
		{ "Breakpoint", "trap" }, { "access-violation ", "segv" },
		{ "illegal-instruction ", "illegal-instruction" }, { "in-page-error ", "segv" },
		{ "int-divide-by-zero", "divide-by-zero" },
		{ "float-divide-by-zero", "divide-by-zero" },
		{ "datatype-misalignment", "misaligned" },
		{ "priv-instruction", "illegal-instruction" }, { "array-bounds-exceeded", "segv" },
		{ "UNKNOWN SIGNAL", "deadly-signal" }, { "unknown exception", "deadly-signal" },
		{ NULL, NULL } };
	const struct name_kind *k = name_kind_find(signals, what);
	struct crash_report *r;

	if (!k)
		return false;
	r = report_open(p, tool, k->kind, RANK_FATAL);
	r->pid = pid;
	r->priv->is_signal = true;
	sanitizer_address(r, what);
	report_message(r, what);
	return true;
}

bool sanitizer_aborting(struct crash_parser *p, struct strv line, size_t at)
{
	long pid = line_pid(line, at);

	if (!pid || !p->cur)
		return false;
	for (size_t i = p->n; i--;)
		if (p->reports[i]->pid == pid && p->reports[i]->priv->rank == RANK_REPORT) {
			p->reports[i]->fatal = true;
			p->reports[i]->priv->rank = RANK_FATAL;
			break;
		}
	return true;
}
