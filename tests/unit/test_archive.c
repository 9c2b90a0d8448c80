/*
 * Archives: what is written is the same bytes wherever and whenever; what is read back is what was there; and what a
 * stranger's archive may not do. The hostile ones are made here, with libarchive's own writer.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/archive.h"
#include "corpus/import.h"
#include "corpus/inputs.h"
#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <utime.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static const char *const kinds[] = { "tar", "tar.gz", "tgz", "tar.xz", "txz", "tar.zst", "tzst",
	"zip" };
static const struct archive_limits wide = ARCHIVE_LIMITS;

static char *top;

static const char *at(const char *name)
{
	static char paths[4][4096];
	static unsigned next;
	char *p = paths[next++ % 4];

	snprintf(p, sizeof(paths[0]), "%s/%s", top, name);
	return p;
}

static void put(const char *name, const char *text, size_t n, unsigned mode)
{
	struct err err = ERR_INIT;
	char *dir = fs_dirname(at(name));

	if (fs_mkdirs(dir, &err) < 0 || fs_write(at(name), text, n, mode, &err) < 0)
		fail_msg("%s", err.msg);
	free(dir);
}

static char long_name[] =
	"set/a-name-that-is-longer-than-the-hundred-bytes-which-the-oldest-tar-had-room-for/"
	"and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on/"
	"and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-end";
static const struct {
	const char *name, *text;
	size_t n;
	unsigned mode;
} files[] = {
	{ "set/b", "second", 6, 0600 },
	{ "set/a", "", 0, 0644 },
	{ "set/run.sh", "#!/bin/sh\n", 10, 0755 },
	{ "set/sub/nul", "a\0b", 3, 0640 },
	{ "set/sub/\xc3\xa9t\xc3\xa9", "utf-8", 5, 0600 },
	{ long_name, "long", 4, 0600 },
};

static void make_set(void)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		put(files[i].name, files[i].text, files[i].n, files[i].mode);
}

static int set_up(void **state)
{
	(void)state;
	top = fs_tmpdir("thresh-archive", NULL);
	unsetenv("SOURCE_DATE_EPOCH");
	return top ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	fs_remove_tree(top, NULL);
	free(top);
	return 0;
}

static char *pack(const char *kind)
{
	char *path = xasprintf("%s/out.%s", top, kind);
	struct err err = ERR_INIT;

	if (archive_pack(at("set"), path, &err) < 0)
		fail_msg("%s: %s", kind, err.msg);
	return path;
}

static void read_all(const char *path, struct buf *out)
{
	struct err err = ERR_INIT;

	buf_reset(out);
	if (fs_read(path, FS_NO_LIMIT, out, &err) < 0)
		fail_msg("%s", err.msg);
}

static size_t count(const char *dir)
{
	struct strlist names = STRLIST_INIT;
	size_t n;

	assert_int_equal(fs_list(dir, &names, NULL), 0);
	n = names.n;
	strlist_release(&names);
	return n;
}

static void test_round_trip(void **state)
{
	(void)state;
	make_set();
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		char *path = pack(kinds[k]);
		struct err err = ERR_INIT;
		struct buf b = BUF_INIT;

		assert_true(archive_is_name(path));
		if (archive_unpack(path, at("back"), &wide, &err) < 0)
			fail_msg("%s: %s", kinds[k], err.msg);
		for (size_t i = 0; i < ARRAY_LEN(files); i++) {
			char *back = xasprintf("%s/back/%s", top, files[i].name);
			struct stat st;

			read_all(back, &b);
			assert_int_equal(b.len, files[i].n);
			assert_memory_equal(buf_str(&b), files[i].text, files[i].n);
			assert_int_equal(stat(back, &st), 0);
			assert_int_equal(!!(st.st_mode & S_IXUSR), !!(files[i].mode & 0100));
			free(back);
		}
		buf_release(&b);
		fs_remove_tree(at("back"), NULL);
		unlink(path);
		free(path);
	}
	/* nothing is left beside what was asked for */
	assert_int_equal(count(top), 1);
}

