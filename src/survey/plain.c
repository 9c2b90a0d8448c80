/*
 * Without a build system that works: all sources there are, compiled by the flags that are tried out. A header that isn't
 * found is looked for in the tree, and its folder added, until the compiler has no more of that to say.
 */
#include "base/prelude.h"
#include "survey/internal.h"
#include "survey/command.h"
#include "survey/installed.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include "proc/proc.h"
#include <stdio.h>

#define COMPILE_MS 60000
/* of all of them: what a compiler can't end with takes COMPILE_MS each time */
#define ALL_MS 300000
#define SOURCE_MAX ((uint64_t)64 << 20)
#define SOURCES_MAX 1000
#define ROUNDS 12
#define ENOUGH 20

static int run_compiler(
	const struct unit *u, const struct places *p, const char *object, struct buf *said)
{
	struct strlist argv = STRLIST_INIT;
	struct proc_spec spec = PROC_SPEC_INIT;
	const char *writable[] = { p->tmp, NULL };
	const char *env[] = { SURVEY_NO_CCACHE, NULL };
	struct proc_result r = { 0 };
	struct err err = ERR_INIT;
	int rc = -1;

	strlist_add(&argv, u->cxx ? p->cxx : p->cc);
	strlist_add_all(&argv, &u->flags);
	for (size_t i = 0; i < u->include.n; i++)
		strlist_addf(&argv, "-I%s", u->include.v[i]);
	for (size_t i = 0; i < u->after.n; i++)
		strlist_addf(&argv, "-idirafter%s", u->after.v[i]);
	strlist_add(&argv, "-w");
	strlist_add(&argv, "-c");
	strlist_add(&argv, u->source);
	strlist_add(&argv, "-o");
	strlist_add(&argv, object);
	spec.argv = (const char *const *)argv.v;
	spec.env = env;
	spec.cwd = p->dir;
	spec.out = spec.err = PROC_CAPTURE;
	spec.confine = PROC_CONFINED;
	spec.builds = true;
	spec.writable = writable;
	spec.wall_ms = COMPILE_MS;
	buf_reset(said);
	if (proc_run(&spec, &r, &err) < 0)
		buf_adds(said, err.msg);
	else if (r.status == 0)
		rc = 0;
	else
		buf_addv(said, strv_n(buf_str(&r.err), r.err.len));
	proc_result_release(&r);
	strlist_release(&argv);
	return rc;
}

static void keep_error(struct buf *said)
{
	struct strv rest = strv_n(buf_str(said), said->len), line;
	char *error = NULL;

	while (!error && strv_line(&rest, &line)) {
		size_t at = strv_find(line, "error: ");

		if (at != SIZE_MAX)
			error = strv_dup(strv_from(line, at + 7));
	}
	buf_reset(said);
	buf_adds(said, error ? error : "the compiler failed");
	free(error);
}

int unit_compile(struct unit *u, const struct places *p, size_t number, struct buf *said)
{
	char *object;
	int rc;

	if (!(u->cxx ? p->cxx : p->cc)) {
		buf_adds(said, "there is no compiler");
		return -1;
	}
	object = xasprintf("%s/%zu.o", p->objects, number);
	rc = run_compiler(u, p, object, said);
	if (rc == 0) {
		free(u->object);
		u->object = object;
		return 0;
	}
	free(object);
	keep_error(said);
	return -1;
}

/* "'a/b.h' file not found": a/b.h; the caller frees. */
static char *missing_header(const struct buf *said)
{
	struct strv v = strv_n(buf_str(said), said->len);
	size_t end = strv_find(v, "' file not found"), start;

	if (end == SIZE_MAX) {
		/* gcc */
		end = strv_find(v, ": No such file or directory");
		if (end == SIZE_MAX)
			return NULL;
		start = 0;
	} else {
		v.len = end;
		start = strv_rchr(v, '\'');
		if (start == SIZE_MAX)
			return NULL;
		start++;
	}
	return strv_dup(strv_sub(v, start, end - start));
}

/* The folder that makes it found, absolute; the caller frees. NULL: it isn't in the tree. */
static char *folder_with(const struct places *p, const struct files *t, const char *header)
{
	char *end = xasprintf("/%s", header), *out = NULL;

	for (size_t i = 0; i < t->files.n && !out; i++) {
		struct strv rel = strv_of(t->files.v[i]);
		size_t n = rel.len - MIN(rel.len, strlen(header));

		if (strcmp(t->files.v[i], header) == 0)
			out = xstrdup(p->dir);
		else if (strv_ends(rel, end))
			out = xasprintf("%s/%.*s", p->dir, (int)(n - 1), rel.s);
	}
	free(end);
	return out;
}

static void add_dir(struct strlist *l, const struct places *p, const char *rel)
{
	char *path = fs_join(p->dir, rel);

	if (fs_is_dir(path))
		strlist_add(l, path);
	free(path);
}

