/*
 * A library of headers alone has nothing to compile: a source that includes them is written for it. Of inline functions only
 * those that are used would be in its object; the compiler is told to keep all of them, so that what can be called, and how
 * much code it leads to, is told as for any library. A header that holds its functions behind NAME_IMPLEMENTATION
 * (NAME_IMPL) gets that defined: they are in this source then, once.
 */
#include "base/prelude.h"
#include "survey/internal.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include <stdio.h>

#define HEADERS_MAX 400
#define HEADER_MAX ((uint64_t)8 << 20)
#define ROOTS_MAX 8
#define ALL_FUNCTIONS "-femit-all-decls"

struct header {
	const char *rel;
	struct buf text;
	bool included; /* by another */
	bool taken;
};

struct reading_headers {
	const struct places *p;
	const struct files *t;
	struct header *v;
	size_t n;
	bool cxx;
	char *source;
	struct strlist include;
};

static void read_all(struct reading_headers *r)
{
	r->v = xcalloc(HEADERS_MAX, sizeof(*r->v));
	for (size_t i = 0; i < r->t->files.n && r->n < HEADERS_MAX; i++) {
		const char *rel = r->t->files.v[i];
		char *path;

		if (files_aside(rel) || !files_header(rel) || files_framework(rel))
			continue;
		path = fs_join(r->p->dir, rel);
		r->v[r->n] = (struct header){ .rel = rel };
		if (fs_read(path, HEADER_MAX, &r->v[r->n].text, NULL) == 0)
			r->n++;
		free(path);
	}
}

static bool is_cxx_header(const struct header *h)
{
	static const char *const words[] = { "\nnamespace ", "\ntemplate", "\nclass ", "std::" };
	struct strv text = strv_n(buf_str(&h->text), h->text.len);

	if (!strv_ends(strv_of(h->rel), ".h"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strv_contains(text, words[i]))
			return true;
	return false;
}

/* Is what a line includes, in its quotes or brackets, a header of that name? */
static bool is_header(struct strv operand, const char *rel)
{
	const char *base = fs_basename(rel);
	struct strv name = strv_sub(operand, 1, operand.len - 2);
	size_t n = strlen(base);

	return strv_ends(name, base) && (name.len == n || name.s[name.len - n - 1] == '/');
}

/* Those that no other includes bring the rest with them, functions behind a macro apart. */
static void find_roots(struct reading_headers *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct strv rest = strv_n(buf_str(&r->v[i].text), r->v[i].text.len), line, operand;

		r->cxx |= is_cxx_header(&r->v[i]);
		while (strv_line(&rest, &line)) {
			if (!include_operand(line, &operand))
				continue;
			for (size_t k = 0; k < r->n; k++)
				if (k != i && is_header(operand, r->v[k].rel))
					r->v[k].included = true;
		}
	}
}

static bool says_implementation(struct strv word)
{
	static const char *const ends[] = { "_IMPLEMENTATION", "_IMPLEMENT", "_IMPL" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(word, ends[i]))
			return true;
	return false;
}

/* "X_IMPLEMENTATION" of "#ifdef X_IMPLEMENTATION", or nothing. */
static struct strv implementation_of(const struct header *h)
{
	struct strv rest = strv_n(buf_str(&h->text), h->text.len), line;

	while (strv_line(&rest, &line)) {
		line = strv_trim(line);
		if (!strv_starts(line, "#if") || strv_starts(line, "#ifndef"))
			continue;
		for (size_t from = 0, end; from < line.len; from = end + 1) {
			for (end = from; end < line.len && strv_is_word(line.s[end]); end++)
				;
			if (says_implementation(strv_sub(line, from, end - from)))
				return strv_sub(line, from, end - from);
		}
	}
	return strv_n("", 0);
}

/* As its users include it. */
static const char *name_of(const char *rel)
{
	return strncmp(rel, "include/", 8) == 0 || strncmp(rel, "src/", 4) == 0
		       ? strchr(rel, '/') + 1
		       : rel;
}

/* No longer defined behind it: who includes it again would get its functions again. */
static void add_include(struct buf *b, const struct header *h)
{
	struct strv macro = implementation_of(h);

	if (macro.len)
		buf_addf(b, "#define " STRV_FMT "\n", STRV_ARG(macro));
	buf_addf(b, "#include \"%s\"\n", name_of(h->rel));
	if (macro.len)
		buf_addf(b, "#undef " STRV_FMT "\n", STRV_ARG(macro));
}

static int write_source(const struct reading_headers *r, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	buf_adds(&b, "/* The library is headers alone: this is all of it that is compiled by "
		     "itself. */\n");
	/* those that others include, too, are whole before these do */
	for (int included = 1; included >= 0; included--)
		for (size_t i = 0; i < r->n; i++)
			if (r->v[i].taken && r->v[i].included == included)
				add_include(&b, &r->v[i]);
	rc = fs_write(r->source, b.s, b.len, 0600, err);
	buf_release(&b);
	return rc;
}

static bool compiles(struct reading_headers *r, struct unit *u, struct buf *said)
{
	struct err err = ERR_INIT;

	buf_reset(said);
	if (write_source(r, &err) < 0) {
		buf_adds(said, err.msg);
		return false;
	}
	return unit_try(u, r->p, r->t, 0, &r->include, said) == 0;
}

