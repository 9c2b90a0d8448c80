/* "libfuzzer", and where others are at work beside it "libfuzzer.2" and so on. */
#include "base/prelude.h"
#include "campaign/workplace.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/lock.h"

#define PLACES_MAX 256

static int hold(const char *dir, bool *held, struct err *err)
{
	char *path = xasprintf("%s.lock", dir);
	int fd = lock_try(path, held, err);

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
		bool held;

		if (!store_is_shared(p->store) || (*lock = hold(dir, &held, err)) >= 0)
			return dir;
		if (!held)
			break;
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
