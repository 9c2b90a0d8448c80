/*
 * Names are contents, so a look at the names is enough. A file whose name isn't its content's is one that is being written,
 * or somebody's trick: it is looked at again next time, and never goes further.
 *
 * libFuzzer deletes those of its own finds that it replaces by smaller ones; so does the shared corpus then.
 */
#include "base/prelude.h"
#include "engine/own_corpus.h"
#include "base/clock.h"
#include "base/dir.h"
#include "base/log.h"
#include "engine/slice.h"
#include "engine/staging.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX ((uint64_t)64 << 20)
#define LISTED_MAX ((uint64_t)1 << 30)
#define FOLDER "corpus"
/* of all time at most, in parts of it: folders of many thousand inputs are listed less often */
#define PART 400
/* in the work directory, which no target writes to: what was put into the folder, for who finds it after a kill */
#define LISTED "listed"

static bool has_changed(int dir, struct timespec *seen)
{
	struct stat st;

	if (fstat(dir, &st) == 0 && st.st_mtim.tv_sec == seen->tv_sec &&
		st.st_mtim.tv_nsec == seen->tv_nsec)
		return false;
	*seen = st.st_mtim;
	return true;
}

enum bring { BRING_DONE, BRING_NOT_WHOLE, BRING_REFUSED };

static enum bring bring(struct own_corpus *o, const char *name, struct err *err)
{
	enum bring how = BRING_NOT_WHOLE;
	struct buf content = BUF_INIT;
	char hex[SHA1_HEX];

	errno = 0;
	if (slice_sha1(o->fd, name, INPUT_MAX, hex, &content) < 0)
		/* the machine's words, not the file's: a link, say, is passed over */
		how = err_is_refusal(errno) || errno == EIO ? BRING_REFUSED : BRING_NOT_WHOLE;
	else if (!strcmp(hex, name))
		how = dir_write(o->slice->corpus_fd, name, buf_str(&content), content.len, err) == 0
			      ? BRING_DONE
			      : BRING_REFUSED;
	buf_release(&content);
	return how;
}

/* Of two sorted lists, what only the first has. */
static void only_first(const struct strlist *a, const struct strlist *b, struct strlist *out)
{
	for (size_t i = 0; i < a->n; i++)
		if (!strlist_has_sorted(b, a->v[i]))
			strlist_add(out, a->v[i]);
}

/* -1: the shared corpus doesn't take one that is whole. */
static int bring_new(struct own_corpus *o, struct err *err)
{
	struct strlist names = STRLIST_INIT, gone = STRLIST_INIT, still = STRLIST_INIT;
	int rc = 0;

	if (dir_list(o->fd, &names, err) < 0)
		return -1;
	only_first(&o->brought, &names, &gone);
	for (size_t i = 0; i < gone.n; i++)
		unlinkat(o->slice->corpus_fd, gone.v[i], 0);
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];
		enum bring how = BRING_DONE;

		if (!is_sha1_name(name) || strlist_has_sorted(&o->staged, name))
			continue;
		if (!strlist_has_sorted(&o->brought, name))
			how = bring(o, name, err);
		if (how == BRING_DONE)
			strlist_add(&still, name);
		else
			o->own_changed = (struct timespec){ 0 }; /* to be looked at again */
		if (how == BRING_REFUSED)
			rc = -1;
	}
	strlist_release(&o->brought);
	o->brought = still;
	strlist_release(&gone);
	strlist_release(&names);
	return rc;
}

static void take_new(struct own_corpus *o)
{
	struct strlist names = STRLIST_INIT, fresh = STRLIST_INIT;

	if (dir_list(o->slice->corpus_fd, &names, NULL) < 0)
		return;
	only_first(&names, &o->shared, &fresh);
	for (size_t i = 0; i < fresh.n; i++)
		if (is_sha1_name(fresh.v[i]) && !strlist_has_sorted(&o->brought, fresh.v[i]) &&
			staging_input(o->slice, o->fd, fresh.v[i]))
			strlist_add(&o->staged, fresh.v[i]);
	strlist_sort(&o->staged);
	strlist_release(&o->shared);
	o->shared = names;
	strlist_release(&fresh);
}

/* What went there from here changes the shared corpus, too, which is no reason to list it: others' changes are. */
void own_corpus_exchange(struct own_corpus *o, bool final)
{
	struct err err = ERR_INIT;
	uint64_t now = clock_mono_ms();
	bool others;

	if (o->fd < 0 || (!final && now < o->next_ms))
		return;
	others = has_changed(o->slice->corpus_fd, &o->shared_changed);
	if (has_changed(o->fd, &o->own_changed) || final) {
		o->settled = bring_new(o, &err) == 0;
		if (!o->settled)
			log_debug("%s: what it has stays there for now: %s", o->path, err.msg);
		has_changed(o->slice->corpus_fd, &o->shared_changed);
	}
	if (others && !slice_over(o->slice))
		take_new(o);
	o->next_ms = now + (clock_mono_ms() - now) * PART;
}

/* What an earlier slice was given may have been distilled away since, and stays out. */
static int recover(struct own_corpus *o, struct err *err)
{
	struct buf listed = BUF_INIT;
	int rc;

	if (dir_read(o->slice->work_fd, LISTED, LISTED_MAX, &listed, NULL) == 0)
		strlist_add_lines(&o->staged, buf_str(&listed));
	strlist_sort(&o->staged);
	rc = bring_new(o, err);
	strlist_release(&o->staged);
	strlist_release(&o->brought);
	buf_release(&listed);
	return rc;
}

static int fill(struct own_corpus *o, struct err *err)
{
	const struct strlist *chosen = o->slice->job->begin_with;

	has_changed(o->slice->corpus_fd, &o->shared_changed);
	if (dir_list(o->slice->corpus_fd, &o->shared, err) < 0 ||
		staging_list(o->slice, LISTED, &o->shared, err) < 0)
		return -1;
	for (size_t i = 0; i < chosen->n; i++)
		if (staging_input(o->slice, o->fd, chosen->v[i]))
			strlist_add(&o->staged, chosen->v[i]);
	strlist_sort(&o->staged);
	strlist_add(&o->slice->writable, o->path);
	return 0;
}

static void leave(struct own_corpus *o)
{
	close(o->fd);
	o->fd = -1;
	dir_remove(o->slice->work_fd, FOLDER);
}

int own_corpus_begin(struct own_corpus *o, struct slice *s, struct err *err)
{
	o->slice = s;
	if (!s->job->begin_with && faccessat(s->work_fd, FOLDER, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	o->fd = slice_dir(s, FOLDER, false, &o->path, err);
	if (o->fd < 0 || recover(o, err) < 0)
		return -1;
	dir_empty(o->fd, true);
	if (s->job->begin_with)
		return fill(o, err);
	leave(o);
	return 0;
}

void own_corpus_drop(struct own_corpus *o, const char *name)
{
	if (o->fd >= 0)
		unlinkat(o->fd, name, 0);
}

void own_corpus_release(struct own_corpus *o)
{
	/* else what is in it is looked at by the next slice */
	if (o->fd >= 0 && o->settled)
		dir_empty(o->fd, true);
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	free(o->path);
	strlist_release(&o->shared);
	strlist_release(&o->staged);
	strlist_release(&o->brought);
}
