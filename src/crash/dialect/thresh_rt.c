/* Our own runtime: time and memory limits, exits, stack samples of a hang, failed oracles. */
#include "base/prelude.h"
#include "crash/internal.h"

void thresh_headline(struct crash_parser *p, struct strv what, long pid)
{
	static const struct name_kind verdicts[] = { { "timeout", "timeout" },
		{ "stack-overflow", "stack-overflow" }, { "out of memory", "out-of-memory" },
		{ "fuzz target exited", "unexpected-exit" },
		{ "fuzz target overwrites its const input", "overwrites-const-input" },
		{ "check failed", "check-failure" }, { "deadly signal", "deadly-signal" },
		{ "memory leak", "leak" }, { NULL, NULL } };
	const struct name_kind *k = name_kind_find(verdicts, what);
	struct crash_report *r = report_open(p, "thresh", k ? k->kind : "unknown", RANK_FATAL);

	r->pid = pid;
	r->gradual = strv_contains(what, "(used ");
	report_message(r, what);
}

bool thresh_line(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 8);
	struct crash_report *r;

	if (strv_starts(s, "stack sample ")) {
		if (!p->cur)
			return false;
		report_expect(p->cur, CRASH_STACK_SAMPLE, s);
		return true;
	}
	if (strv_skip(&s, "check failed: ")) {
		r = report_open(p, "thresh", "check-failure", RANK_FATAL);
		r->pid = line_pid(line, at);
		r->priv->wants_stack = true;
		report_message(r, s);
		return true;
	}
	return false;
}
