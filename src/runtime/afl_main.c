/*
 * AFL++'s entry point: persistent mode with the input in shared memory. Linked into the afl and afl-cmplog variants in
 * place of AFL++'s own driver, which loops for ever (a target that leaks grows until the machine is out of memory) and
 * outlives an afl-fuzz that was killed. Run by hand, `./harness FILE...` replays files, or standard input.
 *
 * afl-fuzz goes on after a failure, but in a new process, which costs as much as hundreds of inputs that pass. So at a place
 * where some have ended already, an input is given up instead, and afl-fuzz sees one that reached nothing; unless it reached
 * an edge, or left one out, as none that ended did: those are what afl-fuzz keeps, and two faults may have one place, since
 * compilers make one call of two to abort(). That goes only where the fault is the target's own, not libc's: a heap that is
 * found to be spoiled may be locked.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "thresh_rt_mutate.h"
#include "thresh_rt_protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Inputs per process: a fork in so many costs nothing, and bounds what a leak or a kept state can do. */
#define THRESH_RT_INPUTS 20000

__AFL_FUZZ_INIT();

/* The process that runs an input for afl-fuzz; 0: none does. */
static volatile pid_t thresh_rt_running;

/* afl-fuzz takes an exit for a good end. */
static void thresh_rt_on_exit(void)
{
	if (thresh_rt_running != getpid())
		return;
	thresh_rt_running = 0; /* nobody goes on in the middle of exit() */
	abort();
}

/* Its kin that no handler of exit() hears of. These stand before libc's; a target may have its own. */
__attribute__((noreturn, weak)) void _exit(int status)
{
	thresh_rt_on_exit();
	for (;;)
		syscall(SYS_exit_group, status);
}

__attribute__((noreturn, weak, alias("_exit"))) void _Exit(int status);

/* --- failures at known places --- */

/* at one place so many end the process: afl-fuzz keeps those of them that differ in what they reached before */
#define THRESH_RT_ENDS 3
/* of one process, whose memory is less and less what it should be */
#define THRESH_RT_SURVIVED_MAX 1000
#define THRESH_RT_FRAMES 12
/* from a signal's handler to the target: past the handler, its return, and a function of libc; past abort() or assert(), too */
#define THRESH_RT_TO_FAULT 3
#define THRESH_RT_TO_ABORT 7

static const int thresh_rt_signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };

static struct {
	/* shared by all processes of this target; NULL: none survives */
	struct thresh_rt_places *places;
	pthread_t thread;
	pid_t self;
	uint8_t *seen; /* beside them: THRESH_RT_HIT, THRESH_RT_LEFT_OUT, for each edge */
	size_t n_seen;
	void *back[5]; /* of __builtin_setjmp */
	volatile unsigned survived;
	const uint8_t *data; /* of the input that runs */
	size_t size;
} thresh_rt_afl;

enum { THRESH_RT_HIT = 1, THRESH_RT_LEFT_OUT = 2 };

extern char __executable_start, etext;
extern uint32_t __afl_map_size;
/* Where __afl_area_ptr is, which the compiler's pass declares itself, and only then under its name. */
#if __SIZEOF_POINTER__ == 8
#define THRESH_RT_POINTER ".quad"
#else
#define THRESH_RT_POINTER ".long"
#endif
__asm__(".pushsection .data.rel,\"aw\"\n\t.balign 8\nthresh_rt_map:\n\t" THRESH_RT_POINTER
	" __afl_area_ptr\n\t.popsection");
extern __attribute__((visibility("hidden"))) uint8_t **thresh_rt_map;

static int thresh_rt_is_code(const void *p)
{
	return (const char *)p >= &__executable_start && (const char *)p < &etext;
}

/* Of the target's code; 0: of libc or the heap. */
static int thresh_rt_is_own(int sig, void *const *frames, int n)
{
	int i, most = sig == SIGABRT ? THRESH_RT_TO_ABORT : THRESH_RT_TO_FAULT;

	for (i = 2; i < n && i <= most; i++)
		if (thresh_rt_is_code(frames[i]))
			return 1;
	return 0;
}

