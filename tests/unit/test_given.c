/* Files that a harness is given: by which names they are shown, and that nothing beside these links is touched. */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/given.h"
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

static char *dir, *project, *folder;

static int set_up(void **state)
{
	struct err err = ERR_INIT;
	char *sub;

	(void)state;
	dir = fs_tmpdir("thresh-given", &err);
	if (!dir)
		return -1;
	project = fs_join(dir, "project");
	folder = fs_join(dir, "work/folder");
	sub = fs_join(project, "data");
	if (fs_mkdirs(sub, &err) < 0 || fs_mkdirs(folder, &err) < 0)
		return -1;
	free(sub);
	sub = fs_join(project, "data/rules.txt");
	if (fs_write(sub, "rules", 5, 0644, &err) < 0)
		return -1;
	free(sub);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(dir, NULL);
	free(dir);
	free(project);
	free(folder);
	return 0;
}

static void test_names(void **state)
{
	static const struct {
		const char *origin, *file, *name;
	} rows[] = {
		{ "/a/project", "/a/project/data/rules.txt", "data/rules.txt" },
		{ "/a/project", "/a/project/data/", "data" },
		{ "/a/project", "/a/project/x/..//./data/rules.txt", "data/rules.txt" },
		{ "/a/project/", "/a/project/data", "data" },
		{ "/a/project", "/a/project/../shared/x", "x" },
		{ "/a/project", "/a/project/data/../../shared/", "shared" },
		{ "/a/project", "/a/project-2/x", "x" },
		{ "/a/project", "/a/project/..data", "..data" },
		{ "/", "/etc/x", "etc/x" },
		{ NULL, "/etc/x", "x" },
		{ "/a/project", "/a/project", NULL },
		{ "/a/project", "/a/project/.", NULL },
		{ "/a/project", "/a/project/..", NULL },
		{ "/a/project", "/a/project/data/..", NULL },
		{ "/a/project", "/a/project/../../..", NULL },
		{ "/a/project", "/", NULL },
		{ NULL, "/", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct given g = { .origin = rows[i].origin };
		struct err err = ERR_INIT;
		char *name = given_name(&g, rows[i].file, &err);

		if (rows[i].name && !name)
			fail_msg("%s: %s", rows[i].file, err.msg);
		if (rows[i].name)
			assert_string_equal(name, rows[i].name);
		else
			assert_null(name);
		free(name);
	}
}

static void must_show(const char *file, const char *exe)
{
	char *path = fs_join(project, file);
	const char *files[] = { path, NULL };
	const struct given g = { files, project };
	struct err err = ERR_INIT;

	if (given_show(&g, exe, folder, &err) < 0)
		fail_msg("%s", err.msg);
	free(path);
}

static void must_read(const char *name, const char *want)
{
	char *path = fs_join(folder, name);
	struct buf b = BUF_INIT;

	assert_int_equal(fs_read(path, 100, &b, NULL), 0);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
	free(path);
}

/* A target may have put anything in their place: a folder, a link to somewhere else. */
static void test_anew(void **state)
{
	char *link = fs_join(folder, "data"), *sub = fs_join(link, "rules.txt");

	(void)state;
	must_show("data/rules.txt", NULL);
	must_read("data/rules.txt", "rules");
	assert_int_equal(unlink(link), 0);
	assert_int_equal(fs_mkdirs(sub, NULL), 0);
	must_show("data/rules.txt", NULL);
	must_read("data/rules.txt", "rules");
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("/etc", link), 0);
	must_show("data/rules.txt", NULL);
	must_read("data/rules.txt", "rules");
	free(link);
	free(sub);
}

/* Refused before anything is removed: its link would be the folder, or the one above that. */
static void test_whole(void **state)
{
	static const char *const all[] = { ".", "..", "data/.." };
	char *kept = fs_join(folder, "kept");

	(void)state;
	assert_int_equal(fs_write(kept, "kept", 4, 0644, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		char *path = fs_join(project, all[i]);
		const char *files[] = { path, NULL };
		const struct given g = { files, project };
		struct err err = ERR_INIT;

		assert_int_equal(given_show(&g, NULL, folder, &err), -1);
		must_read("kept", "kept");
		free(path);
	}
	free(kept);
}

/* A harness called as a folder that it reads is no hindrance. */
static void test_exe(void **state)
{
	char *exe = fs_join(dir, "data"), *path = fs_join(project, "data"), *at;
	const char *files[] = { path, NULL };
	const struct given g = { files, project };

	(void)state;
	assert_int_equal(fs_write(exe, "program", 7, 0755, NULL), 0);
	must_show("data", exe);
	must_read("data/rules.txt", "rules");
	must_read("data_", "program");
	at = given_exe(&g, exe, "/folder", NULL);
	assert_string_equal(at, "/folder/data_");
	free(at);
	at = given_exe(&g, "/bin/other", "/folder", NULL);
	assert_string_equal(at, "/folder/other");
	free(at);
	free(exe);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_anew),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_exe),
	};

	return cmocka_run_group_tests_name("given", tests, set_up, tear_down);
}
