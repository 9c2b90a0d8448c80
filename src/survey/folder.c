/* A folder whose lock nobody holds is of a survey that was killed. */
#include "base/prelude.h"
#include "survey/folder.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "proc/lock.h"
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "thresh-survey"

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static int lock_in(const char *dir, struct err *err)
{
	const struct lock_wait how = { .say_ms = UINT64_MAX, .go_on = never };
	char *path = fs_join(dir, "lock");
	int fd = lock_wait(path, &how, err);

	free(path);
	return fd;
}

/* In the user's own folder only, and no link: others can put anything into /tmp. */
static bool is_ours(const char *dir)
{
	char *lock = fs_join(dir, "lock");
	struct stat st;
	bool is = lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
		  lstat(lock, &st) == 0 && S_ISREG(st.st_mode);

	free(lock);
	return is;
}

static void sweep(void)
{
	const char *tmp = fs_tmp();
	struct strlist names = STRLIST_INIT;

	if (fs_list(tmp, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *dir;
		int fd;

		if (!strv_starts(strv_of(names.v[i]), PREFIX "-"))
			continue;
		dir = fs_join(tmp, names.v[i]);
		fd = is_ours(dir) ? lock_in(dir, NULL) : -1;
		if (fd >= 0) {
			fs_remove_tree(dir, NULL);
			close(fd);
		}
		free(dir);
	}
	strlist_release(&names);
}

int folder_make(char **tmp, int *lock, struct err *err)
{
	char *made;
	int fd;

	sweep();
	made = fs_tmpdir(PREFIX, err);
	*tmp = made ? realpath(made, NULL) : NULL;
	free(made);
	if (!*tmp)
		return -1;
	fd = lock_in(*tmp, err);
	*lock = fd < 0 ? 0 : fd;
	return fd < 0 ? -1 : 0;
}
