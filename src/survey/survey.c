/* One survey: a copy, its build systems one after the other, then the sources alone. */
#include "base/prelude.h"
#include "survey/internal.h"
#include "survey/adopt.h"
#include "survey/folder.h"
#include "survey/freshen.h"
#include "survey/command.h"
#include "survey/database.h"
#include "survey/entries.h"
#include "survey/needs.h"
#include "survey/submodules.h"
#include "survey/systems.h"
#include "survey/targets.h"
#include "survey/wants.h"
#include "base/copy.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/interrupt.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define COPY_FILES ((uint64_t)200000)
#define COPY_BYTES ((uint64_t)4 << 30)
#define DATABASE_MAX ((uint64_t)256 << 20)

struct surveying {
	struct places p;
	struct survey *out;
	char *dir, *src, *build, *objects, *bin, *log, *cc, *cxx;
	struct strlist env;
	struct files tree;
	/* a sentence; empty: none is missing */
	struct buf submodules;
	/* what isn't installed */
	struct needs needs;
	/* the build system that runs */
	const char *building;
	/* one gave a part of a library: it is taken where no other gives more */
	bool has_part, takes_part;
	/* there is a build system, which was tried */
	bool has_built;
	/* the first that was of no use, and the folder that it was run in, below the project's; owned */
	const struct system *failed;
	char *failed_in;
	unsigned jobs;
	uint64_t build_ms;
};

/* --- the copy --- */

static bool is_left(const char *name)
{
	static const char *const names[] = { ".git", ".hg", ".svn", ".thresh", NULL };

	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Another copy for each try: what a build that failed left behind isn't the next one's. */
static int copy_sources(struct surveying *s, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc = -1;

	log_progress("copying %zu files", s->tree.files.n);
	if (fs_remove_tree(s->src, err) < 0 || fs_remove_tree(s->build, err) < 0 ||
		fs_mkdirs(s->src, err) < 0 || fs_mkdirs(s->build, err) < 0 ||
		fs_list(s->dir, &names, err) < 0)
		goto out;
	for (size_t i = 0; i < names.n; i++) {
		char *from = fs_join(s->dir, names.v[i]), *to = fs_join(s->src, names.v[i]);

		rc = is_left(names.v[i]) ? 0 : copy_tree(from, to, err);
		if (rc == 0 && proc_interrupted())
			rc = err_set(err, "interrupted");
		free(to);
		free(from);
		if (rc < 0)
			goto out;
	}
	freshen(s->src, &s->tree.files);
	rc = 0;
out:
	strlist_release(&names);
	return rc;
}

static bool is_copyable(struct surveying *s)
{
	struct dir_sum sum = { 0 };
	int fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return false;
	dir_sum(fd, &sum);
	close(fd);
	if (sum.files <= COPY_FILES && sum.bytes <= COPY_BYTES)
		return true;
	strlist_addf(&s->out->notes,
		"the project isn't built, as a copy of it would have %llu files and %llu MiB",
		(unsigned long long)sum.files, (unsigned long long)(sum.bytes >> 20));
	return false;
}

/* --- the build systems --- */

static void drop_notes(struct survey *out, size_t from)
{
	while (out->notes.n > from)
		free(out->notes.v[--out->notes.n]);
}

static bool has_units(const struct compiled *us)
{
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].chosen)
			return true;
	return false;
}

static bool has_library(const struct compiled *us)
{
	for (size_t i = 0; i < us->n; i++)
		if (us->v[i].chosen && us->v[i].library)
			return true;
	return false;
}

/* It ended early, and most of what it compiled until then went into nothing: the library's archive was never made. */
static bool is_most_left(const struct compiled *us)
{
	size_t chosen = 0;

	for (size_t i = 0; i < us->n; i++)
		chosen += us->v[i].chosen;
	return us->n > chosen * 3;
}

