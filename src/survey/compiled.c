/* From recorded command lines to units: a source, its flags, and whether a library is made of it. */
#include "base/prelude.h"
#include "survey/internal.h"
#include "survey/command.h"
#include "base/fs.h"
#include "base/mem.h"

#define UNITS_MAX 20000

/* What configurations try out is no part of the project. */
static bool is_trial(const char *path)
{
	static const char *const words[] = { "conftest", "/CMakeTmp/", "/CMakeScratch/",
		"/CompilerId", "/meson-private/", "/CMakeFiles/ShowIncludes", "/_CMakeLTOTest" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strstr(path, words[i]))
			return true;
	return false;
}

struct unit *compiled_add(struct compiled *us, const char *source)
{
	struct unit *u;

	GROW(us->v, us->n, us->cap);
	u = &us->v[us->n++];
	*u = (struct unit){ .source = xstrdup(source), .cxx = command_is_cxx(source) };
	return u;
}

static bool by_cxx(const struct record *r)
{
	return strstr(fs_basename(r->argv.v[0]), "++") != NULL;
}

static void add_compiled(struct compiled *us, const struct record *r, const struct command *c)
{
	for (size_t i = 0; i < c->sources.n && us->n < UNITS_MAX; i++) {
		const char *object = c->objects.v[i];
		struct unit *u;

		if (is_trial(c->sources.v[i]) || is_trial(object))
			continue;
		u = compiled_add(us, c->sources.v[i]);
		u->object = *object ? xstrdup(object) : NULL;
		u->cxx = u->cxx || by_cxx(r);
		u->assembled = c->assembles;
		/* compiled and linked at once */
		u->library = c->library && !*object;
		strlist_add_all(&u->flags, &c->flags);
		strlist_add_all(&u->include, &c->include);
	}
}

static struct unit *by_object(struct compiled *us, const char *object)
{
	struct unit *same_name = NULL;
	size_t n = 0;

	/* the last that wrote it is what it holds */
	for (size_t i = us->n; i-- > 0;) {
		struct unit *u = &us->v[i];

		if (!u->object)
			continue;
		if (strcmp(u->object, object) == 0)
			return u;
		if (strcmp(fs_basename(u->object), fs_basename(object)) == 0 && n++ == 0)
			same_name = u;
	}
	/* moved or copied: told by its name alone where that is one unit's */
	return n == 1 ? same_name : NULL;
}

/* number: of what is made, from 1 on */
static void add_made(struct compiled *us, const struct command *c, size_t number)
{
	for (size_t i = 0; i < c->libs.n; i++)
		strlist_add_once(&us->libs, c->libs.v[i]);
	for (size_t i = 0; c->library && i < c->inputs.n; i++) {
		struct unit *u = by_object(us, c->inputs.v[i]);

		if (u) {
			u->library = true;
			u->archive = number;
		}
	}
	for (size_t i = 0; i < c->inputs.n; i++) {
		const char *name = fs_basename(c->inputs.v[i]), *so = strstr(name, ".so");
		char *flag;

		/* a shared library that is named by its path: not one of the project's, which has no object here */
		if (!so || strncmp(name, "lib", 3) != 0 || strncmp(c->inputs.v[i], "/usr/", 5) != 0)
			continue;
		flag = xasprintf("-l%.*s", (int)(so - name - 3), name + 3);
		strlist_add_once_take(&us->libs, flag);
	}
}

void compiled_from_records(struct compiled *us, const struct records *rs)
{
	struct command *commands = xcalloc(rs->n + 1, sizeof(*commands));
	bool *counts = xcalloc(rs->n + 1, sizeof(*counts));

	for (size_t i = 0; i < rs->n; i++) {
		const struct record *r = &rs->v[i];

		counts[i] = !is_trial(r->cwd) && command_read(r->cwd, &r->argv, &commands[i]);
		counts[i] = counts[i] && !(commands[i].output && is_trial(commands[i].output));
		if (counts[i])
			add_compiled(us, r, &commands[i]);
	}
	/* what ends first isn't always compiled first */
	for (size_t i = 0; i < rs->n; i++) {
		if (counts[i] && commands[i].output)
			add_made(us, &commands[i], i + 1);
		command_release(&commands[i]);
	}
	free(counts);
	free(commands);
}

static struct unit *with_object(struct compiled *us, const char *object)
{
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].object && strcmp(us->v[i].object, object) == 0)
			return &us->v[i];
	return NULL;
}

static void add_planned(struct compiled *us, const struct record *r, const struct command *c,
	const struct targets *libraries)
{
	size_t before = us->n;

	/* what is still to be generated can't be taken */
	if (c->objects.n != 1 || c->sources.n != 1 || !fs_is_file(c->sources.v[0]) ||
		!targets_has(libraries, c->objects.v[0]) || with_object(us, c->objects.v[0]))
		return;
	add_compiled(us, r, c);
	for (size_t i = before; i < us->n; i++)
		us->v[i].late = true;
}

void compiled_add_planned(
	struct compiled *us, const struct records *all, const struct targets *libraries)
{
	for (size_t i = 0; i < all->n; i++) {
		struct command c;

		if (command_read(all->v[i].cwd, &all->v[i].argv, &c))
			add_planned(us, &all->v[i], &c, libraries);
		command_release(&c);
	}
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].object && targets_has(libraries, us->v[i].object))
			us->v[i].library = true;
}

void unit_release(struct unit *u)
{
	free(u->source);
	free(u->object);
	strlist_release(&u->flags);
	strlist_release(&u->include);
	strlist_release(&u->after);
	symbols_release(&u->symbols);
}

void compiled_release(struct compiled *us)
{
	for (size_t i = 0; i < us->n; i++)
		unit_release(&us->v[i]);
	free(us->v);
	strlist_release(&us->libs);
	*us = (struct compiled){ 0 };
}

const char *places_below(const struct places *p, const char *path)
{
	const char *const tops[] = { p->src, p->build, p->dir };

	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		const char *rel;

		if (!tops[i])
			continue;
		if (strcmp(path, tops[i]) == 0)
			return ".";
		rel = fs_below(tops[i], path);
		if (rel != path)
			return rel;
	}
	return NULL;
}
