/* Looked at again and again, as a lock that is waited for in the kernel can't be given up for a lease or told of. */
#include "base/prelude.h"
#include "proc/lock.h"
#include "base/clock.h"
#include "base/log.h"
#include "proc/interrupt.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define LOOK_US 50000

static void say(int fd, const struct lock_wait *how)
{
	char who[32] = "";
	ssize_t n = how->numbered ? pread(fd, who, sizeof(who) - 1, 0) : 0;
	long pid = n > 0 ? strtol(who, NULL, 10) : 0;

	if (pid > 0)
		log_info("waiting for process %ld, which %s %s", pid, how->does, how->what);
	else
		log_info("waiting for whoever else %s %s", how->does, how->what);
}

static int take(int fd, const char *path, const struct lock_wait *how, struct err *err)
{
	uint64_t start = clock_mono_ms();
	bool said = how->say_ms == UINT64_MAX;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err, "%s: can't lock", path);
		if (!said && clock_mono_ms() - start >= how->say_ms) {
			say(fd, how);
			said = true;
		}
		if (how->go_on && !how->go_on(how->arg))
			return err_set(err, "%s: told to stop", path);
		if (!how->go_on && proc_interrupted())
			return err_set(err, "interrupted");
		usleep(LOOK_US);
	}
	return 0;
}

static int open_lock(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	return fd < 0 ? err_errno(err, "%s", path) : fd;
}

int lock_try(const char *path, bool *held, struct err *err)
{
	int fd = open_lock(path, err);

	*held = false;
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	*held = errno == EWOULDBLOCK;
	if (!*held)
		err_errno(err, "%s: can't lock", path);
	close(fd);
	return -1;
}

int lock_wait(const char *path, const struct lock_wait *how, struct err *err)
{
	int fd = open_lock(path, err);
	char number[32];

	if (fd < 0)
		return -1;
	if (take(fd, path, how, err) < 0) {
		close(fd);
		return -1;
	}
	/* one that can't be written is only not told */
	if (how->numbered && ftruncate(fd, 0) == 0) {
		snprintf(number, sizeof(number), "%ld\n", (long)getpid());
		(void)!pwrite(fd, number, strlen(number), 0);
	}
	return fd;
}
