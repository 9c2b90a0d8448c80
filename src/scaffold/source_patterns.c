#include "base/prelude.h"
#include "scaffold/source_patterns.h"
#include "base/fs.h"

static size_t c_files_in(const struct strlist *files, const char *dir)
{
	size_t n = 0;

	for (size_t i = 0; i < files->n; i++) {
		char *d = fs_dirname(files->v[i]);

		n += strcmp(d, dir) == 0 && strv_ends(strv_of(files->v[i]), ".c");
		free(d);
	}
	return n;
}

/* The library has all of a folder's, and more than one. */
static bool is_whole(const struct survey *s, const char *dir)
{
	size_t chosen = c_files_in(&s->sources, dir);

	return chosen > 1 && chosen == c_files_in(&s->files, dir);
}

void source_patterns(const struct survey *s, struct strlist *out)
{
	struct strlist done = STRLIST_INIT;

	for (size_t i = 0; i < s->sources.n; i++) {
		char *dir = fs_dirname(s->sources.v[i]);

		if (strv_ends(strv_of(s->sources.v[i]), ".c") && strlist_has(&done, dir))
			; /* by its folder's pattern */
		else if (s->system || !strv_ends(strv_of(s->sources.v[i]), ".c") ||
			 !is_whole(s, dir))
			strlist_add(out, s->sources.v[i]);
		else {
			strlist_add(&done, dir);
			strlist_addf(out, "%s%s*.c", strcmp(dir, ".") ? dir : "",
				strcmp(dir, ".") ? "/" : "");
		}
		free(dir);
	}
	strlist_release(&done);
}
