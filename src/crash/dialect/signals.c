/*
 * Signals as kernels, debuggers, crash handlers and shells name them: gdb, lldb, Chromium's and glog's
 * handlers, Android's tombstones, bash.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "crash/dialect/internal.h"
#include <signal.h>

static const struct report_signal signals[] = {
	{ SIGSEGV, "SIGSEGV", "segv" },
	{ SIGABRT, "SIGABRT", "abort" },
	{ SIGBUS, "SIGBUS", "bus-error" },
	{ SIGFPE, "SIGFPE", "fpe" },
	{ SIGILL, "SIGILL", "illegal-instruction" },
	{ SIGTRAP, "SIGTRAP", "trap" },
	{ SIGSYS, "SIGSYS", "bad-system-call" },
	{ SIGXCPU, "SIGXCPU", "timeout" },
	{ SIGALRM, "SIGALRM", "timeout" },
	{ SIGKILL, "SIGKILL", "killed" },
	{ SIGXFSZ, "SIGXFSZ", "file-too-large" },
};

const struct report_signal *signal_by_number(int number)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		if (signals[i].number == number)
			return &signals[i];
	return NULL;
}

const struct report_signal *signal_by_name(struct strv name)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		size_t len = strlen(signals[i].name);

		if (strv_starts(name, signals[i].name) &&
			(name.len == len || name.s[len] < 'A' || name.s[len] > 'Z'))
			return &signals[i];
	}
	return NULL;
}

struct crash_report *signal_open(struct crash_parser *p, const char *who, const char *kind)
{
	struct crash_report *r = report_open(p, who, kind, RANK_FATAL);

	r->priv->is_signal = true;
	return r;
}

/* "Thread 3 "name" received signal", "* thread #3, stop reason": which one the debugger looks at */
static long current_thread(struct strv line)
{
	size_t at = strv_find(line, "hread ");
	struct strv s = strv_from(line, at == SIZE_MAX ? line.len : at + 6);
	unsigned digits;

	strv_skip(&s, "#");
	return (long)scan_dec_max(&s, &digits, INT32_MAX);
}

/* lldb tells of a stop when it happens and again above the stack that is asked for: then the stack is still to come. */
bool stopped_again(
	struct crash_parser *p, const char *who, const char *kind, struct strv line, size_t at)
{
	struct crash_report *r = p->cur;

	if (!r || !r->priv->is_signal || strcmp(r->sanitizer, who) || strcmp(r->kind, kind) ||
		!strv_starts(strv_from(line, at), "stop reason") ||
		(r->n_stacks && r->stacks[0].n > 1))
		return false;
	if (r->n_stacks)
		r->stacks[0].role = CRASH_STACK_OTHER;
	report_expect(r, CRASH_STACK_FAULT, line);
	return true;
}

/* "Program received signal SIGSEGV, Segmentation fault.", "* thread #1, stop reason = signal SIGABRT" */
bool gdb_signal(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	size_t name = strv_find(s, "SIG");
	const struct report_signal *sig =
		name == SIZE_MAX ? NULL : signal_by_name(strv_from(s, name));

	if (!sig)
		return false;
	if (!stopped_again(p, "gdb", sig->kind, line, at)) {
		report_message(signal_open(p, "gdb", sig->kind), s);
		if (strv_contains(line, "thread #"))
			report_expect(p->cur, CRASH_STACK_FAULT, line);
	}
	p->cur->priv->thread = current_thread(strv_sub(line, 0, at));
	if (strv_starts(s, "stop reason"))
		fault_details(p->cur, s);
	return true;
}

/* "[Current thread is 1 (Thread 0x7f (LWP 12))]" */
bool gdb_current(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at + 18);
	unsigned digits;
	uint64_t n;

	strv_skip(&s, "Thread ");
	n = scan_dec_max(&s, &digits, INT32_MAX);
	if (p->cur && digits)
		p->cur->priv->thread = (long)n;
	return p->cur != NULL;
}

/* One stack of several: its title tells the thread. */
static void thread_stack(struct crash_parser *p, struct strv line)
{
	if (!p->cur)
		report_open(p, "backtrace", "unknown", RANK_NOTE);
	report_expect(p->cur, p->cur->n_stacks ? CRASH_STACK_OTHER : CRASH_STACK_FAULT, line);
}

/* "Thread 2 (Thread 0x7f (LWP 12)):" heads one stack of `thread apply all bt` */
bool gdb_thread(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);

	if (line.s[line.len - 1] != ':' && line.s[line.len - 1] != ')')
		return false;
	if (!strv_contains(s, "LWP ") && !strv_contains(s, " (Thread 0x") &&
		!strv_contains(s, "(process "))
		return false;
	thread_stack(p, line);
	return true;
}