/*
 * What was built is a part of a library: there are symbols that nobody defines, and no generator to make what would, or no
 * library came of it, as a source includes another's header that isn't there.
 */
static bool is_part(struct surveying *s, const struct compiled *us, size_t open, bool failed)
{
	if (s->needs.generator && (open || (failed && is_most_left(us))))
		return true;
	if (has_library(us) || !(s->needs.headers.n || s->needs.header))
		return false;
	needs_forget(&s->needs, &s->tree);
	needs_look_up(&s->needs);
	return s->needs.header;
}

/* Of what the time was too short for, as far as the build's plan tells it. */
static int read_planned(struct surveying *s, struct compiled *us, struct err *err)
{
	char *path = fs_join(s->build, "compile_commands.json");
	struct targets libraries = { 0 };
	struct buf text = BUF_INIT;
	struct records all = { 0 };
	int rc = 0;

	if (fs_is_file(path))
		rc = fs_read(path, DATABASE_MAX, &text, err);
	database_read(strv_n(buf_str(&text), text.len), &all);
	targets_find(s->build, &libraries);
	compiled_add_planned(us, &all, &libraries);
	targets_release(&libraries);
	records_release(&all);
	buf_release(&text);
	free(path);
	return rc;
}

static int read_records(struct surveying *s, struct compiled *us, bool late, struct err *err)
{
	struct records rs = { 0 };
	int rc = records_read(s->log, &rs, err);

	compiled_from_records(us, &rs);
	records_release(&rs);
	return late && read_planned(s, us, err) < 0 ? -1 : rc;
}

static void tell_late(struct surveying *s, const struct compiled *us, const struct system *sys)
{
	size_t all = 0, done = 0;

	for (size_t i = 0; i < us->n; i++) {
		all += us->v[i].chosen;
		done += us->v[i].chosen && us->v[i].known;
	}
	strlist_addf(&s->out->notes,
		done < all
			? "%s had compiled %zu of the library's %zu sources when its time was up "
			  "(--look-time): all of them are in build.sources, and functions are "
			  "proposed from those"
			: "%s's time was up (--look-time): the library is taken to be the %zu of "
			  "%zu sources that it had compiled by then",
		systems_name(sys), done, all);
}

/* True: it gave units. */
static bool try_system(struct surveying *s, const struct system *sys, const char *sub,
	struct compiled *us, struct buf *why)
{
	struct systems w = { .src = s->src,
		.build = s->build,
		.tmp = s->out->tmp,
		.env = &s->env,
		.jobs = s->jobs,
		.build_ms = s->build_ms };
	struct systems_result built = { 0 };
	struct err err = ERR_INIT;
	size_t notes = s->out->notes.n, open;
	bool ok = false;

	buf_reset(why);
	if (copy_sources(s, &err) < 0 || fs_write(s->log, "", 0, 0600, &err) < 0) {
		buf_adds(why, err.msg);
	} else if (systems_build(&w, sys, sub, &built, &s->needs) == 0) {
		if (read_records(s, us, built.late, &err) < 0)
			buf_adds(&built.why, err.msg);
		open = compiled_choose(us, &s->p, &s->tree, s->out);
		ok = !is_part(s, us, open, built.why.len > 0) && has_units(us);
		/* a source that lacks a header has what the others want: nothing links without it */
		if (ok && open && s->takes_part && s->needs.strange.n && !has_library(us))
			ok = false;
		/* no library came of it, and what there is of one lacks something */
		if (ok && open && built.why.len && !has_library(us) && !s->takes_part) {
			ok = false;
			s->has_part = true;
		}
	}
	if (built.why.len)
		buf_addv(why, strv_n(built.why.s, built.why.len));
	/* of what isn't taken */
	if (!ok)
		drop_notes(s->out, notes);
	/* what fails behind the configuration is a test or a manual, most often */
	if (ok && built.late)
		tell_late(s, us, sys);
	else if (ok && why->len)
		strlist_addf(&s->out->notes, "%s failed in part, and what it compiled is taken: %s",
			systems_name(sys), buf_str(why));
	if (ok) {
		s->out->system = systems_name(sys);
		s->out->ran = xstrdup(buf_str(&built.ran));
	}
	systems_result_release(&built);
	return ok;
}

