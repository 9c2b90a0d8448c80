/*
 * Java's hs_err: the error behind '#' marks, "# C  [libx.so+0x12]  f+0x34" as the problematic frame, then all native
 * frames. C is native, V the virtual machine's; J, j, A and v are Java's own and no names of a C program.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"

/* "# Problematic frame:", "Native frames: (J=compiled Java code, ...)" */
bool java_frames(struct crash_parser *p, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;

	(void)at;
	if (!r)
		return false;
	if (r->n_stacks && strv_contains(line, "ative frames:")) {
		/* the first of them is the one already told */
		if (r->stacks[0].n <= 1)
			r->stacks[0].role = CRASH_STACK_OTHER;
		report_expect(r, CRASH_STACK_FAULT, line);
	} else if (r->n_stacks) {
		report_expect(r, CRASH_STACK_OTHER, line);
	}
	p->in_java = true;
	return true;
}

/* "Java frames: (J=compiled Java code, j=interpreted, Vv=VM code)": another view of the same thread */
bool java_other_frames(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	if (!p->in_java || !p->cur)
		return false;
	report_expect(p->cur, CRASH_STACK_OTHER, line);
	return true;
}

bool java_frame(struct crash_parser *p, struct strv s)
{
	struct frame_text f;
	char kind;

	if (!p->in_java || !p->cur)
		return false;
	strv_skip(&s, "#");
	s = skip_blank(s);
	if (s.len < 4 || !strchr("CVJjAv", *s.s) || s.s[1] != ' ' || s.s[2] != ' ')
		return false;
	kind = *s.s;
	s = strv_trim(strv_from(s, 3));
	if (kind != 'C' && kind != 'V') {
		p->last_was_frame = true;
		return true;
	}
	memset(&f, 0, sizeof(f));
	f.index = -1;
	if (!frame_parse_body(s, &f))
		return false;
	report_frame(p, &f);
	return true;
}

/* "#  Internal Error (sharedRuntime.cpp:834), pid=12, tid=34", "#  Out of Memory Error (os_linux.cpp:2)" */
bool java_error(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	struct crash_report *r;

	if (!strv_contains(s, "pid=") && !strv_contains(s, "(os_") &&
		!strv_contains(s, "memory for the Java"))
		return false;
	r = report_open(p, "java", strv_starts(s, "Internal") ? "fatal-error" : "out-of-memory",
		RANK_FATAL);
	report_message(r, s);
	p->in_java = true;
	return true;
}