/* The first one says which C++ they are written in. */
static bool compiles_in_some(
	struct reading_headers *r, struct unit *u, bool first, struct buf *said)
{
	static const char *const standards[] = { "-std=c++17", "-std=c++20" };
	struct buf later = BUF_INIT;
	bool ok = compiles(r, u, said);

	for (size_t i = 0; !ok && first && r->cxx && i < ARRAY_LEN(standards); i++) {
		strlist_release(&u->flags);
		strlist_add(&u->flags, standards[i]);
		ok = compiles(r, u, &later);
	}
	if (!ok && first)
		strlist_release(&u->flags);
	buf_release(&later);
	return ok;
}

static size_t take_roots(struct reading_headers *r, struct unit *u, struct strlist *notes)
{
	struct buf said = BUF_INIT, why = BUF_INIT;
	size_t taken = 0, tried = 0;

	for (size_t i = 0; i < r->n && tried < ROOTS_MAX && !proc_interrupted(); i++) {
		struct header *h = &r->v[i];

		/* what includes it has its declarations alone */
		if (h->included && !implementation_of(h).len)
			continue;
		tried++;
		h->taken = true;
		log_progress("compiling %s", h->rel);
		h->taken = compiles_in_some(r, u, !taken, &said);
		taken += h->taken;
		if (!h->taken && !why.len)
			buf_addf(&why, "%s: doesn't compile alone: %s", h->rel, buf_str(&said));
	}
	if (why.len)
		strlist_add(notes, buf_str(&why));
	buf_release(&said);
	buf_release(&why);
	return taken;
}

/* "_ZTV1A" and the like are no functions; guards and thread wrappers neither. */
static bool is_function(const char *name)
{
	return strncmp(name, "_ZT", 3) != 0 && strncmp(name, "_ZG", 3) != 0;
}

/* What there is to be called, by an object that holds all of it. Of C "static inline" is no more than a definition then. */
static void find_functions(const struct reading_headers *r, struct unit *u)
{
	static const char *const ways[] = { "-Dstatic=", ALL_FUNCTIONS };
	struct unit all = { .source = u->source, .after = u->after, .cxx = u->cxx };
	struct buf said = BUF_INIT;
	bool ok = false;

	strlist_add_all(&all.include, &u->include);
	for (size_t i = u->cxx ? 1 : 0; i < ARRAY_LEN(ways) && !ok; i++) {
		strlist_release(&all.flags);
		strlist_add_all(&all.flags, &u->flags);
		strlist_add(&all.flags, ALL_FUNCTIONS);
		strlist_add(&all.flags, ways[i]);
		if (!u->cxx)
			strlist_add(&all.flags, "-fgnu89-inline");
		ok = unit_compile(&all, r->p, 1, &said) == 0;
	}
	if (ok && symbols_read(all.object, false, &all.symbols, NULL) == 0) {
		strlist_release(&u->symbols.functions);
		for (size_t i = 0; i < all.symbols.all.n; i++)
			if (is_function(all.symbols.all.v[i]))
				strlist_add(&u->symbols.functions, all.symbols.all.v[i]);
		/* what they call of others is linked with whoever calls them */
		strlist_release(&u->symbols.undefined);
		u->symbols.undefined = all.symbols.undefined;
		all.symbols.undefined = (struct strlist)STRLIST_INIT;
		free(u->object);
		u->object = all.object;
		all.object = NULL;
	}
	symbols_release(&all.symbols);
	strlist_release(&all.flags);
	strlist_release(&all.include);
	free(all.object);
	buf_release(&said);
}

/* The project's own folder, and those that names begin behind. */
static void add_folders(struct reading_headers *r)
{
	strlist_add(&r->include, r->p->dir);
	for (size_t i = 0; i < r->n; i++) {
		const char *rel = r->v[i].rel, *name = name_of(rel);
		char *dir;

		if (name == rel)
			continue;
		dir = xasprintf("%s/%.*s", r->p->dir, (int)(name - rel - 1), rel);
		strlist_add_once_take(&r->include, dir);
	}
}

bool compiled_from_headers(
	struct compiled *us, const struct places *p, const struct files *t, struct survey *out)
{
	struct reading_headers r = { .p = p, .t = t };
	struct unit *u;
	bool ok;

	read_all(&r);
	find_roots(&r);
	r.source = xasprintf("%s/headers.%s", p->build, r.cxx ? "cc" : "c");
	add_folders(&r);
	u = compiled_add(us, r.source);
	ok = take_roots(&r, u, &out->notes) > 0;
	/* what was tried last may not have been taken */
	if (ok) {
		struct buf said = BUF_INIT;

		ok = compiles(&r, u, &said);
		buf_release(&said);
	}
	if (ok) {
		compiled_choose(us, p, t, out);
		find_functions(&r, u);
		if (u->symbols.undefined.n)
			compiled_choose(us, p, t, out);
	}
	log_progress_end();
	for (size_t i = 0; i < r.n; i++)
		buf_release(&r.v[i].text);
	free(r.v);
	free(r.source);
	strlist_release(&r.include);
	return ok;
}