static void test_same_bytes(void **state)
{
	struct buf one = BUF_INIT, two = BUF_INIT;

	(void)state;
	make_set();
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		static const struct utimbuf other = { 1234567, 7654321 };
		char *path = pack(kinds[k]);

		read_all(path, &one);
		/* gzip's own time, which a second run within the same second wouldn't tell */
		if (strcmp(kinds[k], "tar.gz") == 0)
			assert_memory_equal(one.s + 4, "\0\0\0\0", 4);
		assert_int_equal(utime(at("set/b"), &other), 0);
		assert_int_equal(utime(at("set/sub"), &other), 0);
		assert_int_equal(chmod(at("set/a"), 0666), 0);
		setenv("TZ", "Asia/Kathmandu", 1);
		tzset();
		free(path);
		path = pack(kinds[k]);
		assert_string_equal(getenv("TZ"), "Asia/Kathmandu");
		read_all(path, &two);
		if (one.len != two.len || memcmp(one.s, two.s, one.len) != 0)
			fail_msg("%s: other bytes at another time and place", kinds[k]);
		unsetenv("TZ");
		tzset();
		/* and this is the way to have another time in it */
		setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
		free(path);
		path = pack(kinds[k]);
		unsetenv("SOURCE_DATE_EPOCH");
		read_all(path, &two);
		if (one.len == two.len && memcmp(one.s, two.s, one.len) == 0)
			fail_msg("%s: SOURCE_DATE_EPOCH makes no difference", kinds[k]);
		free(path);
	}
	buf_release(&one);
	buf_release(&two);
}

static void test_links_and_pipes(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	make_set();
	assert_int_equal(symlink("a", at("set/link")), 0);
	/* a link is kept, which is what a source tree needs; reading refuses it, which see below */
	assert_int_equal(archive_pack(at("set"), at("x.tar"), &err), 0);
	assert_int_equal(mkfifo(at("set/pipe"), 0600), 0);
	assert_int_equal(archive_pack(at("set"), at("y.tar"), &err), -1);
	assert_non_null(strstr(err.msg, "set/pipe: neither a file nor a folder"));
	assert_int_equal(count(top), 2);
}

static void test_names(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_true(archive_is_name("a.zip"));
	assert_false(archive_is_name("a.tar.bz2"));
	assert_true(archive_is_foreign_name("a.tar.bz2"));
	assert_true(archive_is_foreign_name("a.gz"));
	assert_false(archive_is_foreign_name("a.tar.gz"));
	assert_false(archive_is_foreign_name("targz"));
	assert_null(archive_writer_open(at("a.tar.bz2"), &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_null(archive_writer_open(at("none/a.tar"), &err));
	assert_int_equal(count(top), 0);
}

/* --- hostile --- */

struct hostile {
	const char *name;
	mode_t type;
	const char *link;  /* of a symbolic link, or, of AE_IFREG, of a hard one */
	const char *words; /* that refuse it; NULL: it is fine */
};

static const struct hostile hostile[] = {
	{ "fine", AE_IFREG, NULL, NULL },
	{ "./fine//too", AE_IFREG, NULL, NULL },
	{ "..fine/...", AE_IFREG, NULL, NULL },
	{ "a/folder/", AE_IFDIR, NULL, NULL },
	{ "/abs", AE_IFREG, NULL, "leads outside" },
	{ "../up", AE_IFREG, NULL, "leads outside" },
	{ "a/../../up", AE_IFREG, NULL, "leads outside" },
	{ "a/..", AE_IFREG, NULL, "leads outside" },
	{ "../", AE_IFDIR, NULL, "leads outside" },
	{ "link", AE_IFLNK, "/etc/passwd", "neither a file" },
	{ "link", AE_IFLNK, "first", "neither a file" },
	{ "hard", AE_IFREG, "/etc/passwd", "neither a file" },
	{ "hard", AE_IFREG, "first", "neither a file" },
	{ "null", AE_IFCHR, NULL, "neither a file" },
	{ "disk", AE_IFBLK, NULL, "neither a file" },
	{ "pipe", AE_IFIFO, NULL, "neither a file" },
	{ "first", AE_IFREG, NULL, "File exists" },
	{ "./first", AE_IFREG, NULL, "File exists" },
	{ "first/below", AE_IFREG, NULL, "not a directory" },
};

static void add(struct archive *a, const char *name, mode_t type, const char *link,
	const char *text, size_t n)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_mode(e, type | 0777);
	if (link && type == AE_IFLNK)
		archive_entry_set_symlink(e, link);
	else if (link)
		archive_entry_set_hardlink(e, link);
	else if (type == AE_IFREG)
		archive_entry_set_size(e, (int64_t)n);
	if (archive_write_header(a, e) != ARCHIVE_OK)
		fail_msg("%s: %s", name, archive_error_string(a));
	if (type == AE_IFREG && !link)
		assert_int_equal(archive_write_data(a, text, n), n);
	archive_entry_free(e);
}

static struct archive *start(const char *path, bool zip, unsigned gzips)
{
	struct archive *a = archive_write_new();

	assert_int_equal(
		zip ? archive_write_set_format_zip(a) : archive_write_set_format_gnutar(a), 0);
	for (unsigned i = 0; i < gzips; i++)
		assert_int_equal(archive_write_add_filter_gzip(a), 0);
	assert_int_equal(archive_write_open_filename(a, path), 0);
	return a;
}

static void end(struct archive *a)
{
	assert_int_equal(archive_write_close(a), 0);
	archive_write_free(a);
}

static void check_hostile(const struct hostile *h, bool zip)
{
	struct archive *a = start(at("h"), zip, 0);
	struct err err = ERR_INIT;
	int rc;

	add(a, "first", AE_IFREG, NULL, "1", 1);
	add(a, h->name, h->type, h->link, "2", 1);
	end(a);
	rc = archive_unpack(at("h"), at("out"), &wide, &err);
	if ((rc == 0) != (h->words == NULL) || (h->words && !strstr(err.msg, h->words)))
		fail_msg("%s: %s: %d, %s", zip ? "zip" : "tar", h->name, rc, err.msg);
	/* all or nothing, and nothing anywhere else */
	assert_int_equal(count(top), rc == 0 ? 2 : 1);
	fs_remove_tree(at("out"), NULL);
}

static void test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		check_hostile(&hostile[i], false);
		/* zip has no devices and no hard links */
		if ((hostile[i].type == AE_IFREG && !hostile[i].link) ||
			hostile[i].type == AE_IFDIR || hostile[i].type == AE_IFLNK)
			check_hostile(&hostile[i], true);
	}
}

