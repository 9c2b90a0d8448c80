/*
 * Stands between libFuzzer and the harness (-Wl,--wrap=LLVMFuzzerTestOneInput). libFuzzer ends with the first input that
 * fails, and on a target with a shallow bug it does nothing but start. Asked to, this takes the signal in its place: the
 * input is written down, once per place of fault, and the process goes on with the next one. What a survivor's heap, locks
 * or globals are like nobody knows: each input is run again alone, elsewhere, before it counts, and after a number of
 * survivals the process is renewed. What AddressSanitizer's checks in the code report is taken in the same way
 * (-Wl,--wrap=__asan_report_...), or the bad access would be done, and spoil what the inputs to come rely on. Other reports
 * that don't end the process (halt_on_error=0) are written down likewise, when the input is done.
 *
 * What inputs that were given up had allocated would be a leak to LeakSanitizer, so it isn't asked. One that passes, and
 * frees less than it allocates, is run once more, to see where it is that something stays (held.c); each such place is written
 * down.
 *
 * A target that calls exit or its kin is taken for one that aborts: libFuzzer would end, and of _exit it would not even know
 * with which input.
 *
 * Where inputs are known that never end, one that takes a good part of the limit is cut short in the same way: each would cost
 * the whole limit otherwise, and the process. A signal each TICK_MS of CPU time counts, and may come anywhere, in the middle
 * of malloc, too; so it goes back only from code that has coverage, which is the target's own.
 *
 * Environment: THRESH_RT_SLOW_MS, the CPU time after which an input is cut short at the latest; THRESH_RT_SURVIVE, the
 * most survivals of a process; THRESH_RT_FAILED, the folder that failing inputs go to; THRESH_RT_SKIP_EMPTY,
 * the harness fails on no bytes, with which libFuzzer begins; THRESH_RT_CURRENT, a file that holds the input which runs (a
 * long one only with THRESH_RT_CURRENT_ALL): of some ends (SIGKILL, a sanitizer that falls over the stack) nobody in the
 * process hears.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "thresh_rt_held.h"
#include "thresh_rt_protocol.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#define PLACES 1024
#define WRITTEN_MAX 64
#define TICK_MS 5
/* of the slowest input that ended by itself: an input is cut short not before that, and so many ticks */
#define SLOWEST_TIMES 4
#define SLOW_TICKS 4
#define LOOP_FRAMES 64
/* call sites below the entry that tell one endless loop from another */
#define LOOP_PLACES 3
#define SLOW_WRITTEN_MAX 8
#define LEAKS_WRITTEN_MAX 16
/* inputs of a process that are run once more for what they leave */
#define LEAKS_LOOKED_MAX 1000
/* behind the start of the last block that has coverage */
#define LAST_BLOCK 512
/* Memory that survivors left behind, looked at so often. */
#define LOOK_EACH 16
/* copied for each run: nobody notices */
#define CURRENT_SHORT 256
#define GROWN_PAGES ((long)(256u << 20) / 4096)

int __real_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* in the midst of libFuzzer */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size))
	__attribute__((weak));
void __asan_on_error(void);
void __ubsan_on_report(void);
void __asan_unpoison_memory_region(const volatile void *p, size_t n) __attribute__((weak));

extern uint8_t __start___sancov_cntrs[] __attribute__((weak, visibility("hidden")));
extern uint8_t __stop___sancov_cntrs[] __attribute__((weak, visibility("hidden")));
/* pairs of address and flags */
extern uintptr_t __start___sancov_pcs[] __attribute__((weak, visibility("hidden")));
extern uintptr_t __stop___sancov_pcs[] __attribute__((weak, visibility("hidden")));