/* lldb: "  thread #2, name = 'x'" above a stack of `bt all`; systemd: "Stack trace of thread 12:" */
bool lldb_thread(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);

	if (strv_starts(s, "thread #") && (s.len < 9 || s.s[8] < '0' || s.s[8] > '9'))
		return false;
	if (strv_contains(s, "stop reason = EXC_") || strv_contains(s, "stop reason = signal "))
		return false; /* gdb_signal's */
	thread_stack(p, line);
	return true;
}

/* Chromium: "Received signal 11 SEGV_MAPERR 7f6b0c580000" */
bool signal_received(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at);
	const struct report_signal *sig;
	struct crash_report *r;
	unsigned digits;
	uint64_t n;
	size_t space;

	s = strv_from(s, strv_find(s, "signal ") + 7);
	n = scan_dec(&s, &digits);
	sig = digits ? signal_by_number((int)MIN(n, (uint64_t)64)) : signal_by_name(s);
	if (!sig)
		return false;
	r = signal_open(p, "signal", sig->kind);
	report_message(r, strv_from(line, at));
	s = strv_trim(s);
	space = strv_rchr(s, ' ');
	if (digits && space != SIZE_MAX && strv_starts(s, "SEGV_")) {
		s = strv_from(s, space + 1);
		strv_skip(&s, "0x");
		r->address = scan_hex(&s, &digits);
		r->has_address = digits > 0 && !s.len;
	}
	return true;
}

/* "Fatal signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x10 in tid 12", "signal 6 (SIGABRT), ..." */
bool signal_android(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_from(line, at), rest;
	const struct report_signal *sig;
	struct crash_report *r = p->cur;
	size_t open = strv_find(s, " (SIG"), addr;
	uint64_t address;
	unsigned digits;

	if (open == SIZE_MAX || open > 20 || !(sig = signal_by_name(strv_from(s, open + 2))))
		return false;
	/* logcat says it twice: when the signal arrives and atop the tombstone */
	if (!r || !r->priv->is_signal || r->n_stacks || strcmp(r->kind, sig->kind))
		r = signal_open(p, "android", sig->kind);
	report_message(r, s);
	addr = strv_find(s, "fault addr ");
	addr = addr == SIZE_MAX ? strv_find(s, ") at 0x") : addr + 6;
	if (addr == SIZE_MAX || strcmp(r->kind, "segv"))
		return true;
	rest = strv_from(s, addr + 5); /* behind "addr " or ") at " */
	strv_skip(&rest, "0x");
	address = scan_hex(&rest, &digits);
	if (digits) {
		r->address = address;
		r->has_address = true;
	}
	return true;
}

bool android_backtrace(struct crash_parser *p, struct strv line, size_t at)
{
	(void)line;
	(void)at;
	if (p->cur && !p->cur->n_stacks)
		report_expect(p->cur, CRASH_STACK_FAULT, strv_n("", 0));
	return p->cur != NULL;
}

/* "*** SIGSEGV (@0x0) received by PID 12 (TID 0x7f) from PID 0; stack trace: ***" */
bool signal_glog(struct crash_parser *p, struct strv line, size_t at)
{
	const struct report_signal *sig = signal_by_name(strv_from(line, at + 4));
	struct crash_report *r;
	struct strv rest;
	size_t addr = strv_find(line, "(@0x");

	if (!sig || !strv_contains(line, "received"))
		return false;
	r = signal_open(p, "glog", sig->kind);
	report_message(r, strv_from(line, at + 4));
	if (addr != SIZE_MAX && !strcmp(sig->kind, "segv"))
		r->has_address = find_hex(strv_from(line, addr), &r->address, &rest);
	return true;
}

/* backward: "Stack trace (most recent call last):", then #4, #3, ... */
bool backward_list(struct crash_parser *p, struct strv line, size_t at)
{
	(void)at;
	p->backwards = strv_contains(line, "Stack trace");
	return false;
}

/* "Stack trace:", "Backtrace (12 frames):", "Call stack": what follows may be frames of any make */
bool stack_heading(struct crash_parser *p, struct strv line, size_t at)
{
	struct strv s = strv_trim(line), rest = strv_from(line, at);
	size_t n =
		strv_starts(rest, "Call") || strv_starts(rest, "call") || strv_starts(rest, "CALL")
			? 5
			: 0;

	rest = strv_from(rest, n);
	if (p->cur && (by_sanitizer(p->cur) || !strcmp(p->cur->sanitizer, "go")))
		return false;
	if ((strv_starts(rest, "tack") || strv_starts(rest, "Stack") ||
		    strv_starts(rest, "stack") || strv_starts(rest, "STACK") ||
		    strv_starts(rest, "Back") || strv_starts(rest, "back") ||
		    strv_starts(rest, "BACK")) &&
		s.len < 120 && (s.s[s.len - 1] == ':' || s.len < 24 || strv_contains(s, "race")))
		p->tracing = 8;
	return false;
}
