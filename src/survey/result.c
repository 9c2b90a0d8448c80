/*
 * What thresh.yaml says of the chosen units. Its flags are one list for all of C and one for all of C++: they are joined,
 * and where two units define a macro differently, most of them decide.
 */
#include "base/prelude.h"
#include "survey/internal.h"
#include "survey/command.h"
#include "survey/siblings.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"
#include "proc/proc.h"
#include <unistd.h>

#define GENERATED_MAX 2000
#define ODD_MAX 1000
#define LINK_MS 10000
#define SOURCE_MAX ((uint64_t)16 << 20)
#define GENERATED_BYTES ((uint64_t)64 << 20)

struct making {
	const struct compiled *us;
	const struct places *p;
	struct survey *out;
	uint64_t bytes;
	/* names of files that the units include whatever they end in ("blocktags") */
	struct strlist odd;
	/* headers of the tree that count as the build made them anew, or as they include one of those */
	struct strlist anew;
};

/* --- generated files --- */

static bool in_project(const struct making *m, const char *rel)
{
	char *path = fs_join(m->p->dir, rel);
	bool there = fs_exists(path);

	free(path);
	return there;
}

/* False: it isn't copied. */
static bool add_generated(struct making *m, const char *rel, const char *from)
{
	struct survey *s = m->out;
	char *to = xasprintf(SURVEY_GENERATED "/%s", rel);
	uint64_t size = 0;
	bool known = false;

	for (size_t i = 0; i < s->n_generated && !known; i++)
		known = strcmp(s->generated[i].rel, to) == 0;
	fs_size(from, &size, NULL);
	m->bytes += size;
	if (known || s->n_generated >= GENERATED_MAX || m->bytes > GENERATED_BYTES) {
		free(to);
		return known;
	}
	GROW(s->generated, s->n_generated, s->cap_generated);
	s->generated[s->n_generated++] = (struct survey_file){ to, xstrdup(from) };
	return true;
}

