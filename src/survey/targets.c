/*
 * CMake's makefiles have a folder for each target, in CMakeFiles/TargetDirectories.txt, and in it the command that links it.
 * Ninja's file, which Meson writes, has a line for each, with the rule that makes it.
 */
#include "base/prelude.h"
#include "survey/targets.h"
#include "survey/files.h"
#include "base/fs.h"
#include "base/mem.h"

#define TARGETS_MAX 60
#define TEXT_MAX ((uint64_t)64 << 20)

static void add(struct targets *out, struct strv name, char *folder)
{
	strlist_add_take(&out->names, strv_dup(name));
	strlist_add_take(&out->folders, folder);
}

/* "ar qc libx.a a.o", "c++ -shared -o libx.so a.o": the first line of what links it */
static bool is_library_link(const char *path)
{
	struct buf text = BUF_INIT;
	struct strv rest, line = { "", 0 };
	bool is;

	if (fs_is_file(path))
		fs_read(path, TEXT_MAX, &text, NULL);
	rest = strv_n(buf_str(&text), text.len);
	strv_line(&rest, &line);
	is = strv_contains(line, " -shared ") || strv_contains(line, "ar qc ") ||
	     strv_contains(line, "ar cr ");
	buf_release(&text);
	return is;
}

/* ".../src/CMakeFiles/x.dir": x, where that is a library */
static void read_cmake_folder(struct strv folder, const char *build, struct targets *out)
{
	char *path = strv_dup(folder), *link = fs_join(path, "link.txt");
	const char *rel = fs_below(build, path);
	struct strv name = strv_of(fs_basename(path));

	if (rel != path && strv_ends(name, ".dir") && !files_aside(rel) && is_library_link(link))
		add(out, strv_sub(name, 0, name.len - strlen(".dir")), xstrdup(path));
	free(link);
	free(path);
}

static void read_cmake(const char *build, struct targets *out)
{
	char *path = fs_join(build, "CMakeFiles/TargetDirectories.txt");
	struct buf text = BUF_INIT;
	struct strv rest, line;

	if (fs_is_file(path))
		fs_read(path, TEXT_MAX, &text, NULL);
	for (rest = strv_n(buf_str(&text), text.len); strv_line(&rest, &line);)
		read_cmake_folder(strv_trim(line), build, out);
	buf_release(&text);
	free(path);
}

/* "STATIC_LINKER", "cpp_LINKER" of a .so, "C_STATIC_LIBRARY_LINKER__x_Debug" */
static bool is_library_rule(struct strv rule, struct strv output)
{
	if (strv_starts(rule, "STATIC_LINKER") || strv_contains(rule, "_STATIC_LIBRARY_LINKER_") ||
		strv_contains(rule, "_SHARED_LIBRARY_LINKER_"))
		return true;
	return strv_contains(rule, "_LINKER") && strv_contains(output, ".so") &&
	       !strv_contains(output, ".symbols");
}

void targets_read_ninja(struct strv text, const char *build, struct targets *out)
{
	struct strv line;

	while (strv_line(&text, &line)) {
		struct strv output, rule;
		char *rel, *first, *folder;
		size_t colon;

		if (!strv_skip(&line, "build ") || (colon = strv_chr(line, ':')) == SIZE_MAX)
			continue;
		output = strv_sub(line, 0, colon);
		rule = strv_trim(strv_from(line, colon + 1));
		rule = strv_sub(rule, 0, strv_chr(rule, ' '));
		/* what a link makes in passing stands behind the library */
		output = strv_sub(output, 0, strv_chr(output, ' '));
		if (!is_library_rule(rule, output))
			continue;
		rel = strv_dup(output);
		first = xasprintf("%s.p", rel);
		folder = fs_join(build, first);
		if (files_aside(rel))
			free(folder);
		else
			add(out, output, folder);
		free(first);
		free(rel);
	}
}

static void read_ninja(const char *build, struct targets *out)
{
	char *path = fs_join(build, "build.ninja");
	struct buf text = BUF_INIT;

	if (fs_is_file(path) && fs_read(path, TEXT_MAX, &text, NULL) == 0)
		targets_read_ninja(strv_n(buf_str(&text), text.len), build, out);
	buf_release(&text);
	free(path);
}

/* Others are escaped in these files, or are options to what builds them: then all is built. */
static bool are_plain(const struct strlist *names)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-/@";

	for (size_t i = 0; i < names->n; i++)
		if (names->v[i][0] == '-' || names->v[i][strspn(names->v[i], plain)])
			return false;
	return true;
}

void targets_find(const char *build, struct targets *out)
{
	*out = (struct targets){ 0 };
	read_cmake(build, out);
	if (!out->names.n)
		read_ninja(build, out);
	if (out->names.n > TARGETS_MAX || !are_plain(&out->names))
		targets_release(out);
}

bool targets_has(const struct targets *t, const char *object)
{
	for (size_t i = 0; i < t->folders.n; i++)
		if (fs_below(t->folders.v[i], object) != object)
			return true;
	return false;
}

void targets_release(struct targets *t)
{
	strlist_release(&t->names);
	strlist_release(&t->folders);
}