static void test_limits(void **state)
{
	static const struct {
		struct archive_limits limits;
		const char *words; /* NULL: within */
	} rows[] = {
		{ { 3, 100000, 200000 }, NULL },
		{ { 2, 100000, 200000 }, "more than 2 entries" },
		{ { 3, 99999, 200000 }, "larger than 99999 bytes" },
		{ { 3, 100000, 199999 }, "more than 199999 bytes in all" },
	};
	static char zeros[100000];

	(void)state;
	for (unsigned zip = 0; zip < 2; zip++)
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			struct archive *a = start(at("bomb"), zip, !zip);
			struct err err = ERR_INIT;
			int rc;

			add(a, "d/", AE_IFDIR, NULL, NULL, 0);
			add(a, "one", AE_IFREG, NULL, zeros, sizeof(zeros));
			add(a, "two", AE_IFREG, NULL, zeros, sizeof(zeros));
			end(a);
			rc = archive_unpack(at("bomb"), at("out"), &rows[i].limits, &err);
			if ((rc == 0) != (rows[i].words == NULL) ||
				(rows[i].words && !strstr(err.msg, rows[i].words)))
				fail_msg("zip %u, row %zu: %d, %s", zip, i, rc, err.msg);
			assert_int_equal(fs_exists(at("out")), rc == 0);
			fs_remove_tree(at("out"), NULL);
		}
}

