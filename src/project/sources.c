/*
 * Patterns expanded, paths made relative, include lines read. Text only: nothing here has to exist.
 */
#include "base/prelude.h"
#include "project/sources.h"
#include "base/buf.h"
#include <glob.h>

char *sources_relative(const char *from, const char *to)
{
	size_t common = 0, i = 0;
	struct buf b = BUF_INIT;

	for (;; i++) {
		bool end_from = !from[i] || from[i] == '/', end_to = !to[i] || to[i] == '/';

		/* only whole parts are common: "/a/bc" and "/a/bd" have "/a" */
		if (end_from && end_to)
			common = i;
		if (from[i] != to[i] || !from[i])
			break;
	}
	for (const char *p = from + common; *p; p++)
		if (*p == '/' && p[1] && p[1] != '/')
			buf_adds(&b, b.len ? "/.." : "..");
	for (to += common; *to == '/'; to++)
		;
	if (*to)
		buf_addf(&b, "%s%s", b.len ? "/" : "", to);
	if (!b.len)
		buf_addch(&b, '.');
	return buf_detach(&b);
}

void sources_list(const struct config_build *b, struct strlist *out)
{
	for (size_t i = 0; b && i < b->sources.n; i++) {
		glob_t g = { 0 };

		if (glob(b->sources.v[i], 0, NULL, &g) == 0)
			for (size_t k = 0; k < g.gl_pathc; k++)
				strlist_add(out, g.gl_pathv[k]);
		globfree(&g);
	}
}