/* below: not where projects have it, but anywhere. True: it was tried; then us may have units. */
static bool try_at(struct surveying *s, const struct system *sys, bool below, struct compiled *us)
{
	char *found = below ? systems_find_below(sys, &s->tree) : NULL;
	const char *sub = below ? found : systems_find(sys, s->dir);
	struct buf why = BUF_INIT;

	if (!sub)
		return false;
	s->building = systems_name(sys);
	s->has_built = true;
	if (!try_system(s, sys, sub, us, &why)) {
		compiled_release(us);
		if (!s->failed) {
			s->failed = sys;
			s->failed_in = xstrdup(sub);
		}
		if (!proc_interrupted())
			strlist_addf(&s->out->notes, "%s%s%.*s was of no use: %s",
				systems_name(sys), below ? " in " : "",
				below ? (int)strlen(sub) - 1 : 0, sub,
				why.len ? buf_str(&why)
					: "it compiled nothing that is a library's");
	}
	buf_release(&why);
	free(found);
	return true;
}

static bool try_usual(struct surveying *s, struct compiled *us)
{
	const struct system *sys;
	bool tried = false;

	for (size_t i = 0; !has_units(us) && !proc_interrupted() && (sys = systems_at(i)); i++)
		tried |= try_at(s, sys, false, us);
	return tried;
}

static void try_systems(struct surveying *s, struct compiled *us)
{
	size_t notes = s->out->notes.n;
	bool tried = try_usual(s, us);
	const struct system *sys;

	for (size_t i = 0; !tried && !has_units(us) && !proc_interrupted() && (sys = systems_at(i));
		i++)
		try_at(s, sys, true, us);
	if (!has_units(us) && s->has_part && !proc_interrupted()) {
		s->takes_part = true;
		drop_notes(s->out, notes);
		try_usual(s, us);
	}
}

/*
 * Where the project's own build failed and most sources don't compile without it either, what is left is no library:
 * a harness for that would only look like one.
 */
static bool is_ruin(const struct surveying *s, const struct compiled *us)
{
	size_t known = 0;

	for (size_t i = 0; i < us->n; i++)
		known += us->v[i].known;
	return s->out->notes.n && known * 2 < us->n;
}

/* The builds that failed say what to install: guesses in place of that aren't worth the minutes. */
static bool knows_mend(struct surveying *s)
{
	/* of several that sources are generated by, builds stop at the first */
	if (s->needs.generator)
		needs_sources(&s->needs, &s->tree);
	needs_look_up(&s->needs);
	for (size_t i = 0; i < s->needs.packages.n; i++)
		if (*s->needs.packages.v[i])
			return true;
	return false;
}

static void try_plain(struct surveying *s, struct compiled *us)
{
	size_t before = s->out->notes.n, open;

	s->building = NULL;
	s->p.src = s->p.build = NULL;
	needs_sources(&s->needs, &s->tree);
	compiled_from_tree(us, &s->p, &s->tree, &s->out->notes);
	open = compiled_choose(us, &s->p, &s->tree, s->out);
	if ((before && is_ruin(s, us)) || (open && s->needs.generator))
		compiled_release(us);
	if (has_units(us))
		return;
	for (size_t i = before; i < s->out->notes.n; i++)
		needs_read(&s->needs, strv_of(s->out->notes.v[i]));
	needs_forget(&s->needs, &s->tree);
}

/* There is nothing of it to compile; what was compiled are its tests. */
static bool is_headers_alone(const struct surveying *s)
{
	bool headers = false;

	for (size_t i = 0; i < s->tree.files.n; i++) {
		const char *rel = s->tree.files.v[i];

		if (files_aside(rel))
			continue;
		if (command_is_source(rel) && !files_trial(rel))
			return false;
		headers |= files_header(rel) && !files_framework(rel);
	}
	return headers;
}

