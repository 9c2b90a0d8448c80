/*
 * The directory that holds a target's working directories. It is locked as long as its owner lives, so whoever comes
 * next can tell what a killed one left behind, other containers' over the same /tmp included: process ids couldn't.
 */
#include "base/prelude.h"
#include "target/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "thresh-target-"
/* makers whose new directory a sweep took before it was locked make another */
#define TRIES 16

static int lock_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static void sweep_one(const char *dir)
{
	struct err err = ERR_INIT;
	struct stat st;
	int fd;

	if (lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return;
	fd = lock_dir(dir);
	if (fd < 0)
		return;
	if (fs_remove_tree(dir, &err) < 0)
		log_debug("%s", err.msg);
	close(fd);
}

static void sweep(const char *base)
{
	struct strlist names = STRLIST_INIT;

	if (fs_list(base, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++)
		if (strncmp(names.v[i], PREFIX, sizeof(PREFIX) - 1) == 0) {
			char *dir = fs_join(base, names.v[i]);

			sweep_one(dir);
			free(dir);
		}
	strlist_release(&names);
}

static void sweep_once(const char *base)
{
	static char *swept;

	if (swept && strcmp(swept, base) == 0)
		return;
	free(swept);
	swept = xstrdup(base);
	sweep(base);
}

void scratch_sweep(void)
{
	char *top = fs_abspath(fs_tmp());

	sweep(top);
	free(top);
}

/* It is the directory that the descriptor is of. */
static bool is_there(const char *dir, int fd)
{
	struct stat a, b;

	return lstat(dir, &a) == 0 && fstat(fd, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Until it is locked, another process's sweep may take it for one that was left behind: no clock says how old it is. */
static char *make_locked(const char *top, int *lock, struct err *err)
{
	char *dir = NULL;

	for (int i = 0; i < TRIES; i++) {
		free(dir);
		dir = xasprintf("%s/" PREFIX "XXXXXX", top);
		if (!mkdtemp(dir)) {
			fs_tmp_fails(dir, err);
			free(dir);
			return NULL;
		}
		*lock = lock_dir(dir);
		if (*lock >= 0 && is_there(dir, *lock))
			return dir;
		/* a file system without locks: no sweep gets one there, either */
		if (*lock < 0 && errno != EWOULDBLOCK && errno != ENOENT) {
			log_debug("%s: can't be locked: %s", dir, strerror(errno));
			return dir;
		}
		if (*lock >= 0)
			close(*lock);
		*lock = -1;
	}
	err_set(err, "%s: each new one is removed by somebody", dir);
	free(dir);
	return NULL;
}

char *scratch_make(const char *base, int *lock, struct err *err)
{
	char *dir, *top = fs_abspath(base ? base : fs_tmp());

	*lock = -1;
	if (base && fs_mkdirs(top, err) < 0) {
		free(top);
		return NULL;
	}
	sweep_once(top);
	dir = make_locked(top, lock, err);
	free(top);
	return dir;
}

void scratch_remove_take(char *dir, int lock)
{
	struct err err = ERR_INIT;

	if (dir && fs_remove_tree(dir, &err) < 0)
		log_debug("%s", err.msg);
	if (lock >= 0)
		close(lock);
	free(dir);
}
