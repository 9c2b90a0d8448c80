/* Staged anew for each start; what the corpus had at the first of them tells what came since. */
#include "base/prelude.h"
#include "engine/afl_inputs.h"
#include "base/dir.h"
#include "base/fs.h"
#include "engine/slice.h"
#include "engine/staging.h"
#include <unistd.h>

/*
 * The inputs lie below what it may write to: only there can it link them into its queue. Copies cost a file each, and a
 * millisecond of it on a file system that has seen as many deleted (ext4 doesn't reuse them for minutes).
 */
#define IN "out/in"
/* in the work directory, which no target writes to */
#define LISTED "listed"

static void close_in(struct afl_inputs *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	free(a->path);
	a->path = NULL;
}

/* What came since the slice began is begun with, too, when afl-fuzz is started again. */
static bool is_wanted(const struct afl_inputs *a, const char *name)
{
	const struct strlist *chosen = a->slice->job->begin_with;

	return !chosen || strlist_has_sorted(chosen, name) || !strlist_has_sorted(&a->first, name);
}

/*
 * What afl-fuzz begins with. It lists the directory, then ends when one of those files is no longer there: the other
 * engine, which reduces the shared corpus, would stop it so. It wants at least one input with a byte in it.
 */
int afl_inputs_make(struct afl_inputs *a, struct slice *s, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	size_t staged = 0;
	int rc = 0;

	a->slice = s;
	if (!a->listed)
		a->listed = fs_join(s->work, LISTED);
	close_in(a); /* it went with what the last start left */
	a->fd = slice_dir(a->slice, IN, false, &a->path, err);
	if (a->fd < 0 || dir_list(a->slice->corpus_fd, &names, err) < 0)
		return -1;
	if (a->slice->job->begin_with && !a->first.n)
		strlist_add_all(&a->first, &names);
	for (size_t i = 0; i < names.n; i++)
		staged += is_wanted(a, names.v[i]) && staging_input(a->slice, a->fd, names.v[i]);
	/* the import library doesn't hand over what was there and is left out */
	rc = staging_list(a->slice, LISTED, &names, err);
	if (rc == 0 && !staged)
		rc = dir_write(a->fd, "one", "0", 1, err);
	strlist_release(&names);
	return rc;
}

void afl_inputs_release(struct afl_inputs *a)
{
	close_in(a);
	free(a->listed);
	strlist_release(&a->first);
}
