/* A lock of the kernel's, which goes with its holder; the number in the file is for people. */
#include "base/prelude.h"
#include "distill/lock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "proc/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define LOOK_MS 100

static void say_who(const char *dir, int fd)
{
	char who[32] = "";
	ssize_t n = pread(fd, who, sizeof(who) - 1, 0);
	long pid = n > 0 ? strtol(who, NULL, 10) : 0;

	if (pid > 0)
		log_info("waiting for process %ld, which distils %s", pid, dir);
	else
		log_info("waiting for whoever else distils %s", dir);
}

static int take(const char *dir, const char *path, int fd, struct err *err)
{
	struct timespec wait = { 0, LOOK_MS * 1000000L };

	for (bool said = false; flock(fd, LOCK_EX | LOCK_NB) < 0; said = true) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err, "%s: can't lock", path);
		if (!said)
			say_who(dir, fd);
		if (proc_interrupted())
			return err_set(err, "interrupted");
		nanosleep(&wait, NULL);
	}
	return 0;
}

int distill_lock(const char *dir, int *fd, struct err *err)
{
	char *parent = fs_dirname(dir), who[32];
	/* no harness has a dot in front of its name */
	char *path = xasprintf("%s/.%s.lock", parent, fs_basename(dir));
	int rc;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	rc = *fd < 0 ? err_errno(err, "%s", path) : take(dir, path, *fd, err);
	/* for whoever waits next; what can't be written is only not told */
	if (rc == 0 && ftruncate(*fd, 0) == 0) {
		snprintf(who, sizeof(who), "%ld\n", (long)getpid());
		(void)!pwrite(*fd, who, strlen(who), 0);
	}
	if (rc < 0 && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	free(parent);
	free(path);
	return rc;
}
