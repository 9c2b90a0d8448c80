/* SPDX-License-Identifier: 0BSD */
/*
 * Allocation counting and fault injection: defines malloc and its kin in the executable, in front of the sanitizer's
 * (whose own names are weak aliases of __interceptor_*) or glibc's. Off, it costs one test of a flag and a tail call,
 * so no frame of ours appears in an allocation's stack. What sanitizers bring of their own that goes past malloc is
 * in front of that in new.c, for C++, and libc.c.
 *
 * It stands alone: where a regression test needs a failing allocation, a copy lies beside replay.c as faults.c, those
 * two behind it, and replay.c includes it. Then it may be compiled with a sanitizer itself, and runs before that is
 * up: nothing here is instrumented. Of libraries other than glibc it knows no way behind malloc, and leaves such
 * tests to be skipped.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__GLIBC__) && !defined(__cplusplus)
#include <malloc.h>
#define THRESH_RT_FAULTS_C 1

#ifndef THRESH_RT_WEAK
#define THRESH_RT_WEAK __attribute__((weak))
#endif
#ifndef __clang__
#define THRESH_RT_BARE \
	__attribute__((no_sanitize_address, no_sanitize_thread, no_sanitize_undefined))
#elif __has_attribute(disable_sanitizer_instrumentation)
/* no_sanitize alone leaves something in under MSan and TSan */
#define THRESH_RT_BARE                                    \
	__attribute__((disable_sanitizer_instrumentation, \
		no_sanitize("address", "undefined", "coverage")))
#else
#define THRESH_RT_BARE \
	__attribute__((no_sanitize("address", "memory", "thread", "undefined", "coverage")))
#endif

void thresh_rt_alloc_begin(uint64_t fail, int after) THRESH_RT_WEAK;
uint64_t thresh_rt_alloc_end(void) THRESH_RT_WEAK;
int thresh_rt_alloc_must_fail(size_t size);
/* child.c: absent in a user's tree. */
void thresh_rt_alloc_size(size_t size) THRESH_RT_WEAK;
void thresh_rt_heap_moved(int64_t bytes) THRESH_RT_WEAK;

#define THRESH_RT_REAL(name) __interceptor_##name
#define THRESH_RT_DECLARE(ret, name, args)            \
	ret __interceptor_##name args THRESH_RT_WEAK; \
	ret __libc_##name args THRESH_RT_WEAK

THRESH_RT_DECLARE(void *, malloc, (size_t));
THRESH_RT_DECLARE(void *, calloc, (size_t, size_t));
THRESH_RT_DECLARE(void *, realloc, (void *, size_t));
THRESH_RT_DECLARE(void *, memalign, (size_t, size_t));
THRESH_RT_DECLARE(void, free, (void *));
int __interceptor_posix_memalign(void **out, size_t align, size_t n) THRESH_RT_WEAK;
void *__interceptor_aligned_alloc(size_t align, size_t n) THRESH_RT_WEAK;

/* Not thread-local: an input's threads count together; a lost update moves a fault by one. */
static struct {
	volatile int counting;
	uint64_t count, fail_at;
	int fail_after;
} thresh_rt_faults;

THRESH_RT_BARE void thresh_rt_alloc_begin(uint64_t fail, int after)
{
	thresh_rt_faults.count = 0;
	thresh_rt_faults.fail_at = fail;
	thresh_rt_faults.fail_after = after;
	thresh_rt_faults.counting = 1;
}

THRESH_RT_BARE uint64_t thresh_rt_alloc_end(void)
{
	thresh_rt_faults.counting = 0;
	return thresh_rt_faults.count;
}

/* Counts an allocation of size bytes; true: this one is to fail. Doesn't return when it's far too large. */
THRESH_RT_BARE static int thresh_rt_alloc_fails(size_t size)
{
	uint64_t n = ++thresh_rt_faults.count;

	if (thresh_rt_alloc_size)
		thresh_rt_alloc_size(size);
	if (thresh_rt_faults.fail_at == 0 ||
		(thresh_rt_faults.fail_after ? n < thresh_rt_faults.fail_at
					     : n != thresh_rt_faults.fail_at))
		return 0;
	errno = ENOMEM;
	return 1;
}

