/* A growable list of owned strings, NULL-terminated so that it can serve as an argv. */
#ifndef BASE_STRLIST_H
#define BASE_STRLIST_H

#include "base/prelude.h"

struct strlist {
	/* v[n] is NULL once anything was added */
	char **v;
	size_t n, cap;
	/* NULL, or one piece of memory that holds strings of it */
	char *block;
	size_t block_len;
};

#define STRLIST_INIT                \
	{                           \
		NULL, 0, 0, NULL, 0 \
	}

void strlist_add(struct strlist *l, const char *s);
void strlist_addf(struct strlist *l, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* If it isn't there already. */
void strlist_add_once(struct strlist *l, const char *s);
void strlist_add_take(struct strlist *l, char *s);
/* If it isn't there already; freed, if it is. */
void strlist_add_once_take(struct strlist *l, char *s);
/*
 * To an empty list: n strings of `size` bytes each, the closing zero included, one behind the other in what malloc gave. They are
 * the list's, and none of them can be taken out of it.
 */
void strlist_take_block(struct strlist *l, char *block, size_t size, size_t n);
/* Each line that isn't empty. */
void strlist_add_lines(struct strlist *l, const char *text);
void strlist_add_all(struct strlist *l, const struct strlist *other);
bool strlist_has(const struct strlist *l, const char *s);
/* By bytes. */
void strlist_sort(struct strlist *l);
/* Of a sorted one. */
bool strlist_has_sorted(const struct strlist *l, const char *s);
void strlist_release(struct strlist *l);

#endif
