#include "base/prelude.h"
#include "survey/freshen.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strv.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#define CHECKOUT_S 600 /* longer than one takes, and shorter than between two days' work */

/* In the order in which they are made from each other. */
enum stage {
	GIVEN,
	ACLOCAL,   /* from configure.ac */
	CONFIGURE, /* from that; Makefile.in and config.h.in, too */
	PARSER,    /* from a grammar */
};

static bool is_there(const char *dir, const char *rel)
{
	char *path = fs_join(dir, rel);
	bool is = fs_is_file(path);

	free(path);
	return is;
}

/* The grammar that a source or a header has beside it; NULL: none. */
static char *grammar_of(const char *dir, const char *rel)
{
	static const char *const ends[] = { ".tab.c", ".tab.h", ".c", ".h", ".cc", ".hh", ".cpp",
		".hpp" };
	static const char *const grammars[] = { ".y", ".l", ".yy", ".ll", ".ypp", ".lpp" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		for (size_t k = 0; strv_ends(strv_of(rel), ends[i]) && k < ARRAY_LEN(grammars);
			k++) {
			char *from = xasprintf(
				"%.*s%s", (int)(strlen(rel) - strlen(ends[i])), rel, grammars[k]);

			if (is_there(dir, from))
				return from;
			free(from);
		}
	return NULL;
}

/* What a file of this name is made from; NULL: it is given. */
static char *made_from(const char *dir, const char *rel, enum stage *stage)
{
	const char *name = fs_basename(rel);
	char *parent = fs_dirname(rel), *from = NULL;

	*stage = strcmp(name, "aclocal.m4") == 0 ? ACLOCAL : CONFIGURE;
	if (*stage == ACLOCAL || strcmp(name, "configure") == 0) {
		from = fs_join(parent, "configure.ac");
	} else if (strcmp(name, "Makefile.in") == 0) {
		from = fs_join(parent, "Makefile.am");
	} else if (strv_ends(strv_of(name), ".h.in")) {
		from = xstrdup("configure.ac");
	} else {
		*stage = PARSER;
		from = grammar_of(dir, rel);
	}
	free(parent);
	return from;
}

static bool of_one_checkout(const char *dir, const char *made, const char *from)
{
	char *a = fs_join(dir, made), *b = fs_join(dir, from);
	struct stat x, y;
	bool is = lstat(a, &x) == 0 && lstat(b, &y) == 0 && S_ISREG(x.st_mode) &&
		  x.st_mtime - y.st_mtime < CHECKOUT_S && y.st_mtime - x.st_mtime < CHECKOUT_S;

	free(a);
	free(b);
	return is;
}

void freshen(const char *dir, const struct strlist *files)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	for (size_t i = 0; i < files->n; i++) {
		enum stage stage;
		char *from = made_from(dir, files->v[i], &stage);

		if (from && of_one_checkout(dir, files->v[i], from)) {
			char *path = fs_join(dir, files->v[i]);
			struct timespec times[2] = { now, now };

			/* nothing in the copy is younger than now, and it is the past when make looks */
			times[1].tv_nsec = (now.tv_nsec / 1000000 + (long)stage) * 1000000;
			if (times[1].tv_nsec > 999999999)
				times[1].tv_nsec = 999999999;
			/* without it is as it was */
			(void)utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
			free(path);
		}
		free(from);
	}
}
