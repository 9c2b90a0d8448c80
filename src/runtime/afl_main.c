/*
 * AFL++'s entry point: persistent mode with the input in shared memory. Linked into the afl and afl-cmplog variants in
 * place of AFL++'s own driver, which loops for ever (a target that leaks grows until the machine is out of memory) and
 * outlives an afl-fuzz that was killed. Run by hand, `./harness FILE...` replays files, or standard input.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "thresh_rt_mutate.h"

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
	if (thresh_rt_running == getpid())
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

/* An input without bytes after it that happen to be there: what reads on should leave its allocation. */
static void thresh_rt_one(const unsigned char *data, size_t size)
{
	LLVMFuzzerTestOneInput(data, size);
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
	__AFL_INIT();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	atexit(thresh_rt_on_exit);
	{
		unsigned char *shared = __AFL_FUZZ_TESTCASE_BUF;
		pid_t self = getpid();

		while (__AFL_LOOP(THRESH_RT_INPUTS)) {
			size_t size = (size_t)__AFL_FUZZ_TESTCASE_LEN;

			thresh_rt_running = self;
			thresh_rt_one(shared, size);
			thresh_rt_running = 0;
		}
	}
	return 0;
}
