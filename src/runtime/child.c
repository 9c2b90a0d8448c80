/*
 * Runs inputs in this process, one after the other, each in a block of exactly its size, and writes what came
 * of them into the shared segment. Forked by serve.c from the initialised process; ends by _exit, always.
 * CPU limit and memory limit cost no system call per input: a repeating profiling timer does the looking. What it counts
 * is a guess, made by who happened to run when the kernel's clock ticked: up to a third too much on a busy machine, and
 * half of what a target takes that sleeps often. So its first tick within an input asks the process's own clock.
 */
#include "thresh_rt.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SCRUB (32u << 10) /* bytes of stack: deeper than the check itself goes */
#define SAMPLES 3
#define EXIT_HOW 3             /* unlike those of early.c */
#define ERR_LIMIT (64u << 20)  /* bytes on standard error within one batch */
#define ERR_KEEP (512u << 10)  /* of a flood, from its input's start */
#define FRAME_0 64             /* bytes of ASan's smallest one */
#define ERR_ENOUGH (16u << 20) /* this much, and the batch ends so that the file can be emptied */

/* An allocation of more than this gives NULL anywhere: the target's own business. */
#define SURELY_REFUSED ((uint64_t)1 << 40)

static struct {
	const struct thresh_rt_child_env *env;
	const struct thresh_rt_task *task;
	struct thresh_rt_seg *seg;
	struct thresh_rt_rec *rec; /* of the input that runs; NULL: none does */
	pid_t pid;
	int statm_fd;
	/* where the current input's text starts */
	uint64_t err_at;
	/* of that file: ours, or the user's where it is lower */
	uint64_t err_limit;
	uint64_t tick_ms, ticks, samples;
	uint64_t cpu_start_ns;  /* on the process's clock, as far as the first tick can tell */
	uint64_t cpu_ms;        /* of the current input, at its last tick */
	uint64_t too_large;     /* resident bytes that were over the limit */
	volatile int wall_over; /* the near end says that the wall clock ran out */
	uint64_t page;
	volatile uint64_t mallocs, frees;
	uint32_t pending; /* first of the inputs that may have leaked; UINT32_MAX: none */
	uint32_t suspicions;
	volatile int64_t live; /* bytes allocated by the input that runs, and not freed */
	volatile int forked;   /* this is a process that the target forked */
} child;

struct thresh_rt_rec *thresh_rt_recs(struct thresh_rt_seg *seg)
{
	return (struct thresh_rt_rec *)(void *)((char *)seg + THRESH_RT_RECS_OFF);
}

const struct thresh_rt_in *thresh_rt_ins(const struct thresh_rt_task *task)
{
	return (const struct thresh_rt_in *)(const void *)((const char *)task + THRESH_RT_RECS_OFF);
}

/*
 * Formatting that is safe in a signal handler, on standard error. Each %u is the next of a, b and c; there is no
 * other %.
 */
static void thresh_rt_say(const char *fmt, uint64_t a, uint64_t b, uint64_t c)
{
	char line[256], digits[24];
	size_t n = 0, d;
	uint64_t v[3];
	unsigned next = 0;

	v[0] = a;
	v[1] = b;
	v[2] = c;
	for (; *fmt != '\0' && n + sizeof(digits) < sizeof(line); fmt++) {
		if (fmt[0] != '%' || fmt[1] != 'u') {
			line[n++] = *fmt;
			continue;
		}
		fmt++;
		d = 0;
		do
			digits[d++] = (char)('0' + v[next] % 10);
		while ((v[next] /= 10) != 0);
		next++;
		while (d > 0)
			line[n++] = digits[--d];
	}
	thresh_rt_told_write(child.env->err_fd, line, n);
}

static void thresh_rt_stack(void)
{
	if (__sanitizer_print_stack_trace)
		__sanitizer_print_stack_trace();
}

