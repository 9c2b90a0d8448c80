/* What AFL++'s tools say of a target that died: a signal or nothing. */
#include "base/prelude.h"
#include "crash/internal.h"

bool afl_killed(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv num = strv_from(line, at + 17);
	unsigned digits;
	uint64_t n = scan_dec(&num, &digits);
	const struct report_signal *sig = digits && n < 65 ? signal_by_number((int)n) : NULL;

	if (!sig)
		return false;
	report_message(signal_open(p, "aflpp", sig->kind), strv_from(line, at));
	return true;
}

bool afl_timeout(struct crash_parser *p, struct strv line, size_t at)
{
	report_message(report_open(p, "aflpp", "timeout", RANK_FATAL), strv_from(line, at));
	return true;
}
