/* Whether endless inputs are known: an empty file in the engine's own folder, younger than the build. */
#include "base/prelude.h"
#include "engine/hangs.h"
#include "base/dir.h"
#include <fcntl.h>
#include <sys/stat.h>

#define HANGS_FILE "hangs"
#define PART 8
#define MIN_MS 100

bool hangs_known(int work_fd, const char *exe)
{
	struct stat when, built;

	return fstatat(work_fd, HANGS_FILE, &when, AT_SYMLINK_NOFOLLOW) == 0 &&
	       stat(exe, &built) == 0 && when.st_mtime >= built.st_mtime;
}

void hangs_note(int work_fd)
{
	dir_write(work_fd, HANGS_FILE, "", 0, NULL);
}

uint64_t hangs_limit_ms(uint64_t limit_ms)
{
	return MIN(limit_ms, MAX(limit_ms / PART, (uint64_t)MIN_MS));
}
