/* Folders that others write to. Each step from one to the next is by descriptor. */
#include "base/prelude.h"
#include "base/dir.h"
#include "base/io.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEPTH_MAX 100
#define READ_CHUNK 65536

/* openat2, from Linux 5.6 on: by number, as C libraries have no name for it. */
#define OPENAT2 437
#define BENEATH_NO_LINKS (0x04u | 0x02u | 0x08u) /* RESOLVE_NO_SYMLINKS, _NO_MAGICLINKS, _BENEATH */

struct how { /* struct open_how */
	uint64_t flags, mode, resolve;
};

/* One part after the other, where the kernel can't do it in one go. */
static int open_by_parts(int dir, const char *name, int flags)
{
	int at = fcntl(dir, F_DUPFD_CLOEXEC, 0), next;
	char part[256];

	while (at >= 0) {
		size_t n = strcspn(name, "/");

		if (n == 0 || n >= sizeof(part)) {
			errno = EINVAL;
			next = -1;
		} else {
			memcpy(part, name, n);
			part[n] = '\0';
			if (strcmp(part, "..") == 0) {
				errno = EXDEV;
				next = -1;
			} else {
				next = openat(at, part,
					O_NOFOLLOW | (name[n] ? O_PATH | O_DIRECTORY | O_CLOEXEC
							      : flags));
			}
		}
		close(at);
		at = next;
		if (!name[n])
			break;
		name += n + 1;
	}
	return at;
}

static int open_below(int dir, const char *name, int flags)
{
	struct how how = { .flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW),
		.resolve = BENEATH_NO_LINKS };
	int fd = (int)syscall(OPENAT2, dir, name, &how, sizeof(how));

	return fd < 0 && (errno == ENOSYS || errno == EPERM)
		       ? open_by_parts(dir, name, flags | O_CLOEXEC)
		       : fd;
}

/* Root is at home everywhere, as in a checkout of somebody else's. */
static bool is_ours(int fd, mode_t type, uint64_t *size)
{
	struct stat st;
	uid_t me = geteuid();

	if (fstat(fd, &st) < 0 || (st.st_mode & S_IFMT) != type || (me != 0 && st.st_uid != me))
		return false;
	*size = (uint64_t)st.st_size;
	return true;
}

int dir_open(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	uint64_t size;

	if (fd < 0)
		return err_errno(err, "%s", path);
	if (!is_ours(fd, S_IFDIR, &size)) {
		close(fd);
		return err_set(err, "%s: not a folder of yours", path);
	}
	return fd;
}

int dir_make(const char *path, struct err *err)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !S_ISDIR(st.st_mode) && unlink(path) < 0)
		return err_errno(err, "%s: can't be removed", path);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_errno(err, "%s: can't make this directory", path);
	return dir_open(path, err);
}

int dir_below(int dir, const char *name)
{
	return open_below(dir, name, O_RDONLY | O_DIRECTORY);
}

/* In one go, where it is as large as it says: a regular file gives less than was asked for at its end only. */
static int read_all(
	int fd, const char *name, uint64_t size, uint64_t max, struct buf *out, struct err *err)
{
	size_t start = out->len, ask = (size_t)MIN(size, (uint64_t)READ_CHUNK) + 1;
	ssize_t n;

	do {
		buf_reserve(out, ask);
		n = read(fd, out->s + out->len, ask);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "%s", name);
		out->len += (size_t)n;
		out->s[out->len] = '\0';
		if (out->len - start > max)
			return err_set(
				err, "%s: larger than %llu bytes", name, (unsigned long long)max);
	} while (n < 0 || (size_t)n == ask);
	return 0;
}

static int read_ours(int fd, const char *name, uint64_t max, struct buf *out, struct err *err)
{
	uint64_t size;
	int rc;

	if (fd < 0)
		return err_errno(err, "%s", name);
	if (is_ours(fd, S_IFREG, &size))
		rc = read_all(fd, name, size, max, out, err);
	else
		rc = err_set(err, "%s: not a regular file of yours", name);
	close(fd);
	return rc;
}

int dir_read(int dir, const char *name, uint64_t max, struct buf *out, struct err *err)
{
	return read_ours(
		open_below(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY), name, max, out, err);
}

int dir_read_path(const char *path, uint64_t max, struct buf *out, struct err *err)
{
	return read_ours(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC),
		path, max, out, err);
}

int dir_write(int dir, const char *name, const void *p, size_t n, struct err *err)
{
	char *tmp = xasprintf("%s.tmp-%ld", name, (long)getpid());
	const int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(dir, tmp, how, 0600), rc = -1;

	/* of an earlier process of this pid, which was killed; or a trick */
	if (fd < 0 && errno == EEXIST) {
		dir_remove(dir, tmp);
		fd = openat(dir, tmp, how, 0600);
	}
	if (fd >= 0) {
		rc = io_write(fd, p, n);
		if (close(fd) < 0)
			rc = -1;
		if (rc == 0)
			rc = renameat(dir, tmp, dir, name);
	}
	if (rc < 0)
		err_errno(err, "%s", name);
	if (rc < 0 && fd >= 0)
		unlinkat(dir, tmp, 0);
	free(tmp);
	return rc;
}

