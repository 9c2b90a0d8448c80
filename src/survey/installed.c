/* Most libraries don't even hold the name: only what does is read as an object. */
#include "base/prelude.h"
#include "survey/installed.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "survey/symbols.h"
#include <strings.h>

#define FOLDERS_DEEP 3
#define FOLDERS_MAX 4000
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

/* Is it called after the header's first word: "hdf5/serial", "lua5.4"? Others have headers of their own that are called so, too. */
static bool is_named(const char *rel, const char *header)
{
	size_t n = strcspn(header, "/.");

	for (; n > 1 && *rel; rel++)
		if (strncasecmp(rel, header, n) == 0)
			return true;
	return false;
}

/* Topmost first, each folder's in order. */
static char *folder_below(const char *top, const char *header)
{
	struct strlist dirs = STRLIST_INIT, depth = STRLIST_INIT;
	char *found = NULL;

	strlist_add(&dirs, "");
	strlist_add(&depth, "");
	for (size_t i = 0; i < dirs.n && dirs.n < FOLDERS_MAX && !found; i++) {
		char *dir = fs_join(top, *dirs.v[i] ? dirs.v[i] : ".");
		char *path = fs_join(dir, header), *deeper = xasprintf("%s.", depth.v[i]);
		struct strlist names = STRLIST_INIT;

		if (*dirs.v[i] && is_named(dirs.v[i], header) && fs_is_file(path))
			found = xasprintf("%s/%s", top, dirs.v[i]);
		if (!found && strlen(depth.v[i]) < FOLDERS_DEEP)
			fs_list(dir, &names, NULL);
		for (size_t k = 0; k < names.n; k++) {
			char *below = fs_join(dir, names.v[k]);

			if (fs_is_dir(below)) {
				strlist_add_take(&dirs, *dirs.v[i] ? fs_join(dirs.v[i], names.v[k])
								   : xstrdup(names.v[k]));
				strlist_add(&depth, deeper);
			}
			free(below);
		}
		strlist_release(&names);
		free(deeper);
		free(path);
		free(dir);
	}
	strlist_release(&dirs);
	strlist_release(&depth);
	return found;
}

char *installed_folder(const char *header)
{
	static const char *const tops[] = { "/usr/local/include", "/usr/include" };
	char *found = NULL;

	if (*header == '/' || strstr(header, ".."))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(tops) && !found; i++)
		found = folder_below(tops[i], header);
	return found;
}

bool installed_package(const char *package)
{
	struct strlist names = STRLIST_INIT;
	size_t n = strlen(package);
	bool is = false;

	fs_list("/var/lib/dpkg/info", &names, NULL);
	for (size_t i = 0; i < names.n && !is; i++)
		is = strncmp(names.v[i], package, n) == 0 &&
		     (names.v[i][n] == '.' || names.v[i][n] == ':') &&
		     strv_ends(strv_of(names.v[i]), ".list");
	strlist_release(&names);
	return is;
}
