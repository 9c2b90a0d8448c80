/* "x.made" beside x says what x was made of; what has no such file is a leaf. */
#include "base/prelude.h"
#include "build/leaves.h"
#include "base/fs.h"
#include "base/mem.h"
#include "build/internal.h"

#define RECORD_MAX ((uint64_t)64 << 20)
#define DEPTH_MAX 4

static bool follow(const char *record, unsigned depth, struct strlist *paths)
{
	struct strv text, line, word;
	struct buf b = BUF_INIT;
	bool ok = depth < DEPTH_MAX && fs_read(record, RECORD_MAX, &b, NULL) == 0;

	text = strv_n(buf_str(&b), b.len);
	while (ok && strv_line(&text, &line)) {
		char *path, *next;

		if (!strv_skip(&line, "dep "))
			continue;
		/* hash and times */
		ok = strv_split(&line, ' ', &word) && strv_split(&line, ' ', &word) && line.len;
		path = strv_dup(line);
		next = xasprintf("%s.made", path);
		if (fs_is_file(next))
			ok = ok && follow(next, depth + 1, paths);
		else
			strlist_add(paths, path);
		free(path);
		free(next);
	}
	buf_release(&b);
	return ok;
}

static void each_once(struct strlist *l)
{
	size_t n = 0;

	strlist_sort(l);
	for (size_t i = 0; i < l->n; i++) {
		if (n && strcmp(l->v[n - 1], l->v[i]) == 0)
			free(l->v[i]);
		else
			l->v[n++] = l->v[i];
	}
	l->n = n;
	if (l->v)
		l->v[n] = NULL;
}

bool build_leaves(const struct config *c, const struct config_harness *h, enum variant v,
	struct strlist *paths)
{
	char *exe = build_path(c, h, NULL, v), *dir = fs_dirname(exe), *of = fs_dirname(dir);
	char *record = xasprintf("%s/.%s/exe-%s.made", of, variant_name(v), h->name);
	bool ok = !h->build->script && follow(record, 0, paths);

	each_once(paths);
	free(exe);
	free(dir);
	free(of);
	free(record);
	return ok;
}