/* What sources include and a build makes; sources themselves only where they are units. */
static bool is_included(const char *rel)
{
	static const char *const ends[] = { ".inc", ".inl", ".def", ".tab", ".tbl", ".ipp",
		".tcc" };

	if (strstr(rel, "conftest") || strstr(rel, "CompilerId"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(strv_of(rel), ends[i]))
			return true;
	return files_header(rel);
}

/* What is called like no header, and is included all the same. */
static void find_odd(struct making *m, const struct unit *u)
{
	struct buf text = BUF_INIT;
	struct strv rest, line, name;

	if (fs_read(u->source, SOURCE_MAX, &text, NULL) < 0)
		return;
	for (rest = strv_n(buf_str(&text), text.len); strv_line(&rest, &line);)
		if (include_quoted(line, &name)) {
			char *path = strv_dup(name);

			if (!is_included(path) && m->odd.n < ODD_MAX)
				strlist_add_once(&m->odd, fs_basename(path));
			free(path);
		}
	buf_release(&text);
}

/* Trees are packed after they were configured, too: what a build made of a template anew is what counts, and not what lies there. */
static bool is_made_anew(const struct making *m, const char *rel, const char *from)
{
	char *template = xasprintf("%s.in", rel), *path = fs_join(m->p->dir, rel);
	struct buf here = BUF_INIT, there = BUF_INIT;
	bool is = in_project(m, template) && fs_read(path, SOURCE_MAX, &here, NULL) == 0 &&
		  fs_read(from, SOURCE_MAX, &there, NULL) == 0 &&
		  (here.len != there.len || (here.len && memcmp(here.s, there.s, here.len) != 0));

	buf_release(&here);
	buf_release(&there);
	free(path);
	free(template);
	return is;
}

/* Does this file include that header of its own folder? That lies beside it, whatever the compiler is told. */
static bool includes_beside(const struct making *m, const char *rel, const char *name)
{
	char *path = fs_join(m->p->dir, rel);
	struct buf text = BUF_INIT;
	struct strv rest, line, quoted;
	bool does = false;

	if (fs_read(path, SOURCE_MAX, &text, NULL) == 0)
		for (rest = strv_n(buf_str(&text), text.len); !does && strv_line(&rest, &line);)
			does = include_quoted(line, &quoted) && strv_eqs(quoted, name);
	buf_release(&text);
	free(path);
	return does;
}

/* To headers those beside them that include them, and what includes those. */
static void add_includers(const struct making *m, struct strlist *headers)
{
	for (size_t i = 0; i < headers->n; i++) {
		char *dir = fs_dirname(headers->v[i]), *path = fs_join(m->p->dir, dir);
		const char *base = fs_basename(headers->v[i]);
		struct strlist names = STRLIST_INIT;

		fs_list(path, &names, NULL);
		for (size_t k = 0; k < names.n; k++) {
			char *rel = strcmp(dir, ".") == 0 ? xstrdup(names.v[k])
							  : fs_join(dir, names.v[k]);

			if (files_header(rel) && !strlist_has(headers, rel) &&
				includes_beside(m, rel, base))
				strlist_add(headers, rel);
			free(rel);
		}
		strlist_release(&names);
		free(path);
		free(dir);
	}
}

/* The source of the tree that finds this header beside itself, whatever else is kept; NULL: none. */
static const char *finder_of(const struct making *m, const char *header)
{
	struct strlist headers = STRLIST_INIT;
	char *dir = fs_dirname(header);
	const char *found = NULL;

	strlist_add(&headers, header);
	add_includers(m, &headers);
	for (size_t i = 0; i < m->us->n && !found; i++) {
		const char *rel = places_below(m->p, m->us->v[i].source);
		char *its = fs_dirname(rel ? rel : header);

		if (rel && m->us->v[i].chosen && strcmp(its, dir) == 0 && in_project(m, rel))
			for (size_t k = 0; k < headers.n && !found; k++)
				found = includes_beside(m, rel, fs_basename(headers.v[k])) ? rel
											   : NULL;
		free(its);
	}
	strlist_release(&headers);
	free(dir);
	return found;
}

/*
 * One header counts for all sources. Where the build wrote over the tree's, one that finds it beside itself would still have that:
 * then all do, and people are told, who know which it is.
 */
static void add_anew(struct making *m, const char *rel, const char *from, bool over)
{
	const char *finder = over ? finder_of(m, rel) : NULL;

	if (finder)
		strlist_addf(&m->out->notes,
			"%s: the build makes it otherwise than it lies there, where %s finds it; "
			"if that is of another machine, remove it, and run this again",
			rel, finder);
	else if (add_generated(m, rel, from))
		strlist_add_once(&m->anew, rel);
}

static void find_generated(struct making *m, const char *top)
{
	struct files t = { 0 };

	if (!top || !fs_is_dir(top) || files_list(top, &t, NULL) < 0)
		return;
	for (size_t i = 0; i < t.files.n; i++) {
		const char *rel = t.files.v[i];
		char *from = fs_join(top, rel);
		bool counts = is_included(rel) || strlist_has(&m->odd, fs_basename(rel));

		if (counts && !in_project(m, rel))
			add_generated(m, rel, from);
		else if (counts && is_made_anew(m, rel, from))
			add_anew(m, rel, from, top == m->p->src);
		free(from);
	}
	files_release(&t);
}

static bool has_generated(const struct making *m, const char *dir)
{
	for (size_t i = 0; i < m->out->n_generated; i++)
		if (fs_below(dir, m->out->generated[i].rel) != m->out->generated[i].rel)
			return true;
	return false;
}

static bool has_file(void *arg, const char *rel)
{
	const struct making *m = arg;

	return in_project(m, rel) && !strlist_has(&m->anew, rel);
}

/* The source as it is to be kept; NULL: as it is. */
static char *with_siblings(struct making *m, const char *rel, const char *source)
{
	struct buf text = BUF_INIT, out = BUF_INIT;
	char *path = NULL;

	if (fs_read(source, SOURCE_MAX, &text, NULL) == 0 &&
		siblings_named(strv_n(buf_str(&text), text.len), rel, SURVEY_GENERATED, has_file, m,
			&out)) {
		path = xasprintf("%s/kept-%zu", m->p->objects, m->out->n_generated);
		if (fs_write(path, out.s, out.len, 0600, NULL) < 0) {
			free(path);
			path = NULL;
		}
	}
	buf_release(&text);
	buf_release(&out);
	return path;
}

static void keep_with_siblings(struct making *m, const char *rel, const char *source)
{
	char *kept = with_siblings(m, rel, source);

	add_generated(m, rel, kept ? kept : source);
	free(kept);
}

/* Headers beside what was made anew that include it go with it. */
static void carry_includers(struct making *m)
{
	size_t made = m->anew.n;

	add_includers(m, &m->anew);
	for (size_t i = made; i < m->anew.n; i++) {
		char *from = fs_join(m->p->dir, m->anew.v[i]);

		keep_with_siblings(m, m->anew.v[i], from);
		free(from);
	}
}

/* --- folders --- */

static void add_folder(struct making *m, const char *path)
{
	const char *rel = places_below(m->p, path);
	char *made;

	if (!rel) {
		bool own = strncmp(path, m->p->tmp, strlen(m->p->tmp)) == 0;

		if (fs_is_dir(path) && !own && strcmp(path, "/usr/include") != 0)
			strlist_add_once(&m->out->include, path);
		return;
	}
	made = strcmp(rel, ".") == 0 ? xstrdup(SURVEY_GENERATED)
				     : xasprintf(SURVEY_GENERATED "/%s", rel);
	if (has_generated(m, made))
		strlist_add_once(&m->out->include, made);
	if (in_project(m, rel))
		strlist_add_once(&m->out->include, rel);
	free(made);
}

/*
 * A source finds the headers of its own folder without a flag: where one of the two is generated, they have parted.
 */
static void add_own_folder(struct making *m, const struct unit *u)
{
	const char *rel = places_below(m->p, u->source);
	char *parent = fs_dirname(rel);
	bool source_is_made = !in_project(m, rel);
	char *made = strcmp(parent, ".") == 0 ? xstrdup(SURVEY_GENERATED)
					      : xasprintf(SURVEY_GENERATED "/%s", parent);

	if (source_is_made && in_project(m, parent))
		strlist_add_once(&m->out->include, parent);
	if (!source_is_made && has_generated(m, made))
		strlist_add_once(&m->out->include, made);
	free(made);
	free(parent);
}

/* --- flags --- */

static struct strv macro_of(const char *flag)
{
	return strv_sub(strv_of(flag), 2, strcspn(flag + 2, "="));
}

static size_t units_with(const struct making *m, const char *flag, bool cxx)
{
	size_t n = 0;

	for (size_t i = 0; i < m->us->n; i++) {
		const struct unit *u = &m->us->v[i];

		n += u->chosen && u->cxx == cxx && strlist_has(&u->flags, flag);
	}
	return n;
}

/* Is there another definition of this macro, or another standard, that more units have? */
static bool is_outvoted(const struct making *m, const struct strlist *l, const char *flag, bool cxx)
{
	bool macro = strncmp(flag, "-D", 2) == 0, standard = strncmp(flag, "-std=", 5) == 0;

	for (size_t i = 0; i < l->n; i++) {
		const char *other = l->v[i];
		bool same = macro ? strncmp(other, "-D", 2) == 0 &&
					    strv_eq(macro_of(flag), macro_of(other))
				  : standard && strncmp(other, "-std=", 5) == 0;
		size_t mine, its;

		if (!same || strcmp(other, flag) == 0)
			continue;
		mine = units_with(m, flag, cxx);
		its = units_with(m, other, cxx);
		if (its > mine || (its == mine && strcmp(l->v[i], flag) < 0))
			return true;
	}
	return false;
}

/* A path of the copy in a flag's value: as seen from the project, where it is compiled from. */
static char *mapped(const struct making *m, const char *flag)
{
	const char *const tops[] = { m->p->src, m->p->build };

	for (size_t i = 0; i < ARRAY_LEN(tops); i++) {
		const char *at = tops[i] ? strstr(flag, tops[i]) : NULL;
		const char *rest, *rel;

		if (!at)
			continue;
		rest = at + strlen(tops[i]);
		rel = *rest == '/' ? rest + 1 : rest;
		if (at == flag && !in_project(m, rel))
			return xasprintf(SURVEY_GENERATED "/%s", rel);
		return xasprintf(
			"%.*s%s%s", (int)(at - flag), flag, *rel && *rel != '"' ? "" : ".", rel);
	}
	return xstrdup(flag);
}

static void add_flags(struct making *m, bool cxx, struct strlist *out)
{
	struct strlist all = STRLIST_INIT;

	for (size_t i = 0; i < m->us->n; i++) {
		const struct unit *u = &m->us->v[i];

		for (size_t k = 0; u->chosen && u->cxx == cxx && k < u->flags.n; k++) {
			const char *flag = u->flags.v[k];
			bool pair = strcmp(flag, "-include") == 0 || strcmp(flag, "-imacros") == 0;

			if (pair && k + 1 < u->flags.n && !strlist_has(&all, u->flags.v[k + 1])) {
				strlist_add(&all, flag);
				strlist_add(&all, u->flags.v[k + 1]);
			} else if (!pair && !strlist_has(&all, flag) &&
				   /* what -ansi was read as means C */
				   !(cxx && strcmp(flag, "-std=gnu89") == 0)) {
				strlist_add(&all, flag);
			}
			k += pair;
		}
	}
	for (size_t i = 0; i < all.n; i++)
		if (!is_outvoted(m, &all, all.v[i], cxx))
			strlist_add_take(out, mapped(m, all.v[i]));
	strlist_release(&all);
}

/* Harnesses, in either language, include what includes them. */
static void add_after(struct making *m)
{
	for (size_t i = 0; i < m->us->n; i++)
		for (size_t k = 0; m->us->v[i].chosen && k < m->us->v[i].after.n; k++) {
			char *flag = xasprintf("-idirafter%s", m->us->v[i].after.v[k]);

			strlist_add_once(&m->out->cflags, flag);
			if (m->out->cxx)
				strlist_add_once(&m->out->cxxflags, flag);
			free(flag);
		}
}

/* Programs are linked to lie anywhere, and an object that was assembled for a fixed place can't be part of one. */
static bool is_linkable(struct making *m, const struct unit *u, struct buf *said)
{
	char *program = fs_join(m->p->objects, "linked");
	const char *argv[] = { m->p->cc ? m->p->cc : "cc", "-pie", "-nostdlib", "-nostartfiles",
		"-Wl,--unresolved-symbols=ignore-all", "-Wl,-e,0", u->object, "-o", program, NULL };
	const char *writable[] = { m->p->tmp, NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	struct strv text, line = strv_of("");
	bool ok = false;

	spec.argv = argv;
	spec.out = spec.err = PROC_CAPTURE;
	spec.confine = PROC_CONFINED;
	spec.builds = true;
	spec.writable = writable;
	spec.wall_ms = LINK_MS;
	if (proc_run(&spec, &r, &err) < 0) {
		buf_adds(said, err.msg);
	} else {
		ok = r.status == 0;
		text = strv_n(buf_str(&r.err), r.err.len);
		strv_line(&text, &line);
		buf_addv(said, line);
	}
	proc_result_release(&r);
	unlink(program);
	free(program);
	return ok;
}

/* What no variant could compile is linked as it is: it has no instrumentation, and needs none. */
static void add_object(struct making *m, const struct unit *u)
{
	const char *rel = u->object ? places_below(m->p, u->object) : NULL;
	struct buf said = BUF_INIT;

	if (rel && !is_linkable(m, u, &said))
		strlist_addf(&m->out->notes,
			"%s: left out, as what its assembler made can't be linked: %s",
			places_below(m->p, u->source), buf_str(&said));
	else if (rel && add_generated(m, rel, u->object)) {
		strlist_addf(&m->out->ldflags, SURVEY_GENERATED "/%s", rel);
		strlist_add_all(&m->out->functions, &u->symbols.functions);
	}
	buf_release(&said);
}

static void add_unit(struct making *m, const struct unit *u)
{
	const char *rel = places_below(m->p, u->source);

	if (u->assembled) {
		add_object(m, u);
		return;
	}
	if (in_project(m, rel)) {
		strlist_add(&m->out->sources, rel);
	} else if (!fs_is_file(u->source)) {
		strlist_addf(&m->out->notes, "%s: left out, as the build removed it again", rel);
		return;
	} else {
		keep_with_siblings(m, rel, u->source);
		strlist_addf(&m->out->sources, SURVEY_GENERATED "/%s", rel);
	}
	m->out->cxx = m->out->cxx || u->cxx;
	strlist_add_all(&m->out->functions, &u->symbols.functions);
	if (u->object && !u->late)
		leads_add(m->out->leads, u->object);
}

void compiled_result(const struct compiled *us, const struct places *p, struct survey *out)
{
	struct making m = { .us = us, .p = p, .out = out };

	out->leads = leads_new();
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].chosen)
			find_odd(&m, &us->v[i]);
	find_generated(&m, p->src);
	find_generated(&m, p->build);
	carry_includers(&m);
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].chosen)
			add_unit(&m, &us->v[i]);
	for (size_t i = 0; i < us->n; i++)
		for (size_t k = 0; us->v[i].chosen && k < us->v[i].include.n; k++)
			add_folder(&m, us->v[i].include.v[k]);
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].chosen)
			add_own_folder(&m, &us->v[i]);
	add_flags(&m, false, &out->cflags);
	add_flags(&m, true, &out->cxxflags);
	add_after(&m);
	strlist_sort(&out->functions);
	strlist_release(&m.odd);
	strlist_release(&m.anew);
}
