/* SPDX-License-Identifier: 0BSD */
/*
 * Failing allocations of C++ where a sanitizer brings its own operator new, which goes past malloc. It has to stay the
 * sanitizer's, so that its blocks are known as new's: these count, and go on to its form for aligned types, with an
 * alignment that asks for nothing. That form itself never fails here. Without such a sanitizer new is malloc, as it is
 * in the C++ library, and counts there.
 *
 * MSan's operator new can't be replaced; its variant goes without this file, as does a target that brings its own. In a
 * user's tree it is the end of faults.c.
 */
#include <stddef.h>
#include <stdlib.h>
#if defined(__GLIBC__) && defined(__LP64__) && !defined(__cplusplus)

int thresh_rt_alloc_must_fail(size_t size);

#ifndef THRESH_RT_WEAK
#define THRESH_RT_WEAK __attribute__((weak))
#endif
#ifndef THRESH_RT_BARE
#define THRESH_RT_BARE
#endif
#ifndef __has_feature
#define __has_feature(x) 0
#endif
/* ASan's own are weak, and come first; others' are not, or nobody's */
#if !defined(THRESH_RT_FAULTS_C) || defined(__SANITIZE_ADDRESS__) || \
	__has_feature(address_sanitizer)
#define THRESH_RT_NEW THRESH_RT_BARE
#else
#define THRESH_RT_NEW THRESH_RT_WEAK THRESH_RT_BARE
#endif

#define ANY_ALIGNMENT ((size_t)1)

void __asan_init(void) THRESH_RT_WEAK;
/* new and new[] of (size, alignment), and of (size, alignment, nothrow) */
void *_ZnwmSt11align_val_t(size_t n, size_t align) THRESH_RT_WEAK;
void *_ZnamSt11align_val_t(size_t n, size_t align) THRESH_RT_WEAK;
void *_ZnwmSt11align_val_tRKSt9nothrow_t(size_t n, size_t align, const void *tag) THRESH_RT_WEAK;
void *_ZnamSt11align_val_tRKSt9nothrow_t(size_t n, size_t align, const void *tag) THRESH_RT_WEAK;
/* std::__throw_bad_alloc() of libstdc++ and of libc++; std::get_new_handler() */
void _ZSt17__throw_bad_allocv(void) THRESH_RT_WEAK;
void _ZNSt3__117__throw_bad_allocEv(void) THRESH_RT_WEAK;
void (*_ZSt15get_new_handlerv(void))(void) THRESH_RT_WEAK;

void *_Znwm(size_t n);
void *_Znam(size_t n);
void *_ZnwmRKSt9nothrow_t(size_t n, const void *tag);
void *_ZnamRKSt9nothrow_t(size_t n, const void *tag);

THRESH_RT_BARE static void *thresh_rt_new_fails(void)
{
	if (_ZSt17__throw_bad_allocv)
		_ZSt17__throw_bad_allocv();
	if (_ZNSt3__117__throw_bad_allocEv)
		_ZNSt3__117__throw_bad_allocEv();
	abort();
}

THRESH_RT_BARE static void *thresh_rt_new_plain(size_t n)
{
	void *p;

	while ((p = malloc(n != 0 ? n : 1)) == NULL) {
		void (*handler)(void) = _ZSt15get_new_handlerv ? _ZSt15get_new_handlerv() : NULL;

		if (handler == NULL)
			return thresh_rt_new_fails();
		handler();
	}
	return p;
}

THRESH_RT_NEW void *_Znwm(size_t n)
{
	if (!__asan_init || !_ZnwmSt11align_val_t)
		return thresh_rt_new_plain(n);
	return thresh_rt_alloc_must_fail(n) ? thresh_rt_new_fails()
					    : _ZnwmSt11align_val_t(n, ANY_ALIGNMENT);
}

THRESH_RT_NEW void *_Znam(size_t n)
{
	if (!__asan_init || !_ZnamSt11align_val_t)
		return thresh_rt_new_plain(n);
	return thresh_rt_alloc_must_fail(n) ? thresh_rt_new_fails()
					    : _ZnamSt11align_val_t(n, ANY_ALIGNMENT);
}

THRESH_RT_NEW void *_ZnwmRKSt9nothrow_t(size_t n, const void *tag)
{
	if (!__asan_init || !_ZnwmSt11align_val_tRKSt9nothrow_t)
		return malloc(n != 0 ? n : 1);
	return thresh_rt_alloc_must_fail(n)
		       ? NULL
		       : _ZnwmSt11align_val_tRKSt9nothrow_t(n, ANY_ALIGNMENT, tag);
}

THRESH_RT_NEW void *_ZnamRKSt9nothrow_t(size_t n, const void *tag)
{
	if (!__asan_init || !_ZnamSt11align_val_tRKSt9nothrow_t)
		return malloc(n != 0 ? n : 1);
	return thresh_rt_alloc_must_fail(n)
		       ? NULL
		       : _ZnamSt11align_val_tRKSt9nothrow_t(n, ANY_ALIGNMENT, tag);
}

#endif
