/*
 * A unit is suspected where a header that it includes comes from another folder by the list of all units than by its own. What
 * decides is the compiler, which is asked with both lists.
 */
#include "base/prelude.h"
#include "survey/conflict.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"
#include "survey/demangled.h"
#include <unistd.h>
#include <uthash.h>

#define TEXT_MAX ((uint64_t)4 << 20)
#define FOLDERS_MAX 256
/* of units that are compiled once more */
#define TRIES_MAX 40

/* A header, and the first folder of all in which it lies; NULL: in none. */
struct header {
	char *name;
	const char *dir;
	UT_hash_handle hh;
};

struct conflicts {
	struct compiled *us;
	const struct places *p;
	/* of all units, as they will be compiled */
	struct strlist include;
	struct header *headers;
	size_t tries;
};

/* Why a unit doesn't compile with the others: it is of the folder own, and finds the header in the folder other. */
struct conflict {
	const char *own, *other;
	char *name;
};

static const char *folder_with(const struct strlist *include, const char *name)
{
	const char *dir = NULL;

	for (size_t i = 0; i < include->n && !dir; i++) {
		char *path = fs_join(include->v[i], name);

		if (fs_is_file(path))
			dir = include->v[i];
		free(path);
	}
	return dir;
}

static const char *folder_of_all(struct conflicts *c, const char *name)
{
	struct header *h;

	HASH_FIND_STR(c->headers, name, h);
	if (!h) {
		h = xcalloc(1, sizeof(*h));
		h->name = xstrdup(name);
		h->dir = folder_with(&c->include, name);
		HASH_ADD_KEYPTR(hh, c->headers, h->name, strlen(h->name), h);
	}
	return h->dir;
}

static bool is_same(const char *a, const char *b, const char *name)
{
	char *x = fs_join(a, name), *y = fs_join(b, name);
	bool same = fs_same(x, y, TEXT_MAX);

	free(x);
	free(y);
	return same;
}

static bool lies_beside(const struct unit *u, const char *name)
{
	char *dir = fs_dirname(u->source), *path = fs_join(dir, name);
	bool does = fs_is_file(path);

	free(path);
	free(dir);
	return does;
}

/* Of one line of a unit's. */
static bool suspects(
	struct conflicts *c, const struct unit *u, struct strv operand, struct conflict *out)
{
	char *name = strv_dup(strv_sub(operand, 1, operand.len - 2));

	out->other = folder_of_all(c, name);
	out->own = out->other ? folder_with(&u->include, name) : NULL;
	if (out->own && strcmp(out->own, out->other) != 0 &&
		!strlist_has(&u->include, out->other) &&
		!(*operand.s == '"' && lies_beside(u, name)) &&
		!is_same(out->own, out->other, name)) {
		out->name = name;
		return true;
	}
	free(name);
	return false;
}

static bool is_suspect(struct conflicts *c, const struct unit *u, struct conflict *out)
{
	struct buf text = BUF_INIT;
	struct strv rest, line, operand;
	bool is = false;

	if (fs_read(u->source, TEXT_MAX, &text, NULL) < 0)
		return false;
	for (rest = strv_n(buf_str(&text), text.len); !is && strv_line(&rest, &line);)
		is = include_operand(line, &operand) && operand.len > 2 &&
		     suspects(c, u, operand, out);
	buf_release(&text);
	return is;
}

static bool compiles(const struct conflicts *c, const struct unit *u, const struct strlist *include)
{
	struct unit alike = { .source = u->source,
		.flags = u->flags,
		.include = *include,
		.after = u->after,
		.cxx = u->cxx };
	struct buf said = BUF_INIT;
	bool does = unit_compile(&alike, c->p, c->us->n, &said) == 0;

	if (alike.object)
		unlink(alike.object);
	free(alike.object);
	buf_release(&said);
	return does;
}

static bool find(struct conflicts *c, struct conflict *out)
{
	for (size_t i = 0; i < c->us->n && c->tries < TRIES_MAX; i++) {
		const struct unit *u = &c->us->v[i];

		if (!u->chosen || u->late || u->assembled || !is_suspect(c, u, out))
			continue;
		c->tries++;
		if (!compiles(c, u, &c->include) && compiles(c, u, &u->include))
			return true;
		free(out->name);
	}
	return false;
}

static bool is_of(const struct unit *u, const char *with, const char *without)
{
	return u->chosen && strlist_has(&u->include, with) && !strlist_has(&u->include, without);
}

static bool promises(const struct conflicts *c, const char *symbol)
{
	char *whole = demangled(symbol);
	char *name = whole ? strv_dup(strv_n(whole, strcspn(whole, "("))) : NULL;
	bool does = c->p->promises(name ? name : symbol);

	free(name);
	free(whole);
	return does;
}

/* How many of its functions promise that they read something. */
static size_t readers_in(const struct conflicts *c, const char *with, const char *without)
{
	size_t n = 0;

	for (size_t i = 0; c->p->promises && i < c->us->n; i++) {
		const struct strlist *l = &c->us->v[i].symbols.functions;

		for (size_t k = 0; is_of(&c->us->v[i], with, without) && k < l->n; k++)
			n += promises(c, l->v[k]);
	}
	return n;
}

static size_t leave(struct conflicts *c, const struct conflict *by, struct buf *note)
{
	bool keeps = readers_in(c, by->own, by->other) > readers_in(c, by->other, by->own);
	const char *kept = keeps ? by->own : by->other, *left = keeps ? by->other : by->own;
	const char *rel = places_below(c->p, left), *other = places_below(c->p, kept);
	size_t n = 0;

	for (size_t i = 0; i < c->us->n; i++)
		if (is_of(&c->us->v[i], left, kept)) {
			c->us->v[i].left = true;
			n++;
		}
	buf_reset(note);
	buf_addf(note, "what includes %s of %s is left out, %zu in all: others include that of %s",
		by->name, rel ? rel : left, n, other ? other : kept);
	return n;
}

size_t conflict_leave(struct compiled *us, const struct places *p, struct buf *note)
{
	struct conflicts c = { .us = us, .p = p };
	struct conflict by = { 0 };
	struct header *h, *next;
	size_t n = 0;

	for (size_t i = 0; i < us->n; i++)
		for (size_t k = 0; us->v[i].chosen && k < us->v[i].include.n; k++)
			strlist_add_once(&c.include, us->v[i].include.v[k]);
	if (c.include.n > 1 && c.include.n <= FOLDERS_MAX && find(&c, &by)) {
		n = leave(&c, &by, note);
		free(by.name);
	}
	HASH_ITER(hh, c.headers, h, next)
	{
		HASH_DEL(c.headers, h);
		free(h->name);
		free(h);
	}
	strlist_release(&c.include);
	return n;
}
