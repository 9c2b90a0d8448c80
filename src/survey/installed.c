/* Most libraries don't even hold the name: only what does is read as an object. */
#include "base/prelude.h"
#include "survey/installed.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "survey/symbols.h"

#define LIBRARY_MAX ((uint64_t)64 << 20)
#define ASK_MS 10000

/* Where libm lies; the caller frees. */
static char *library_dir(void)
{
	const char *argv[] = { "cc", "-print-file-name=libm.so", NULL };
	struct proc_spec spec = PROC_SPEC_INIT;
	struct proc_result r = { 0 };
	char *path = NULL, *real, *dir = NULL;

	spec.argv = argv;
	spec.out = PROC_CAPTURE;
	spec.wall_ms = ASK_MS;
	if (proc_run(&spec, &r, NULL) == 0 && r.status == 0)
		path = strv_dup(strv_trim(strv_n(buf_str(&r.out), r.out.len)));
	real = path ? realpath(path, NULL) : NULL;
	if (real)
		dir = fs_dirname(real);
	proc_result_release(&r);
	free(real);
	free(path);
	return dir;
}

static bool defines(const char *path, const char *start)
{
	struct buf text = BUF_INIT;
	struct symbols s;
	bool does = false;

	if (fs_is_file(path) && fs_read(path, LIBRARY_MAX, &text, NULL) == 0 &&
		strv_contains(strv_n(buf_str(&text), text.len), start) &&
		symbols_read(path, true, &s, NULL) == 0) {
		for (size_t i = 0; i < s.all.n && !does; i++)
			does = strncmp(s.all.v[i], start, strlen(start)) == 0;
		symbols_release(&s);
	}
	buf_release(&text);
	return does;
}

char *installed_with(const char *start)
{
	char *dir = library_dir(), *found = NULL;
	struct strlist names = STRLIST_INIT;

	if (dir)
		fs_list(dir, &names, NULL);
	for (size_t i = 0; i < names.n && !found; i++) {
		struct strv v = strv_of(names.v[i]);
		char *path = fs_join(dir, names.v[i]);

		if (strv_starts(v, "lib") && strv_ends(v, ".so") && defines(path, start))
			found = xasprintf("-l%.*s", (int)v.len - 6, v.s + 3);
		free(path);
	}
	strlist_release(&names);
	free(dir);
	return found;
}