/* False: there was no room, the input has to be run again. */
static int thresh_rt_record_features(struct thresh_rt_rec *rec, int first)
{
	uint32_t *area = (uint32_t *)(void *)((char *)child.seg + child.task->feat_off);
	uint64_t used = child.seg->feat_used, room = child.task->feat_cap / sizeof(uint32_t);
	size_t n;

	if (used >= room)
		n = SIZE_MAX;
	else if ((child.task->flags & THRESH_RT_PLACES) != 0)
		n = thresh_rt_places_take(area + used, room - used);
	else
		n = thresh_rt_features_take(area + used, room - used);
	if (n == SIZE_MAX && !(first && used == 0))
		return 0;
	if (n == SIZE_MAX)
		n = room; /* libraries loaded while running: more counters than were announced */
	rec->feat_from = used;
	rec->n_feat = (uint32_t)n;
	child.seg->feat_used = used + n;
	return 1;
}

/* Of an input that ends its process: how far it came. */
void thresh_rt_last_places(void)
{
	if (child.rec != NULL && (child.task->flags & THRESH_RT_PLACES) != 0)
		thresh_rt_record_features(child.rec, 1);
}

static void thresh_rt_end(enum thresh_rt_verdict verdict)
{
	thresh_rt_last_places();
	if (child.rec != NULL)
		child.rec->verdict = verdict;
	thresh_rt_quit(THRESH_RT_EXIT_OWN);
}

static uint64_t thresh_rt_resident(void)
{
	char text[128];
	uint64_t v[3] = { 0, 0, 0 };
	unsigned field = 0;
	ssize_t i, n;

	if (child.statm_fd < 0) /* late: most children end before their first tick */
		child.statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	n = syscall(SYS_pread64, child.statm_fd, text, sizeof(text), (off_t)0);
	for (i = 0; i < n && field < 3; i++) {
		if (text[i] >= '0' && text[i] <= '9')
			v[field] = v[field] * 10 + (uint64_t)(text[i] - '0');
		else
			field++;
	}
	return v[1] > v[2] ? (v[1] - v[2]) * child.page : 0;
}

/*
 * What has to be said is said on the target's own stack, of which the sanitizer prints the frames; on_tick doesn't
 * run there, so that it takes nothing from a target that is near the end of it.
 */
static void thresh_rt_on_say(int sig)
{
	uint64_t limit = child.task->timeout_ms;
	int over = child.cpu_ms >= limit;
	int saved = errno;

	(void)sig;
	if (child.rec == NULL || child.forked)
		return;
	if (child.wall_over) {
		thresh_rt_say("==%u== ERROR: thresh: timeout after %u ms of wall-clock time\n",
			(uint64_t)child.pid, limit * 2 + 2000, 0);
		thresh_rt_stack();
		thresh_rt_end(THRESH_RT_TIMED_OUT);
	}
	if (child.too_large) {
		thresh_rt_say("==%u== ERROR: thresh: out of memory (used %u bytes, limit %u)\n",
			(uint64_t)child.pid, child.too_large, child.task->memory);
		thresh_rt_stack();
		thresh_rt_end(THRESH_RT_NO_MEMORY);
	}
	child.samples++;
	thresh_rt_say("thresh: stack sample %u of %u\n", child.samples, SAMPLES, 0);
	if (over)
		thresh_rt_say("==%u== ERROR: thresh: timeout after %u ms of CPU time\n",
			(uint64_t)child.pid, limit, 0);
	thresh_rt_stack();
	if (over)
		thresh_rt_end(THRESH_RT_TIMED_OUT);
	errno = saved;
}

static void thresh_rt_count_cpu(void)
{
	struct timespec ts;
	uint64_t now, tick_ns = child.tick_ms * 1000000;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) < 0) {
		child.cpu_ms += child.tick_ms;
		return;
	}
	now = (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
	if (child.ticks++ == 0)
		child.cpu_start_ns = now - (now < tick_ns ? now : tick_ns);
	child.cpu_ms = (now - child.cpu_start_ns) / 1000000;
}

static void thresh_rt_on_tick(int sig, siginfo_t *info, void *context)
{
	uint64_t used;
	int saved = errno;

	(void)sig;
	(void)context;
	if (child.rec == NULL || child.forked)
		return;
	if (info->si_code <= 0) { /* sent by the near end: the wall clock ran out */
		child.wall_over = 1;
	} else {
		thresh_rt_count_cpu();
		used = thresh_rt_resident();
		if (child.task->memory != 0 && used > child.task->memory)
			child.too_large = used;
	}
	if (child.wall_over || child.too_large ||
		child.cpu_ms >= child.task->timeout_ms * (2 + child.samples) / 4)
		raise(SIGVTALRM); /* blocked here: it comes as soon as this returns */
	errno = saved;
}

