/*
 * LeakSanitizer: one report for all leaks of a process. The first direct leak decides, since what hangs
 * on a leaked block leaks with it.
 */
#include "base/prelude.h"
#include "crash/internal.h"

void lsan_headline(struct crash_parser *p, struct strv what, long pid)
{
	struct crash_report *r;

	if (!strv_contains(what, "detected memory leaks"))
		return; /* "LeakSanitizer has encountered a fatal error": not the target's */
	r = report_open(p, "lsan", "leak", RANK_LEAK);
	r->pid = pid;
	r->fatal = true;
	report_message(r, what);
}

bool lsan_leak(struct crash_parser *p, struct strv line, size_t at)
{
	bool direct = line.s[at] == 'D';
	struct strv s = strv_from(line, at + (direct ? 15 : 17));
	struct crash_report *r = p->cur;
	unsigned digits;
	uint64_t size = scan_dec(&s, &digits);

	if (!digits || !strv_contains(s, "allocated from"))
		return false;
	if (!r || strcmp(r->kind, "leak")) {
		r = report_open(p, "lsan", "leak", RANK_LEAK);
		r->fatal = true;
	}
	if (direct && !r->priv->direct_leak) {
		r->priv->direct_leak = true;
		r->size = size;
		for (size_t i = 0; i < r->n_stacks; i++)
			r->stacks[i].role = CRASH_STACK_OTHER;
		report_expect(r, CRASH_STACK_FAULT, line);
	} else {
		report_expect(r, r->n_stacks ? CRASH_STACK_OTHER : CRASH_STACK_FAULT, line);
		if (!r->n_stacks && !r->size)
			r->size = size;
	}
	return true;
}