/* All that compiles are programs: those that come with a library of headers. */
static bool is_all_programs(const struct surveying *s, const struct compiled *us)
{
	size_t known = 0;

	for (size_t i = 0; i < us->n; i++) {
		known += us->v[i].known;
		if (us->v[i].known && !strlist_has_sorted(&us->v[i].symbols.defined, "main"))
			return false;
	}
	for (size_t i = 0; known && i < s->tree.files.n; i++)
		if (strncmp(s->tree.files.v[i], "include/", 8) == 0)
			return true;
	return false;
}

/* Where its own build failed, that was for its tests. */
static void try_headers(struct surveying *s, struct compiled *us)
{
	struct strlist before = s->out->notes;

	compiled_release(us);
	s->building = NULL;
	s->p.src = NULL;
	s->p.build = s->build;
	s->out->notes = (struct strlist)STRLIST_INIT;
	if (fs_remove_tree(s->build, NULL) == 0 && fs_mkdirs(s->build, NULL) == 0 &&
		compiled_from_headers(us, &s->p, &s->tree, s->out)) {
		strlist_release(&before);
		s->out->headers_alone = true;
		return;
	}
	compiled_release(us);
	strlist_add_all(&before, &s->out->notes);
	strlist_release(&s->out->notes);
	s->out->notes = before;
}

/* --- all --- */

static char *tool(const char *best, const char *other)
{
	char *path = fs_which(best);

	return path ? path : fs_which(other);
}

/* One reason: what has to be installed; the project's own build's words, else the compiler's. */
static void tell_hopeless(struct surveying *s)
{
	bool depends = strlist_has(&s->tree.files, "debian/control") &&
		       !(s->out->notes.n && strstr(s->out->notes.v[0], "--look-time"));
	struct buf needs = BUF_INIT;

	if (!s->out->notes.n)
		return;
	wants_forget(&s->needs);
	if (s->failed)
		wants_find(
			s->dir, &s->tree, s->failed_in, systems_file(s->failed), s->cxx, &s->needs);
	needs_sources(&s->needs, &s->tree);
	needs_look_up(&s->needs);
	wants_installed(&s->needs);
	needs_tell(&s->needs, &needs);
	if (!needs.len && is_headers_alone(s)) {
		s->out->hopeless = xstrdup(
			"a library of headers alone: what there is to be called can't be "
			"told from objects: `thresh init --function 'PROTOTYPE' --header FILE` "
			"makes a harness for one of its functions");
		buf_release(&needs);
		return;
	}
	if (needs.len)
		buf_adds(&needs, s->has_built ? " (--no-build tries without); " : "; ");
	s->out->hopeless = xasprintf("the library can't be compiled here: %s%s%s%s%s",
		buf_str(&needs), s->out->notes.v[0],
		depends ? "; `apt-get build-dep .` there installs all that it needs" : "",
		s->submodules.len ? "; " : "", buf_str(&s->submodules));
	buf_release(&needs);
}

static int prepare(struct surveying *s, const char *dir, struct err *err)
{
	s->dir = realpath(dir, NULL);
	if (!s->dir)
		return err_errno(err, "%s", dir);
	if (folder_make(&s->out->tmp, &s->out->lock, err) < 0)
		return -1;
	s->src = xasprintf("%s/src", s->out->tmp);
	s->build = xasprintf("%s/build", s->out->tmp);
	s->objects = xasprintf("%s/objects", s->out->tmp);
	s->bin = xasprintf("%s/bin", s->out->tmp);
	s->log = xasprintf("%s/log", s->out->tmp);
	s->cc = tool("clang", "cc");
	s->cxx = tool("clang++", "c++");
	s->p = (struct places){ s->dir, s->out->tmp, s->src, s->build, s->objects, s->cc, s->cxx,
		s->p.promises };
	if (fs_mkdirs(s->objects, err) < 0)
		return -1;
	return record_tools(s->bin, s->log, &s->env, err);
}

