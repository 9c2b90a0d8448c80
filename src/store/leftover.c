#include "base/prelude.h"
#include "store/leftover.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const parts[] = { "-wal", "-journal", "-shm" };

int leftover_lock(const char *path, struct err *err)
{
	/* of the folder: a file would have to be left there for good */
	char *dir = fs_dirname(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = -1;

	while (fd >= 0 && (rc = flock(fd, LOCK_EX)) < 0 && errno == EINTR)
		;
	if (rc < 0) {
		err_errno(err, "%s: can't be locked, to make a database in it", dir);
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	free(dir);
	return fd;
}

void leftover_unlock(int fd)
{
	if (fd < 0)
		return;
	flock(fd, LOCK_UN); /* a fork may have it, too */
	close(fd);
}

static bool is_there(const char *stem, const char *part)
{
	char *name = xasprintf("%s%s", stem, part);
	struct stat st;
	bool there = lstat(name, &st) == 0;

	free(name);
	return there;
}

static bool any_there(const char *stem)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (is_there(stem, parts[i]))
			return true;
	return false;
}

static int move(const char *path, const char *stem, const char *part, struct err *err)
{
	char *from = xasprintf("%s%s", path, part), *to = xasprintf("%s%s", stem, part);
	int rc = rename(from, to) < 0 && errno != ENOENT
			 ? err_errno(err, "%s: an old database's, can't be set aside", from)
			 : 0;

	free(from);
	free(to);
	return rc;
}

int leftover_set_aside(const char *path, struct err *err)
{
	char *stem = NULL;
	int rc = 0;

	if (!any_there(path))
		return 0;
	for (unsigned n = 1; !stem || is_there(stem, "") || any_there(stem); n++) {
		free(stem);
		stem = xasprintf("%s.left-%u", path, n);
	}
	for (size_t i = 0; i < ARRAY_LEN(parts) && rc == 0; i++)
		rc = move(path, stem, parts[i], err);
	if (rc == 0)
		rc = fs_sync_dir(path, err);
	if (rc == 0)
		log_warn("%s: a new database; the log of the one that was here is kept as "
			 "%s-wal: with that database as %s both are whole again",
			path, stem, stem);
	free(stem);
	return rc;
}
