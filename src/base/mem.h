/* Allocation that can't fail: out of memory ends the process with status 3. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/prelude.h"

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t n);
/* asprintf; the caller frees. */
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Make room for one more element in a vector of *cap elements of which len are used. */
#define GROW(p, len, cap)                                          \
	do {                                                       \
		if ((len) == (cap)) {                              \
			(cap) = (cap) ? (cap)*2 : 8;               \
			(p) = xrealloc((p), (cap) * sizeof(*(p))); \
		}                                                  \
	} while (0)

#endif