/* The near end looks for it in the executable. */
const char thresh_rt_survives[] = THRESH_RT_SURVIVE_MARK;

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
enum { N_SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static struct {
	int inited, skip_empty;
	unsigned long max, survived, written, number;
	char dir[512];
	pthread_t thread;
	pid_t pid;
	struct sigaction old[N_SIGNALS];
	void *back[5]; /* of __builtin_setjmp */
	uintptr_t top; /* of the part of the stack that is thrown away */
	volatile sig_atomic_t armed, reported;
	volatile sig_atomic_t inside; /* the harness, whether or not it is armed */
	volatile uint64_t where;
	uintptr_t code, code_end; /* the target's own, about */
	uintptr_t gap, gap_end;   /* in the middle of it: libFuzzer */
	/* of inputs that are cut short: 0, none is; ticks, of TICK_MS, at the beginning of this one and until now */
	unsigned long slow, slow_max, slow_written, began, slowest;
	volatile unsigned long ticks;
	volatile sig_atomic_t is_slow;
	void *caller; /* of the entry */
	uint64_t places[PLACES];
	long held_before;
	unsigned leaks_looked, leaks_written;
	struct thresh_rt_current *current;
	size_t current_max;
	long pages;
} state;

static void thresh_rt_chain(int sig)
{
	int i;

	for (i = 0; i < N_SIGNALS; i++)
		if (signals[i] == sig)
			sigaction(sig, &state.old[i], NULL);
	/* a fault comes again by itself, when this returns */
	if (sig == SIGABRT || sig == SIGTRAP)
		raise(sig);
}

/* Where a signal came: the stack, down to what a leaf has of its own below it, and the code. */
static void thresh_rt_came(const void *context, uintptr_t *stack, uintptr_t *code)
{
	const ucontext_t *uc = (const ucontext_t *)context;

#if defined(__x86_64__)
	*stack = (uintptr_t)uc->uc_mcontext.gregs[REG_RSP] - 128;
	*code = (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
#elif defined(__i386__)
	*stack = (uintptr_t)uc->uc_mcontext.gregs[REG_ESP];
	*code = (uintptr_t)uc->uc_mcontext.gregs[REG_EIP];
#elif defined(__aarch64__)
	*stack = (uintptr_t)uc->uc_mcontext.sp;
	*code = (uintptr_t)uc->uc_mcontext.pc;
#else
	(void)uc;
	*stack = *code = 0;
#endif
}

/*
 * Not by siglongjmp: AddressSanitizer's own reads /proc/self/maps, each time. What it does besides is done here: the frames
 * that are left no longer guard their variables.
 */
static void thresh_rt_go_back(uintptr_t from)
{
	from &= ~(uintptr_t)7;
	if (__asan_unpoison_memory_region && from && from < state.top &&
		state.top - from < (64u << 20))
		__asan_unpoison_memory_region((void *)from, state.top - from);
	__builtin_longjmp(state.back, 1);
}

static void thresh_rt_on_fault(int sig, siginfo_t *info, void *context)
{
	uintptr_t stack, code;

	(void)info;
	if (!state.armed || !pthread_equal(pthread_self(), state.thread)) {
		thresh_rt_chain(sig);
		return;
	}
	state.armed = 0;
	state.where = thresh_rt_place(sig);
	thresh_rt_came(context, &stack, &code);
	thresh_rt_go_back(stack);
}

/* Doesn't return where the access is the harness's, which isn't to be done then. */
static void thresh_rt_on_access(void)
{
	if (!state.armed || !pthread_equal(pthread_self(), state.thread))
		return;
	state.armed = 0;
	state.where = thresh_rt_place(0);
	thresh_rt_go_back((uintptr_t)__builtin_frame_address(0));
}

/* The last call is a jump: the runtime takes whom it returns to for the place of the access. */
#define THRESH_RT_REPORT(name, params, args)                           \
	void __real___asan_report_##name params __attribute__((weak)); \
	void __wrap___asan_report_##name params;                       \
	void __wrap___asan_report_##name params                        \
	{                                                              \
		thresh_rt_on_access();                                 \
		__real___asan_report_##name args;                      \
	}
#define THRESH_RT_REPORTS(way)                                  \
	THRESH_RT_REPORT(way##1_noabort, (uintptr_t at), (at))  \
	THRESH_RT_REPORT(way##2_noabort, (uintptr_t at), (at))  \
	THRESH_RT_REPORT(way##4_noabort, (uintptr_t at), (at))  \
	THRESH_RT_REPORT(way##8_noabort, (uintptr_t at), (at))  \
	THRESH_RT_REPORT(way##16_noabort, (uintptr_t at), (at)) \
	THRESH_RT_REPORT(way##_n_noabort, (uintptr_t at, uintptr_t size), (at, size))
THRESH_RT_REPORTS(load)
THRESH_RT_REPORTS(store)

/* Where the loop is innermost differs each time that one looks; how it was come to does not. */
static uint64_t thresh_rt_loop(void)
{
	void *frames[LOOP_FRAMES];
	int n = backtrace(frames, LOOP_FRAMES), i, k;
	uint64_t h = thresh_rt_key(0x51u, 0);

	for (i = 0; i < n && frames[i] != state.caller; i++)
		;
	/* i - 1 is the entry; the first ones are this, its callers, and where the signal came */
	for (k = 2; k < 2 + LOOP_PLACES && i < n && i - k > 3; k++)
		h = thresh_rt_key(h, (uint64_t)(uintptr_t)frames[i - k]);
	return h;
}

static int thresh_rt_is_own(uintptr_t at)
{
	return at >= state.code && at < state.code_end && (at < state.gap || at >= state.gap_end);
}

static void thresh_rt_on_tick(int sig, siginfo_t *info, void *context)
{
	uintptr_t stack, at;

	(void)sig;
	(void)info;
	thresh_rt_came(context, &stack, &at);
	state.ticks++;
	if (!state.armed || !state.slow || state.ticks - state.began <= state.slow ||
		!thresh_rt_is_own(at) || !pthread_equal(pthread_self(), state.thread))
		return;
	state.armed = 0;
	state.is_slow = 1;
	state.where = thresh_rt_loop();
	thresh_rt_go_back(stack);
}

#ifndef THRESH_RT_LEAN

void __asan_on_error(void)
{
	state.reported = 1;
}

void __ubsan_on_report(void) __attribute__((alias("__asan_on_error")));

/* Returns where it is libFuzzer's own doing. */
static void thresh_rt_on_exit(const void *caller, int status)
{
	uintptr_t at = (uintptr_t)caller;

	if (!state.inside || !thresh_rt_is_own(at))
		return;
	/* a process that the target forked: libFuzzer's handlers would take its end for the target's */
	if (getpid() != state.pid) {
		fflush(NULL);
		syscall(SYS_exit_group, status);
	}
	raise(SIGABRT);
}

/* These stand before libc's, and before the sanitizers', which are weak. */
__attribute__((noreturn)) void _exit(int status)
{
	thresh_rt_on_exit(__builtin_return_address(0), status);
	for (;;)
		syscall(SYS_exit_group, status);
}

__attribute__((noreturn, alias("_exit"))) void _Exit(int status);
__attribute__((noreturn, alias("_exit"))) void quick_exit(int status);

__attribute__((noreturn)) void exit(int status)
{
	void *real;

	thresh_rt_on_exit(__builtin_return_address(0), status);
	real = dlsym(RTLD_NEXT, "exit");
	if (real)
		((void (*)(int))(uintptr_t)real)(status);
	for (;;)
		syscall(SYS_exit_group, status);
}

#endif

/* New in this process? */
static int thresh_rt_is_new(uint64_t place)
{
	size_t i, at = (size_t)(place % PLACES);

	for (i = 0; i < PLACES; i++, at = (at + 1) % PLACES) {
		if (state.places[at] == place)
			return 0;
		if (state.places[at] == 0) {
			state.places[at] = place;
			return 1;
		}
	}
	return 0;
}

/* Whole or not at all: under its name only once it is written. */
static void thresh_rt_write_down(const uint8_t *data, size_t size)
{
	char tmp[600], path[600];
	size_t n = 0;
	ssize_t k = 1;
	int fd;

	if (size == 0 || state.written >= WRITTEN_MAX || state.dir[0] == '\0')
		return;
	snprintf(tmp, sizeof(tmp), "%s/.survived-%ld-%lu", state.dir, (long)getpid(), state.number);
	snprintf(path, sizeof(path), "%s/%s-%ld-%lu", state.dir,
		state.is_slow ? "slow-survived" : "crash-survived", (long)getpid(), state.number++);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	while (n < size && k > 0) {
		k = write(fd, data + n, size - n);
		n += k > 0 ? (size_t)k : 0;
	}
	if (close(fd) < 0 || n < size || rename(tmp, path) < 0)
		unlink(tmp);
	else
		state.written++;
}

static long thresh_rt_pages(void)
{
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	char *resident;

	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	resident = strchr(text, ' ');
	return resident ? strtol(resident, NULL, 10) : 0;
}

/*
 * What sets up a program's variables is linked in front of all else, also of libFuzzer: then that lies in the middle. Between
 * the last block before its driver and the first one behind it nothing is the target's.
 */
static void thresh_rt_find_code(void)
{
	uintptr_t driver = (uintptr_t)LLVMFuzzerRunDriver, *pc;

	state.gap_end = driver ? UINTPTR_MAX : 0;
	for (pc = __start___sancov_pcs; pc && (uintptr_t)pc < (uintptr_t)__stop___sancov_pcs;
		pc += 2) {
		if (pc[0] < driver && pc[0] + LAST_BLOCK > state.gap)
			state.gap = pc[0] + LAST_BLOCK;
		if (pc[0] > driver && pc[0] < state.gap_end)
			state.gap_end = pc[0];
		if (!state.code || pc[0] < state.code)
			state.code = pc[0];
		if (pc[0] + LAST_BLOCK > state.code_end)
			state.code_end = pc[0] + LAST_BLOCK;
	}
}

/* The slow ones from now on. */
static void thresh_rt_begin_ticks(unsigned long ms)
{
	struct itimerval each = { { 0, TICK_MS * 1000 }, { 0, TICK_MS * 1000 } };
	struct sigaction sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = thresh_rt_on_tick;
	sa.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO | SA_RESTART;
	if (sigaction(SIGPROF, &sa, NULL) == 0 && setitimer(ITIMER_PROF, &each, NULL) == 0)
		state.slow_max = ms / TICK_MS;
}

/* What takes long here decides what is too long. */
static void thresh_rt_slowest(unsigned long ticks)
{
	unsigned long limit = SLOW_TICKS + SLOWEST_TIMES * ticks;

	state.slowest = ticks;
	state.slow = limit < state.slow_max ? limit : state.slow_max;
}

static void thresh_rt_map_current(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	void *p = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(*state.current)) == 0)
		p = mmap(NULL, sizeof(*state.current), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return;
	state.current = p;
	state.current->len = THRESH_RT_NO_CURRENT;
	state.current->runs = 0;
	state.current_max =
		getenv("THRESH_RT_CURRENT_ALL") ? sizeof(state.current->bytes) : CURRENT_SHORT;
}

static void thresh_rt_enter(const uint8_t *data, size_t size)
{
	state.inside = 1;
	if (state.current == NULL)
		return;
	state.current->runs++;
	state.current->survived = state.survived;
	if (size > state.current_max) {
		__atomic_store_n(&state.current->len, THRESH_RT_LONG_CURRENT, __ATOMIC_RELEASE);
		return;
	}
	if (size != 0)
		memcpy(state.current->bytes, data, size);
	__atomic_store_n(&state.current->len, size, __ATOMIC_RELEASE);
}

static void thresh_rt_leave(void)
{
	state.armed = state.inside = 0;
	if (state.current != NULL)
		state.current->last = __atomic_exchange_n(
			&state.current->len, THRESH_RT_NO_CURRENT, __ATOMIC_RELEASE);
}

static int thresh_rt_holds_more(void)
{
	return thresh_rt_held() > state.held_before && !state.reported &&
	       state.survived < state.max && state.leaks_written < LEAKS_WRITTEN_MAX &&
	       state.leaks_looked < LEAKS_LOOKED_MAX;
}

static void thresh_rt_init(void)
{
	static char stack[1 << 16];
	const char *max = getenv("THRESH_RT_SURVIVE"), *dir = getenv("THRESH_RT_FAILED");
	const char *slow = getenv("THRESH_RT_SLOW_MS"), *current = getenv("THRESH_RT_CURRENT");
	struct sigaction sa;
	stack_t own = { .ss_sp = stack, .ss_size = sizeof(stack) }, now;
	void *frames[2];
	int i;

	state.inited = 1;
	state.skip_empty = getenv("THRESH_RT_SKIP_EMPTY") != NULL;
	state.max = max ? strtoul(max, NULL, 10) : 0;
	state.thread = pthread_self();
	state.pid = getpid();
	thresh_rt_find_code();
	if (current != NULL)
		thresh_rt_map_current(current);
	if (!state.max || !dir || strlen(dir) >= sizeof(state.dir))
		return;
	strcpy(state.dir, dir);
	state.pages = thresh_rt_pages();
	backtrace(frames, 2); /* loads what it needs, which a signal handler mustn't */
	if (sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE))
		sigaltstack(&own, NULL);
	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = thresh_rt_on_fault;
	sa.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO;
	for (i = 0; i < N_SIGNALS; i++)
		sigaction(signals[i], &sa, &state.old[i]);
	thresh_rt_held_begin();
	if (slow && strtoul(slow, NULL, 10) >= TICK_MS)
		thresh_rt_begin_ticks(strtoul(slow, NULL, 10));
}

/* Of the run that was cut short libFuzzer is to learn nothing: the input is no parent for others. */
static void thresh_rt_forget_coverage(void)
{
	uintptr_t from = (uintptr_t)__start___sancov_cntrs, to = (uintptr_t)__stop___sancov_cntrs;

	if (from && to > from)
		memset((void *)from, 0, to - from);
}

static void thresh_rt_survived(const uint8_t *data, size_t size)
{
	thresh_rt_forget_coverage();
	if (thresh_rt_is_new(state.where) &&
		(!state.is_slow || state.slow_written < SLOW_WRITTEN_MAX)) {
		thresh_rt_write_down(data, size);
		state.slow_written += state.is_slow != 0;
	}
	state.survived++;
	if (state.survived >= state.max ||
		(state.survived % LOOK_EACH == 0 && thresh_rt_pages() > state.pages + GROWN_PAGES))
		raise(SIGTERM); /* libFuzzer says what it did, and ends */
}

/* What stays the first time only, a table that is made once, is no leak. */
static void thresh_rt_look_for_leak(const uint8_t *data, size_t size)
{
	uint64_t place;

	state.leaks_looked++;
	state.held_before = thresh_rt_held();
	thresh_rt_enter(data, size);
	thresh_rt_trace_begin();
	state.armed = 1;
	__real_LLVMFuzzerTestOneInput(data, size);
	place = thresh_rt_trace_end();
	thresh_rt_leave();
	if (thresh_rt_held() > state.held_before && place && thresh_rt_is_new(place)) {
		thresh_rt_write_down(data, size);
		state.leaks_written++;
	}
}

int __wrap_LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int rc;

	if (!state.inited)
		thresh_rt_init();
	if (size == 0 && state.skip_empty)
		return 0;
	thresh_rt_enter(data, size);
	if (!state.max) {
		rc = __real_LLVMFuzzerTestOneInput(data, size);
		thresh_rt_leave();
		return rc;
	}
	/* nothing changes between the two returns that is needed behind the second */
	if (__builtin_setjmp(state.back)) {
		thresh_rt_trace_end();
		thresh_rt_leave();
		thresh_rt_survived(data, size);
		return 0;
	}
	state.top = (uintptr_t)__builtin_frame_address(0);
	state.caller = __builtin_return_address(0);
	state.reported = 0;
	state.is_slow = 0;
	state.began = state.ticks;
	state.held_before = thresh_rt_held();
	state.armed = 1;
	rc = __real_LLVMFuzzerTestOneInput(data, size);
	thresh_rt_leave();
	if (thresh_rt_holds_more())
		thresh_rt_look_for_leak(data, size);
	if (state.slow_max && state.ticks - state.began >= state.slowest)
		thresh_rt_slowest(state.ticks - state.began);
	/* sanitizers tell each place once */
	if (state.reported)
		thresh_rt_write_down(data, size);
	return rc;
}