/* Of what is made for a file of ERR_LIMIT, so much where the file may be less. */
static uint64_t thresh_rt_err_part(uint64_t bytes)
{
	return bytes < child.err_limit / 4 ? bytes : child.err_limit / 4;
}

/* Standard error reached its limit: keep the start of what this input printed, make room for a report. */
static void thresh_rt_on_flood(int sig)
{
	int saved = errno;

	(void)sig;
	if (ftruncate(child.env->err_fd, (off_t)(child.err_at + thresh_rt_err_part(ERR_KEEP))) <
		0) {
		/* nothing that the input did: its report has no room here */
		if (child.rec != NULL)
			child.rec->verdict = THRESH_RT_UNABLE;
		thresh_rt_quit(THRESH_RT_EXIT_OWN);
	}
	errno = saved;
}

static void thresh_rt_on_death(void)
{
	if (child.rec == NULL)
		return;
	if (getpid() != child.pid)
		child.rec->flags |= THRESH_RT_FORKED;
	else if (child.rec->verdict == THRESH_RT_NONE) {
		if (thresh_rt_told_silent())
			thresh_rt_fault_here();
		child.rec->verdict = THRESH_RT_CRASHED;
	}
}

/* Without a frame of its own: the innermost ones tell known failures from others. */
static inline __attribute__((always_inline)) void thresh_rt_say_exit(int status)
{
	if (getpid() != child.pid)
		return;
	if (child.rec != NULL && thresh_rt_early_failed)
		thresh_rt_early_failed(thresh_rt_key(EXIT_HOW, (uint64_t)status));
	if (thresh_rt_fault_told(child.rec) || thresh_rt_told_error()) {
		/* by its own handler, or what it does on a report */
		child.rec->verdict = THRESH_RT_CRASHED;
	} else if (child.rec != NULL) {
		thresh_rt_say("==%u== ERROR: thresh: fuzz target exited with status %u\n",
			(uint64_t)child.pid, (uint64_t)(status & 255), 0);
		thresh_rt_stack();
		child.rec->verdict = THRESH_RT_EXITED;
	}
	thresh_rt_last_places();
}

void thresh_rt_exits(int status)
{
	thresh_rt_say_exit(status);
}

static void thresh_rt_on_exit(int status, void *arg)
{
	(void)arg;
	if (getpid() != child.pid)
		fflush(NULL);
	thresh_rt_say_exit(status);
	thresh_rt_quit(status);
}

const void *thresh_rt_input(void)
{
	return child.rec;
}

int thresh_rt_is_child(void)
{
	return child.rec != NULL && !child.forked && getpid() == child.pid;
}

static void thresh_rt_on_fork(void)
{
	child.forked = 1;
	/* forgotten over a fork; without it a report goes to a file of its own */
	thresh_rt_told_aim();
}

void thresh_rt_alloc_size(size_t size)
{
	if (child.rec == NULL || child.task->memory == 0 || size <= child.task->memory ||
		(uint64_t)size > SURELY_REFUSED)
		return;
	thresh_rt_say("==%u== ERROR: thresh: out of memory (asked for %u bytes, limit %u)\n",
		(uint64_t)child.pid, size, child.task->memory);
	thresh_rt_stack();
	thresh_rt_end(THRESH_RT_NO_MEMORY);
}

void thresh_rt_heap_moved(int64_t bytes)
{
	if (child.rec == NULL || (child.task->flags & THRESH_RT_HEAP) == 0)
		return;
	child.live += bytes;
	if (child.live > 0 && (uint64_t)child.live > child.rec->heap)
		child.rec->heap = (uint64_t)child.live;
}

int thresh_rt_heap_hooked(void)
{
	return __sanitizer_install_malloc_and_free_hooks && __sanitizer_get_ownership &&
	       __sanitizer_get_allocated_size;
}

