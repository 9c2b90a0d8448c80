/*
 * Of several threads' stacks the one that crashed: a debugger prints them in its own order, and often without
 * saying which one stopped.
 */
#include "base/prelude.h"
#include "crash/internal.h"

static bool is_one_of(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; name && i < n; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool is_thread(const struct crash_stack *s)
{
	struct strv t = strv_of(s->title);

	strv_skip(&t, "* ");
	return strv_starts(t, "Thread ") || strv_starts(t, "thread #") ||
	       strv_starts(t, "Stack trace of thread") || strv_starts(t, "TID ") ||
	       strv_starts(t, "LWP ");
}

/* Asleep in the kernel: what threads do that didn't crash. */
static bool is_idle(const struct crash_stack *s)
{
	static const char *const waits[] = { "poll", "__poll", "__GI___poll", "ppoll", "epoll_wait",
		"select", "__select", "__GI___select", "pselect", "read", "__libc_read",
		"__GI___libc_read", "nanosleep", "__GI___nanosleep", "clock_nanosleep",
		"__GI___clock_nanosleep", "pthread_cond_wait", "pthread_cond_timedwait",
		"__futex_abstimed_wait_common", "futex_wait", "futex_wait_cancelable",
		"__lll_lock_wait", "syscall", "accept", "accept4", "recv", "recvmsg", "recvfrom",
		"sigwait", "sigwaitinfo", "__sigtimedwait", "pause", "__pause_nocancel", "sem_wait",
		"do_futex_wait", "kevent", "__psynch_cvwait", "mach_msg_trap", "mach_msg2_trap",
		"__workq_kernreturn", "__semwait_signal", "NtWaitForSingleObject",
		"ZwWaitForSingleObject", "NtWaitForMultipleObjects",
		"pthread_cond_wait@@GLIBC_2.3.2", "pthread_cond_timedwait@@GLIBC_2.3.2",
		"__futex_abstimed_wait_common64", "__futex_abstimed_wait_cancelable64",
		"__libc_accept", "kill_wait" };

	for (size_t i = 0; i < s->n && i < 3; i++)
		if (is_one_of(s->frames[i].function, waits, ARRAY_LEN(waits)))
			return true;
	return false;
}

static int crash_signs(const struct crash_stack *s)
{
	static const char *const aborts[] = { "abort", "__GI_abort", "raise", "__GI_raise",
		"gsignal", "__assert_fail", "__GI___assert_fail", "__pthread_kill_implementation",
		"__fortify_fail", "__stack_chk_fail" };
	static const char *const signal[] = { "<signal handler called>", "__restore_rt",
		"_sigtramp", "[KCrash Handler]", "KiUserExceptionDispatch",
		"KiUserExceptionDispatcher" };
	int signs = 0;

	for (size_t i = 0; i < s->n && i < 64; i++) {
		if (is_one_of(s->frames[i].function, signal, ARRAY_LEN(signal)))
			signs |= 2;
		if (i < 8 && is_one_of(s->frames[i].function, aborts, ARRAY_LEN(aborts)))
			signs |= 1;
	}
	return signs;
}

/* The number behind "Thread " or "thread #". */
static long thread_number(const struct crash_stack *s)
{
	struct strv t = strv_of(s->title);
	unsigned digits;

	while (t.len && (*t.s < '0' || *t.s > '9'))
		t = strv_from(t, 1);
	return (long)scan_dec_max(&t, &digits, INT32_MAX);
}

static bool same_top(const struct crash_stack *a, const struct crash_stack *b)
{
	const struct crash_frame *x = a->n ? &a->frames[0] : NULL, *y = b->n ? &b->frames[0] : NULL;

	if (!x || !y)
		return false;
	if (x->function && y->function)
		return !strcmp(x->function, y->function);
	return x->address && x->address == y->address;
}

static int score(
	const struct crash_report *r, const struct crash_stack *s, const struct crash_stack *shown)
{
	int signs = crash_signs(s), points = 0;

	points += signs & 2 ? 200 : 0;
	points += signs & 1 ? 100 : 0;
	points +=
		strstr(s->title, "rashed") || strstr(s->title, "stop reason = ") || *s->title == '*'
			? 80
			: 0;
	points += r->priv->thread && thread_number(s) == r->priv->thread ? 60 : 0;
	points += shown && same_top(shown, s) ? 70 : 0;
	points += r->pid && thread_number(s) == r->pid ? 20 : 0;
	points += thread_number(s) == 1 ? 10 : 0;
	return points - (is_idle(s) ? 15 : 0);
}

void threads_choose(struct crash_report *r)
{
	const struct crash_stack *shown = NULL;
	struct crash_stack *best = NULL;
	int most = 0;

	if (by_sanitizer(r))
		return;
	for (size_t i = 0; i < r->n_stacks && !shown; i++)
		if (r->stacks[i].role == CRASH_STACK_FAULT && !is_thread(&r->stacks[i]))
			shown = &r->stacks[i];
	if (shown && shown->n > 1)
		return; /* asked for by itself, so it is the one */
	for (size_t i = 0; i < r->n_stacks; i++) {
		struct crash_stack *s = &r->stacks[i];
		int points;

		if (!is_thread(s) || !s->n)
			continue;
		points = score(r, s, shown);
		if (!best || points > most ||
			(points == most && s->n > best->n && same_top(s, best))) {
			best = s;
			most = points;
		}
	}
	if (!best)
		return;
	for (size_t i = 0; i < r->n_stacks; i++)
		if (is_thread(&r->stacks[i]) || &r->stacks[i] == shown)
			r->stacks[i].role = CRASH_STACK_OTHER;
	best->role = CRASH_STACK_FAULT;
}
