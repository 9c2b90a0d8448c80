/* Whether endless inputs are known: an empty file in the engine's own folder, younger than the build. */
#include "base/prelude.h"
#include "engine/hangs.h"
#include "base/dir.h"
#include <fcntl.h>
#include <sys/stat.h>

#define HANGS_FILE "hangs"
#define FAILS_FILE "fails"
#define PART 8
#define MIN_MS 100

static bool is_noted(int work_fd, const char *name, const char *exe)
{
	struct stat when, built;

	return fstatat(work_fd, name, &when, AT_SYMLINK_NOFOLLOW) == 0 && stat(exe, &built) == 0 &&
	       when.st_mtime >= built.st_mtime;
}

bool hangs_known(int work_fd, const char *exe)
{
	return is_noted(work_fd, HANGS_FILE, exe);
}

bool fails_known(int work_fd, const char *exe)
{
	return is_noted(work_fd, FAILS_FILE, exe);
}

void fails_note(int work_fd)
{
	dir_write(work_fd, FAILS_FILE, "", 0, NULL);
}

void hangs_note(int work_fd)
{
	dir_write(work_fd, HANGS_FILE, "", 0, NULL);
}

uint64_t hangs_limit_ms(uint64_t limit_ms)
{
	return MIN(limit_ms, MAX(limit_ms / PART, (uint64_t)MIN_MS));
}
