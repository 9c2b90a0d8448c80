/* What goes to workers of other machines in packs, and how it arrives. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "corpus/archive.h"
#include "depot/build.h"
#include "depot/packing.h"
#include "proc/interrupt.h"
#include "project/project.h"
#include "store/blobs.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define PACK_MAX ((uint64_t)64 << 20)

static char *dir;
static struct project *project;

static char *path_of(const char *name)
{
	return fs_join(dir, name);
}

static void put(const char *name, const char *text)
{
	char *path = path_of(name), *parent = fs_dirname(path);

	assert_int_equal(fs_mkdirs(parent, NULL), 0);
	assert_int_equal(fs_write(path, text, strlen(text), 0600, NULL), 0);
	free(parent);
	free(path);
}

/* A script builds it, so that nobody knows which files are its sources; links lead around in it, and out of it. */
static int set_up(void **state)
{
	static const char *const links[][2] = { { "p/aaa/up", ".." }, { "p/again", "src" },
		{ "p/out", "../.." }, { "p/src/self", "." }, { "p/beside", "../beside" } };
	char *config;

	(void)state;
	log_set_level(LOG_ERROR);
	proc_catch_signals();
	dir = fs_tmpdir("thresh-test", NULL);
	put("p/thresh.yaml", "version: 1\nproject: small\nbuild:\n  script: build.sh\n"
			     "harnesses:\n  parse:\n    max_len: 64\n");
	put("p/build.sh", "#!/bin/sh\n");
	put("p/aaa/a.c", "int a;\n");
	put("p/src/b.c", "int b;\n");
	put("p/src/deep/c.h", "int c;\n");
	put("p/.git/d.c", "int d;\n");
	put("p/notes", "none\n");
	put("beside/e.c", "int e;\n");
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		char *path = path_of(links[i][0]);

		assert_int_equal(symlink(links[i][1], path), 0);
		free(path);
	}
	config = path_of("p/thresh.yaml");
	project = project_open(config, NULL);
	free(config);
	return project ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	project_close(project);
	fs_remove_tree(dir, NULL);
	free(dir);
	return 0;
}

static void test_each_folder_once(void **state)
{
	static const char *const want[] = { "aaa/a.c", "beside/e.c", "src/b.c", "src/deep/c.h",
		"thresh.yaml" };
	char *path = path_of("pack.tar.zst");
	struct archive_limits limits = ARCHIVE_LIMITS;
	struct archive_reader *r;
	struct buf b = BUF_INIT;
	const char *name;
	size_t n = 0;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(packing_shared(project, path, &err), 0);
	r = archive_reader_open(path, &limits, NULL);
	assert_non_null(r);
	while (archive_reader_next(r, &name, &b, NULL) == 1) {
		assert_true(n < ARRAY_LEN(want));
		assert_string_equal(name, want[n++]);
	}
	assert_int_equal(n, ARRAY_LEN(want));
	archive_reader_close(r);
	buf_release(&b);
	free(path);
}

static void test_unpacked_and_broken_off(void **state)
{
	struct depot_pack pack = { .name = (char *)(uintptr_t) "" };
	struct depot_build build = { .packs = &pack, .n = 1 };
	char *path = path_of("pack2.tar.zst"), *to = path_of("to"), *one = path_of("to/src/b.c");
	char *later = path_of("later");
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	struct strlist files = STRLIST_INIT;
	struct stat st;

	(void)state;
	assert_int_equal(packing_shared(project, path, &err), 0);
	assert_int_equal(fs_read(path, PACK_MAX, &b, NULL), 0);
	hash_sha1(b.s, b.len, pack.sha1);
	hash_sha256(b.s, b.len, pack.sha256);
	assert_int_equal(store_blob_put(project->store, pack.sha1, b.s, b.len, true, NULL), 0);
	assert_int_equal(fs_mkdirs(to, NULL), 0);
	assert_int_equal(depot_unpack(project->store, &build, "", to, &err), 0);
	buf_reset(&b);
	assert_int_equal(fs_read(one, PACK_MAX, &b, NULL), 0);
	assert_string_equal(buf_str(&b), "int b;\n");
	assert_int_equal(stat(one, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);

	/* told to stop, as by a machine that is taken away: there may be thousands of files to come */
	assert_int_equal(fs_mkdirs(later, NULL), 0);
	assert_int_equal(raise(SIGTERM), 0);
	assert_int_equal(depot_unpack(project->store, &build, "", later, &err), -1);
	assert_string_equal(err.msg, "interrupted");
	assert_int_equal(fs_walk(later, &files, NULL), 0);
	assert_int_equal(files.n, 0);
	strlist_release(&files);
	buf_release(&b);
	free(later);
	free(one);
	free(to);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_folder_once),
		cmocka_unit_test(test_unpacked_and_broken_off),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
