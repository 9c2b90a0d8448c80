/* Beside the folder and not in it: engines take what is in there for inputs. */
#include "base/prelude.h"
#include "distill/lock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "proc/lock.h"

int distill_lock(const char *dir, int *fd, struct err *err)
{
	struct lock_wait how = { .does = "distils", .what = dir, .numbered = true };
	char *parent = fs_dirname(dir);
	/* no harness has a dot in front of its name */
	char *path = xasprintf("%s/.%s.lock", parent, fs_basename(dir));

	*fd = lock_wait(path, &how, err);
	free(parent);
	free(path);
	return *fd < 0 ? -1 : 0;
}
