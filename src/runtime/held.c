/*
 * For survive.c. Each allocation and each free is counted by the sanitizer's hooks. While a run is traced the places of what
 * is allocated are kept until it is freed: what is left then is what the run leaves.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "thresh_rt_held.h"
#include "thresh_rt_protocol.h"

#include <execinfo.h>
#include <stddef.h>

#define FRAMES 10
#define TRACED 256

int __sanitizer_install_malloc_and_free_hooks(void (*on_malloc)(const volatile void *, size_t),
	void (*on_free)(const volatile void *)) __attribute__((weak));

static struct {
	long held; /* allocations less frees */
	volatile int tracing;
	int busy;  /* a thread is at the table, or in an allocation of its own for that */
	int begun; /* the table is of this trace */
	unsigned n;
	struct {
		const volatile void *p;
		uint64_t place;
	} traced[TRACED];
} state;
/* This thread is the one at the table: a fault there that is survived leaves it so. */
static __thread int mine;

uint64_t thresh_rt_place(int sig)
{
	void *frames[FRAMES];
	int n = backtrace(frames, FRAMES), i;
	uint64_t h = thresh_rt_key(0x5u, (uint64_t)sig);

	/* the first two are this and its caller; abort()'s own are the same each time */
	for (i = 2; i < n; i++)
		h = thresh_rt_key(h, (uint64_t)(uintptr_t)frames[i]);
	return h;
}

/* Threads of the target's don't wait for each other: what comes meanwhile isn't traced. */
static int enter(void)
{
	if (!state.tracing || mine || __atomic_exchange_n(&state.busy, 1, __ATOMIC_ACQUIRE))
		return 0;
	mine = 1;
	return 1;
}

static void leave(void)
{
	mine = 0;
	__atomic_store_n(&state.busy, 0, __ATOMIC_RELEASE);
}

static void on_malloc(const volatile void *p, size_t n)
{
	(void)n;
	state.held++;
	if (!enter())
		return;
	if (state.n < TRACED) {
		state.traced[state.n].place = thresh_rt_place(-1);
		state.traced[state.n++].p = p;
	}
	leave();
}

static void on_free(const volatile void *p)
{
	unsigned i;

	state.held -= p != NULL;
	if (!enter())
		return;
	for (i = state.n; i-- > 0;)
		if (state.traced[i].p == p) {
			state.traced[i] = state.traced[--state.n];
			break;
		}
	leave();
}

void thresh_rt_held_begin(void)
{
	if (__sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}

long thresh_rt_held(void)
{
	return state.held;
}

void thresh_rt_trace_begin(void)
{
	state.begun = 0;
	state.tracing = 1;
	if (!enter()) {
		state.tracing = 0;
		return;
	}
	state.n = 0;
	state.begun = 1;
	leave();
}

uint64_t thresh_rt_trace_end(void)
{
	state.tracing = 0;
	if (mine)
		leave();
	return state.begun && state.n ? state.traced[0].place : 0;
}
