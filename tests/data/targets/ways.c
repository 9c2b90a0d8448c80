/*
 * Ways to fail, each from two places: 'h' 'H' past a heap block, 's' 'w' a wild address, 'n' near null, 'a' abort, 'x' exit,
 * 'o' overflow, 'd' division, 'r' recursion, 'b' a breakpoint; and 'i' is a fault that the target handles itself.
 */
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile int one = 1;
static volatile uintptr_t wild = (uintptr_t)0x41414141 << 16;

static sigjmp_buf back;

static void on_illegal(int sig)
{
	siglongjmp(back, sig);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	signal(SIGILL, on_illegal);
	return 0;
}

static __attribute__((noinline)) int bad(uint8_t how)
{
	volatile char *p = malloc(4);
	int r = 0;

	switch (how) {
	case 'h':
		r = p[4];
		break;
	case 'H':
		p[4] = 1;
		break;
	case 's':
	case 'n': /* one instruction, two kinds of fault */
		r = *(volatile char *)(wild >> (how == 'n' ? 44 : 0));
		break;
	case 'w':
		*(volatile char *)wild = 1;
		break;
	case 'd':
		r = one / (one - 1);
		break;
	case 'r':
		r = bad(how) + one;
		break;
	case 'b':
#if defined(__x86_64__)
		__asm__ volatile("int3");
#else
		raise(SIGTRAP);
#endif
		break;
	case 'i':
		if (sigsetjmp(back, 1) == 0)
			__builtin_trap();
		break;
	case 'a':
		abort();
	case 'x':
		exit(3);
	case 'o':
		r = INT_MAX - 1 + one + one;
		break;
	}
	free((void *)(uintptr_t)p);
	return r;
}

static __attribute__((noinline)) int elsewhere(uint8_t how)
{
	return bad(how) + one;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 1)
		return bad(data[0]) == 100;
	if (size == 2)
		return elsewhere(data[1]) == 100;
	return 0;
}
