/*
 * Files: whole reads, atomic writes, trees. What is read is checked on its open descriptor, since a
 * name may mean another file a moment later.
 */
#include "base/prelude.h"
#include "base/fs.h"
#include "base/dir.h"
#include "base/io.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PIECE ((size_t)128 << 10)

#define READ_CHUNK 65536
#define OTHER_TMP "/var/tmp"

int fs_read(const char *path, uint64_t max, struct buf *out, struct err *err)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its writer */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	size_t start = out->len;
	struct stat st;
	int rc = -1;

	if (fd < 0)
		return err_errno(err, "%s", path);
	if (fstat(fd, &st) < 0) {
		err_errno(err, "%s", path);
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		err_set(err, "%s: not a regular file", path);
		goto out;
	}
	/* an early no; the file may still grow, so the loop counts, too */
	if ((uint64_t)st.st_size > max) {
		err_set(err, "%s: larger than %llu bytes", path, (unsigned long long)max);
		goto out;
	}
	buf_reserve(out, (size_t)st.st_size);
	for (;;) {
		ssize_t n;

		/*
		 * one byte is for the NUL, and one more tells the end of the file from a full
		 * buffer
		 */
		if (out->cap - out->len < 2)
			buf_reserve(out, READ_CHUNK);
		n = read(fd, out->s + out->len, out->cap - out->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_errno(err, "%s", path);
			goto out;
		}
		if (n == 0)
			break;
		out->len += (size_t)n;
		out->s[out->len] = '\0';
		if (out->len - start > max) {
			err_set(err, "%s: larger than %llu bytes", path, (unsigned long long)max);
			goto out;
		}
	}
	out->s[out->len] = '\0';
	rc = 0;
out:
	close(fd);
	return rc;
}

/* What can't be synced (a pipe, a file system that is read-only by now) has nothing to lose. */
static int write_synced(int fd, const void *p, size_t n)
{
	if (io_write(fd, p, n) < 0)
		return -1;
	return fsync(fd) < 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP ? -1 : 0;
}

/* Not all of /dev: below /dev/shm are files like any others. */
static bool names_a_descriptor(const char *path)
{
	return strcmp(path, "/dev/stdout") == 0 || strcmp(path, "/dev/stderr") == 0 ||
	       strncmp(path, "/dev/fd/", 8) == 0 || strncmp(path, "/proc/", 6) == 0;
}

/* A device, a pipe, or a name for something that is open: nothing that a file could be put in the place of. */
static bool is_channel(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISDIR(st.st_mode) &&
	       (!S_ISREG(st.st_mode) || names_a_descriptor(path));
}

static int write_into(const char *path, const void *p, size_t n, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return err_errno(err, "%s", path);
	if (write_synced(fd, p, n) < 0) {
		err_errno(err, "%s", path);
		close(fd);
		return -1;
	}
	return close(fd) < 0 ? err_errno(err, "%s", path) : 0;
}

/* What a file system says that has nothing to sync, or no way to. */
static bool cannot_sync(int error)
{
	return error == EINVAL || error == EROFS || error == ENOTSUP || error == EACCES;
}

