/*
 * Loaded into thresh and into what it starts (LD_PRELOAD): each file operation below $CRASH_ROOT, and each line of the log, is
 * appended to $CRASH_LOG in the order in which it happened, for tools/crash-images to build disks from. Or, instead, the
 * $CRASH_FAIL-th of the operations that may fail does (with $CRASH_ERRNO; and $CRASH_ON of those behind it), and
 * $CRASH_COUNT counts them.
 *
 * An operation and its record are one step to all others: the log's lock is held over both. Nothing is kept between calls,
 * and nothing is allocated, as the callers are also children between fork and exec.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* A record: this, both paths and the data. Little-endian hosts only, as the reader is told. */
struct head {
	uint32_t op, path_len, path2_len, data_len;
	uint64_t ino, off;
	uint32_t pid, unused;
};

/* By number: libc's are called by others before this is set up. */
static int real_openat(int dir, const char *path, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

static ssize_t real_write(int fd, const void *p, size_t n)
{
	return syscall(SYS_write, fd, p, n);
}

static ssize_t real_pwrite(int fd, const void *p, size_t n, off_t at)
{
	return syscall(SYS_pwrite64, fd, p, n, at);
}

/* --- what is whose --- */

static bool below(const char *path)
{
	const char *root = getenv("CRASH_ROOT");
	size_t n = root ? strlen(root) : 0;

	return n && strncmp(path, root, n) == 0 && (path[n] == '/' || !path[n]);
}

static bool fd_path(int fd, char out[PATH_MAX])
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, out, PATH_MAX - 1);
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* Absolute; links in it are not followed: what is recorded has none. */
static bool at_path(int dir, const char *name, char out[PATH_MAX])
{
	char at[PATH_MAX];

	while (name[0] == '.' && name[1] == '/')
		name += 2;
	if (name[0] == '/')
		return (size_t)snprintf(out, PATH_MAX, "%s", name) < PATH_MAX;
	if (dir == AT_FDCWD ? !getcwd(at, sizeof(at)) : !fd_path(dir, at))
		return false;
	if (strcmp(name, ".") == 0)
		return (size_t)snprintf(out, PATH_MAX, "%s", at) < PATH_MAX;
	return (size_t)snprintf(out, PATH_MAX, "%s/%s", at, name) < PATH_MAX;
}

static bool tracked(int dir, const char *name, char out[PATH_MAX])
{
	return getenv("CRASH_ROOT") && at_path(dir, name, out) && below(out);
}

static bool tracked_fd(int fd)
{
	char path[PATH_MAX];

	return getenv("CRASH_ROOT") && fd_path(fd, path) && below(path);
}

/* --- the log --- */

static int lock(void)
{
	const char *path = getenv("CRASH_LOG");
	int saved = errno,
	    fd = path ? real_openat(AT_FDCWD, path, O_RDWR | O_APPEND | O_CLOEXEC, 0) : -1;

	if (fd >= 0)
		while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
			;
	errno = saved;
	return fd;
}

