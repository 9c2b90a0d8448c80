/* Breadth first, so that a bound on the number of files cuts off what lies deepest. */
#include "base/prelude.h"
#include "survey/files.h"
#include "base/fs.h"
#include "base/mem.h"
#include <ctype.h>
#include <strings.h>
#include <sys/stat.h>

#define FILES_MAX 100000
#define DEPTH_MAX 40

static bool is_kept_out(const char *name)
{
	static const char *const names[] = { ".git", ".hg", ".svn", ".bzr", ".thresh", ".pc",
		"CMakeFiles", ".deps", ".libs", "autom4te.cache", "meson-private", "meson-logs",
		"meson-info", "node_modules", "_MTN", "CVS", NULL };

	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static unsigned depth_of(const char *rel)
{
	unsigned n = 0;

	for (; *rel; rel++)
		n += *rel == '/';
	return n;
}

static int list_one(
	const char *dir, const char *rel, struct files *out, struct strlist *dirs, struct err *err)
{
	char *full = fs_join(dir, *rel ? rel : ".");
	struct strlist names = STRLIST_INIT;
	int rc = fs_list(full, &names, *rel ? NULL : err);

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *path = *rel ? xasprintf("%s/%s", rel, names.v[i]) : xstrdup(names.v[i]);
		char *at = fs_join(dir, path);
		struct stat st;

		if (is_kept_out(names.v[i]) || lstat(at, &st) < 0)
			;
		else if (S_ISDIR(st.st_mode) && depth_of(path) < DEPTH_MAX)
			strlist_add(dirs, path);
		else if (S_ISREG(st.st_mode))
			strlist_add(&out->files, path);
		free(at);
		free(path);
	}
	strlist_release(&names);
	free(full);
	/* a folder that can't be read is one without files, but for the first */
	return *rel ? 0 : rc;
}

int files_list(const char *dir, struct files *out, struct err *err)
{
	struct strlist dirs = STRLIST_INIT;
	int rc;

	*out = (struct files){ 0 };
	rc = list_one(dir, "", out, &dirs, err);
	for (size_t i = 0; rc == 0 && i < dirs.n && !out->cut; i++) {
		/* the list grows as it is walked, and moves */
		char *at = xstrdup(dirs.v[i]);

		rc = list_one(dir, at, out, &dirs, err);
		out->cut = out->files.n > FILES_MAX || dirs.n > FILES_MAX;
		free(at);
	}
	strlist_release(&dirs);
	return rc;
}

void files_release(struct files *t)
{
	strlist_release(&t->files);
	t->cut = false;
}

bool files_aside(const char *rel)
{
	static const char *const names[] = { "test", "tests", "testing", "t", "unittest",
		"unittests", "unit-tests", "unit_tests", "testsuite", "check", "example",
		"examples", "sample", "samples", "demo", "demos", "bench", "benchmark",
		"benchmarks", "perf", "fuzz", "fuzzing", "fuzzer", "fuzzers", "fuzz_targets", "doc",
		"docs", "gtest", "googletest", "debian", "harnesses", "corpus", "bindings", NULL };
	struct strv rest = strv_of(rel), part;

	while (strv_split(&rest, '/', &part)) {
		/* the last is the file's own name */
		if (!rest.len)
			break;
		for (size_t i = 0; names[i]; i++)
			if (part.len == strlen(names[i]) &&
				strncasecmp(part.s, names[i], part.len) == 0)
				return true;
	}
	return false;
}

bool files_trial(const char *rel)
{
	static const char *const words[] = { "test", "tests", "example", "examples", "demo",
		"sample", "bench", "benchmark", NULL };
	const char *name = fs_basename(rel);
	struct strv stem = strv_of(name);

	stem.len = MIN(strv_chr(stem, '.'), stem.len);
	while (stem.len && isdigit((unsigned char)stem.s[stem.len - 1]))
		stem.len--;
	for (size_t i = 0; words[i]; i++) {
		size_t n = strlen(words[i]);

		if (stem.len < n)
			continue;
		if (strncasecmp(stem.s, words[i], n) == 0 &&
			(stem.len == n || strchr("_-", stem.s[n])))
			return true;
		if (strncasecmp(stem.s + stem.len - n, words[i], n) == 0 && stem.len > n &&
			strchr("_-", stem.s[stem.len - n - 1]))
			return true;
	}
	return false;
}

bool files_framework(const char *rel)
{
	static const char *const names[] = { "catch.hpp", "catch_amalgamated.hpp", "doctest.h",
		"acutest.h", "greatest.h", "munit.h", "utest.h", "minunit.h", "ut.hpp",
		"snitch.hpp", "lest.hpp", "tinytest.h", "picotest.h", "clar.h", NULL };

	for (size_t i = 0; names[i]; i++)
		if (strcmp(fs_basename(rel), names[i]) == 0)
			return true;
	return false;
}

bool files_header(const char *rel)
{
	static const char *const ends[] = { ".h", ".hh", ".hpp", ".hxx" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (strv_ends(strv_of(rel), ends[i]))
			return true;
	return false;
}