static int sync_at(const char *path, int flags, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags), rc = 0;

	if ((fd < 0 || fsync(fd) < 0) && !cannot_sync(errno))
		rc = err_errno(err, "%s", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int fs_sync_dir(const char *path, struct err *err)
{
	char *dir = fs_dirname(path);
	int rc = sync_at(dir, O_DIRECTORY, err);

	free(dir);
	return rc;
}

int fs_write(const char *path, const void *p, size_t n, unsigned mode, struct err *err)
{
	char *tmp;
	int fd, rc = -1;

	if (is_channel(path))
		return write_into(path, p, n, err);
	/*
	 * beside it, since a rename doesn't reach over file systems; the pid, since others write
	 * the same file
	 */
	tmp = xasprintf("%s.tmp-%ld", path, (long)getpid());
	/* of an earlier process of this pid, which was killed */
	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	if (fd < 0) {
		err_errno(err, "%s", path);
		goto out;
	}
	if (write_synced(fd, p, n) < 0) {
		err_errno(err, "%s", path);
		close(fd);
		goto undo;
	}
	if (close(fd) < 0 || rename(tmp, path) < 0) {
		err_errno(err, "%s", path);
		goto undo;
	}
	/* it is named, and not yet for sure: whoever asked may do it again */
	rc = fs_sync_dir(path, err);
undo:
	if (rc < 0)
		unlink(tmp);
out:
	free(tmp);
	return rc;
}

bool fs_equals(const char *path, const void *p, size_t n)
{
	struct buf b = BUF_INIT;
	bool same = fs_read(path, n, &b, NULL) == 0 && b.len == n && (!n || memcmp(b.s, p, n) == 0);

	buf_release(&b);
	return same;
}

bool fs_same(const char *a, const char *b, uint64_t max)
{
	struct buf x = BUF_INIT;
	bool same = fs_read(a, max, &x, NULL) == 0 && fs_equals(b, buf_str(&x), x.len);

	buf_release(&x);
	return same;
}

int fs_write_changed(const char *path, const void *p, size_t n, unsigned mode, struct err *err)
{
	return fs_equals(path, p, n) ? 0 : fs_write(path, p, n, mode, err);
}

int fs_sync_file(const char *path, struct err *err)
{
	return sync_at(path, 0, err);
}

int fs_name(const char *made, const char *path, struct err *err)
{
	if (fs_sync_file(made, err) < 0)
		return -1;
	return rename(made, path) < 0 ? err_errno(err, "%s", path) : fs_sync_dir(path, err);
}

int fs_copy(const char *from, const char *to, unsigned mode, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = fs_read(from, FS_NO_LIMIT, &b, err);

	if (rc == 0)
		rc = fs_write(to, buf_str(&b), b.len, mode, err);
	buf_release(&b);
	return rc;
}

int fs_mkdirs(const char *path, struct err *err)
{
	char *copy = xstrdup(path);
	int rc = 0;

	for (char *p = copy + 1; rc == 0; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		/* others may be making the same directories */
		if (mkdir(copy, 0700) == 0)
			rc = fs_sync_dir(copy, err);
		else if (errno != EEXIST)
			rc = err_errno(err, "%s: can't make this directory", copy);
		*p = c;
		if (!c)
			break;
	}
	if (rc == 0 && !fs_is_dir(path))
		rc = err_set(err, "%s: not a directory", path);
	free(copy);
	return rc;
}

int fs_mkdir_passing(const char *path, struct err *err)
{
	if (mkdir(path, 0700) < 0 && (errno != EEXIST || !fs_is_dir(path)))
		return err_errno(err, "%s: can't make this directory", path);
	return 0;
}

int fs_remove_tree(const char *path, struct err *err)
{
	if (dir_remove(AT_FDCWD, path) < 0)
		return err_errno(err, "%s: can't remove", path);
	return 0;
}

int fs_remove(const char *path, struct err *err)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return err_errno(err, "%s: can't remove", path);
	return 0;
}

char *fs_fresh_beside(const char *path, struct err *err)
{
	size_t n = strlen(path);
	char *dir, *parent;
	bool made;

	while (n > 1 && path[n - 1] == '/')
		n--;
	dir = xasprintf("%.*s.XXXXXX", (int)n, path);
	parent = fs_dirname(dir);
	made = fs_mkdirs(parent, err) == 0;
	if (made && !mkdtemp(dir)) {
		err_errno(err, "%s", path);
		made = false;
	}
	free(parent);
	if (!made)
		free(dir);
	return made ? dir : NULL;
}

int fs_take_place(const char *fresh, const char *path, struct err *err)
{
	return rename(fresh, path) < 0 ? err_errno(err, "%s", path) : fs_sync_dir(path, err);
}

const char *fs_tmp(void)
{
	const char *named = getenv("TMPDIR"), *dir = named && *named ? named : "/tmp";

	return fs_is_noexec(dir) && access(OTHER_TMP, W_OK | X_OK) == 0 && !fs_is_noexec(OTHER_TMP)
		       ? OTHER_TMP
		       : dir;
}

int fs_tmp_fails(const char *path, struct err *err)
{
	const char *named = getenv("TMPDIR");
	int error = errno;
	size_t n = named ? strlen(named) : 0;

	if (n && strncmp(path, named, n) == 0 && !fs_is_dir(named))
		return err_usage(
			err, "TMPDIR=%s: no such folder; make it, or unset TMPDIR for /tmp", named);
	errno = error;
	return err_errno(err, "%s: can't make a working directory", path);
}

char *fs_tmpdir(const char *prefix, struct err *err)
{
	char *path = xasprintf("%s/%s-XXXXXX", fs_tmp(), prefix);

	if (!mkdtemp(path)) {
		fs_tmp_fails(path, err);
		free(path);
		return NULL;
	}
	return path;
}

/* The next name but . and ..; NULL: at the end, or at an error, which is in errno. */
static const char *next_name(DIR *d)
{
	struct dirent *e;

	do {
		errno = 0;
		e = readdir(d);
	} while (e && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
	return e ? e->d_name : NULL;
}

int fs_each(const char *dir, void (*one)(void *arg, const char *name), void *arg, struct err *err)
{
	DIR *d = opendir(dir);
	const char *name;
	int rc = 0;

	if (!d)
		return err_errno(err, "%s", dir);
	while ((name = next_name(d)))
		one(arg, name);
	/* a part of them would be taken for all there is */
	if (errno)
		rc = err_errno(err, "%s", dir);
	closedir(d);
	return rc;
}

static void list_name(void *arg, const char *name)
{
	strlist_add(arg, name);
}

int fs_list(const char *dir, struct strlist *names, struct err *err)
{
	int rc = fs_each(dir, list_name, names, err);

	strlist_sort(names);
	return rc;
}

static int walk_dir(const char *dir, struct strlist *paths, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	struct stat st;
	int rc = fs_list(dir, &names, err);

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *sub = fs_join(dir, names.v[i]);

		/* one that is gone by now needs no path */
		if (lstat(sub, &st) < 0)
			rc = errno == ENOENT ? 0 : err_errno(err, "%s", sub);
		else if (S_ISREG(st.st_mode))
			strlist_add(paths, sub);
		else if (S_ISDIR(st.st_mode))
			rc = walk_dir(sub, paths, err);
		free(sub);
	}
	strlist_release(&names);
	return rc;
}

