/* MemorySanitizer: the use, and the origins of the value. */
#include "base/prelude.h"
#include "crash/internal.h"

void msan_headline(struct crash_parser *p, struct strv what, long pid, bool warning)
{
	struct crash_report *r;

	if (strv_starts(what, "use-of-uninitialized-value")) {
		r = report_open(p, "msan", "uninitialized-value", RANK_FATAL);
		r->access = CRASH_ACCESS_NONE;
	} else if (strv_starts(what, "allocation-size-too-big")) {
		r = report_open(p, "msan", "out-of-memory", RANK_FATAL);
	} else if (warning) {
		return; /* "invalid path to external symbolizer!" and other remarks */
	} else {
		r = report_open(p, "msan", "unknown-crash", RANK_FATAL);
	}
	r->pid = pid;
	report_message(r, what);
}

/* "Uninitialized value was stored to memory at", "was created by a heap allocation" */
bool msan_origin(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (!p->cur)
		return false;
	report_expect(p->cur, CRASH_STACK_ORIGIN, line);
	return true;
}
