/*
 * Sources go along for their statements, by which stacks are told apart: those that the builds' records name, or, where a
 * script builds, all that look like one. What lies outside the project's folder has no place in a worker's.
 */
#include "base/prelude.h"
#include "depot/packing.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "build/leaves.h"
#include "corpus/archive.h"
#include <stdlib.h>
#include <sys/stat.h>

#define FILE_MAX ((uint64_t)1 << 30)
#define SOURCE_MAX ((uint64_t)8 << 20)
#define SOURCES_MAX 20000

/* Relative names, sorted, each once. */
static int pack(struct project *p, const char *path, struct strlist *names, struct err *err)
{
	struct archive_writer *w = archive_writer_open(path, err);
	struct buf b = BUF_INIT;
	int rc = w ? 0 : -1;

	strlist_sort(names);
	for (size_t i = 0; rc == 0 && i < names->n; i++) {
		char *full;

		if (i && strcmp(names->v[i], names->v[i - 1]) == 0)
			continue;
		full = fs_join(p->cfg->dir, names->v[i]);
		buf_reset(&b);
		rc = fs_read(full, FILE_MAX, &b, err);
		if (rc == 0)
			rc = archive_writer_add(w, names->v[i], buf_str(&b), b.len, err);
		free(full);
	}
	if (rc == 0)
		rc = archive_writer_finish(w, err);
	else
		archive_writer_free(w);
	buf_release(&b);
	return rc;
}

/* Into the list, by its name below the project's folder; whether it has one. */
static bool add(struct project *p, const char *path, struct strlist *names)
{
	char *tidy = fs_tidy(path);
	const char *name = fs_below(p->cfg->dir, tidy);
	bool inside = name != tidy && *name != '/';

	if (inside && fs_is_file(tidy))
		strlist_add(names, name);
	free(tidy);
	return inside;
}

/* A file or a folder that a harness needs. */
static void add_needed(
	struct project *p, const struct config_harness *h, const char *path, struct strlist *names)
{
	struct strlist files = STRLIST_INIT;
	struct err err = ERR_INIT;
	bool inside = true;

	if (fs_walk(path, &files, &err) < 0)
		log_warn("%s: workers of other machines go without %s: %s", h->name, path, err.msg);
	for (size_t i = 0; i < files.n && inside; i++)
		inside = add(p, files.v[i], names);
	if (!inside)
		log_warn("%s: workers of other machines go without %s, which isn't below the "
			 "project's folder",
			h->name, path);
	strlist_release(&files);
}

static bool is_source(const char *path)
{
	static const char *const ends[] = { ".c", ".h", ".cc", ".cpp", ".cxx", ".C", ".hh", ".hpp",
		".hxx", ".inc", ".inl", ".ipp", ".tcc", ".y", ".l" };
	struct strv v = strv_of(path);

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(v, ends[i]))
			return true;
	return false;
}

struct tree {
	struct project *p;
	struct strlist *names;
	/* links to folders; and folders that were seen, by device and number */
	struct strlist links, seen;
};

static bool first_time(struct tree *t, const struct stat *st)
{
	char *id = xasprintf(
		"%llu %llu", (unsigned long long)st->st_dev, (unsigned long long)st->st_ino);
	bool first = !strlist_has(&t->seen, id);

	if (first)
		strlist_add(&t->seen, id);
	free(id);
	return first;
}

/* Hidden folders have other things: version control, this program's state. */
static void add_tree(struct tree *t, const char *dir)
{
	struct strlist here = STRLIST_INIT;
	struct stat st;

	if (stat(dir, &st) == 0 && first_time(t, &st))
		fs_list(dir, &here, NULL);
	for (size_t i = 0; i < here.n && t->names->n < SOURCES_MAX; i++) {
		char *path = fs_join(dir, here.v[i]);
		uint64_t size;

		if (*here.v[i] != '.' && fs_is_dir(path)) {
			if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
				strlist_add(&t->links, path);
			else
				add_tree(t, path);
		} else if (is_source(here.v[i]) && fs_size(path, &size, NULL) == 0 &&
			   size <= SOURCE_MAX) {
			add(t->p, path, t->names);
		}
		free(path);
	}
	strlist_release(&here);
}

/* As "/" does, or a link to where the project lies beside much else. */
static bool leads_above(const char *link, const char *dir)
{
	char *to = realpath(link, NULL), *here = realpath(dir, NULL);
	bool above = to && here && (strcmp(to, "/") == 0 || fs_below(to, here) != here);

	free(to);
	free(here);
	return above;
}

/* A folder that several names lead to, perhaps from inside it, is taken by the one that is no link. */
static void add_all(struct project *p, struct strlist *names)
{
	struct tree t = { .p = p, .names = names };

	add_tree(&t, p->cfg->dir);
	for (size_t i = 0; i < t.links.n; i++)
		if (!leads_above(t.links.v[i], p->cfg->dir))
			add_tree(&t, t.links.v[i]);
	if (names->n >= SOURCES_MAX)
		log_warn("%s: more than %d sources: workers of other machines show no lines of "
			 "the others",
			p->cfg->dir, SOURCES_MAX);
	strlist_release(&t.links);
	strlist_release(&t.seen);
}

static void add_sources(struct project *p, struct strlist *names)
{
	struct strlist leaves = STRLIST_INIT;
	bool known = true;

	for (size_t i = 0; i < p->cfg->n_harnesses && known; i++)
		known = build_leaves(p->cfg, &p->cfg->harnesses[i], VARIANT_ASAN, &leaves);
	for (size_t i = 0; i < leaves.n; i++)
		if (is_source(leaves.v[i]))
			add(p, leaves.v[i], names);
	if (!known)
		add_all(p, names);
	strlist_release(&leaves);
}

int packing_shared(struct project *p, const char *path, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc;

	add(p, p->cfg->path, &names);
	add(p, p->dispositions_path, &names);
	add_sources(p, &names);
	for (size_t i = 0; i < p->cfg->n_harnesses; i++) {
		const struct config_harness *h = &p->cfg->harnesses[i];

		if (h->dictionary && fs_exists(h->dictionary))
			add_needed(p, h, h->dictionary, &names);
		for (size_t k = 0; k < h->files.n; k++)
			add_needed(p, h, h->files.v[k], &names);
	}
	rc = pack(p, path, &names, err);
	strlist_release(&names);
	return rc;
}

int packing_harness(
	struct project *p, const struct config_harness *h, const char *path, struct err *err)
{
	struct strlist names = STRLIST_INIT, words = STRLIST_INIT;
	int rc = 1;

	for (unsigned v = 0; v < VARIANT_N; v++) {
		char *exe = build_path(p->cfg, h, NULL, (enum variant)v), *dir = fs_dirname(exe);
		char *import = fs_join(dir, BUILD_AFL_IMPORT);

		if (fs_is_file(exe)) {
			add(p, exe, &names);
			add(p, import, &names);
		}
		free(import);
		free(dir);
		free(exe);
	}
	if (names.n) {
		build_words(p->cfg, h, &words);
		for (size_t i = 0; i < words.n; i++)
			add(p, words.v[i], &names);
		rc = pack(p, path, &names, err);
	}
	strlist_release(&words);
	strlist_release(&names);
	return rc;
}
