#include "base/prelude.h"
#include "survey/siblings.h"
#include "base/fs.h"
#include "base/include.h"
#include "base/mem.h"

/* From a folder below the project to the project itself. */
static void add_up(struct buf *out, const char *dir)
{
	if (!*dir || strcmp(dir, ".") == 0)
		return;
	buf_adds(out, "../");
	for (; *dir; dir++)
		if (*dir == '/')
			buf_adds(out, "../");
}

bool siblings_named(struct strv text, const char *rel, const char *kept,
	bool (*has)(void *arg, const char *rel), void *arg, struct buf *out)
{
	char *dir = fs_dirname(rel);
	bool top = strcmp(dir, ".") == 0, changed = false;
	struct strv line;

	while (strv_line(&text, &line)) {
		struct strv name = { "", 0 };
		bool quoted = include_quoted(line, &name);
		char *bare = strv_dup(name);
		char *there = top ? xstrdup(bare) : xasprintf("%s/%s", dir, bare);

		if (quoted && name.len && *name.s != '/' && has(arg, there)) {
			buf_addv(out, strv_n(line.s, (size_t)(name.s - line.s)));
			add_up(out, kept);
			add_up(out, dir);
			buf_adds(out, there);
			buf_addv(out, strv_from(line, (size_t)(name.s - line.s) + name.len));
			changed = true;
		} else {
			buf_addv(out, line);
		}
		buf_addch(out, '\n');
		free(there);
		free(bare);
	}
	free(dir);
	return changed;
}
