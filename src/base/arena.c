/*
 * Many small allocations with one end: a configuration, a report. Blocks double in size, so that a big tree costs few
 * mallocs; nothing is freed alone, so there is nothing to forget.
 */
#include "base/prelude.h"
#include "base/arena.h"
#include "base/mem.h"
#include <stdarg.h>
#include <stdio.h>

#define BLOCK_MIN 4064

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

static void *take(struct arena *a, size_t n)
{
	struct arena_block *b = a->head;
	/* a multiple of the strictest alignment: whatever comes next is aligned, too */
	size_t need = (n + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	void *p;

	if (need < n)
		BUG("arena asked for %zu bytes", n);
	if (!b || b->size - b->used < need) {
		size_t size = MAX(need, b ? MIN(b->size * 2, (size_t)1 << 20) : BLOCK_MIN);

		b = xmalloc(sizeof(*b) + size);
		b->next = a->head;
		b->used = 0;
		b->size = size;
		a->head = b;
	}
	p = (char *)b->data + b->used;
	b->used += need;
	a->total += need;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	return memset(take(a, n), 0, n);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = take(a, n + 1);

	if (n)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_strv(struct arena *a, struct strv v)
{
	return arena_strndup(a, v.s, v.len);
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	char few[128], *p;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(few, sizeof(few), fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("bad format %s", fmt);
	if ((size_t)n < sizeof(few))
		return arena_strndup(a, few, (size_t)n);
	p = take(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head;

	if (!keep)
		return;
	/* the head is the newest block, and so the largest */
	while (keep->next) {
		struct arena_block *next = keep->next->next;

		free(keep->next);
		keep->next = next;
	}
	keep->used = 0;
	a->total = 0;
}

void arena_release(struct arena *a)
{
	while (a->head) {
		struct arena_block *next = a->head->next;

		free(a->head);
		a->head = next;
	}
	a->total = 0;
}