/* How many ended there, this one among them. */
static uint64_t thresh_rt_ended(int sig, void *const *frames, int n)
{
	uint64_t place = (uint64_t)sig;
	size_t k, at;
	int i;

	/* the first is the handler; the target lies elsewhere in each start */
	for (i = 1; i < n; i++) {
		if (!thresh_rt_is_code(frames[i]))
			continue;
		place = (place ^ (uint64_t)((char *)frames[i] - &__executable_start)) *
			0x9e3779b97f4a7c15u;
		place ^= place >> 29;
	}
	place += place == 0;
	for (k = 0, at = (size_t)(place % THRESH_RT_MAX_ENDS); k < THRESH_RT_MAX_ENDS; k++) {
		struct thresh_rt_ends *e =
			&thresh_rt_afl.places->ends[(at + k) % THRESH_RT_MAX_ENDS];

		if (!e->place)
			e->place = place;
		if (e->place == place)
			return e->n <= THRESH_RT_ENDS ? ++e->n : e->n;
	}
	return 0;
}

/* As afl-fuzz judges crashes. */
static int thresh_rt_is_fresh(void)
{
	const uint8_t *map = *thresh_rt_map;
	int fresh = 0;
	size_t i;

	for (i = 0; i < thresh_rt_afl.n_seen; i++) {
		uint8_t bit = map[i] ? THRESH_RT_HIT : THRESH_RT_LEFT_OUT;

		fresh |= !(thresh_rt_afl.seen[i] & bit);
		thresh_rt_afl.seen[i] |= bit;
	}
	return fresh;
}

/* Nothing that this process went on after can be why it ends. */
static void thresh_rt_note_alone(void)
{
	struct thresh_rt_places *p = thresh_rt_afl.places;

	p->alone[p->n_alone++ % THRESH_RT_MAX_ALONE] =
		thresh_rt_input_key(thresh_rt_afl.data, thresh_rt_afl.size);
}

static void thresh_rt_on_fault(int sig)
{
	void *frames[THRESH_RT_FRAMES];
	pid_t running = thresh_rt_running;
	int n, fresh, known;

	thresh_rt_running = 0; /* what fails in here fails for good */
	if (running == getpid() && pthread_equal(pthread_self(), thresh_rt_afl.thread)) {
		n = backtrace(frames, THRESH_RT_FRAMES);
		/* both keep what they see */
		fresh = thresh_rt_is_fresh();
		known = thresh_rt_ended(sig, frames, n) > THRESH_RT_ENDS;
		if (known && !fresh && thresh_rt_is_own(sig, frames, n))
			__builtin_longjmp(thresh_rt_afl.back, 1);
		if (!thresh_rt_afl.survived)
			thresh_rt_note_alone();
	}
	signal(sig, SIG_DFL);
	/* a fault comes again by itself, when this returns */
	if (sig == SIGABRT || sig == SIGTRAP)
		raise(sig);
}

/* In a file, where there is one, for the next start: what a place was in another build says nothing of this one. */
static struct thresh_rt_places *thresh_rt_map_places(void)
{
	const char *path = getenv("THRESH_RT_PLACES");
	size_t size = sizeof(struct thresh_rt_places) + __afl_map_size;
	int fd = path ? open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	struct thresh_rt_places *p;
	struct stat st;
	uint64_t build = 0;