/* A size that its header only claims: refused before room is made for it. */
static void test_claims(void **state)
{
	struct archive *a = start(at("c"), false, 0);
	struct buf b = BUF_INIT;
	struct err err = ERR_INIT;
	unsigned sum = 0;

	(void)state;
	add(a, "huge", AE_IFREG, NULL, "x", 1);
	end(a);
	read_all(at("c"), &b);
	memcpy(b.s + 124, "77777777777", 11); /* the header's size, in octal: 8 GiB */
	memset(b.s + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (unsigned char)b.s[i];
	snprintf(b.s + 148, 8, "%06o", sum);
	assert_int_equal(fs_write(at("c"), b.s, b.len, 0600, &err), 0);
	assert_int_equal(archive_unpack(at("c"), at("out"), &wide, &err), -1);
	assert_non_null(strstr(err.msg, "huge: larger than"));
	assert_false(fs_exists(at("out")));
	buf_release(&b);
}

static void test_not_archives(void **state)
{
	struct archive *a = start(at("twice"), false, 2);
	struct err err = ERR_INIT;

	(void)state;
	add(a, "f", AE_IFREG, NULL, "x", 1);
	end(a);
	assert_int_equal(archive_unpack(at("twice"), at("out"), &wide, &err), -1);
	assert_non_null(strstr(err.msg, "compressed more than once"));
	put("text", "this is no archive, only text\n", 30, 0600);
	assert_int_equal(archive_unpack(at("text"), at("out"), &wide, &err), -1);
	put("empty", "", 0, 0600);
	assert_int_equal(archive_unpack(at("empty"), at("out"), &wide, &err), -1);
	assert_int_equal(archive_unpack(at("none"), at("out"), &wide, &err), -1);
	assert_int_equal(archive_unpack(top, at("out"), &wide, &err), -1);
	assert_int_equal(mkfifo(at("pipe"), 0600), 0);
	assert_int_equal(archive_unpack(at("pipe"), at("out"), &wide, &err), -1);
	assert_false(fs_exists(at("out")));
	/* a folder that is there is not written into */
	assert_int_equal(mkdir(at("out"), 0700), 0);
	make_set();
	assert_int_equal(archive_pack(at("set"), at("x.tar"), &err), 0);
	assert_int_equal(archive_unpack(at("x.tar"), at("out"), &wide, &err), -1);
	assert_int_equal(count(at("out")), 0);
}

static void test_cut_short(void **state)
{
	(void)state;
	make_set();
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct buf b = BUF_INIT;
		char *path = pack(kinds[k]);

		read_all(path, &b);
		for (size_t n = 0; n < b.len; n += b.len / 20 + 1) {
			struct err err = ERR_INIT;
			int rc;

			assert_int_equal(fs_write(at("cut"), b.s, n, 0600, &err), 0);
			rc = archive_unpack(at("cut"), at("out"), &wide, &err);
			/* plain tar that ends between two files ends, as far as can be told */
			if (rc == 0 && strcmp(kinds[k], "tar") != 0)
				fail_msg("%s: %zu of %zu bytes are taken for all", kinds[k], n,
					b.len);
			if (rc < 0 && (!err.msg[0] || fs_exists(at("out"))))
				fail_msg("%s, cut at %zu: left something", kinds[k], n);
			fs_remove_tree(at("out"), NULL);
		}
		buf_release(&b);
		free(path);
	}
}

/* Names that are said to be UTF-8, as pax and most zips say it, where the locale doesn't have their characters. */
static void test_utf8_names(void **state)
{
	static const char *const names[] = { "\xc3\xa9", "\xc3\xa8", "\xe2\x82\xac" };
	static int (*const formats[])(
		struct archive *) = { archive_write_set_format_pax, archive_write_set_format_zip };

	(void)state;
	for (size_t f = 0; f < ARRAY_LEN(formats); f++) {
		struct archive *a = archive_write_new();
		struct err err = ERR_INIT;

		setlocale(LC_CTYPE, "C.UTF-8");
		assert_int_equal(formats[f](a), 0);
		assert_int_equal(archive_write_open_filename(a, at("p")), 0);
		for (size_t i = 0; i < ARRAY_LEN(names); i++)
			add(a, names[i], AE_IFREG, NULL, "x", 1);
		end(a);
		setlocale(LC_CTYPE, "C");
		if (archive_unpack(at("p"), at("out"), &wide, &err) < 0)
			fail_msg("%s", err.msg);
		for (size_t i = 0; i < ARRAY_LEN(names); i++) {
			char *path = fs_join(at("out"), names[i]);

			assert_true(fs_is_file(path));
			free(path);
		}
		fs_remove_tree(at("out"), NULL);
	}
}

/* --- as seeds --- */

static void test_import(void **state)
{
	(void)state;
	make_set();
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct import_stats st = { 0 };
		struct err err = ERR_INIT;
		char *path = pack(kinds[k]);

		if (inputs_import(at("corpus"), path, 9, &st, &err) < 0)
			fail_msg("%s: %s", kinds[k], err.msg);
		assert_int_equal(st.added, 5);
		assert_int_equal(st.too_large, 1);
		assert_int_equal(count(at("corpus")), 5);
		fs_remove_tree(at("corpus"), NULL);
		free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_same_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links_and_pipes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_limits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_claims, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_archives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cut_short, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_utf8_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_import, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
