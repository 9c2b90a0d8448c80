/*
 * The file is in a folder of its own below the work directory, as the engine's process writes how far it has come. What it
 * says is believed by nobody but itself: the worst is that inputs are run twice, or not at all.
 */
#include "base/prelude.h"
#include "engine/handed.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "runtime/thresh_rt_protocol.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "handed"
#define NAME "inputs"

void handed_add(struct buf *b, const void *p, size_t n)
{
	const uint64_t first = THRESH_RT_CASES_HEAD;
	uint32_t len = (uint32_t)n;

	if (!b->len)
		buf_add(b, &first, sizeof(first));
	buf_add(b, &len, sizeof(len));
	buf_add(b, p, n);
}

char *handed_take(struct slice *s)
{
	const char *from = s->job->handed;
	char *dir = NULL, *path = NULL;
	int fd = -1;

	if (!from || (!fs_is_file(from) &&
			     faccessat(s->work_fd, FOLDER "/" NAME, F_OK, AT_SYMLINK_NOFOLLOW) < 0))
		return NULL;
	fd = slice_dir(s, FOLDER, true, &dir, NULL);
	if (fd >= 0)
		path = fs_join(dir, NAME);
	if (path && fs_is_file(from) && rename(from, path) < 0) {
		log_debug("%s: can't be moved to %s", from, path);
		free(path);
		path = NULL;
	}
	if (fd >= 0)
		close(fd);
	free(dir);
	return path;
}

bool handed_press(const struct slice *s, const char *path)
{
	return path && !s->job->handed_part;
}

void handed_env(const struct slice *s, const char *path, struct strlist *env)
{
	if (path)
		strlist_addf(env, "THRESH_RT_CASES=%s", path);
	if (path && s->job->handed_part)
		strlist_addf(env, "THRESH_RT_CASES_MS=%llu",
			(unsigned long long)(slice_left_ms(s) / s->job->handed_part));
}

bool handed_left(const char *work_dir)
{
	char *path = fs_join(work_dir, FOLDER "/" NAME);
	bool left = fs_is_file(path);

	free(path);
	return left;
}

bool handed_done(struct slice *s)
{
	int dir = dir_below(s->work_fd, FOLDER), fd;
	uint64_t next = 0;
	struct stat st;
	bool done = true;

	if (dir < 0)
		return true;
	fd = openat(dir, NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		pread(fd, &next, sizeof(next), 0) == (ssize_t)sizeof(next))
		done = next >= (uint64_t)st.st_size;
	if (fd >= 0)
		close(fd);
	close(dir);
	if (done)
		dir_remove(s->work_fd, FOLDER);
	return done;
}