static void unlock(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

static void record(int log, char op, uint64_t ino, uint64_t off, const char *path,
	const char *path2, const void *data, size_t len)
{
	struct head h = { .op = (uint32_t)op,
		.path_len = path ? (uint32_t)strlen(path) : 0,
		.path2_len = path2 ? (uint32_t)strlen(path2) : 0,
		.data_len = (uint32_t)len,
		.ino = ino,
		.off = off,
		.pid = (uint32_t)getpid() };
	struct iovec v[] = { { &h, sizeof(h) }, { (void *)(uintptr_t)path, h.path_len },
		{ (void *)(uintptr_t)path2, h.path2_len }, { (void *)(uintptr_t)data, len } };
	size_t all = sizeof(h) + h.path_len + h.path2_len + len;
	int saved = errno;

	if (log >= 0 && writev(log, v, 4) != (ssize_t)all) {
		static const char words[] = "record: the log can't be written\n";

		real_write(2, words, sizeof(words) - 1);
		_exit(99);
	}
	errno = saved;
}

/* --- failing --- */

/* Counted in a file, as all processes of a campaign count together. Under the lock. */
static bool fails(void)
{
	const char *path = getenv("CRASH_COUNT"), *at = getenv("CRASH_FAIL"),
		   *on = getenv("CRASH_ON");
	char text[24] = "";
	long n = 0, which = at ? atol(at) : 0;
	int fd;

	if (!path)
		return false;
	fd = real_openat(AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
	if (fd < 0)
		return false;
	if (pread(fd, text, sizeof(text) - 1, 0) > 0)
		n = atol(text);
	n++;
	snprintf(text, sizeof(text), "%ld\n", n);
	real_pwrite(fd, text, strlen(text), 0);
	close(fd);
	if (!which || n < which || n > which + (on ? atol(on) : 0))
		return false;
	errno = getenv("CRASH_ERRNO") ? atoi(getenv("CRASH_ERRNO")) : EIO;
	return true;
}

/* Removing needs no room. */
static bool fails_but_full(void)
{
	const char *e = getenv("CRASH_ERRNO");

	return (!e || atoi(e) != ENOSPC) && fails();
}

/* --- files --- */

static uint64_t ino_of(int fd, off_t *size)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return 0;
	if (size)
		*size = st.st_size;
	return st.st_ino;
}

static uint64_t ino_at(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_ino : 0;
}

static int do_open(int dir, const char *name, int flags, mode_t mode)
{
	char path[PATH_MAX];
	int log, fd;
	bool was;

	if (!(flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE ||
		!tracked(dir, name, path))
		return real_openat(dir, name, flags, mode);
	log = lock();
	was = ino_at(path) != 0;
	fd = (flags & O_CREAT) && !was && fails() ? -1 : real_openat(dir, name, flags, mode);
	if (fd >= 0 && !was)
		record(log, 'C', ino_of(fd, NULL), 0, path, NULL, NULL, 0);
	else if (fd >= 0 && (flags & O_TRUNC))
		record(log, 'T', ino_of(fd, NULL), 0, path, NULL, NULL, 0);
	unlock(log);
	return fd;
}

static mode_t mode_arg(int flags, va_list ap)
{
	return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(ap, int) : 0;
}

#define OPEN(name)                                           \
	int name(const char *path, int flags, ...);          \
	int name(const char *path, int flags, ...)           \
	{                                                    \
		va_list ap;                                  \
		mode_t mode;                                 \
                                                             \
		va_start(ap, flags);                         \
		mode = mode_arg(flags, ap);                  \
		va_end(ap);                                  \
		return do_open(AT_FDCWD, path, flags, mode); \
	}
#define OPENAT(name)                                         \
	int name(int dir, const char *path, int flags, ...); \
	int name(int dir, const char *path, int flags, ...)  \
	{                                                    \
		va_list ap;                                  \
		mode_t mode;                                 \
                                                             \
		va_start(ap, flags);                         \
		mode = mode_arg(flags, ap);                  \
		va_end(ap);                                  \
		return do_open(dir, path, flags, mode);      \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode)
{
	return do_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static off_t offset_of(int fd)
{
	off_t size = 0;

	if (fcntl(fd, F_GETFL) & O_APPEND) {
		ino_of(fd, &size);
		return size;
	}
	return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *p, size_t n)
{
	int log, saved = errno;
	bool ours = tracked_fd(fd);
	uint64_t at;
	ssize_t k;

	errno = saved;
	if (fd > 2 && !ours)
		return real_write(fd, p, n);
	log = lock();
	if (!ours) {
		k = real_write(fd, p, n);
		/* lines of the log only: targets print, too, and much */
		if (k > 8 && memcmp(p, "thresh: ", 8) == 0 && getenv("CRASH_ROOT"))
			record(log, 'A', (uint64_t)fd, 0, NULL, NULL, p, (size_t)k);
	} else {
		at = (uint64_t)offset_of(fd);
		errno = saved;
		k = fails() ? -1 : real_write(fd, p, n);
		if (k > 0)
			record(log, 'W', ino_of(fd, NULL), at, NULL, NULL, p, (size_t)k);
	}
	unlock(log);
	return k;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	int log;
	ssize_t k;

	if (!tracked_fd(fd))
		return real_pwrite(fd, p, n, at);
	log = lock();
	k = fails() ? -1 : real_pwrite(fd, p, n, at);
	if (k > 0)
		record(log, 'W', ino_of(fd, NULL), (uint64_t)at, NULL, NULL, p, (size_t)k);
	unlock(log);
	return k;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

/* What isn't recorded byte by byte isn't to be had: callers have another way. */
ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t n, unsigned flags)
{
	if (tracked_fd(out)) {
		errno = ENOSYS;
		return -1;
	}
	return syscall(SYS_copy_file_range, in, in_at, out, out_at, n, flags);
}

static int on_fd(char op, int fd, uint64_t at, long number)
{
	bool ours = tracked_fd(fd);
	int log = ours ? lock() : -1, rc;

	rc = ours && fails() ? -1 : (int)syscall(number, fd, at);
	if (ours && rc == 0)
		record(log, op, ino_of(fd, NULL), at, NULL, NULL, NULL, 0);
	unlock(log);
	return rc;
}

int ftruncate(int fd, off_t n)
{
	return on_fd('T', fd, (uint64_t)n, SYS_ftruncate);
}

int ftruncate64(int fd, off_t n)
{
	return ftruncate(fd, n);
}

int fsync(int fd)
{
	return on_fd('S', fd, 0, SYS_fsync);
}

int fdatasync(int fd)
{
	return on_fd('S', fd, 0, SYS_fdatasync);
}

int syncfs(int fd)
{
	return on_fd('Y', fd, 0, SYS_syncfs);
}

void sync(void)
{
	int log = lock();

	syscall(SYS_sync);
	record(log, 'Y', 0, 0, NULL, NULL, NULL, 0);
	unlock(log);
}

/* --- names --- */

static int do_rename(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	char a[PATH_MAX], b[PATH_MAX];
	int log, rc;

	if (!tracked(from_dir, from, a) && !tracked(to_dir, to, b))
		return (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
	at_path(from_dir, from, a);
	at_path(to_dir, to, b);
	log = lock();
	rc = fails() ? -1 : (int)syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
	if (rc == 0)
		record(log, 'R', ino_at(b), flags, a, b, NULL, 0);
	unlock(log);
	return rc;
}

int rename(const char *from, const char *to)
{
	return do_rename(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return do_rename(from_dir, from, to_dir, to, 0);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	return do_rename(from_dir, from, to_dir, to, flags);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	char a[PATH_MAX], b[PATH_MAX];
	int log, rc;

	if (!tracked(to_dir, to, b) || !at_path(from_dir, from, a))
		return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
	log = lock();
	rc = fails() ? -1 : (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
	if (rc == 0)
		record(log, 'L', ino_at(b), 0, a, b, NULL, 0);
	unlock(log);
	return rc;
}

int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int dir, const char *name, int flags)
{
	char path[PATH_MAX];
	int log, rc;

	if (!tracked(dir, name, path))
		return (int)syscall(SYS_unlinkat, dir, name, flags);
	log = lock();
	rc = ino_at(path) && fails_but_full() ? -1 : (int)syscall(SYS_unlinkat, dir, name, flags);
	if (rc == 0)
		record(log, flags & AT_REMOVEDIR ? 'D' : 'U', 0, 0, path, NULL, NULL, 0);
	unlock(log);
	return rc;
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int dir, const char *name, mode_t mode)
{
	char path[PATH_MAX];
	int log, rc;

	if (!tracked(dir, name, path))
		return (int)syscall(SYS_mkdirat, dir, name, mode);
	log = lock();
	rc = !ino_at(path) && fails() ? -1 : (int)syscall(SYS_mkdirat, dir, name, mode);
	if (rc == 0)
		record(log, 'M', ino_at(path), 0, path, NULL, NULL, 0);
	unlock(log);
	return rc;
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

/* libc's own makes it by a call that nobody else sees. */
char *mkdtemp(char *template)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	char *x = template + strlen(template) - 6;
	unsigned char r[6];

	for (int i = 0; i < 100; i++) {
		if (syscall(SYS_getrandom, r, sizeof(r), 0) != (long)sizeof(r))
			return NULL;
		for (size_t k = 0; k < sizeof(r); k++)
			x[k] = letters[r[k] % (sizeof(letters) - 1)];
		if (mkdirat(AT_FDCWD, template, 0700) == 0)
			return template;
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

int symlinkat(const char *to, int dir, const char *name)
{
	char path[PATH_MAX];
	int log, rc;

	if (!tracked(dir, name, path))
		return (int)syscall(SYS_symlinkat, to, dir, name);
	log = lock();
	rc = (int)syscall(SYS_symlinkat, to, dir, name);
	if (rc == 0)
		record(log, 'X', ino_at(path), 0, path, to, NULL, 0);
	unlock(log);
	return rc;
}

int symlink(const char *to, const char *name)
{
	return symlinkat(to, AT_FDCWD, name);
}
