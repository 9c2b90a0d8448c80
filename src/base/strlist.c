/* A growable list of owned strings. A NULL follows the last one, so that it can be an argv. */
#include "base/prelude.h"
#include "base/strlist.h"
#include "base/buf.h"
#include "base/mem.h"

void strlist_add_take(struct strlist *l, char *s)
{
	if (l->n + 1 >= l->cap) {
		l->cap = l->cap ? l->cap * 2 : 8;
		l->v = xrealloc(l->v, l->cap * sizeof(*l->v));
	}
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void strlist_add(struct strlist *l, const char *s)
{
	strlist_add_take(l, xstrdup(s));
}

void strlist_addf(struct strlist *l, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vaddf(&b, fmt, ap);
	va_end(ap);
	strlist_add_take(l, buf_detach(&b));
}

void strlist_add_lines(struct strlist *l, const char *text)
{
	struct strv rest = strv_of(text), line;

	while (strv_line(&rest, &line))
		if (line.len)
			strlist_add_take(l, strv_dup(line));
}

void strlist_add_all(struct strlist *l, const struct strlist *other)
{
	for (size_t i = 0; i < other->n; i++)
		strlist_add(l, other->v[i]);
}

bool strlist_has(const struct strlist *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return true;
	return false;
}

void strlist_add_once(struct strlist *l, const char *s)
{
	if (!strlist_has(l, s))
		strlist_add(l, s);
}

void strlist_add_once_take(struct strlist *l, char *s)
{
	if (strlist_has(l, s))
		free(s);
	else
		strlist_add_take(l, s);
}

/* strcmp compares unsigned bytes, in every locale: the same order everywhere. */
static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_bytes);
}

bool strlist_has_sorted(const struct strlist *l, const char *s)
{
	return l->n && bsearch(&s, l->v, l->n, sizeof(*l->v), by_bytes);
}

/*
 * A million names in pieces of their own take long to free; after a fork, while the child lives, each page of them is even
 * copied for it.
 */
void strlist_take_block(struct strlist *l, char *block, size_t size, size_t n)
{
	if (l->n || l->block)
		BUG("a list that isn't empty takes no block");
	l->block = block;
	l->block_len = size * n;
	l->cap = MAX(l->cap, n + 1);
	l->v = xrealloc(l->v, l->cap * sizeof(*l->v));
	for (size_t i = 0; i < n; i++)
		l->v[i] = block + i * size;
	l->n = n;
	l->v[n] = NULL;
}

static bool is_in_block(const struct strlist *l, const char *s)
{
	return l->block && (uintptr_t)s - (uintptr_t)l->block < l->block_len;
}

void strlist_release(struct strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (!is_in_block(l, l->v[i]))
			free(l->v[i]);
	free(l->block);
	free(l->v);
	*l = (struct strlist)STRLIST_INIT;
}