#define THRESH_RT_FAILS(size) \
	(__builtin_expect(thresh_rt_faults.counting, 0) ? thresh_rt_alloc_fails(size) : 0)

/* For new.c: counts it, and is this the one? */
THRESH_RT_BARE int thresh_rt_alloc_must_fail(size_t size)
{
	return THRESH_RT_FAILS(size);
}

/* Without a sanitizer's hooks what is allocated and freed is counted here, by the sizes that glibc gave. */
THRESH_RT_BARE static void *thresh_rt_gave(void *p, size_t had)
{
	if (thresh_rt_faults.counting && p != NULL && thresh_rt_heap_moved)
		thresh_rt_heap_moved((int64_t)malloc_usable_size(p) - (int64_t)had);
	return p;
}

THRESH_RT_BARE void *malloc(size_t n)
{
	if (THRESH_RT_FAILS(n))
		return NULL;
	return THRESH_RT_REAL(malloc) ? THRESH_RT_REAL(malloc)(n)
				      : thresh_rt_gave(__libc_malloc(n), 0);
}

THRESH_RT_BARE void *calloc(size_t n, size_t size)
{
	if (THRESH_RT_FAILS(n * size))
		return NULL;
	return THRESH_RT_REAL(calloc) ? THRESH_RT_REAL(calloc)(n, size)
				      : thresh_rt_gave(__libc_calloc(n, size), 0);
}

THRESH_RT_BARE void *realloc(void *p, size_t n)
{
	size_t had = 0;

	/* realloc(p, 0) frees: that can't fail */
	if ((p == NULL || n != 0) && THRESH_RT_FAILS(n))
		return NULL;
	if (THRESH_RT_REAL(realloc))
		return THRESH_RT_REAL(realloc)(p, n);
	if (thresh_rt_faults.counting && p != NULL && thresh_rt_heap_moved) {
		had = malloc_usable_size(p);
		if (n == 0)
			thresh_rt_heap_moved(-(int64_t)had);
	}
	return thresh_rt_gave(__libc_realloc(p, n), had);
}

THRESH_RT_BARE void free(void *p)
{
	if (THRESH_RT_REAL(free)) {
		THRESH_RT_REAL(free)(p);
		return;
	}
	if (thresh_rt_faults.counting && p != NULL && thresh_rt_heap_moved)
		thresh_rt_heap_moved(-(int64_t)malloc_usable_size(p));
	__libc_free(p);
}

THRESH_RT_BARE void *reallocarray(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, total);
}

void *memalign(size_t align, size_t n);
THRESH_RT_BARE void *memalign(size_t align, size_t n)
{
	if (THRESH_RT_FAILS(n))
		return NULL;
	return THRESH_RT_REAL(memalign) ? THRESH_RT_REAL(memalign)(align, n)
					: thresh_rt_gave(__libc_memalign(align, n), 0);
}

THRESH_RT_BARE void *aligned_alloc(size_t align, size_t n)
{
	if (THRESH_RT_FAILS(n))
		return NULL;
	return THRESH_RT_REAL(aligned_alloc) ? THRESH_RT_REAL(aligned_alloc)(align, n)
					     : thresh_rt_gave(__libc_memalign(align, n), 0);
}

THRESH_RT_BARE int posix_memalign(void **out, size_t align, size_t n)
{
	void *p;

	if (THRESH_RT_FAILS(n))
		return ENOMEM;
	if (THRESH_RT_REAL(posix_memalign))
		return THRESH_RT_REAL(posix_memalign)(out, align, n);
	if (align == 0 || align % sizeof(void *) != 0 || (align & (align - 1)) != 0)
		return EINVAL;
	p = thresh_rt_gave(__libc_memalign(align, n), 0);
	if (p == NULL)
		return ENOMEM;
	*out = p;
	return 0;
}

/* In whole pages; nobody else's own. */
void *valloc(size_t n);
THRESH_RT_BARE void *valloc(size_t n)
{
	return memalign((size_t)sysconf(_SC_PAGESIZE), n);
}

void *pvalloc(size_t n);
THRESH_RT_BARE void *pvalloc(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return memalign(page, n == 0 ? page : (n + page - 1) / page * page);
}

#endif
