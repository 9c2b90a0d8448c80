/* One build at a time in a directory. */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "base/log.h"
#include "proc/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#define LOCK_SAY_LOOKS 200 /* a campaign's own workers wait for each other some seconds */
#define LOCK_LOOK_MS 50

/* Another thresh may be building the same: wait for it, it does our work. */
int lock_dir(const char *dir, int *fd, struct err *err)
{
	char *path = fs_join(dir, ".lock");
	unsigned looks = 0;
	int rc = -1;

	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0) {
		err_errno(err, "%s", path);
		goto out;
	}
	while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
		struct timespec wait = { 0, LOCK_LOOK_MS * 1000000L };

		if (errno != EWOULDBLOCK && errno != EINTR) {
			err_errno(err, "%s: can't lock", path);
			goto out;
		}
		if (++looks == LOCK_SAY_LOOKS)
			log_info("waiting for whoever else builds %s", dir);
		if (proc_interrupted()) {
			err_set(err, "interrupted");
			goto out;
		}
		nanosleep(&wait, NULL);
	}
	rc = 0;
out:
	free(path);
	return rc;
}
