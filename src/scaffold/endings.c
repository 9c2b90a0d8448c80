/* A string that is nothing but an ending is compared with a name's, or put behind one; more than once where it counts. */
#include "base/prelude.h"
#include "scaffold/endings.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include <ctype.h>
#include <strings.h>

#define SOURCE_MAX ((uint64_t)4 << 20)
/* one that is met less often may be a temporary file's */
#define ENOUGH 3

/* Of what is packed, or lies beside: a file with such a name is opened in other ways. */
static bool is_other(const char *name)
{
	static const char *const others[] = { ".gz", ".bz2", ".xz", ".zip", ".z", ".lock", ".tmp",
		".bak", ".log", ".so", ".dll", ".exe", ".c", ".h", ".o", ".txt" };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcasecmp(others[i], name) == 0)
			return true;
	return false;
}

static void count(struct endings *e, struct strv v)
{
	size_t i = 0;

	while (i < e->n && !strv_eqs(v, e->v[i].name))
		i++;
	if (i == ENDINGS_MAX)
		return;
	if (i == e->n) {
		memcpy(e->v[e->n].name, v.s, v.len);
		e->v[e->n].name[v.len] = '\0';
		e->v[e->n++].n = 0;
	}
	e->v[i].n++;
}

void endings_count(struct strv text, struct endings *e)
{
	size_t at;

	while ((at = strv_find(text, "\".")) != SIZE_MAX) {
		size_t n = 1;

		text = strv_from(text, at + 1);
		while (n < text.len && n < ENDING_LEN && isalnum((unsigned char)text.s[n]))
			n++;
		/* not of numbers: ".5" */
		if (n > 2 && n < ENDING_LEN && n < text.len && text.s[n] == '"' &&
			isalpha((unsigned char)text.s[1]))
			count(e, strv_sub(text, 0, n));
	}
}

const char *endings_best(const struct endings *e)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < e->n; i++)
		if (e->v[i].n >= ENOUGH && !is_other(e->v[i].name) &&
			(best == SIZE_MAX || e->v[i].n > e->v[best].n))
			best = i;
	return best == SIZE_MAX ? NULL : e->v[best].name;
}

const char *endings_find(struct arena *a, const char *dir, const struct strlist *sources)
{
	struct endings *e = xcalloc(1, sizeof(*e));
	const char *best;

	for (size_t i = 0; i < sources->n; i++) {
		char *path = fs_join(dir, sources->v[i]);
		struct buf text = BUF_INIT;

		if (fs_read(path, SOURCE_MAX, &text, NULL) == 0)
			endings_count(strv_n(buf_str(&text), text.len), e);
		buf_release(&text);
		free(path);
	}
	best = endings_best(e);
	best = best ? arena_strdup(a, best) : NULL;
	free(e);
	return best;
}