	if (stat("/proc/self/exe", &st) == 0)
		build = ((uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec) ^
			(uint64_t)st.st_size << 40;
	if (fd >= 0 && ftruncate(fd, (off_t)size) < 0) {
		close(fd);
		fd = -1;
	}
	p = (struct thresh_rt_places *)mmap(NULL, size, PROT_READ | PROT_WRITE,
		fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p == MAP_FAILED)
		return NULL;
	if (p->build != build)
		memset(p, 0, size);
	p->build = build;
	thresh_rt_afl.seen = (uint8_t *)(p + 1);
	thresh_rt_afl.n_seen = __afl_map_size;
	return p;
}

static void thresh_rt_survive(void)
{
	static char stack[1 << 16];
	struct sigaction sa;
	stack_t own;
	void *frames[2];
	size_t i;

	thresh_rt_afl.places = thresh_rt_map_places();
	if (!thresh_rt_afl.places)
		return;
	backtrace(frames, 2); /* loads what it needs, which a signal handler mustn't */
	memset(&own, 0, sizeof(own));
	own.ss_sp = stack;
	own.ss_size = sizeof(stack);
	sigaltstack(&own, NULL);
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = thresh_rt_on_fault;
	sa.sa_flags = SA_ONSTACK | SA_NODEFER;
	for (i = 0; i < sizeof(thresh_rt_signals) / sizeof(*thresh_rt_signals); i++)
		sigaction(thresh_rt_signals[i], &sa, NULL);
}

/* An input without bytes after it that happen to be there: what reads on should leave its allocation. */
static void thresh_rt_one(const unsigned char *data, size_t size)
{
	LLVMFuzzerTestOneInput(data, size);
}

static void thresh_rt_run(const unsigned char *data, size_t size)
{
	/* nothing changes between the two returns that is needed behind the second */
	if (__builtin_setjmp(thresh_rt_afl.back)) {
		thresh_rt_afl.survived++;
		thresh_rt_afl.places->survived = 1;
		memset(*thresh_rt_map, 0, __afl_map_size);
		**thresh_rt_map = 1;
		return;
	}
	thresh_rt_afl.data = data;
	thresh_rt_afl.size = size;
	thresh_rt_running = thresh_rt_afl.self;
	thresh_rt_one(data, size);
	thresh_rt_running = 0;
}

static int thresh_rt_replay(FILE *f)
{
	unsigned char *data = NULL;
	size_t size = 0, cap = 0;

	for (;;) {
		size_t n;

		if (size == cap) {
			unsigned char *more = realloc(data, cap = cap ? 2 * cap : 65536);

			if (!more)
				break;
			data = more;
		}
		n = fread(data + size, 1, cap - size, f);
		if (n == 0)
			break;
		size += n;
	}
	if (data)
		thresh_rt_one(data, size);
	free(data);
	return 0;
}

static int thresh_rt_files(int argc, char **argv)
{
	int rc = 0;

	if (argc < 2)
		return thresh_rt_replay(stdin);
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");

		if (f) {
			thresh_rt_replay(f);
			fclose(f);
		} else {
			perror(argv[i]);
			rc = 1;
		}
	}
	return rc;
}

/* Each process dies with the one above it: fork server with afl-fuzz, child with fork server. */
static void thresh_rt_die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent && getppid() == 1)
		_exit(1);
}

int main(int argc, char **argv)
{
	thresh_rt_die_with(getppid());
	if (LLVMFuzzerInitialize && LLVMFuzzerInitialize(&argc, &argv) != 0) {
		fputs("thresh: LLVMFuzzerInitialize failed: it didn't return 0\n", stderr);
		return 2;
	}
	if (getenv(THRESH_RT_MUTATE)) {
		thresh_rt_make_mutations(atoi(getenv(THRESH_RT_MUTATE)));
		return 0;
	}
	if (!getenv("__AFL_SHM_ID"))
		return thresh_rt_files(argc, argv);
	thresh_rt_survive();
	__AFL_INIT();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	atexit(thresh_rt_on_exit);
	thresh_rt_afl.thread = pthread_self();
	thresh_rt_afl.self = getpid();
	{
		unsigned char *shared = __AFL_FUZZ_TESTCASE_BUF;

		while (thresh_rt_afl.survived < THRESH_RT_SURVIVED_MAX &&
			__AFL_LOOP(THRESH_RT_INPUTS))
			thresh_rt_run(shared, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	}
	return 0;
}
