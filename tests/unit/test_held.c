/* What a run leaves allocated: the table of places, also under more allocations than it holds, and threads. */
#include "base/prelude.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* not in the library: it goes into targets */
#include "runtime/held.c"

#define THREADS 4
#define EACH 3000

static char blocks[THREADS * EACH];

static void test_left(void **state_)
{
	(void)state_;
	on_malloc(&blocks[0], 1);
	thresh_rt_trace_begin();
	assert_int_equal(thresh_rt_held(), 1);
	on_free(&blocks[0]);
	assert_int_equal(thresh_rt_held(), 0);
	on_free(NULL);
	assert_int_equal(thresh_rt_held(), 0);
	on_malloc(&blocks[1], 1);
	on_malloc(&blocks[2], 1);
	on_free(&blocks[1]);
	assert_true(thresh_rt_trace_end() != 0);
	/* it is the other one's that is left */
	assert_int_equal(state.n, 1);
	assert_ptr_equal(state.traced[0].p, &blocks[2]);
	on_free(&blocks[2]);
	thresh_rt_trace_begin();
	on_malloc(&blocks[1], 1);
	on_free(&blocks[1]);
	assert_true(thresh_rt_trace_end() == 0);
	assert_int_equal(thresh_rt_held(), 0);
}

static jmp_buf back;

/* A fault at the table that is survived: the next trace is as good as any. */
static void test_jumped_out(void **state_)
{
	(void)state_;
	thresh_rt_trace_begin();
	if (setjmp(back) == 0) {
		assert_true(enter());
		longjmp(back, 1);
	}
	thresh_rt_trace_end();
	thresh_rt_trace_begin();
	on_malloc(&blocks[7], 1);
	assert_true(thresh_rt_trace_end() != 0);
	on_free(&blocks[7]);
}

static void test_many(void **state_)
{
	(void)state_;
	thresh_rt_trace_begin();
	for (size_t i = 0; i < 3 * TRACED; i++)
		on_malloc(&blocks[i], 1);
	assert_int_equal(state.n, TRACED);
	for (size_t i = 0; i < 3 * TRACED; i++)
		on_free(&blocks[i]);
	assert_true(thresh_rt_trace_end() == 0);
}

static void *work(void *arg)
{
	char *own = arg;

	for (size_t i = 0; i < EACH; i++) {
		on_malloc(&own[i], 1);
		if (i % 3 == 0)
			on_free(&own[i]);
		if (state.n > TRACED)
			return arg;
	}
	return NULL;
}

/* Threads of a target's allocate at once: the table has an end for all of them. */
static void test_threads(void **state_)
{
	pthread_t threads[THREADS];

	(void)state_;
	thresh_rt_trace_begin();
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &blocks[i * EACH]), 0);
	for (size_t i = 0; i < THREADS; i++) {
		void *beyond;

		pthread_join(threads[i], &beyond);
		assert_null(beyond);
	}
	thresh_rt_trace_end();
	/* one that is at the table, or died there, keeps the others out */
	thresh_rt_trace_begin();
	state.busy = 1;
	on_malloc(&blocks[0], 1);
	assert_int_equal(state.n, 0);
	/* nor is another's table taken for a new trace's */
	state.n = 1;
	thresh_rt_trace_begin();
	assert_true(thresh_rt_trace_end() == 0);
	state.busy = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_left),
		cmocka_unit_test(test_jumped_out),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
