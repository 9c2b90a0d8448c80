/* Many small allocations with one end: configuration and report trees live in one. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/prelude.h"
#include "base/strv.h"

struct arena_block;
struct arena {
	struct arena_block *head;
	/* bytes handed out */
	size_t total;
};

#define ARENA_INIT      \
	{               \
		NULL, 0 \
	}

/* Zeroed, aligned for any type. */
void *arena_alloc(struct arena *a, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strv(struct arena *a, struct strv v);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Keeps one block for reuse. */
void arena_reset(struct arena *a);
void arena_release(struct arena *a);

#endif