static void thresh_rt_on_malloc(const volatile void *p, size_t n)
{
	(void)p;
	child.mallocs++;
	thresh_rt_alloc_size(n);
	thresh_rt_heap_moved((int64_t)n);
}

static void thresh_rt_on_free(const volatile void *p)
{
	if (p == NULL)
		return;
	child.frees++;
	/* what isn't owned is about to be reported, by the sanitizer itself */
	if (child.rec != NULL && (child.task->flags & THRESH_RT_HEAP) != 0 &&
		__sanitizer_get_ownership && __sanitizer_get_ownership(p))
		thresh_rt_heap_moved(-(int64_t)__sanitizer_get_allocated_size(p));
}

void thresh_rt_hooks_install(void)
{
	child.pending = UINT32_MAX;
	if (__sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(thresh_rt_on_malloc, thresh_rt_on_free);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(thresh_rt_on_death);
	on_exit(thresh_rt_on_exit, NULL);
	pthread_atfork(NULL, NULL, thresh_rt_on_fork);
}

uint64_t thresh_rt_now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

/* top: of the stack below which inputs run */
static void thresh_rt_child_setup(const struct thresh_rt_child_env *env, const void *top)
{
	struct sigaction sa;
	struct itimerval timer;
	struct rlimit limit;
	sigset_t set;

	child.env = env;
	child.task = env->task;
	child.seg = env->seg;
	child.rec = NULL;
	child.pid = getpid();
	child.forked = 0;
	child.wall_over = 0;
	child.too_large = 0;
	child.statm_fd = -1;
	child.page = (uint64_t)sysconf(_SC_PAGESIZE);
	child.tick_ms = env->task->timeout_ms >= 100 ? 10 : env->task->timeout_ms / 10;
	if (child.tick_ms == 0)
		child.tick_ms = 1;
	thresh_rt_told_aim();
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);

	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = thresh_rt_on_tick;
	sa.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
	sigfillset(&sa.sa_mask);
	sigdelset(&sa.sa_mask, SIGSEGV);
	sigaction(SIGPROF, &sa, NULL);
	sa.sa_flags = SA_RESTART;
	sa.sa_handler = thresh_rt_on_say;
	sigaction(SIGVTALRM, &sa, NULL);
	sa.sa_handler = thresh_rt_on_flood;
	sigaction(SIGXFSZ, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGPROF);
	sigaddset(&set, SIGVTALRM);
	sigaddset(&set, SIGXFSZ);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	thresh_rt_fault_watch(env->err_fd, top);
	if (thresh_rt_denied_watch)
		thresh_rt_denied_watch(env->seg);
	if ((env->task->flags & THRESH_RT_EARLY) != 0 && thresh_rt_early_watch)
		thresh_rt_early_watch(env->task);

	child.err_limit = ERR_LIMIT;
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0) {
		if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < ERR_LIMIT)
			child.err_limit = limit.rlim_cur;
		limit.rlim_cur = child.err_limit;
		setrlimit(RLIMIT_FSIZE, &limit);
	}
	if (env->task->stack_more != 0 && getrlimit(RLIMIT_STACK, &limit) == 0 &&
		limit.rlim_cur != RLIM_INFINITY) {
		limit.rlim_cur += env->task->stack_more;
		setrlimit(
			RLIMIT_STACK, &limit); /* in force at once: the kernel looks as it grows */
	}
	timer.it_interval.tv_sec = (time_t)(child.tick_ms / 1000);
	timer.it_interval.tv_usec = (suseconds_t)(child.tick_ms % 1000 * 1000);
	timer.it_value = timer.it_interval;
	setitimer(ITIMER_PROF, &timer, NULL);
}

static __attribute__((noinline)) int thresh_rt_call_target(const uint8_t *data, size_t len)
{
	int rc;

	if (__msan_unpoison_param)
		__msan_unpoison_param(2);
	rc = LLVMFuzzerTestOneInput(data, len);
	__asm__ volatile(""); /* no tail call: this frame ends the stack */
	return rc;
}

