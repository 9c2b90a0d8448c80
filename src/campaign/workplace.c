/* "libfuzzer", and where others are at work beside it "libfuzzer.2" and so on. */
#include "base/prelude.h"
#include "campaign/workplace.h"
#include "base/fs.h"
#include "base/mem.h"
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define PLACES_MAX 256

/* -1: somebody else has it, or errno. */
static int hold(const char *dir)
{
	char *path = xasprintf("%s.lock", dir);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0) {
		close(fd);
		fd = -1;
	}
	free(path);
	return fd;
}

char *workplace_take(
	struct project *p, const char *harness, const char *engine, int *lock, struct err *err)
{
	char *dir = project_work_dir(p, harness, engine);

	*lock = -1;
	for (int i = 1; fs_mkdirs(dir, err) == 0; i++) {
		char *next;

		if (!store_is_shared(p->store) || (*lock = hold(dir)) >= 0)
			return dir;
		free(dir);
		if (i == PLACES_MAX) {
			err_refused(err, "%s: %d engines work on it here already", harness, i);
			return NULL;
		}
		next = xasprintf("%s.%d", engine, i + 1);
		dir = project_work_dir(p, harness, next);
		free(next);
	}
	free(dir);
	return NULL;
}
