/* Most libraries don't even hold the name: only what does is read as an object. */
#include "base/prelude.h"
#include "survey/installed.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/proc.h"
#include "survey/symbols.h"
#include <ctype.h>
#include <strings.h>

#define FOLDERS_DEEP 3
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

/* The compiler's, the C library's and the kernel's: what lies in them is found by another name, or isn't for programs. */
static bool is_system(const char *name)
{
	static const char *const names[] = { "c++", "linux", "bits", "gnu", "sys" };
	static const char *const starts[] = { "asm", "llvm-", "clang" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strncmp(name, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* Is the folder called after the header's first word: "hdf5", "lua5.4"? */
static bool is_named(const char *name, const char *header)
{
	size_t n = strcspn(header, "/.");

	return n > 1 && strncasecmp(name, header, n) == 0 && !isalpha((unsigned char)name[n]) &&
	       !is_system(name);
}

static char *folder_with(const char *dir, const char *header, unsigned deep)
{
	char *path = fs_join(dir, header), *found = fs_is_file(path) ? xstrdup(dir) : NULL;
	struct strlist names = STRLIST_INIT;

	if (!found && deep < FOLDERS_DEEP)
		fs_list(dir, &names, NULL);
	for (size_t i = 0; i < names.n && !found; i++) {
		char *below = fs_join(dir, names.v[i]);

		if (fs_is_dir(below) && !is_system(names.v[i]))
			found = folder_with(below, header, deep + 1);
		free(below);
	}
	strlist_release(&names);
	free(path);
	return found;
}

/* In one of the folders of top that are called after it. */
static char *folder_below(const char *top, const char *header)
{
	struct strlist names = STRLIST_INIT;
	char *found = NULL;

	fs_list(top, &names, NULL);
	for (size_t i = 0; i < names.n && !found; i++) {
		char *dir = is_named(names.v[i], header) ? fs_join(top, names.v[i]) : NULL;

		if (dir && fs_is_dir(dir))
			found = folder_with(dir, header, 1);
		free(dir);
	}
	strlist_release(&names);
	return found;
}

/* "x86_64-linux-gnu", as its libraries' folder is called; the caller frees. */
static char *triplet_folder(void)
{
	char *libs = library_dir(),
	     *dir = libs ? xasprintf("/usr/include/%s", fs_basename(libs)) : NULL;

	free(libs);
	return dir;
}

char *installed_folder(const char *header)
{
	static const char *const tops[] = { "/usr/local/include", "/usr/include" };
	char *found = NULL, *triplet;

	if (*header == '/' || strstr(header, ".."))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(tops) && !found; i++)
		found = folder_below(tops[i], header);
	triplet = found ? NULL : triplet_folder();
	if (triplet)
		found = folder_below(triplet, header);
	free(triplet);
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