static void thresh_rt_faults_begin(const struct thresh_rt_in *in)
{
	int after = (in->flags & THRESH_RT_FAULT_AFTER) != 0;

	if (thresh_rt_io_begin)
		thresh_rt_io_begin(
			in->fault, in->fault != THRESH_RT_FAULT_ALLOC ? in->fail_at : 0, after);
	if (thresh_rt_alloc_begin)
		thresh_rt_alloc_begin(in->fault == THRESH_RT_FAULT_ALLOC ? in->fail_at : 0, after);
}

/* Runs it in a block of its own; the verdict, THRESH_RT_UNABLE without memory for it. */
static enum thresh_rt_verdict thresh_rt_run(
	const struct thresh_rt_in *in, struct thresh_rt_rec *rec)
{
	const uint8_t *input = (const uint8_t *)child.task + child.task->data_off + in->off;
	size_t len = in->len;
	/* an empty input points behind a block, so that reading even one byte is seen */
	uint8_t *block = malloc(len != 0 ? len : 8), *data;
	int rc;

	if (block == NULL)
		return THRESH_RT_UNABLE;
	data = len != 0 ? block : block + 8;
	memcpy(data, input, len);
	if (__msan_unpoison)
		__msan_unpoison(data, len);
	child.ticks = child.samples = child.cpu_ms = 0;
	child.mallocs = 1; /* the block */
	child.frees = 0;
	child.live = 0;
	child.rec = rec;
	thresh_rt_told_begin();
	if (thresh_rt_early_input)
		thresh_rt_early_input(rec);
	thresh_rt_faults_begin(in);
	rc = thresh_rt_call_target(data, len);
	if (thresh_rt_alloc_end)
		rec->allocs = thresh_rt_alloc_end();
	if (thresh_rt_io_end)
		thresh_rt_io_end(rec->io);
	if (child.forked)
		thresh_rt_quit(0); /* the target forked, and this copy came back too */
	/* the report is there; that the target itself went on doesn't make it untrue */
	if ((rec->flags & THRESH_RT_FORKED) != 0)
		thresh_rt_end(THRESH_RT_CRASHED);
	if (memcmp(data, input, len) != 0) {
		thresh_rt_say("==%u== ERROR: thresh: fuzz target overwrites its const input\n",
			(uint64_t)child.pid, 0, 0);
		thresh_rt_stack();
		thresh_rt_end(THRESH_RT_CRASHED);
	}
	child.rec = NULL;
	free(block);
	return rc == -1 ? THRESH_RT_REJECTED : THRESH_RT_OK;
}

/* How many suspicious inputs share one check: the more, the more checks in a row found nothing. */
static uint32_t thresh_rt_leak_interval(uint32_t benign)
{
	return benign < 4 ? 1 : benign < 10 ? 1u << (benign - 3) : 64;
}

/*
 * What the target left in the stack below here. The frames of the leak check have gaps, through which it would see
 * pointers of calls that are over, and take what they point to for still in use: a leak that is found or not by luck.
 */
static __attribute__((noinline)) void thresh_rt_scrub_stack(void)
{
	char dead[SCRUB];

	memset(dead, 0, sizeof(dead));
	__asm__ volatile("" : : "r"(dead) : "memory");
}

/* So would frames that ASan keeps apart from the stack and an exception or longjmp() left: the next one ends them. */
static void thresh_rt_frames_clear(void)
{
	uintptr_t frame =
		__asan_stack_malloc_0 && __asan_stack_free_0 ? __asan_stack_malloc_0(FRAME_0) : 0;

	if (frame != 0)
		__asan_stack_free_0(frame, FRAME_0);
}

/*
 * After the inputs [pending, upto): has one leaked? Nothing is said of them before, as they are marked
 * suspect. If several are, the near end runs them alone.
 */
static void thresh_rt_leak_check(uint32_t upto, enum thresh_rt_verdict last)
{
	struct thresh_rt_rec *recs = thresh_rt_recs(child.seg);
	uint32_t i;

	thresh_rt_told_aim();
	thresh_rt_frames_clear();
	thresh_rt_scrub_stack();
	if (__lsan_do_recoverable_leak_check()) {
		child.seg->benign = 0;
		if (child.pending + 1 == upto) {
			child.rec = &recs[child.pending];
			child.rec->flags &= ~(uint32_t)THRESH_RT_SUSPECT;
			thresh_rt_end(THRESH_RT_LEAKED);
		}
		recs[upto - 1].verdict = last; /* which may be no suspect */
		__atomic_store_n(&child.seg->done, upto, __ATOMIC_RELEASE);
		child.seg->ended = THRESH_RT_ENDED_SUSPECT;
		thresh_rt_quit(0);
	}
	for (i = child.pending; i < upto; i++)
		recs[i].flags &= ~(uint32_t)THRESH_RT_SUSPECT;
	child.pending = UINT32_MAX;
	child.suspicions = 0;
	if (child.seg->benign < 1000)
		child.seg->benign++;
}

