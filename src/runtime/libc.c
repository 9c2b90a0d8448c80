/* SPDX-License-Identifier: 0BSD */
/*
 * Functions of libc that allocate, where a sanitizer brings its own: those call the sanitizer's malloc, which never
 * fails here. In a user's tree it is the end of faults.c; a target with a function of one of these names goes without
 * this file, and defines THRESH_RT_NO_LIBC in its own builds.
 */
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__GLIBC__) && !defined(__cplusplus) && !defined(THRESH_RT_NO_LIBC)

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
/* as in new.c */
#if !defined(THRESH_RT_FAULTS_C) || defined(__SANITIZE_ADDRESS__) || \
	__has_feature(address_sanitizer)
#define OURS THRESH_RT_BARE
#else
#define OURS THRESH_RT_WEAK THRESH_RT_BARE
#endif
#define REAL(name) __interceptor_##name

char *__interceptor_strdup(const char *s) THRESH_RT_WEAK;
char *__interceptor_strndup(const char *s, size_t n) THRESH_RT_WEAK;
int __interceptor_vasprintf(char **out, const char *format, va_list ap) THRESH_RT_WEAK;
char *__interceptor_realpath(const char *path, char *out) THRESH_RT_WEAK;
char *canonicalize_file_name(const char *path);
char *__realpath_chk(const char *path, char *out, size_t room);
void __asan_init(void) THRESH_RT_WEAK;

#undef strdup
#undef strndup
#undef asprintf
#undef vasprintf

int vasprintf(char **out, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
int asprintf(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));

THRESH_RT_BARE static char *thresh_rt_copied(const char *s, size_t n)
{
	char *copy = (char *)malloc(n + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

/* MSan's goes on to libc's, and that to malloc */
OURS char *strdup(const char *s)
{
	if (!REAL(strdup))
		return thresh_rt_copied(s, strlen(s));
	return __asan_init && thresh_rt_alloc_must_fail(1) ? NULL : REAL(strdup)(s);
}

OURS char *strndup(const char *s, size_t n)
{
	if (!REAL(strndup))
		return thresh_rt_copied(s, strnlen(s, n));
	return thresh_rt_alloc_must_fail(1) ? NULL : REAL(strndup)(s, n);
}

char *__strdup(const char *s);
OURS char *__strdup(const char *s)
{
	return strdup(s);
}

char *__strndup(const char *s, size_t n);
OURS char *__strndup(const char *s, size_t n)
{
	return strndup(s, n);
}

/*
 * glibc's keeps no frames, so that nobody would know whose block it was. MSan's is needed: it has to see what is
 * written. Neither asks for the block to be made smaller.
 */
OURS int vasprintf(char **out, const char *format, va_list ap)
{
	va_list again;
	char *s = NULL;
	int n;

	if (REAL(vasprintf) && !__asan_init)
		return REAL(vasprintf)(out, format, ap);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (n >= 0)
		s = (char *)malloc((size_t)n + 1);
	if (s == NULL)
		return -1;
	n = vsnprintf(s, (size_t)n + 1, format, ap);
	*out = s;
	return n;
}

OURS int asprintf(char **out, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(out, format, ap);
	va_end(ap);
	return n;
}

char *realpath(const char *path, char *out);
OURS char *realpath(const char *path, char *out)
{
	if (!REAL(realpath))
		return out == NULL ? canonicalize_file_name(path)
				   : __realpath_chk(path, out, PATH_MAX);
	return out == NULL && thresh_rt_alloc_must_fail(PATH_MAX) ? NULL
								  : REAL(realpath)(path, out);
}

#endif