int fs_walk(const char *dir, struct strlist *paths, struct err *err)
{
	struct stat st;

	if (stat(dir, &st) < 0)
		return err_errno(err, "%s", dir);
	if (S_ISREG(st.st_mode)) {
		strlist_add(paths, dir);
		return 0;
	}
	if (!S_ISDIR(st.st_mode))
		return err_set(err, "%s: neither a file nor a directory", dir);
	return walk_dir(dir, paths, err);
}

bool fs_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool fs_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool fs_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool fs_is_exe(const char *path)
{
	return fs_is_file(path) && access(path, X_OK) == 0;
}

bool fs_is_noexec(const char *path)
{
	struct statvfs st;

	return statvfs(path, &st) == 0 && st.f_flag & ST_NOEXEC;
}

const char *fs_not_exe(const char *path)
{
	if (!fs_exists(path))
		return "no such file";
	return fs_is_noexec(path) ? "its file system is mounted noexec, so that no program runs "
				    "there; move it elsewhere, or mount that with exec"
				  : "not an executable file";
}

/* A piece at a time: memory for the whole of it would cost more than the reading does. */
bool fs_holds(const char *path, const char *text)
{
	size_t len = strlen(text), kept = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *piece = xmalloc(PIECE + len);
	bool found = false;
	ssize_t n;

	while (fd >= 0 && !found && (n = read(fd, piece + kept, PIECE)) > 0) {
		size_t have = kept + (size_t)n;

		found = memmem(piece, have, text, len) != NULL;
		/* its beginning may be here, and the rest in the next one */
		kept = MIN(have, len - 1);
		memmove(piece, piece + have - kept, kept);
	}
	if (fd >= 0)
		close(fd);
	free(piece);
	return found;
}

int fs_size(const char *path, uint64_t *size, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_errno(err, "%s", path);
	*size = (uint64_t)st.st_size;
	return 0;
}

char *fs_join(const char *dir, const char *name)
{
	size_t n = strlen(dir);

	if (name[0] == '/' || n == 0)
		return xstrdup(name);
	return xasprintf("%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
}

char *fs_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	if (slash == path)
		return xstrdup("/");
	return xstrndup(path, (size_t)(slash - path));
}

const char *fs_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *fs_below(const char *dir, const char *path)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

char *fs_tidy(const char *path)
{
	struct strv rest = strv_of(path), part;
	struct buf b = BUF_INIT;

	while (strv_split(&rest, '/', &part)) {
		if (!part.len || strv_eqs(part, "."))
			continue;
		if (!strv_eqs(part, "..")) {
			buf_addch(&b, '/');
			buf_addv(&b, part);
			continue;
		}
		while (b.len && b.s[--b.len] != '/')
			;
	}
	if (!b.len)
		buf_addch(&b, '/');
	buf_addch(&b, '\0');
	return buf_detach(&b);
}

char *fs_abspath(const char *path)
{
	char *cwd, *joined;

	if (path[0] == '/')
		return xstrdup(path);
	cwd = getcwd(NULL, 0);
	if (!cwd)
		return xstrdup(path);
	/*
	 * what people type, without a look at the file system: ".." stays, as links may lead there
	 */
	while (path[0] == '.' && path[1] == '/')
		path += 2;
	joined = strcmp(path, ".") == 0 ? xstrdup(cwd) : fs_join(cwd, path);
	free(cwd);
	return joined;
}

/* As execvp finds it; an empty part of PATH is the current directory. */
char *fs_which(const char *name)
{
	const char *path = getenv("PATH");
	struct strv rest = strv_of(path ? path : "/usr/local/bin:/usr/bin:/bin"), dir;

	if (strchr(name, '/'))
		return fs_is_exe(name) ? xstrdup(name) : NULL;
	while (strv_split(&rest, ':', &dir)) {
		char *d = dir.len ? strv_dup(dir) : xstrdup(".");
		char *full = fs_join(d, name);

		free(d);
		if (fs_is_exe(full))
			return full;
		free(full);
	}
	return NULL;
}

char *fs_self(void)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		return xstrdup("thresh");
	return xstrndup(path, (size_t)n);
}
