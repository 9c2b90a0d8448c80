/* What is wanted is looked up by archive and symbol. */
#include "base/prelude.h"
#include "survey/order.h"
#include "base/fs.h"
#include "base/mem.h"
#include <uthash.h>

/* "3 name": a unit of archive 3 wants it. */
struct want {
	char *key;
	UT_hash_handle hh;
};

/* Where a unit lies, and how many lie there. */
struct place {
	char *dir;
	size_t unit, n;
	bool wanted;
};

static int by_dir(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->dir, y->dir);

	return order ? order : (x->unit > y->unit) - (x->unit < y->unit);
}

static int by_worth(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->wanted != y->wanted)
		return x->wanted ? -1 : 1;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

static struct want *want_of(struct want *all, char *key)
{
	struct want *w;

	HASH_FIND_STR(all, key, w);
	return w;
}

static void add_wants(struct want **all, const struct unit *u)
{
	for (size_t i = 0; u->archive && i < u->symbols.undefined.n; i++) {
		char *key = xasprintf("%zu %s", u->archive, u->symbols.undefined.v[i]);
		struct want *w;

		if (want_of(*all, key)) {
			free(key);
			continue;
		}
		w = xcalloc(1, sizeof(*w));
		w->key = key;
		HASH_ADD_KEYPTR(hh, *all, w->key, strlen(w->key), w);
	}
}

static bool is_wanted(struct want *all, const struct unit *u)
{
	bool is = false;

	for (size_t i = 0; u->archive && i < u->symbols.defined.n && !is; i++) {
		char *key = xasprintf("%zu %s", u->archive, u->symbols.defined.v[i]);

		is = want_of(all, key);
		free(key);
	}
	return is;
}

static void release_wants(struct want *all)
{
	struct want *w, *next;

	HASH_ITER(hh, all, w, next)
	{
		HASH_DEL(all, w);
		free(w->key);
		free(w);
	}
}

void order_units(const struct compiled *us, size_t *numbers, size_t n)
{
	struct place *v = xcalloc(n + 1, sizeof(*v));
	struct want *wants = NULL;

	for (size_t i = 0; i < n; i++)
		add_wants(&wants, &us->v[numbers[i]]);
	for (size_t i = 0; i < n; i++) {
		const struct unit *u = &us->v[numbers[i]];

		v[i] = (struct place){ fs_dirname(u->source), numbers[i], 0, is_wanted(wants, u) };
	}
	if (n)
		qsort(v, n, sizeof(*v), by_dir);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && strcmp(v[end].dir, v[i].dir) == 0;)
			end++;
		for (size_t k = i; k < end; k++)
			v[k].n = end - i;
	}
	if (n)
		qsort(v, n, sizeof(*v), by_worth);
	for (size_t i = 0; i < n; i++) {
		numbers[i] = v[i].unit;
		free(v[i].dir);
	}
	release_wants(wants);
	free(v);
}
