/*
 * Makefiles that are older than the tree, and options that are off, leave sources out that the rest can't be linked without.
 * Where they lie in the tree they are compiled as their neighbours are.
 */
#include "base/prelude.h"
#include "survey/internal.h"
#include "survey/command.h"
#include "survey/defines.h"
#include "survey/demangled.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"

#define SOURCE_MAX ((uint64_t)4 << 20)
#define READ_MAX 3000
#define COMPILE_MAX 16
/* of objects, behind those of the units */
#define FIRST_NUMBER ((size_t)1 << 20)

struct lacking {
	struct compiled *us;
	const struct places *p;
	const struct strlist *symbols;
	/* of each of them; "": it is one of C */
	struct strlist definitions;
	struct strlist *notes;
	size_t compiled, added;
};

static bool is_unit(const struct lacking *l, const char *path)
{
	for (size_t i = 0; i < l->us->n; i++)
		if (strcmp(l->us->v[i].source, path) == 0)
			return true;
	return false;
}

/* "Class::f(" of "ns::Class::f(int)": how a source begins what it defines, whatever namespace it is within. */
static char *definition_of(const char *symbol)
{
	char *full = demangled(symbol), *out = NULL;
	struct strv name, owner;
	size_t colon;

	if (!full)
		return NULL;
	name = strv_sub(strv_of(full), 0, strcspn(full, "(<["));
	/* "vtable for Class": with one of its functions, as its end */
	if ((colon = strv_find(name, " for ")) != SIZE_MAX) {
		name = strv_from(name, colon + 5);
		colon = strv_rchr(name, ':');
		name = colon == SIZE_MAX ? name : strv_from(name, colon + 1);
		out = xasprintf(STRV_FMT "::~" STRV_FMT "(", STRV_ARG(name), STRV_ARG(name));
	} else if ((colon = strv_rchr(name, ':')) != SIZE_MAX && colon > 1) {
		owner = strv_sub(name, 0, colon - 1);
		name = strv_from(name, colon + 1);
		colon = strv_rchr(owner, ':');
		owner = colon == SIZE_MAX ? owner : strv_from(owner, colon + 1);
		out = xasprintf(STRV_FMT "::" STRV_FMT "(", STRV_ARG(owner), STRV_ARG(name));
	}
	free(full);
	return out;
}

/* A function of C++ in a namespace alone stands there as one of C does. */
static bool may_define(struct strv text, const char *symbol, const char *definition)
{
	const char *name, *end;
	char *bare;
	bool does;

	if (!definition)
		return defines_function(text, symbol);
	if (strv_contains(text, definition))
		return true;
	name = strrchr(definition, ':') + 1;
	end = strchr(name, '(');
	bare = xasprintf("%.*s", (int)(end - name), name);
	does = *bare != '~' && defines_function(text, bare);
	free(bare);
	return does;
}

/* One of the symbols that its text has a body for, as far as that can be told; NULL: none. */
static const char *defined_in(const struct lacking *l, const char *path)
{
	struct buf text = BUF_INIT;
	const char *name = NULL;

	if (fs_read(path, SOURCE_MAX, &text, NULL) == 0)
		for (size_t i = 0; i < l->definitions.n && !name; i++)
			if (may_define(strv_n(buf_str(&text), text.len), l->symbols->v[i],
				    *l->definitions.v[i] ? l->definitions.v[i] : NULL))
				name = l->symbols->v[i];
	buf_release(&text);
	return name;
}

/* What is compiled in its own language, and in its folder: the best there is of both. NULL: there are no units. */
static const struct unit *neighbour(const struct lacking *l, const struct unit *u)
{
	const struct unit *best = NULL;
	char *dir = fs_dirname(u->source);
	int best_score = -1;

	for (size_t i = 0; i < l->us->n; i++) {
		const struct unit *o = &l->us->v[i];
		char *its = fs_dirname(o->source);
		int score =
			(o->cxx == u->cxx ? 4 : 0) + (o->chosen ? 2 : 0) + (strcmp(its, dir) == 0);

		if (score > best_score) {
			best = o;
			best_score = score;
		}
		free(its);
	}
	free(dir);
	return best;
}

static void take_flags(struct unit *u, const struct unit *from)
{
	strlist_add_all(&u->include, &from->include);
	strlist_add_all(&u->after, &from->after);
	for (size_t i = 0; i < from->flags.n; i++)
		/* a standard of another language is none of this one's */
		if (u->cxx == from->cxx || strncmp(from->flags.v[i], "-std=", 5) != 0)
			strlist_add(&u->flags, from->flags.v[i]);
}

/* Kept where it compiles and has the symbol. */
static void try_source(struct lacking *l, const char *rel, char *path, const char *name)
{
	struct unit u = { .source = path, .cxx = command_is_cxx(path) }, *kept;
	const struct unit *from = neighbour(l, &u);
	struct buf said = BUF_INIT;
	bool ok;

	if (from)
		take_flags(&u, from);
	log_progress("compiling %s", rel);
	ok = unit_compile(&u, l->p, FIRST_NUMBER + l->compiled++, &said) == 0 &&
	     symbols_read(u.object, false, &u.symbols, NULL) == 0 &&
	     strlist_has_sorted(&u.symbols.defined, name);
	if (ok) {
		kept = compiled_add(l->us, path);
		free(kept->source);
		*kept = u;
		kept->source = xstrdup(path);
		kept->known = true;
		l->added++;
		strlist_addf(l->notes, "%s is compiled, too, as it has %s: the build left it out",
			rel, name);
	} else {
		log_debug("%s: %s", rel, buf_str(&said));
		u.source = NULL; /* the caller's */
		unit_release(&u);
	}
	buf_release(&said);
}

size_t compiled_add_lacking(struct compiled *us, const struct places *p, const struct files *t,
	const struct strlist *symbols, struct strlist *notes)
{
	struct lacking l = { .us = us, .p = p, .symbols = symbols, .notes = notes };

	for (size_t i = 0; i < symbols->n; i++) {
		char *definition = definition_of(symbols->v[i]);

		strlist_add(&l.definitions, definition ? definition : "");
		free(definition);
	}

	for (size_t i = 0, n = 0;
		i < t->files.n && n < READ_MAX && l.compiled < COMPILE_MAX && !proc_interrupted();
		i++) {
		const char *rel = t->files.v[i], *name;
		char *path;

		if (!command_is_source(rel) || files_aside(rel))
			continue;
		n++;
		path = fs_join(p->src, rel);
		name = is_unit(&l, path) ? NULL : defined_in(&l, path);
		if (name)
			try_source(&l, rel, path, name);
		free(path);
	}
	log_progress_end();
	strlist_release(&l.definitions);
	return l.added;
}
