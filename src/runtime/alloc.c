/*
 * Allocation counting and fault injection: defines malloc and its kin in the executable, in front of the
 * sanitizer's (whose own names are weak aliases of __interceptor_*) or glibc's. Off, it costs one test of
 * a flag and a tail call, so no frame of ours appears in an allocation's stack.
 * C++: operator new goes through malloc where the standard library's is used (without ASan and MSan, which
 * bring their own): there an injected failure throws std::bad_alloc as it should.
 */
#include "thresh_rt.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

#define REAL(name) __interceptor_##name
#define DECLARE(ret, name, args)                      \
	ret __interceptor_##name args THRESH_RT_WEAK; \
	ret __libc_##name args THRESH_RT_WEAK

DECLARE(void *, malloc, (size_t));
DECLARE(void *, calloc, (size_t, size_t));
DECLARE(void *, realloc, (void *, size_t));
DECLARE(void *, memalign, (size_t, size_t));
DECLARE(void, free, (void *));
int __interceptor_posix_memalign(void **out, size_t align, size_t n) THRESH_RT_WEAK;
void *__interceptor_aligned_alloc(size_t align, size_t n) THRESH_RT_WEAK;

/* Not thread-local: an input's threads count together; a lost update moves a fault by one. */
static volatile int counting;
static uint64_t count, fail_at;
static int fail_after;

void thresh_rt_alloc_begin(uint64_t fail, int after)
{
	count = 0;
	fail_at = fail;
	fail_after = after;
	counting = 1;
}

uint64_t thresh_rt_alloc_end(void)
{
	counting = 0;
	return count;
}

/* Counts an allocation of size bytes; true: this one is to fail. Doesn't return when it's far too large. */
static int thresh_rt_alloc_fails(size_t size)
{
	uint64_t n = ++count;

	thresh_rt_alloc_size(size);
	if (fail_at == 0 || (fail_after ? n < fail_at : n != fail_at))
		return 0;
	errno = ENOMEM;
	return 1;
}

#define FAILS(size) (__builtin_expect(counting, 0) ? thresh_rt_alloc_fails(size) : 0)

/* Without a sanitizer's hooks what is allocated and freed is counted here, by the sizes that glibc gave. */
static void *thresh_rt_gave(void *p, size_t had)
{
	if (counting && p != NULL)
		thresh_rt_heap_moved((int64_t)malloc_usable_size(p) - (int64_t)had);
	return p;
}

void *malloc(size_t n)
{
	if (FAILS(n))
		return NULL;
	return REAL(malloc) ? REAL(malloc)(n) : thresh_rt_gave(__libc_malloc(n), 0);
}

void *calloc(size_t n, size_t size)
{
	if (FAILS(n * size))
		return NULL;
	return REAL(calloc) ? REAL(calloc)(n, size) : thresh_rt_gave(__libc_calloc(n, size), 0);
}

void *realloc(void *p, size_t n)
{
	size_t had = 0;

	/* realloc(p, 0) frees: that can't fail */
	if ((p == NULL || n != 0) && FAILS(n))
		return NULL;
	if (REAL(realloc))
		return REAL(realloc)(p, n);
	if (counting && p != NULL) {
		had = malloc_usable_size(p);
		if (n == 0)
			thresh_rt_heap_moved(-(int64_t)had);
	}
	return thresh_rt_gave(__libc_realloc(p, n), had);
}

void free(void *p)
{
	if (REAL(free)) {
		REAL(free)(p);
		return;
	}
	if (counting && p != NULL)
		thresh_rt_heap_moved(-(int64_t)malloc_usable_size(p));
	__libc_free(p);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(p, total);
}

void *memalign(size_t align, size_t n);
void *memalign(size_t align, size_t n)
{
	if (FAILS(n))
		return NULL;
	return REAL(memalign) ? REAL(memalign)(align, n)
			      : thresh_rt_gave(__libc_memalign(align, n), 0);
}

void *aligned_alloc(size_t align, size_t n)
{
	if (FAILS(n))
		return NULL;
	return REAL(aligned_alloc) ? REAL(aligned_alloc)(align, n)
				   : thresh_rt_gave(__libc_memalign(align, n), 0);
}

int posix_memalign(void **out, size_t align, size_t n)
{
	void *p;

	if (FAILS(n))
		return ENOMEM;
	if (REAL(posix_memalign))
		return REAL(posix_memalign)(out, align, n);
	if (align == 0 || align % sizeof(void *) != 0 || (align & (align - 1)) != 0)
		return EINVAL;
	p = thresh_rt_gave(__libc_memalign(align, n), 0);
	if (p == NULL)
		return ENOMEM;
	*out = p;
	return 0;
}