/* Where they will be once the project has them, but in a folder of ours: what is tried before that needs them. */
static int stage_generated(struct survey *s, struct err *err)
{
	for (size_t i = 0; i < s->n_generated; i++) {
		struct survey_file *f = &s->generated[i];
		char *to = xasprintf("%s/staged/%s", s->tmp, f->rel), *parent = fs_dirname(to);
		int rc = fs_mkdirs(parent, err) < 0 ? -1 : fs_copy(f->from, to, 0600, err);

		free(parent);
		free(f->from);
		f->from = to;
		if (rc < 0)
			return -1;
	}
	return 0;
}

int survey_make(const char *dir, const struct survey_how *how, struct survey *out, struct err *err)
{
	struct surveying s = { .out = out,
		.jobs = how->jobs,
		.build_ms = how->build_ms,
		.p.promises = how->promises };
	struct compiled us = { 0 };
	int rc = -1;

	*out = (struct survey){ 0 };
	if (files_list(dir, &s.tree, err) < 0 || prepare(&s, dir, err) < 0)
		goto out;
	if (s.tree.cut)
		strlist_addf(&out->notes, "only the first %zu files are looked at", s.tree.files.n);
	if (how->build && is_copyable(&s))
		try_systems(&s, &us);
	if (!has_units(&us) && !proc_interrupted() && !knows_mend(&s))
		try_plain(&s, &us);
	if (!has_units(&us) && !proc_interrupted() &&
		(is_headers_alone(&s) || is_all_programs(&s, &us)))
		try_headers(&s, &us);
	log_progress_end();
	if (proc_interrupted()) {
		if (s.building)
			err_set(err,
				"interrupted while %s built the library in a copy; nothing is "
				"written (--no-build compiles its sources one by one instead)",
				s.building);
		else
			err_set(err, "interrupted before a source was known to compile; nothing "
				     "is written");
		goto out;
	}
	submodules_find(s.dir, &s.submodules);
	if (!has_units(&us))
		tell_hopeless(&s);
	if (s.submodules.len)
		strlist_add(&out->notes, s.submodules.s);
	compiled_result(&us, &s.p, out);
	if (stage_generated(out, err) < 0)
		goto out;
	entries_find(s.dir, &s.tree, out);
	if (out->sources.n)
		adopt_targets(&s.p, &s.tree, out);
	strlist_add_all(&out->files, &s.tree.files);
	rc = 0;
out:
	compiled_release(&us);
	files_release(&s.tree);
	buf_release(&s.submodules);
	needs_release(&s.needs);
	strlist_release(&s.env);
	free(s.failed_in);
	free(s.dir);
	free(s.src);
	free(s.build);
	free(s.objects);
	free(s.bin);
	free(s.log);
	free(s.cc);
	free(s.cxx);
	return rc;
}

void survey_release(struct survey *s)
{
	strlist_release(&s->sources);
	strlist_release(&s->include);
	strlist_release(&s->cflags);
	strlist_release(&s->cxxflags);
	strlist_release(&s->ldflags);
	strlist_release(&s->fuzz_targets);
	strlist_release(&s->afl_programs);
	strlist_release(&s->functions);
	leads_free(s->leads);
	strlist_release(&s->files);
	strlist_release(&s->notes);
	for (size_t i = 0; i < s->n_generated; i++) {
		free(s->generated[i].rel);
		free(s->generated[i].from);
	}
	free(s->generated);
	if (s->tmp)
		fs_remove_tree(s->tmp, NULL);
	if (s->lock > 0)
		close(s->lock);
	free(s->tmp);
	free(s->ran);
	free(s->hopeless);
	*s = (struct survey){ 0 };
}
