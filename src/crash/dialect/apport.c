/* Ubuntu's apport: fields, what its analysis of the faulting instruction says, gdb's frames without numbers. */
#include "base/prelude.h"
#include "crash/dialect/internal.h"
#include "crash/internal.h"

/* "SegvReason: reading NULL VMA", "SegvReason: writing unknown VMA" of apport */
bool apport_reason(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;
	struct strv s = strv_from(line, at);

	if (!r || !r->priv->is_signal) {
		r = signal_open(p, "apport", "segv");
		report_message(r, s);
	}
	fault_access(r, s);
	if (strv_contains(s, "NULL") && !r->has_address) {
		r->has_address = true;
		r->address = 0;
	}
	return true;
}

/* " source "0x8(%rdi)" (0x00000008) not located in a known VMA region (needed readable region)!" */
bool apport_operand(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t open = strv_find(s, " (0x");
	struct crash_report *r = p->cur;

	if (open == SIZE_MAX || !strv_contains(s, "not located in a known VMA"))
		return false;
	if (!r || !r->priv->is_signal) {
		r = signal_open(p, "apport", "segv");
		report_message(r, s);
	}
	if (strv_contains(s, "needed readable"))
		r->access = CRASH_READ;
	else if (strv_contains(s, "needed writable"))
		r->access = CRASH_WRITE;
	fault_address(r, strv_from(s, open + 2));
	return true;
}

/* "StacktraceTop:": gdb's frames without numbers follow */
bool apport_stack(struct crash_parser *p, struct strv line, size_t at)
{
	if (at)
		return false;
	if (!p->cur)
		report_open(p, "apport", "unknown", RANK_NOTE);
	report_expect(p->cur, CRASH_STACK_FAULT, line);
	p->bare_frames = true;
	return true;
}

/* " tile_decode (t=0x0) at ../src/tile.c:17" below it; any other line ends it */
bool apport_frame(struct crash_parser *p, struct strv line, struct strv s)
{
	struct frame_text f;

	if (!p->bare_frames || !p->cur)
		return false;
	memset(&f, 0, sizeof(f));
	f.index = -1;
	if (s.s == line.s || !frame_parse_gdb(s, &f)) {
		p->bare_frames = false;
		return false;
	}
	report_frame(p, &f);
	return true;
}
