/*
 * Which units are the library: those that its archives hold; without any, all; never one with a main(), or one of a folder
 * of tests. What symbols are wanted then and nobody of these defines tells which other units and which libraries are needed.
 */
#include "base/prelude.h"
#include "survey/internal.h"
#include "survey/conflict.h"
#include "survey/order.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "proc/proc.h"
#include <stdio.h>
#include <uthash.h>

#define NAMED_MAX 4
#define LACKING_MAX 16
#define LACKING_ROUNDS 6
/* of libraries that are looked for by what they define, and of symbols that none has */
#define LINKED_MAX 12
#define MISSED_MAX 6
#define LIBRARY_MAX ((uint64_t)64 << 20)
#define SCRIPT_MAX ((uint64_t)1 << 16)

/* A symbol, and the first chosen unit that defines it. */
struct symbol {
	char *name;
	const struct unit *unit;
	UT_hash_handle hh;
};

struct choosing {
	struct compiled *us;
	const struct places *p;
	struct survey *out;
	struct symbol *symbols;
	/* wanted by what is chosen, defined by none of it */
	struct strlist open;
	/* of the compiler's libraries, once it was asked */
	struct strlist dirs;
	bool asked;
	/* what lies aside may be taken where the library's own archive has it */
	bool aside;
};

static bool is_aside(const struct choosing *c, const struct unit *u)
{
	const char *rel = places_below(c->p, u->source);

	return !rel || (files_aside(rel) && !(c->aside && u->library));
}

static bool is_program(const struct unit *u)
{
	return strlist_has_sorted(&u->symbols.defined, "main") ||
	       strlist_has_sorted(&u->symbols.all, SURVEY_ENTRY);
}

/* What each defines; what has no object any more is compiled. */
static void look_at_all(struct choosing *c, bool libraries_only)
{
	size_t failed = 0;

	for (size_t i = 0; i < c->us->n && !proc_interrupted(); i++) {
		struct unit *u = &c->us->v[i];
		struct buf said = BUF_INIT;

		if (u->known || u->late || (libraries_only && !u->library) || is_aside(c, u))
			continue;
		if ((u->object && fs_is_file(u->object)) || unit_compile(u, c->p, i, &said) == 0)
			u->known = symbols_read(u->object, false, &u->symbols, NULL) == 0;
		else if (failed++ == 0 && c->out->system)
			log_debug("%s: %s", u->source, buf_str(&said));
		buf_release(&said);
	}
}

static struct symbol *symbol_of(struct choosing *c, const char *name)
{
	struct symbol *s;

	HASH_FIND_STR(c->symbols, name, s);
	return s;
}

static void choose(struct choosing *c, struct unit *u)
{
	u->chosen = true;
	for (size_t i = 0; i < u->symbols.all.n; i++) {
		const char *name = u->symbols.all.v[i];
		struct symbol *s = symbol_of(c, name);

		if (s)
			continue;
		s = xcalloc(1, sizeof(*s));
		s->name = xstrdup(name);
		s->unit = u;
		HASH_ADD_KEYPTR(hh, c->symbols, s->name, strlen(s->name), s);
	}
}

/* The same source compiled twice, or another that defines the same: one of them will do. */
static const struct unit *rival_of(struct choosing *c, const struct unit *u)
{
	for (size_t i = 0; i < c->us->n; i++)
		if (c->us->v[i].chosen && strcmp(c->us->v[i].source, u->source) == 0)
			return &c->us->v[i];
	for (size_t i = 0; i < u->symbols.defined.n; i++) {
		struct symbol *s = symbol_of(c, u->symbols.defined.v[i]);

		if (s && strlist_has_sorted(&s->unit->symbols.defined, s->name))
			return s->unit;
	}
	return NULL;
}

static bool is_candidate(const struct choosing *c, const struct unit *u, bool libraries_only)
{
	return !u->left && (u->known || u->late) && !is_aside(c, u) && !is_program(u) &&
	       (u->library || !libraries_only);
}

static void choose_units(struct choosing *c, bool libraries_only)
{
	size_t *order = xcalloc(c->us->n + 1, sizeof(*order)), n = 0;

	for (size_t i = 0; i < c->us->n; i++)
		if (is_candidate(c, &c->us->v[i], libraries_only))
			order[n++] = i;
	order_units(c->us, order, n);
	for (size_t i = 0; i < n; i++) {
		struct unit *u = &c->us->v[order[i]];
		const struct unit *rival = rival_of(c, u);

		if (!rival)
			choose(c, u);
		else if (strcmp(rival->source, u->source) != 0)
			log_info("%s: left out, as it defines what %s does",
				places_below(c->p, u->source), places_below(c->p, rival->source));
	}
	free(order);
}