/* What an installed library has is this one's alone, and only if it compiles with it. */
static bool add_installed(struct unit *u, const char *header)
{
	char *dir = installed_folder(header);

	if (dir && !strlist_has(&u->after, dir)) {
		strlist_add_take(&u->after, dir);
		return true;
	}
	free(dir);
	return false;
}

/* Compile with the folders that the earlier ones needed; what this one needs of the tree in addition is needed by all. */
int unit_try(struct unit *u, const struct places *p, const struct files *t, size_t number,
	struct strlist *include, struct buf *said)
{
	for (unsigned round = 0; round < ROUNDS && !proc_interrupted(); round++) {
		char *header, *dir;
		bool more;

		strlist_release(&u->include);
		strlist_add_all(&u->include, include);
		if (unit_compile(u, p, number, said) == 0)
			return 0;
		header = missing_header(said);
		dir = header ? folder_with(p, t, header) : NULL;
		more = dir ? !strlist_has(include, dir) : header && add_installed(u, header);
		if (more && dir)
			strlist_add(include, dir);
		free(header);
		free(dir);
		if (!more)
			break;
	}
	strlist_release(&u->after);
	return -1;
}

/* No source that somebody wrote, or generated for a compiler: it would fill the memory first. */
static bool is_too_large(const char *path)
{
	uint64_t size;

	return fs_size(path, &size, NULL) < 0 || size > SOURCE_MAX;
}

/* Nearly nothing compiles: more of that isn't worth the wait. */
static bool is_lost(size_t failed, size_t tried)
{
	return tried >= ENOUGH && failed * 10 > tried * 9;
}

/*
 * Nobody says in which C++ they are written: one that doesn't compile in the compiler's own may in a later one, which is that of
 * all from there on.
 */
static int try_cxx(struct unit *u, const struct places *p, const struct files *t, size_t number,
	struct strlist *include, const char **standard, struct buf *said)
{
	static const char *const later[] = { "-std=c++17", "-std=c++20" };
	struct buf other = BUF_INIT;
	int rc;

	if (*standard)
		strlist_add(&u->flags, *standard);
	rc = unit_try(u, p, t, number, include, said);
	for (size_t i = 0; rc < 0 && !*standard && i < ARRAY_LEN(later) && !proc_interrupted();
		i++) {
		strlist_release(&u->flags);
		strlist_add(&u->flags, later[i]);
		rc = unit_try(u, p, t, number, include, &other);
		if (rc == 0)
			*standard = later[i];
	}
	buf_release(&other);
	return rc;
}

void compiled_from_tree(
	struct compiled *us, const struct places *p, const struct files *t, struct strlist *notes)
{
	struct strlist include = STRLIST_INIT;
	struct buf first = BUF_INIT;
	size_t tried = 0, failed = 0;
	const char *standard = NULL;
	uint64_t until = clock_mono_ms() + ALL_MS;

	add_dir(&include, p, "include");
	add_dir(&include, p, "src");
	for (size_t i = 0; i < t->files.n && tried < SOURCES_MAX && !is_lost(failed, tried) &&
			   !proc_interrupted();
		i++) {
		struct buf said = BUF_INIT;
		struct unit *u;
		const char *why;
		char *path;

		if (!command_is_source(t->files.v[i]) || files_aside(t->files.v[i]))
			continue;
		path = fs_join(p->dir, t->files.v[i]);
		why = is_too_large(path)         ? "too large for a source"
		      : clock_mono_ms() >= until ? "the others took too long"
						 : NULL;
		if (why) {
			strlist_addf(notes, "%s: not compiled: %s", t->files.v[i], why);
			free(path);
			continue;
		}
		u = compiled_add(us, path);
		log_progress("compiling %s", t->files.v[i]);
		if ((u->cxx ? try_cxx(u, p, t, tried, &include, &standard, &said)
			    : unit_try(u, p, t, tried, &include, &said)) < 0) {
			log_debug("%s: doesn't compile: %s", t->files.v[i], buf_str(&said));
			if (failed++ == 0)
				buf_addf(&first, "%s: %s", t->files.v[i], buf_str(&said));
		}
		tried++;
		buf_release(&said);
		free(path);
	}
	log_progress_end();
	/* all are compiled with what any needs */
	for (size_t i = 0; i < us->n; i++) {
		strlist_release(&us->v[i].include);
		strlist_add_all(&us->v[i].include, &include);
		if (us->v[i].cxx && standard && !us->v[i].flags.n)
			strlist_add(&us->v[i].flags, standard);
	}
	if (failed)
		strlist_addf(notes, "%zu of %zu sources don't compile alone and are left out; %s",
			failed, tried, buf_str(&first));
	buf_release(&first);
	strlist_release(&include);
}
