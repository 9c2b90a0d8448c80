/* Inputs by content. */
#include "base/prelude.h"
#include "corpus/inputs.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/archive.h"
#include <endian.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool inputs_is_name(const char *name)
{
	return name && strlen(name) == SHA1_HEX - 1 &&
	       strspn(name, "0123456789abcdef") == SHA1_HEX - 1;
}

char *inputs_path(const char *dir, const char *sha1)
{
	if (!inputs_is_name(sha1))
		BUG("not the name of an input: %s", sha1 ? sha1 : "none");
	return fs_join(dir, sha1);
}

#define LIST_AHEAD (64 << 20)

struct listing {
	struct buf names; /* SHA1_HEX bytes each */
	struct strlist *others;
};

static void list_one(void *arg, const char *name)
{
	struct listing *l = arg;

	if (inputs_is_name(name))
		buf_add(&l->names, name, SHA1_HEX);
	else if (l->others)
		strlist_add(l->others, name);
}

/* Of one length, most differ in their first bytes: as numbers, whose first byte counts most. */
static int by_name(const void *a, const void *b)
{
	const char *s = *(char *const *)a, *t = *(char *const *)b;
	uint64_t x, y;

	memcpy(&x, s, sizeof(x));
	memcpy(&y, t, sizeof(y));
	if (x == y)
		return memcmp(s, t, SHA1_HEX);
	x = be64toh(x);
	y = be64toh(y);
	return x < y ? -1 : 1;
}

int inputs_list_all(const char *dir, struct strlist *names, struct strlist *others, struct err *err)
{
	struct listing l = { .names = BUF_INIT, .others = others };
	struct stat st;
	int rc;

	/* a file system that tells how large its folders are tells what to have ready; all of it is rarely touched */
	if (stat(dir, &st) == 0 && st.st_size > 0)
		buf_reserve(&l.names, (size_t)MIN(st.st_size, (off_t)LIST_AHEAD));
	rc = fs_each(dir, list_one, &l, err);
	if (rc < 0) {
		buf_release(&l.names);
		return -1;
	}
	strlist_take_block(names, l.names.s, SHA1_HEX, l.names.len / SHA1_HEX);
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), by_name);
	return 0;
}

int inputs_list(const char *dir, struct strlist *names, struct err *err)
{
	return inputs_list_all(dir, names, NULL, err);
}

/* Of an input's name, by a target: a pipe would be written into, and never read; a link leads elsewhere. */
static void clear_place(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		unlink(path);
}

bool inputs_hold(const char *dir, const char *sha1, const void *p, size_t n)
{
	char *path = inputs_path(dir, sha1);
	bool same = fs_equals(path, p, n);

	free(path);
	return same;
}

static int put(const char *dir, const void *p, size_t n, char sha1[SHA1_HEX], bool *added,
	bool synced, struct err *err)
{
	char *path;
	bool there;
	int rc = 0;

	hash_sha1(p, n, sha1);
	path = inputs_path(dir, sha1);
	/* one that was damaged is made anew */
	there = fs_equals(path, p, n);
	if (!there) {
		clear_place(path);
		rc = fs_mkdirs(dir, err);
		if (rc == 0)
			rc = synced ? fs_write(path, p, n, 0600, err)
				    : dir_write(AT_FDCWD, path, p, n, err);
	}
	if (added)
		*added = !there && rc == 0;
	free(path);
	return rc;
}

int inputs_put(
	const char *dir, const void *p, size_t n, char sha1[SHA1_HEX], bool *added, struct err *err)
{
	return put(dir, p, n, sha1, added, true, err);
}

int inputs_put_unsynced(
	const char *dir, const void *p, size_t n, char sha1[SHA1_HEX], bool *added, struct err *err)
{
	return put(dir, p, n, sha1, added, false, err);
}

static int check_name(
	const char *path, const char *sha1, const struct buf *b, size_t start, struct err *err)
{
	char hex[SHA1_HEX];

	hash_sha1(buf_str(b) + start, b->len - start, hex);
	return strcmp(hex, sha1) == 0
		       ? 0
		       : err_set(err, "%s: damaged: its bytes don't have this SHA-1", path);
}

int inputs_get(const char *dir, const char *sha1, struct buf *out, struct err *err)
{
	size_t start = out->len;
	char *path;
	int rc;

	if (!inputs_is_name(sha1))
		return err_set(err, "'%s': not the name of an input", sha1 ? sha1 : "");
	path = inputs_path(dir, sha1);
	rc = fs_read(path, FS_NO_LIMIT, out, err);
	if (rc == 0)
		rc = check_name(path, sha1, out, start, err);
	free(path);
	return rc;
}

int inputs_read(const char *dir, const char *sha1, uint64_t max, struct buf *out, struct err *err)
{
	char *path = inputs_path(dir, sha1);
	int rc;

	buf_reset(out);
	rc = dir_read_path(path, max, out, err);
	if (rc == 0)
		rc = check_name(path, sha1, out, 0, err);
	free(path);
	return rc;
}

/* --- out: an engine may be at work in dir, and what it took away meanwhile is no error --- */

static int export_archive(
	const char *dir, const struct strlist *names, const char *path, size_t *n, struct err *err)
{
	struct archive_writer *w = archive_writer_open(path, err);
	struct buf b = BUF_INIT;
	int rc = w ? 0 : -1;

	for (size_t i = 0; rc == 0 && i < names->n; i++) {
		bool there = inputs_read(dir, names->v[i], FS_NO_LIMIT, &b, NULL) == 0;

		if (there)
			rc = archive_writer_add(w, names->v[i], buf_str(&b), b.len, err);
		*n += there;
	}
	if (rc == 0)
		rc = archive_writer_finish(w, err);
	else
		archive_writer_free(w);
	buf_release(&b);
	return rc;
}

static int export_folder(
	const char *dir, const struct strlist *names, const char *path, size_t *n, struct err *err)
{
	char *fresh = fs_fresh_beside(path, err), sha1[SHA1_HEX];
	struct buf b = BUF_INIT;
	int rc = fresh ? 0 : -1;

	for (size_t i = 0; rc == 0 && i < names->n; i++) {
		bool there = inputs_read(dir, names->v[i], FS_NO_LIMIT, &b, NULL) == 0;

		if (there)
			rc = inputs_put(fresh, buf_str(&b), b.len, sha1, NULL, err);
		*n += there;
	}
	if (rc == 0)
		rc = fs_take_place(fresh, path, err);
	if (rc < 0 && fresh)
		fs_remove_tree(fresh, NULL);
	buf_release(&b);
	free(fresh);
	return rc;
}

int inputs_export(const char *dir, const char *path, size_t *n, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	int rc = inputs_list(dir, &names, err);

	*n = 0;
	if (rc == 0 && archive_is_foreign_name(path))
		rc = err_usage(
			err, "%s: can't be written; name a folder or a " ARCHIVE_NAMES, path);
	else if (rc == 0)
		rc = archive_is_name(path) ? export_archive(dir, &names, path, n, err)
					   : export_folder(dir, &names, path, n, err);
	strlist_release(&names);
	return rc;
}