static void find_open(struct choosing *c)
{
	strlist_release(&c->open);
	for (size_t i = 0; i < c->us->n; i++) {
		const struct unit *u = &c->us->v[i];

		for (size_t k = 0; u->chosen && k < u->symbols.undefined.n; k++) {
			const char *name = u->symbols.undefined.v[k];

			if (!symbol_of(c, name))
				strlist_add(&c->open, name);
		}
	}
	strlist_sort(&c->open);
}

/* A unit that isn't in the library, but that it can't do without. */
static bool pull_in(struct choosing *c)
{
	bool any = false;

	for (size_t i = 0; i < c->us->n; i++) {
		struct unit *u = &c->us->v[i];
		bool wanted = false;

		if (u->chosen || u->left || !u->known || is_program(u) || is_aside(c, u) ||
			rival_of(c, u))
			continue;
		for (size_t k = 0; k < u->symbols.defined.n && !wanted; k++)
			wanted = strlist_has_sorted(&c->open, u->symbols.defined.v[k]);
		if (wanted) {
			choose(c, u);
			any = true;
		}
	}
	return any;
}

/* Where the compiler looks for libraries, which it is asked once; it may be one that says nothing of it. */
static const struct strlist *library_dirs(struct choosing *c)
{
	const char *argv[] = { c->p->cc, "-print-search-dirs", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct strv text, line, dir;

	if (c->asked || !c->p->cc)
		return &c->dirs;
	c->asked = true;
	spec.argv = argv;
	spec.out = PROC_CAPTURE;
	spec.wall_ms = 10000;
	text = proc_run(&spec, &r, NULL) == 0 && r.status == 0 ? strv_n(buf_str(&r.out), r.out.len)
							       : strv_of("");
	while (strv_line(&text, &line))
		if (strv_skip(&line, "libraries: ="))
			while (strv_split(&line, ':', &dir))
				if (strv_starts(dir, "/"))
					strlist_add_take(&c->dirs, strv_dup(dir));
	proc_result_release(&r);
	return &c->dirs;
}

/* The file that -lNAME means, or NULL; the caller frees. Behind a linker's script the first library that it names. */
static char *library_file(struct choosing *c, const char *name)
{
	const struct strlist *dirs = library_dirs(c);
	struct buf text = BUF_INIT;
	char *path = NULL;
	size_t at;

	for (size_t i = 0; i < dirs->n && !path; i++) {
		path = fs_join(dirs->v[i], name);
		if (!fs_is_file(path)) {
			free(path);
			path = NULL;
		}
	}
	if (path && fs_read(path, SCRIPT_MAX, &text, NULL) == 0 &&
		(at = strv_find(strv_n(buf_str(&text), text.len), "( /")) != SIZE_MAX) {
		struct strv v = strv_from(strv_n(text.s, text.len), at + 2);

		free(path);
		path = strv_dup(strv_sub(v, 0, strv_chr(v, ' ')));
	}
	buf_release(&text);
	return path;
}

/* Takes what it defines off what is open; true: it was of use. */
static bool satisfy(struct choosing *c, const char *so)
{
	struct strlist left = STRLIST_INIT;
	struct symbols s;
	char *file = library_file(c, so);
	bool used = false;

	if (file && symbols_read(file, true, &s, NULL) == 0) {
		for (size_t i = 0; i < c->open.n; i++)
			if (strlist_has_sorted(&s.all, c->open.v[i]))
				used = true;
			else
				strlist_add(&left, c->open.v[i]);
		strlist_release(&c->open);
		c->open = left;
		symbols_release(&s);
	}
	free(file);
	return used;
}

static void find_libraries(struct choosing *c)
{
	static const char *const always[] = { "libc.so.6", "libgcc_s.so.1", "libstdc++.so.6",
		"ld-linux-x86-64.so.2" };
	static const char *const often[] = { "-lm", "-lpthread", "-ldl", "-lz", "-lrt" };
	struct strlist tried = STRLIST_INIT;

	for (size_t i = 0; i < ARRAY_LEN(always) && c->open.n; i++)
		satisfy(c, always[i]);
	strlist_add_all(&tried, &c->us->libs);
	for (size_t i = 0; i < ARRAY_LEN(often); i++)
		strlist_add_once(&tried, often[i]);
	for (size_t i = 0; i < tried.n && c->open.n; i++) {
		char *so;

		if (strncmp(tried.v[i], "-l", 2) != 0)
			continue;
		so = xasprintf("lib%s.so", tried.v[i] + 2);
		if (satisfy(c, so))
			strlist_add(&c->out->ldflags, tried.v[i]);
		free(so);
	}
	/* a flag of the compiler's, not a library's */
	for (size_t i = 0; i < c->open.n; i++)
		if (strncmp(c->open.v[i], "__kmpc_", 7) == 0) {
			if (satisfy(c, "libomp.so"))
				strlist_add(&c->out->ldflags, "-fopenmp");
			break;
		}
	strlist_release(&tried);
}

/* What compilers and linkers make themselves. */
static bool is_given(const char *name)
{
	static const char *const starts[] = { "_GLOBAL_OFFSET_TABLE_", "__dso_handle", "__start_",
		"__stop_", "__tls_get_addr", "_DYNAMIC", "__init_array", "__fini_array", "_end",
		"__bss_start", "_etext", "_edata", "__ehdr_start", "__executable_start" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static const struct unit *wants(const struct choosing *c, const char *name)
{
	for (size_t i = 0; i < c->us->n; i++)
		if (c->us->v[i].chosen && strlist_has(&c->us->v[i].symbols.undefined, name))
			return &c->us->v[i];
	return NULL;
}

/* Does this library define it? Most don't even hold its name. */
static bool defines(const char *path, const char *name)
{
	struct buf text = BUF_INIT;
	struct symbols s;
	bool does = fs_is_file(path) && fs_read(path, LIBRARY_MAX, &text, NULL) == 0 &&
		    strv_contains(strv_n(buf_str(&text), text.len), name) &&
		    symbols_read(path, true, &s, NULL) == 0;

	if (does) {
		does = strlist_has_sorted(&s.all, name);
		symbols_release(&s);
	}
	buf_release(&text);
	return does;
}

/* "-lz": of what is installed for compiling the library that has it; NULL: none. The caller frees. */
static char *library_with(struct choosing *c, const char *name)
{
	char *libc = library_file(c, "libm.so"), *dir = libc ? fs_dirname(libc) : NULL;
	struct strlist names = STRLIST_INIT;
	char *found = NULL;

	if (dir)
		fs_list(dir, &names, NULL);
	for (size_t i = 0; i < names.n && !found; i++) {
		struct strv v = strv_of(names.v[i]);
		char *path = fs_join(dir, names.v[i]);

		if (strv_starts(v, "lib") && strv_ends(v, ".so") && defines(path, name))
			found = xasprintf("-l%.*s", (int)v.len - 6, v.s + 3);
		free(path);
	}
	strlist_release(&names);
	free(dir);
	free(libc);
	return found;
}

/* What of the compilers' own is missing, by what its symbols begin with. */
static const char *runtime_with(const char *name)
{
	static const struct {
		const char *start, *what;
	} runtimes[] = { { "__kmpc_", "OpenMP's: -fopenmp, of the package libomp-dev" },
		{ "omp_", "OpenMP's: -fopenmp, of the package libomp-dev" },
		{ "GOMP_", "OpenMP's: -lgomp" }, { "__atomic_", "-latomic has it" },
		{ "__gcov_", "of a build for coverage: leave its flags out" },
		{ "__asan_", "of a sanitized build: leave its flags out" } };

	for (size_t i = 0; i < ARRAY_LEN(runtimes); i++)
		if (strncmp(name, runtimes[i].start, strlen(runtimes[i].start)) == 0)
			return runtimes[i].what;
	return NULL;
}

static void tell_one(struct choosing *c, const char *name, const struct unit *u, struct buf *b)
{
	const char *runtime = runtime_with(name);
	char *library = runtime ? NULL : library_with(c, name);

	buf_addf(b, "%s%s (%s%s%s%s)", b->len ? ", " : "", name, places_below(c->p, u->source),
		runtime || library ? "; " : "",
		runtime   ? runtime
		: library ? library
			  : "",
		library ? " has it" : "");
	free(library);
}

/*
 * Nobody said what to link, as there was no build, or it didn't come so far: the library that is installed for it and has what is
 * wanted.
 */
static void link_what_has(struct choosing *c)
{
	for (size_t i = 0, linked = 0, missed = 0;
		i < c->open.n && linked < LINKED_MAX && missed < MISSED_MAX;) {
		const char *name = c->open.v[i];
		bool looked = wants(c, name) && !is_given(name) && !runtime_with(name);
		char *wanted = xstrdup(name), *lib = looked ? library_with(c, name) : NULL, *so;

		so = lib ? xasprintf("lib%s.so", lib + 2) : NULL;
		if (so && satisfy(c, so)) {
			strlist_add(&c->out->ldflags, lib);
			strlist_addf(&c->out->notes, "linked with %s, which has %s", lib, wanted);
			linked++;
		} else {
			missed += looked;
			i++;
		}
		free(so);
		free(lib);
		free(wanted);
	}
}

static size_t tell_open(struct choosing *c)
{
	struct buf b = BUF_INIT;
	size_t n = 0;

	for (size_t i = 0; i < c->open.n; i++) {
		const struct unit *u = wants(c, c->open.v[i]);

		if (!u || is_given(c->open.v[i]) ||
			(i && strcmp(c->open.v[i], c->open.v[i - 1]) == 0))
			continue;
		if (n++ < NAMED_MAX)
			tell_one(c, c->open.v[i], u, &b);
	}
	if (n > NAMED_MAX)
		buf_addf(&b, " and %zu more", n - NAMED_MAX);
	if (n)
		strlist_addf(&c->out->notes,
			"nothing here defines %s: build.sources or build.ldflags lack something",
			buf_str(&b));
	buf_release(&b);
	return n;
}

static void take_entries(struct choosing *c)
{
	for (size_t i = 0; i < c->us->n; i++) {
		const struct unit *u = &c->us->v[i];
		const char *rel = places_below(c->p, u->source);

		if (rel && strlist_has_sorted(&u->symbols.all, SURVEY_ENTRY) &&
			!strlist_has(&c->out->fuzz_targets, rel))
			strlist_add(&c->out->fuzz_targets, rel);
	}
}

/* Compilers end in any order: the result mustn't depend on it. */
static int by_source(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;
	int order = strcmp(x->source, y->source);

	return order ? order : strcmp(x->object ? x->object : "", y->object ? y->object : "");
}

static void release_symbols(struct choosing *c)
{
	struct symbol *s, *next;

	HASH_ITER(hh, c->symbols, s, next)
	{
		HASH_DEL(c->symbols, s);
		free(s->name);
		free(s);
	}
	c->symbols = NULL;
	strlist_release(&c->open);
}

/* What they define nobody knows yet. */
static bool has_late(const struct compiled *us)
{
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].chosen && us->v[i].late)
			return true;
	return false;
}

/*
 * Checks that a library has within itself: in a folder of tests, and the rest isn't linked without them. Behind all libraries: what
 * tests have in the place of a library's function isn't wanted.
 */
static void take_from_aside(struct choosing *c)
{
	c->aside = true;
	if (c->open.n && !has_late(c->us))
		look_at_all(c, true);
	while (c->open.n && pull_in(c)) {
		strlist_release(&c->out->ldflags);
		find_open(c);
		find_libraries(c);
	}
	c->aside = false;
}

static void choose_all(struct choosing *c)
{
	bool any = false;

	/* as if nothing had been chosen yet */
	release_symbols(c);
	strlist_release(&c->out->ldflags);
	for (size_t i = 0; i < c->us->n; i++)
		c->us->v[i].chosen = false;
	if (c->us->n)
		qsort(c->us->v, c->us->n, sizeof(*c->us->v), by_source);
	for (size_t i = 0; i < c->us->n; i++)
		any = any || (c->us->v[i].library && !is_aside(c, &c->us->v[i]));
	look_at_all(c, any);
	choose_units(c, any);
	find_open(c);
	/* the rest would be compiled one by one, and most of what is open is in what is late */
	if (c->open.n && any && !has_late(c->us))
		look_at_all(c, false);
	while (c->open.n && pull_in(c))
		find_open(c);
	find_libraries(c);
	take_from_aside(c);
}

/* One of two libraries in a tree, unless the other needs it. */
static void leave_conflicts(struct choosing *c)
{
	struct buf note = BUF_INIT;
	size_t open = c->open.n;

	if (conflict_leave(c->us, c->p, &note)) {
		choose_all(c);
		if (c->open.n > open) {
			for (size_t i = 0; i < c->us->n; i++)
				c->us->v[i].left = false;
			choose_all(c);
		} else {
			strlist_add(&c->out->notes, buf_str(&note));
		}
	}
	buf_release(&note);
}

/* Functions that the units want and nobody has. */
static void find_lacking(const struct choosing *c, struct strlist *out)
{
	for (size_t i = 0; i < c->open.n && out->n < LACKING_MAX; i++) {
		const char *name = c->open.v[i];

		if (!strlist_has(out, name) && !is_given(name) && strncmp(name, "_ZTI", 4) != 0 &&
			!runtime_with(name) && wants(c, name))
			strlist_add(out, name);
	}
}

size_t compiled_choose(
	struct compiled *us, const struct places *p, const struct files *t, struct survey *out)
{
	struct choosing c = { .us = us, .p = p, .out = out };
	struct strlist lacking = STRLIST_INIT;
	size_t open;

	choose_all(&c);
	leave_conflicts(&c);
	/* without a build all that there is was tried; what is added may want more */
	for (unsigned round = 0; round < LACKING_ROUNDS && p->src && !has_late(us); round++) {
		strlist_release(&lacking);
		find_lacking(&c, &lacking);
		if (!lacking.n || proc_interrupted() ||
			!compiled_add_lacking(us, p, t, &lacking, &out->notes))
			break;
		choose_all(&c);
	}
	link_what_has(&c);
	open = has_late(us) ? 0 : tell_open(&c);
	take_entries(&c);
	strlist_release(&lacking);
	strlist_release(&c.dirs);
	release_symbols(&c);
	return open;
}
