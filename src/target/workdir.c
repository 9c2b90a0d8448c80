/*
 * Where a foreign command runs: a directory of ours, so that it can write files without touching the user's, in which
 * the user's directory is seen through links, so that relative paths hold, those that aren't on the command line
 * included.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 4096 /* a directory with more of them is nobody's working directory */

struct workdir {
	char *dir, *origin;
	struct strlist names; /* of the links; sorted */
};

static bool is_link(const struct workdir *w, DIR *d, const struct dirent *e)
{
	struct stat st;

	if (!strlist_has_sorted(&w->names, e->d_name))
		return false;
	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_LNK;
	return fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

static void link_all(const struct workdir *w)
{
	for (size_t i = 0; i < w->names.n; i++) {
		char *from = fs_join(w->dir, w->names.v[i]),
		     *to = fs_join(w->origin, w->names.v[i]);

		if (symlink(to, from) < 0 && errno != EEXIST)
			log_debug("%s: %s", from, strerror(errno));
		free(from);
		free(to);
	}
}

struct workdir *workdir_open(const char *dir, const char *origin, struct err *err)
{
	struct workdir *w;
	struct err why = ERR_INIT;

	if (fs_mkdirs(dir, err) < 0)
		return NULL;
	w = xcalloc(1, sizeof(*w));
	w->dir = xstrdup(dir);
	w->origin = origin ? xstrdup(origin) : NULL;
	if (origin && fs_list(origin, &w->names, &why) < 0)
		log_debug("%s", why.msg);
	if (w->names.n > LINKS_MAX) {
		log_debug("%s: %zu entries: relative paths won't hold", origin, w->names.n);
		strlist_release(&w->names);
		w->names = (struct strlist)STRLIST_INIT;
	}
	link_all(w);
	return w;
}

void workdir_clean(struct workdir *w)
{
	DIR *d = opendir(w->dir);
	struct dirent *e;
	struct strlist alien = STRLIST_INIT;
	size_t links = 0;

	if (!d) {
		fs_mkdirs(w->dir, NULL);
		link_all(w);
		return;
	}
	while ((e = readdir(d)))
		if (is_link(w, d, e))
			links++;
		else if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			strlist_add(&alien, e->d_name);
	closedir(d);
	for (size_t i = 0; i < alien.n; i++) {
		char *path = fs_join(w->dir, alien.v[i]);
		struct err err = ERR_INIT;

		if (fs_remove_tree(path, &err) < 0)
			log_debug("%s", err.msg);
		free(path);
	}
	if (links < w->names.n)
		link_all(w);
	strlist_release(&alien);
}

void workdir_close(struct workdir *w)
{
	if (!w)
		return;
	strlist_release(&w->names);
	free(w->dir);
	free(w->origin);
	free(w);
}
