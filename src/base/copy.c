/*
 * Copying trees without a process for it. The kernel copies the bytes, so that a file system that can share blocks
 * between files does; where it can't copy (two file systems, old kernels), they go through a buffer.
 */
#include "base/prelude.h"
#include "base/copy.h"
#include "base/fs.h"
#include "base/io.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT_ONCE ((size_t)1 << 30)

static int copy_by_hand(int in, int out)
{
	static char chunk[65536];
	ssize_t n;

	while ((n = read(in, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || io_write(out, chunk, (size_t)n) < 0)
			return -1;
	}
	return 0;
}

/* Until the end of `in`, wherever that is by then: a size asked for before could be wrong. */
static int copy_bytes(int in, int out)
{
	bool any = false;
	ssize_t n;

	while ((n = copy_file_range(in, NULL, out, NULL, AT_ONCE, 0)) > 0)
		any = true;
	/* Files of /proc and the like are said to end at once: reading tells. */
	if (n == 0 && any)
		return 0;
	/* Both offsets have moved together, so that this goes on where the kernel stopped. */
	return copy_by_hand(in, out);
}

static int copy_file(const char *from, const char *to, const struct stat *st, struct err *err)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), out = -1;
	int rc = -1;

	if (in < 0)
		return err_errno(err, "%s", from);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0) {
		err_errno(err, "%s", to);
		goto out;
	}
	if (copy_bytes(in, out) < 0 || fchmod(out, st->st_mode & 07777) < 0 ||
		futimens(out, times) < 0) {
		err_errno(err, "%s: can't copy to %s", from, to);
		goto out;
	}
	rc = 0;
out:
	close(in);
	/* some file systems say only now that there was no room */
	if (out >= 0 && close(out) < 0 && rc == 0)
		rc = err_errno(err, "%s", to);
	return rc;
}

static int copy_link(const char *from, const char *to, struct err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlink(from, target, sizeof(target) - 1);

	if (n < 0)
		return err_errno(err, "%s", from);
	target[n] = '\0';
	return symlink(target, to) < 0 ? err_errno(err, "%s", to) : 0;
}

static int copy_any(const char *from, const char *to, struct err *err);

static int copy_folder(const char *from, const char *to, const struct stat *st, struct err *err)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	struct strlist names = STRLIST_INIT;
	int rc = fs_list(from, &names, err);

	if (rc == 0 && mkdir(to, 0700) < 0)
		rc = err_errno(err, "%s", to);
	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *a = fs_join(from, names.v[i]), *b = fs_join(to, names.v[i]);

		rc = copy_any(a, b, err);
		free(a);
		free(b);
	}
	/* last: a folder may be read-only, and filling it has changed its time */
	if (rc == 0 &&
		(chmod(to, st->st_mode & 07777) < 0 || utimensat(AT_FDCWD, to, times, 0) < 0))
		rc = err_errno(err, "%s", to);
	strlist_release(&names);
	return rc;
}

static int copy_any(const char *from, const char *to, struct err *err)
{
	struct stat st;

	if (lstat(from, &st) < 0)
		return err_errno(err, "%s", from);
	if (S_ISDIR(st.st_mode))
		return copy_folder(from, to, &st, err);
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, err);
	return S_ISREG(st.st_mode) ? copy_file(from, to, &st, err) : 0;
}

/* A copy of a folder inside that folder would have to hold itself. */
static bool holds(const char *folder, const char *path)
{
	char *parent = fs_dirname(path), *a = realpath(folder, NULL), *b = realpath(parent, NULL);
	size_t n = a ? strlen(a) : 0;
	bool inside = n && b && strncmp(a, b, n) == 0 && (b[n] == '/' || !b[n]);

	free(parent);
	free(a);
	free(b);
	return inside;
}

int copy_tree(const char *from, const char *to, struct err *err)
{
	struct stat st;

	if (lstat(from, &st) == 0 && S_ISDIR(st.st_mode) && holds(from, to))
		return err_set(err, "%s: can't be copied into itself, to %s", from, to);
	return copy_any(from, to, err);
}
