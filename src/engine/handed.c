/*
 * The file is in a folder of its own below the work directory, as the engine's process writes how far it has come. What it
 * says is believed by nobody but itself: the worst is that inputs are run twice, or not at all.
 */
#include "base/prelude.h"
#include "engine/handed.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/fs.h"
#include "base/log.h"
#include "runtime/thresh_rt_protocol.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "handed"
#define PRESSING FOLDER "/inputs"
#define WAITING FOLDER "/prefixes"
/* of a slice: what those that aren't pressing may take */
#define PREFIX_PART 12

void handed_add(struct buf *b, const void *p, size_t n)
{
	const uint64_t first = THRESH_RT_CASES_HEAD;
	uint32_t len = (uint32_t)n;

	if (!b->len)
		buf_add(b, &first, sizeof(first));
	buf_add(b, &len, sizeof(len));
	buf_add(b, p, n);
}

static bool is_left(const struct slice *s, const char *name)
{
	return faccessat(s->work_fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Its path as the slice's own; NULL: there is nothing. keep: what is left of an earlier slice comes before what is new. */
static char *take(struct slice *s, const char *from, const char *name, bool keep)
{
	bool fresh = from && fs_is_file(from) && !(keep && is_left(s, name));
	char *dir = NULL, *path = NULL;
	int fd;

	if (!fresh && !is_left(s, name))
		return NULL;
	fd = slice_dir(s, FOLDER, true, &dir, NULL);
	if (fd >= 0)
		path = fs_join(s->work, name);
	if (path && fresh && rename(from, path) < 0) {
		log_debug("%s: can't be moved to %s", from, path);
		free(path);
		path = NULL;
	}
	if (fd >= 0)
		close(fd);
	free(dir);
	return path;
}

void handed_take(struct handed *h, struct slice *s, bool plain)
{
	*h = (struct handed){ .path = take(s, s->job->handed, PRESSING, false) };
	h->press = h->path != NULL;
	if (h->path || plain)
		return;
	h->path = take(s, s->job->prefixes, WAITING, true);
	h->until_ms = clock_mono_ms() + slice_left_ms(s) / PREFIX_PART;
}

void handed_env(const struct handed *h, struct strlist *env)
{
	uint64_t now = clock_mono_ms();

	if (!h->path || (!h->press && now >= h->until_ms))
		return;
	strlist_addf(env, "THRESH_RT_CASES=%s", h->path);
	if (!h->press)
		strlist_addf(
			env, "THRESH_RT_CASES_MS=%llu", (unsigned long long)(h->until_ms - now));
}

bool handed_end(struct handed *h, struct slice *s)
{
	const char *name = h->press ? PRESSING : WAITING;
	bool press = h->press, done = true;
	uint64_t next = 0;
	struct stat st;
	int fd;

	if (!h->path)
		return false;
	fd = openat(s->work_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		pread(fd, &next, sizeof(next), 0) == (ssize_t)sizeof(next))
		done = next >= (uint64_t)st.st_size;
	if (fd >= 0)
		close(fd);
	if (done)
		dir_remove(s->work_fd, name);
	free(h->path);
	*h = (struct handed){ .path = NULL };
	return press && done;
}
