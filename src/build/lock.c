/* One build at a time in a directory. */
#include "base/prelude.h"
#include "build/internal.h"
#include "base/fs.h"
#include "proc/lock.h"

#define SAY_MS 10000 /* a campaign's own workers wait for each other some seconds */

/* Another thresh may be building the same: wait for it, it does our work. */
int lock_dir(const char *dir, int *fd, struct err *err)
{
	struct lock_wait how = { .does = "builds", .what = dir, .say_ms = SAY_MS };
	char *path = fs_join(dir, ".lock");

	*fd = lock_wait(path, &how, err);
	free(path);
	return *fd < 0 ? -1 : 0;
}
