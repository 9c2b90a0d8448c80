/*
 * A growable byte buffer: the one way in which text of unknown length is made. It grows by half, so that adding byte
 * by byte takes linear time, and keeps a NUL behind its end, so that it can be handed to what wants a string.
 */
#include "base/prelude.h"
#include "base/buf.h"
#include "base/mem.h"
#include <stdio.h>

void buf_reserve(struct buf *b, size_t more)
{
	size_t need = b->len + more + 1;

	if (need < more)
		BUG("buffer of %zu bytes asked to grow by %zu", b->len, more);
	if (need <= b->cap)
		return;
	b->cap = MAX(need, b->cap + b->cap / 2 + 32);
	b->s = xrealloc(b->s, b->cap);
	b->s[b->len] = '\0';
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	buf_reserve(b, n);
	if (n)
		memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_adds2(struct buf *b, const char *first, const char *second)
{
	buf_adds(b, first);
	buf_adds(b, second);
}

void buf_addv(struct buf *b, struct strv v)
{
	buf_add(b, v.s, v.len);
}

void buf_addch(struct buf *b, int c)
{
	buf_reserve(b, 1);
	b->s[b->len++] = (char)c;
	b->s[b->len] = '\0';
}

void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	/* most are short, and fit at once */
	buf_reserve(b, 63);
	va_copy(again, ap);
	n = vsnprintf(b->s + b->len, b->cap - b->len, fmt, again);
	va_end(again);
	if (n < 0)
		BUG("bad format %s", fmt);
	if ((size_t)n >= b->cap - b->len) {
		buf_reserve(b, (size_t)n);
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	}
	b->len += (size_t)n;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(b, fmt, ap);
	va_end(ap);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->s)
		b->s[0] = '\0';
}

void buf_release(struct buf *b)
{
	free(b->s);
	*b = (struct buf)BUF_INIT;
}

char *buf_detach(struct buf *b)
{
	char *s;

	buf_reserve(b, 0);
	s = b->s;
	*b = (struct buf)BUF_INIT;
	return s;
}

const char *buf_str(const struct buf *b)
{
	return b->s ? b->s : "";
}
