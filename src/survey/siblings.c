#include "base/prelude.h"
#include "survey/siblings.h"
#include "base/fs.h"
#include "base/mem.h"

/* The name that a line includes in quotes; empty: it includes none. */
static struct strv included(struct strv line)
{
	struct strv v = strv_trim(line);
	size_t end;

	if (!strv_skip(&v, "#"))
		return strv_n("", 0);
	v = strv_trim(v);
	if (!strv_skip(&v, "include"))
		return strv_n("", 0);
	v = strv_trim(v);
	if (!strv_skip(&v, "\""))
		return strv_n("", 0);
	end = strv_chr(v, '"');
	return end == SIZE_MAX ? strv_n("", 0) : strv_sub(v, 0, end);
}

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
		struct strv name = included(line);
		char *bare = strv_dup(name);
		char *there = top ? xstrdup(bare) : xasprintf("%s/%s", dir, bare);

		if (name.len && *name.s != '/' && has(arg, there)) {
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
