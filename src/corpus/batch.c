/* Many inputs into one folder. */
#include "base/prelude.h"
#include "corpus/batch.h"
#include "base/fs.h"
#include "base/io.h"
#include "base/mem.h"
#include "corpus/inputs.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <uthash.h>

/* One sync takes as long for one file as for many; what a power cut takes is at most this. */
#define FILES_MAX 4096
#define BYTES_MAX ((uint64_t)64 << 20)
#define BESIDE_MAX (SHA1_HEX + 32)

/* Written, and not yet named. */
struct pending {
	char sha1[SHA1_HEX];
	UT_hash_handle hh;
};

struct inputs_batch {
	char *dir;
	int fd;
	struct pending *pending;
	uint64_t bytes;
};

static void beside(const char *sha1, char out[BESIDE_MAX])
{
	snprintf(out, BESIDE_MAX, "%s.tmp-%ld", sha1, (long)getpid());
}

struct inputs_batch *inputs_batch_new(const char *dir, struct err *err)
{
	struct inputs_batch *b;
	int fd;

	if (fs_mkdirs(dir, err) < 0)
		return NULL;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		err_errno(err, "%s", dir);
		return NULL;
	}
	b = xcalloc(1, sizeof(*b));
	b->dir = xstrdup(dir);
	b->fd = fd;
	return b;
}

static void forget(struct inputs_batch *b)
{
	struct pending *p, *next;

	HASH_ITER(hh, b->pending, p, next)
	{
		HASH_DEL(b->pending, p);
		free(p);
	}
	b->bytes = 0;
}

/* Their bytes first, then their names: a name that outlives a power cut has its bytes. */
static int name_all(struct inputs_batch *b, struct err *err)
{
	char tmp[BESIDE_MAX], *any;
	int rc;

	if (!b->pending)
		return 0;
	if (syncfs(b->fd) < 0)
		return err_errno(err, "%s", b->dir);
	for (struct pending *p = b->pending; p; p = p->hh.next) {
		beside(p->sha1, tmp);
		/* a distillation gives what has another name its own: then it is there already */
		if (renameat(b->fd, tmp, b->fd, p->sha1) < 0 &&
			(errno != ENOENT || faccessat(b->fd, p->sha1, F_OK, 0) < 0))
			return err_errno(err, "%s/%s", b->dir, p->sha1);
	}
	any = inputs_path(b->dir, b->pending->sha1);
	forget(b);
	rc = fs_sync_dir(any, err);
	free(any);
	return rc;
}

static int write_beside(
	struct inputs_batch *b, const char *sha1, const void *p, size_t n, struct err *err)
{
	char tmp[BESIDE_MAX];
	int fd;

	beside(sha1, tmp);
	/* of an earlier process of this pid, which was killed */
	unlinkat(b->fd, tmp, 0);
	fd = openat(b->fd, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "%s/%s", b->dir, sha1);
	if (io_write(fd, p, n) < 0) {
		err_errno(err, "%s/%s", b->dir, sha1);
		close(fd);
		unlinkat(b->fd, tmp, 0);
		return -1;
	}
	if (close(fd) < 0) {
		err_errno(err, "%s/%s", b->dir, sha1);
		unlinkat(b->fd, tmp, 0);
		return -1;
	}
	return 0;
}

int inputs_batch_put(struct inputs_batch *b, const void *p, size_t n, char sha1[SHA1_HEX],
	bool *added, struct err *err)
{
	struct pending *mine = NULL;

	hash_sha1(p, n, sha1);
	*added = false;
	HASH_FIND_STR(b->pending, sha1, mine);
	if (mine || inputs_hold(b->dir, sha1, p, n))
		return 0;
	if (write_beside(b, sha1, p, n, err) < 0)
		return -1;
	mine = xcalloc(1, sizeof(*mine));
	memcpy(mine->sha1, sha1, SHA1_HEX);
	HASH_ADD_STR(b->pending, sha1, mine);
	b->bytes += n;
	*added = true;
	return HASH_COUNT(b->pending) >= FILES_MAX || b->bytes >= BYTES_MAX ? name_all(b, err) : 0;
}

int inputs_batch_end(struct inputs_batch *b, struct err *err)
{
	char tmp[BESIDE_MAX];
	int rc;

	if (!b)
		return 0;
	rc = name_all(b, err);
	/* what couldn't be named: nothing half stays */
	for (struct pending *p = b->pending; p; p = p->hh.next) {
		beside(p->sha1, tmp);
		unlinkat(b->fd, tmp, 0);
	}
	forget(b);
	close(b->fd);
	free(b->dir);
	free(b);
	return rc;
}
