/* Links where the file system has them; what becomes something else on the way isn't staged. */
#include "base/prelude.h"
#include "engine/staging.h"
#include "base/dir.h"
#include "engine/slice.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)64 << 20)

bool staging_input(struct slice *s, int to, const char *name)
{
	int from = s->corpus_fd;
	struct buf b = BUF_INIT;
	struct stat st;
	bool staged;

	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) ||
		!st.st_size)
		return false;
	staged = linkat(from, name, to, name, 0) == 0 ||
		 (dir_read(from, name, INPUT_MAX, &b, NULL) == 0 &&
			 dir_write(to, name, buf_str(&b), b.len, NULL) == 0);
	buf_release(&b);
	if (staged && (fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))) {
		dir_remove(to, name);
		staged = false;
	}
	return staged;
}

int staging_list(struct slice *s, const char *file, const struct strlist *names, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	for (size_t i = 0; i < names->n; i++)
		if (is_sha1_name(names->v[i]))
			buf_addf(&b, "%s\n", names->v[i]);
	rc = dir_write(s->work_fd, file, buf_str(&b), b.len, err);
	buf_release(&b);
	return rc;
}
