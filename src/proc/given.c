/* Links in a working folder. */
#include "base/prelude.h"
#include "proc/given.h"
#include "base/fs.h"
#include "base/mem.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* "" for the root. */
static char *tidy(const char *path)
{
	char *t = fs_tidy(path);

	if (!t[1])
		t[0] = '\0';
	return t;
}

/* What is behind the folder's name and its slash; NULL: the path isn't below it. */
static const char *below(const char *folder, const char *path)
{
	size_t n = strlen(folder);

	return strncmp(path, folder, n) == 0 && path[n] == '/' ? path + n + 1 : NULL;
}

char *given_name(const struct given *g, const char *file, struct err *err)
{
	char *path = tidy(file), *origin = g->origin ? tidy(g->origin) : NULL, *name = NULL;
	const char *rel = origin ? below(origin, path) : NULL;

	if (!*path || (origin && (strcmp(path, origin) == 0 || below(path, origin))))
		err_usage(err,
			"%s: a harness can be given what is in the project's folder, not all of "
			"it: "
			"name what it reads",
			file);
	else
		name = xstrdup(rel ? rel : fs_basename(path));
	free(path);
	free(origin);
	return name;
}

/* What is already there may be a target's doing: links are made anew unless they lead to the same place. */
static int show(const char *to, const char *link, struct err *err)
{
	char now[PATH_MAX];
	ssize_t n = readlink(link, now, sizeof(now));

	if (n == (ssize_t)strlen(to) && memcmp(now, to, (size_t)n) == 0)
		return 0;
	if (fs_remove_tree(link, err) < 0)
		return -1;
	return symlink(to, link) < 0 ? err_errno(err, "%s", link) : 0;
}

static int show_file(const struct given *g, const char *file, const char *folder, struct err *err)
{
	char *name = given_name(g, file, err), *link, *to;
	int rc;

	if (!name)
		return -1;
	if (access(file, R_OK) < 0) {
		err_usage(err, "%s: a harness is to be given it, but: %s", file, strerror(errno));
		free(name);
		return -1;
	}
	to = xstrdup(file);
	if (strchr(name, '/')) {
		name[strcspn(name, "/")] = '\0';
		free(to);
		to = fs_join(g->origin, name);
	}
	link = fs_join(folder, name);
	rc = show(to, link, err);
	free(name);
	free(to);
	free(link);
	return rc;
}

int given_show(const struct given *g, const char *exe, const char *folder, struct err *err)
{
	char *link;
	int rc;

	for (const char *const *f = g->files; f && *f; f++)
		if (show_file(g, *f, folder, err) < 0)
			return -1;
	if (!g->files || !*g->files || !exe)
		return 0;
	link = given_exe(g, exe, folder, err);
	rc = link ? show(exe, link, err) : -1;
	free(link);
	return rc;
}

/* Is there a file whose link has this name? 1, 0, or -1: one can have none. */
static int is_taken(const struct given *g, const char *name, struct err *err)
{
	for (const char *const *f = g->files; f && *f; f++) {
		char *other = given_name(g, *f, err);
		bool same;

		if (!other)
			return -1;
		other[strcspn(other, "/")] = '\0';
		same = strcmp(other, name) == 0;
		free(other);
		if (same)
			return 1;
	}
	return 0;
}

char *given_exe(const struct given *g, const char *exe, const char *folder, struct err *err)
{
	char *name = xstrdup(fs_basename(exe)), *path = NULL;
	int taken;

	while ((taken = is_taken(g, name, err)) > 0) {
		char *longer = xasprintf("%s_", name);

		free(name);
		name = longer;
	}
	if (taken == 0)
		path = fs_join(folder, name);
	free(name);
	return path;
}
