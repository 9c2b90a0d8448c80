/*
 * Ends an input early that fails in a way that is known: before a sanitizer prints its report, which takes longer than all
 * else about a crash. A failure is known by what it is and the innermost frames of its stack; which ones the near end has
 * written into a table beside the inputs. Where nothing of that is to be had, the report is printed as ever.
 *
 * A target that defines __asan_on_error, __ubsan_on_report or __sanitizer_on_print itself goes without this file.
 */
#include "thresh_rt.h"

#include <signal.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#define NEAR_NULL 0x1000
#define NEAR_STACK 65536 /* bytes from the stack's end: it overflowed */
#define SIGNALS 6

_Unwind_Reason_Code _Unwind_Backtrace(_Unwind_Trace_Fn fn, void *arg) THRESH_RT_WEAK;
const char *__asan_get_report_description(void) THRESH_RT_WEAK;
int __asan_get_report_access_type(void) THRESH_RT_WEAK;
size_t __asan_get_report_access_size(void) THRESH_RT_WEAK;
void __ubsan_get_current_report_data(const char **kind, const char **message, const char **file,
	unsigned *line, unsigned *column, char **address) THRESH_RT_WEAK;
void __asan_on_error(void);
void __ubsan_on_report(void);
void __sanitizer_on_print(const char *text);

static const int thresh_rt_fatal[SIGNALS] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP };

static struct {
	const struct thresh_rt_task *task; /* NULL: nobody wants it */
	struct thresh_rt_rec *
		rec; /* of the input that runs, or did last; NULL: nothing more is to be done about it */
	uint64_t signal; /* what is known of the signal that the sanitizer is about to report */
	struct sigaction former[SIGNALS];
} early;

static uint64_t thresh_rt_key_text(uint64_t h, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		h = thresh_rt_key(h, (unsigned char)*s);
	return h;
}

static int thresh_rt_is_known(uint64_t key)
{
	const volatile uint64_t *table =
		(const volatile uint64_t *)(const void *)((const char *)early.task +
							  early.task->known_off);
	uint32_t i, tries;

	for (i = (uint32_t)key, tries = 0; tries < THRESH_RT_KNOWN_SLOTS; i++, tries++) {
		uint64_t k = table[i % THRESH_RT_KNOWN_SLOTS];

		if (k == key || k == 0)
			return k == key;
	}
	return 0;
}

static _Unwind_Reason_Code thresh_rt_note_frame(struct _Unwind_Context *c, void *arg)
{
	struct thresh_rt_rec *rec = arg;

	if (rec->n_pcs == THRESH_RT_PCS)
		return _URC_END_OF_STACK;
	rec->pcs[rec->n_pcs++] = (uint64_t)_Unwind_GetIP(c);
	return _URC_NO_REASON;
}

void thresh_rt_early_failed(uint64_t how)
{
	struct thresh_rt_rec *rec = early.rec;
	uint32_t i;

	if (early.task == NULL || rec == NULL || !_Unwind_Backtrace || (pid_t)rec->pid != getpid())
		return;
	early.rec = NULL; /* should this fail itself */
	rec->n_pcs = 0;
	_Unwind_Backtrace(thresh_rt_note_frame, rec);
	rec->how = how;
	for (i = 0; i < rec->n_pcs; i++) {
		how = thresh_rt_key(how, rec->pcs[i]);
		if (!thresh_rt_is_known(how))
			continue;
		rec->verdict = THRESH_RT_IS_KNOWN;
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
	}
}

/* ASan calls it before it prints, whatever it found, signals included. */
void __asan_on_error(void)
{
	uint64_t how = early.signal;

	thresh_rt_told_aim();
	if (early.rec == NULL || !__asan_get_report_description)
		return;
	how = thresh_rt_key_text(how, __asan_get_report_description());
	if (__asan_get_report_access_type && __asan_get_report_access_size) {
		how = thresh_rt_key(how, (uint64_t)__asan_get_report_access_type());
		how = thresh_rt_key(how, __asan_get_report_access_size());
	}
	thresh_rt_early_failed(how);
}

void __sanitizer_on_print(const char *text)
{
	thresh_rt_told_print(text);
}

void __ubsan_on_report(void)
{
	const char *kind = NULL, *message, *file;
	unsigned line, column;
	char *address;

	thresh_rt_told_aim();
	if (early.rec == NULL || !__ubsan_get_current_report_data)
		return;
	__ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
	thresh_rt_early_failed(thresh_rt_key_text(1, kind));
}

/* What the report will say of a fault: how grave it is depends on that. */
static uint64_t thresh_rt_fault(int sig, const siginfo_t *info, const ucontext_t *u, int *overflow)
{
	uint64_t how = thresh_rt_key(2, (uint64_t)sig), address = (uintptr_t)info->si_addr;

	*overflow = 0;
	if (sig != SIGSEGV && sig != SIGBUS)
		return how;
	how = thresh_rt_key(how, address < NEAR_NULL);
	how = thresh_rt_key(how, info->si_code > 0);
	/* where a failed assertion writes to: exactly there */
	how = thresh_rt_key(how, (address & 0xffff) == 0xbeef ? address : 0);
#if defined(__x86_64__)
	how = thresh_rt_key(how, ((uint64_t)u->uc_mcontext.gregs[REG_ERR] >> 1) & 1);
	how = thresh_rt_key(how, (uint64_t)u->uc_mcontext.gregs[REG_RIP] == address);
	*overflow = (uint64_t)u->uc_mcontext.gregs[REG_RSP] - address + NEAR_STACK < 2 * NEAR_STACK;
#else
	(void)u;
	*overflow = 1; /* not known of what kind it is: report it */
#endif
	return how;
}

static void thresh_rt_on_fatal(int sig, siginfo_t *info, void *context)
{
	int i = 0, overflow;

	while (i + 1 < SIGNALS && thresh_rt_fatal[i] != sig)
		i++;
	early.signal = thresh_rt_fault(sig, info, context, &overflow);
	if (overflow)
		early.rec = NULL;
	else if (!__asan_get_report_description)
		thresh_rt_early_failed(early.signal);
	if ((early.former[i].sa_flags & SA_SIGINFO) != 0) {
		early.former[i].sa_sigaction(sig, info, context);
	} else {
		sigaction(sig, &early.former[i], NULL);
		raise(sig);
	}
}

void thresh_rt_early_watch(const struct thresh_rt_task *task)
{
	struct sigaction sa;
	int i;

	early.task = task;
	for (i = 0; i < SIGNALS; i++) {
		if (sigaction(thresh_rt_fatal[i], NULL, &early.former[i]) < 0 ||
			(early.former[i].sa_flags & SA_SIGINFO) == 0)
			continue; /* no sanitizer looks at it, and no report is printed */
		sa = early.former[i];
		sa.sa_sigaction = thresh_rt_on_fatal;
		sigaction(thresh_rt_fatal[i], &sa, NULL);
	}
}

void thresh_rt_early_input(struct thresh_rt_rec *rec)
{
	early.rec = rec;
	early.signal = 0;
}
