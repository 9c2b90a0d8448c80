/* A list of our files lies among them: what isn't in it is somebody else's. */
#include "base/prelude.h"
#include "report/site.h"
#include "base/fs.h"
#include "base/io.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST ".thresh-report"
#define LIST_MAX ((uint64_t)64 << 20)

/* Sorted, as fs_list's names aren't needed otherwise. */
static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int check_all_ours(const char *path, const struct strlist *ours, struct err *err)
{
	struct strlist all = STRLIST_INIT;
	int rc = fs_walk(path, &all, err);

	for (size_t i = 0; rc == 0 && i < all.n; i++) {
		const char *name = fs_below(path, all.v[i]);

		if (strcmp(name, LIST) != 0 &&
			!bsearch(&name, ours->v, ours->n, sizeof(*ours->v), by_name))
			rc = err_usage(err,
				"%s: holds %s, which no report of ours wrote: name another folder",
				path, name);
	}
	strlist_release(&all);
	return rc;
}

static int check_place(const char *path, struct err *err)
{
	struct strlist there = STRLIST_INIT, ours = STRLIST_INIT;
	struct buf list = BUF_INIT;
	char *list_path = fs_join(path, LIST);
	int rc = 0;

	if (!fs_exists(path))
		goto out;
	if (!fs_is_dir(path)) {
		rc = err_usage(err, "%s: not a folder", path);
		goto out;
	}
	rc = fs_list(path, &there, err);
	if (rc < 0 || !there.n)
		goto out;
	if (!fs_is_file(list_path)) {
		rc = err_usage(err, "%s: holds %s, and no report of ours: name another folder",
			path, there.v[0]);
		goto out;
	}
	rc = fs_read(list_path, LIST_MAX, &list, err);
	strlist_add_lines(&ours, buf_str(&list));
	if (rc == 0 && ours.n)
		qsort(ours.v, ours.n, sizeof(*ours.v), by_name);
	if (rc == 0)
		rc = check_all_ours(path, &ours, err);
out:
	strlist_release(&there);
	strlist_release(&ours);
	buf_release(&list);
	free(list_path);
	return rc;
}

int site_open(struct site *s, const char *path, struct err *err)
{
	char *real = realpath(path, NULL);
	mode_t mask = umask(0);

	umask(mask);
	*s = (struct site){ .path = real ? real : fs_abspath(path) };
	if (check_place(s->path, err) < 0)
		return -1;
	s->fresh = fs_fresh_beside(s->path, err);
	if (!s->fresh)
		return -1;
	/* it is to be published: by a server that is somebody else, too */
	return chmod(s->fresh, 0777 & ~mask) < 0 ? err_errno(err, "%s", s->fresh) : 0;
}

/* Not synced one by one: there may be hundreds, and the folder is synced before it takes its place. */
int site_put(struct site *s, const char *name, const struct buf *text, struct err *err)
{
	char *path = fs_join(s->fresh, name), *dir = fs_dirname(path);
	int fd = -1, rc = -1;

	if (strchr(name, '/') && mkdir(dir, 0777) < 0 && errno != EEXIST)
		err_errno(err, "%s", dir);
	else if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) < 0 ||
		 io_write(fd, buf_str(text), text->len) < 0)
		err_errno(err, "%s", path);
	else
		rc = 0;
	if (fd >= 0 && close(fd) < 0 && rc == 0)
		rc = err_errno(err, "%s", path);
	if (rc == 0)
		strlist_add(&s->names, name);
	free(path);
	free(dir);
	return rc;
}

static int put_list(struct site *s, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc;

	for (size_t i = 0; i < s->names.n; i++)
		buf_adds2(&b, s->names.v[i], "\n");
	rc = site_put(s, LIST, &b, err);
	buf_release(&b);
	return rc;
}

/* The old one is where the new one was made, for site_close to remove. */
static int exchange(struct site *s, struct err *err)
{
	char *aside;
	int rc;

	if (renameat2(AT_FDCWD, s->fresh, AT_FDCWD, s->path, RENAME_EXCHANGE) == 0)
		return 0;
	if (errno != ENOSYS && errno != EINVAL)
		return err_errno(err, "%s", s->path);
	/* a file system that can't exchange: for a moment there is none */
	aside = xasprintf("%s.old", s->fresh);
	if (rename(s->path, aside) < 0 || rename(s->fresh, s->path) < 0) {
		rc = err_errno(err, "%s", s->path);
		if (!fs_exists(s->path) && rename(aside, s->path) < 0)
			err_prefix(err, "it is kept as %s", aside);
	} else {
		rc = rename(aside, s->fresh) < 0 ? err_errno(err, "%s", aside) : 0;
	}
	free(aside);
	return rc;
}

int site_take_place(struct site *s, struct err *err)
{
	int fd, rc = put_list(s, err);

	if (rc < 0)
		return -1;
	fd = open(s->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || syncfs(fd) < 0)
		rc = err_errno(err, "%s", s->fresh);
	if (fd >= 0)
		close(fd);
	/* again, as somebody may have put something there meanwhile */
	if (rc == 0)
		rc = check_place(s->path, err);
	if (rc == 0)
		rc = fs_exists(s->path) ? exchange(s, err) : fs_take_place(s->fresh, s->path, err);
	return rc == 0 ? fs_sync_dir(s->path, err) : -1;
}

void site_close(struct site *s)
{
	if (s->fresh)
		fs_remove_tree(s->fresh, NULL);
	free(s->fresh);
	free(s->path);
	strlist_release(&s->names);
	*s = (struct site){ .path = NULL };
}
