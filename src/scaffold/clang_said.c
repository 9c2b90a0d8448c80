/* The lines that clang writes to standard error: what -H lists, and errors. Of standard input it compiles what we wrote. */
#include "base/prelude.h"
#include "scaffold/clang_said.h"
#include "base/fs.h"
#include "base/mem.h"

/* The first error, without the place in a file that isn't there. */
void clang_said_error(struct buf *why, struct strv said)
{
	struct strv line;

	while (strv_line(&said, &line)) {
		size_t at = strv_find(line, "error: ");

		if (at == SIZE_MAX)
			continue;
		if (!strv_starts(line, "<stdin>"))
			at = 0;
		else
			at += strlen("error: ");
		buf_addv(why, strv_from(line, at));
		return;
	}
	buf_adds(why, "clang failed without a word");
}

/* One that isn't in what was written for it; or a header that isn't found, behind which nothing is read. */
bool clang_said_fails(struct strv said)
{
	struct strv line;

	while (strv_line(&said, &line))
		if (strv_contains(line, ": fatal error: ") ||
			(strv_contains(line, ": error: ") && !strv_starts(line, "<stdin>")))
			return true;
	return false;
}

/* -H's lines: a dot for each level, and a path, which the caller frees. NULL: it is none of those. */
static char *included_path(struct strv line, size_t *dots)
{
	*dots = 0;
	while (*dots < line.len && line.s[*dots] == '.')
		(*dots)++;
	if (!*dots || *dots == line.len || line.s[*dots] != ' ')
		return NULL;
	return strv_dup(strv_from(line, *dots + 1));
}

void clang_said_included(struct strv said, struct strlist *out)
{
	struct strv line;

	while (strv_line(&said, &line)) {
		size_t dots;
		char *path = included_path(line, &dots);

		if (path)
			strlist_add_once(out, path);
		free(path);
	}
}

/* Of what is included: the header, and behind it those of its folder that it includes. */
void clang_said_headers(const char *include, struct strv said, struct strlist *headers)
{
	/* those in front of it are there for it */
	const char *last = strrchr(include, '\n');
	const char *name = last ? last + strlen("\n#include ") : include;
	char *end = xasprintf("/%.*s", (int)strcspn(name + 1, ">\""), name + 1), *dir = NULL;
	struct strv line;

	while (strv_line(&said, &line)) {
		size_t dots;
		char *path = included_path(line, &dots), *of;

		if (!path)
			continue;
		of = fs_dirname(path);
		if (!dir && dots == 1 && strv_ends(line, end))
			dir = xstrdup(of);
		if (dir && strcmp(of, dir) == 0)
			strlist_add_once(headers, path);
		free(of);
		free(path);
	}
	free(dir);
	free(end);
}