/* True when a check was made, which takes a while. */
static int thresh_rt_after_input(uint32_t i, int last, enum thresh_rt_verdict verdict)
{
	struct thresh_rt_rec *rec = &thresh_rt_recs(child.seg)[i];

	if ((child.task->flags & THRESH_RT_LEAKS) == 0 ||
		(child.env->has & THRESH_RT_HAS_LEAKS) == 0)
		return 0;
	if (child.mallocs > child.frees) {
		rec->flags |= THRESH_RT_SUSPECT;
		if (child.pending == UINT32_MAX)
			child.pending = i;
		child.suspicions++;
	}
	if (child.pending == UINT32_MAX ||
		(!last && (rec->flags & THRESH_RT_FIRST) == 0 &&
			child.suspicions < thresh_rt_leak_interval(child.seg->benign)))
		return 0;
	thresh_rt_leak_check(i + 1, verdict);
	return 1;
}

static __attribute__((noreturn)) void thresh_rt_child_end(enum thresh_rt_ended how)
{
	if (__llvm_profile_write_file)
		__llvm_profile_write_file();
	if (__gcov_dump)
		__gcov_dump();
	child.seg->ended = how;
	thresh_rt_quit(0);
}

void thresh_rt_child(const struct thresh_rt_child_env *env, uint32_t from, uint32_t to)
{
	struct thresh_rt_rec *recs = thresh_rt_recs(env->seg), *rec;
	uint64_t start, before, now, at;
	int features = (env->task->flags & THRESH_RT_FEATURES) != 0, stop = 0;
	enum thresh_rt_verdict verdict;
	uint32_t i;
	off_t end;

	thresh_rt_child_setup(env, __builtin_frame_address(0));
	end = lseek(env->err_fd, 0, SEEK_END);
	at = end > 0 ? (uint64_t)end : 0;
	start = before = thresh_rt_now_us();
	for (i = from; i < to && !stop; i++) {
		rec = &recs[i];
		rec->err_from = rec->err_to = child.err_at = at;
		rec->pid = (uint32_t)child.pid;
		if (i == from)
			rec->flags |= THRESH_RT_FIRST;
		__atomic_store_n(&env->seg->current, i, __ATOMIC_RELEASE);
		if (features)
			thresh_rt_features_clear();
		verdict = thresh_rt_run(&thresh_rt_ins(env->task)[i], rec);
		if (features && !thresh_rt_record_features(rec, i == from)) {
			rec->flags &= ~(uint32_t)THRESH_RT_FIRST;
			thresh_rt_child_end(THRESH_RT_ENDED_STOP);
		}
		end = lseek(env->err_fd, 0, SEEK_END);
		if (end >= 0)
			rec->err_to = at = (uint64_t)end;
		now = thresh_rt_now_us();
		rec->wall_us = (uint32_t)(now - before);
		rec->cpu_us = (uint32_t)(now - before < 2000 * child.tick_ms ? now - before
									     : child.cpu_ms * 1000);
		stop = now - start >= (uint64_t)env->task->budget_ms * 1000 ||
		       at > thresh_rt_err_part(ERR_ENOUGH) ||
		       __atomic_load_n(&env->task->stop, __ATOMIC_RELAXED);
		before = thresh_rt_after_input(i, i + 1 == to || stop, verdict) ? thresh_rt_now_us()
										: now;
		rec->verdict = verdict;
		__atomic_store_n(&env->seg->done, i + 1, __ATOMIC_RELEASE);
	}
	thresh_rt_child_end(stop && i < to ? THRESH_RT_ENDED_STOP : THRESH_RT_ENDED_ALL);
}
