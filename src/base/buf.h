/* A growable byte buffer, always NUL-terminated behind its len bytes. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/prelude.h"
#include "base/strv.h"
#include <stdarg.h>

struct buf {
	/* never NULL after the first add; may be NULL in a fresh BUF_INIT */
	char *s;
	size_t len, cap;
};

#define BUF_INIT           \
	{                  \
		NULL, 0, 0 \
	}

void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
/* One behind the other: a separator and what it is in front of. */
void buf_adds2(struct buf *b, const char *first, const char *second);
void buf_addv(struct buf *b, struct strv v);
void buf_addch(struct buf *b, int c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* Keep the memory, drop the content. */
void buf_reset(struct buf *b);
void buf_release(struct buf *b);
/* The content as a string that the caller frees; b is fresh again. Never NULL. */
char *buf_detach(struct buf *b);
/* The content, "" when nothing was added yet; owned by b. */
const char *buf_str(const struct buf *b);

#endif
