/* Pairs of folders that have a header of one name, and units that include it and are compiled with one of the two alone. */
#include "base/prelude.h"
#include "survey/conflict.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"
#include <strings.h>

#define FOLDERS_MAX 64
#define NAMES_MAX 4000
#define TEXT_MAX ((uint64_t)4 << 20)

struct folder {
	const char *path;
	struct strlist headers;
};

struct conflicts {
	struct compiled *us;
	struct folder *v;
	size_t n;
};

static struct folder *folder_of(struct conflicts *c, const char *path)
{
	struct strlist names = STRLIST_INIT;
	struct folder *f;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].path, path) == 0)
			return &c->v[i];
	if (c->n == FOLDERS_MAX || fs_list(path, &names, NULL) < 0)
		return NULL;
	f = &c->v[c->n++];
	*f = (struct folder){ .path = path };
	for (size_t i = 0; i < names.n && f->headers.n < NAMES_MAX; i++)
		if (files_header(names.v[i]))
			strlist_add(&f->headers, names.v[i]);
	strlist_release(&names);
	strlist_sort(&f->headers);
	return f;
}

static bool is_same(const char *a, const char *b, const char *name)
{
	char *x = fs_join(a, name), *y = fs_join(b, name);
	struct buf one = BUF_INIT, two = BUF_INIT;
	bool same = fs_read(x, TEXT_MAX, &one, NULL) == 0 &&
		    fs_read(y, TEXT_MAX, &two, NULL) == 0 &&
		    strv_eq(strv_n(buf_str(&one), one.len), strv_n(buf_str(&two), two.len));

	buf_release(&one);
	buf_release(&two);
	free(x);
	free(y);
	return same;
}

/* Does it include the header, and not the one that lies beside it? */
static bool includes(const struct unit *u, const char *name)
{
	char *dir = fs_dirname(u->source), *beside = fs_join(dir, name);
	struct buf text = BUF_INIT;
	struct strv rest, line, operand;
	bool does = false;

	if (!fs_is_file(beside))
		fs_read(u->source, TEXT_MAX, &text, NULL);
	for (rest = strv_n(buf_str(&text), text.len); !does && strv_line(&rest, &line);)
		does = include_operand(line, &operand) && operand.len > 2 &&
		       strv_eqs(strv_sub(operand, 1, operand.len - 2), name);
	buf_release(&text);
	free(beside);
	free(dir);
	return does;
}

static bool is_of(const struct unit *u, const struct folder *with, const struct folder *without)
{
	return u->chosen && strlist_has(&u->include, with->path) &&
	       !strlist_has(&u->include, without->path);
}

static bool is_included(const struct conflicts *c, const struct folder *with,
	const struct folder *without, const char *name)
{
	for (size_t i = 0; i < c->us->n; i++)
		if (is_of(&c->us->v[i], with, without) && includes(&c->us->v[i], name))
			return true;
	return false;
}

/* The name that parts them, or NULL. */
static const char *parted_by(
	const struct conflicts *c, const struct folder *a, const struct folder *b)
{
	for (size_t i = 0; i < a->headers.n; i++) {
		const char *name = a->headers.v[i];

		if (strlist_has_sorted(&b->headers, name) && is_included(c, a, b, name) &&
			is_included(c, b, a, name) && !is_same(a->path, b->path, name))
			return name;
	}
	return NULL;
}

/* How much of what it defines says that it reads something. */
static size_t readers_in(
	const struct conflicts *c, const struct folder *with, const struct folder *without)
{
	static const char *const words[] = { "pars", "decod", "read", "load", "unpack", "inflate",
		"uncompress" };
	size_t n = 0;

	for (size_t i = 0; i < c->us->n; i++) {
		const struct strlist *l = &c->us->v[i].symbols.functions;

		for (size_t k = 0; is_of(&c->us->v[i], with, without) && k < l->n; k++)
			for (size_t w = 0; w < ARRAY_LEN(words); w++)
				n += strcasestr(l->v[k], words[w]) != NULL;
	}
	return n;
}

static size_t leave(struct conflicts *c, const struct places *p, const struct folder *a,
	const struct folder *b, const char *name, struct buf *note)
{
	const struct folder *kept = readers_in(c, a, b) >= readers_in(c, b, a) ? a : b;
	const struct folder *left = kept == a ? b : a;
	const char *rel = places_below(p, left->path), *other = places_below(p, kept->path);
	size_t n = 0;

	for (size_t i = 0; i < c->us->n; i++)
		if (is_of(&c->us->v[i], left, kept)) {
			c->us->v[i].left = true;
			n++;
		}
	buf_reset(note);
	buf_addf(note, "what includes %s of %s is left out, %zu in all: others include that of %s",
		name, rel ? rel : left->path, n, other ? other : kept->path);
	return n;
}

size_t conflict_leave(struct compiled *us, const struct places *p, struct buf *note)
{
	struct conflicts c = { .us = us, .v = xcalloc(FOLDERS_MAX, sizeof(*c.v)) };
	size_t n = 0;

	for (size_t i = 0; i < us->n; i++)
		for (size_t k = 0; us->v[i].chosen && k < us->v[i].include.n; k++)
			(void)folder_of(&c, us->v[i].include.v[k]);
	for (size_t i = 0; i < c.n && !n; i++)
		for (size_t k = i + 1; k < c.n && !n; k++) {
			const char *name = parted_by(&c, &c.v[i], &c.v[k]);

			if (name)
				n = leave(&c, p, &c.v[i], &c.v[k], name, note);
		}
	for (size_t i = 0; i < c.n; i++)
		strlist_release(&c.v[i].headers);
	free(c.v);
	return n;
}