/* Of a descriptor of its own, as readdir goes on from where it stood. NULL: it can't be read. */
static DIR *list(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (!d && fd >= 0)
		close(fd);
	return d;
}

/* NULL: at the end, or at an error, which is in errno. */
static struct dirent *next_of(DIR *d)
{
	struct dirent *e;

	do {
		errno = 0;
		e = readdir(d);
	} while (e && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
	return e;
}

/* Most file systems say it with the name; a look at each of a large folder would cost more than all else. */
static bool is_odd(int dir, const struct dirent *e)
{
	struct stat st;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type != DT_REG;
	return fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(st.st_mode);
}

int dir_list_odd(int dir, struct strlist *names, struct strlist *odd, struct err *err)
{
	DIR *d = list(dir);
	struct dirent *e;
	int rc = 0;

	if (!d)
		return err_errno(err, "a folder");
	while ((e = next_of(d))) {
		if (names)
			strlist_add(names, e->d_name);
		if (odd && is_odd(dir, e))
			strlist_add(odd, e->d_name);
	}
	/* a part of them would be taken for all there is */
	if (errno)
		rc = err_errno(err, "a folder");
	closedir(d);
	if (names)
		strlist_sort(names);
	return rc;
}

int dir_list(int dir, struct strlist *names, struct err *err)
{
	return dir_list_odd(dir, names, NULL, err);
}

/* The right to look into it may have been taken away; it is ours, so it comes back. By descriptor: no link is followed. */
static int open_for_removal(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), path;
	char proc[64];

	if (fd >= 0 || errno != EACCES)
		return fd;
	path = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (path < 0)
		return -1;
	snprintf(proc, sizeof(proc), "/proc/self/fd/%d", path);
	if (chmod(proc, 0700) == 0)
		fd = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(path);
	return fd;
}

/*
 * A descriptor for each level on the way: what lies deeper is put beside the top, from where it is as near as any other.
 * Whoever made folders a thousand deep has them removed all the same.
 */
struct removal {
	int top;
	unsigned n;
	bool moved;
};

static int remove_below(struct removal *x, int dir, const char *name, int depth);

static void empty(struct removal *x, int dir, bool all, int depth)
{
	DIR *d = list(dir);
	struct dirent *e;
	struct stat st;

	while (d && (e = next_of(d)))
		if (all || fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			!S_ISLNK(st.st_mode))
			remove_below(x, dir, e->d_name, depth - 1);
	if (d)
		closedir(d);
}

static int bring_up(struct removal *x, int dir, const char *name)
{
	char up[32];
	int fd;

	do
		snprintf(up, sizeof(up), "deep.%u", x->n++);
	while (faccessat(x->top, up, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
	/* one that may not be written to can't be moved either; opened, it may */
	fd = open_for_removal(dir, name);
	if (fd >= 0)
		close(fd);
	if (renameat(dir, name, x->top, up) < 0)
		return -1;
	x->moved = true;
	return 0;
}

static int remove_below(struct removal *x, int dir, const char *name, int depth)
{
	int fd;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return 0;
	if (depth <= 0)
		return bring_up(x, dir, name);
	fd = open_for_removal(dir, name);
	if (fd < 0)
		return -1;
	empty(x, fd, true, depth);
	close(fd);
	return unlinkat(dir, name, AT_REMOVEDIR);
}

void dir_empty(int dir, bool all)
{
	struct removal x = { .top = dir };

	do {
		x.moved = false;
		empty(&x, dir, all, DEPTH_MAX);
	} while (x.moved);
}

int dir_remove(int dir, const char *name)
{
	int fd;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	fd = open_for_removal(dir, name);
	if (fd < 0)
		return -1;
	dir_empty(fd, true);
	close(fd);
	return unlinkat(dir, name, AT_REMOVEDIR);
}

static void add_up(int dir, struct dir_sum *sum, int depth)
{
	DIR *d = list(dir);
	struct dirent *e;
	struct stat st;

	while (d && (e = next_of(d))) {
		int fd;

		if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		sum->files += !S_ISLNK(st.st_mode);
		sum->bytes += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		if (!S_ISDIR(st.st_mode) || depth == 0)
			continue;
		fd = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0) {
			add_up(fd, sum, depth - 1);
			close(fd);
		}
	}
	if (d)
		closedir(d);
}

void dir_sum(int dir, struct dir_sum *sum)
{
	*sum = (struct dir_sum){ 0, 0 };
	add_up(dir, sum, DEPTH_MAX);
}
