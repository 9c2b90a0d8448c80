/* Rewritten as a whole, names in order: an archive that is only added to would have to be trusted after each crash. */
#include "base/prelude.h"
#include "distill/cold.h"
#include "base/fs.h"
#include "base/mem.h"
#include "corpus/archive.h"
#include "corpus/inputs.h"

#define INPUT_MAX ((uint64_t)256 << 20)

char *cold_path(const struct project *p, const char *harness)
{
	return xasprintf("%s/cold/%s.tar.zst", p->state_dir, harness);
}

/* Of our own making, so of any size. */
static const struct archive_limits limits = { 100000000, INPUT_MAX, (uint64_t)1 << 46 };

/* *there: it could be read, and is in the archive. */
static int add_file(
	struct archive_writer *w, const char *dir, const char *name, bool *there, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = 0;

	*there = inputs_read(dir, name, INPUT_MAX, &b, NULL) == 0;
	if (*there)
		rc = archive_writer_add(w, name, buf_str(&b), b.len, err);
	buf_release(&b);
	return rc;
}

/* Two sorted lists into one: the old pack's, each content passing by once, and the new names. */
static int merge(struct archive_writer *w, struct archive_reader *old, const char *dir,
	const struct strlist *names, bool *there, struct err *err)
{
	struct buf content = BUF_INIT;
	const char *name = NULL;
	size_t i = 0;
	int more = 0, rc = 0;

	for (bool next = old != NULL; rc == 0;) {
		int order;

		if (next) {
			more = archive_reader_next(old, &name, &content, err);
			if (more < 0)
				rc = -1;
		}
		if (rc < 0 || (!more && i == names->n))
			break;
		order = !more ? 1 : i == names->n ? -1 : strcmp(name, names->v[i]);
		next = more && order <= 0;
		if (order == 0)
			there[i] = true;
		if (order <= 0)
			rc = archive_writer_add(w, name, content.s, content.len, err);
		else
			rc = add_file(w, dir, names->v[i], &there[i], err);
		i += order >= 0;
	}
	buf_release(&content);
	return rc;
}

/* What a distillation that was killed in the middle was writing: packs' names and six letters more. */
static void remove_leftovers(const char *pack, const char *parent)
{
	struct strlist names = STRLIST_INIT;
	size_t len = strlen(fs_basename(pack));

	if (fs_list(parent, &names, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];
		char *path;

		if (strncmp(name, fs_basename(pack), len) != 0 || name[len] != '.' ||
			strlen(name) != len + 7)
			continue;
		path = fs_join(parent, name);
		fs_remove(path, NULL);
		free(path);
	}
	strlist_release(&names);
}

static void keep_those(struct strlist *names, const bool *there)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->n; i++) {
		if (there[i])
			names->v[kept++] = names->v[i];
		else
			free(names->v[i]);
	}
	names->n = kept;
	names->v[kept] = NULL;
}

int cold_add(const char *pack, const char *dir, struct strlist *names, struct err *err)
{
	struct archive_reader *old = NULL;
	struct archive_writer *w;
	bool *there = xcalloc(names->n + 1, sizeof(*there));
	char *parent = fs_dirname(pack);
	int rc = names->n ? -1 : 0;

	if (!names->n || fs_mkdirs(parent, err) < 0)
		goto out;
	remove_leftovers(pack, parent);
	if (fs_exists(pack) && !(old = archive_reader_open(pack, &limits, err)))
		goto out;
	w = archive_writer_open(pack, err);
	if (!w)
		goto out;
	rc = merge(w, old, dir, names, there, err);
	if (rc < 0)
		archive_writer_free(w);
	else
		rc = archive_writer_finish(w, err);
	if (rc == 0)
		keep_those(names, there);
out:
	archive_reader_close(old);
	free(there);
	free(parent);
	return rc;
}

int cold_names(const char *pack, struct strlist *names, struct err *err)
{
	struct archive_reader *r;
	struct buf content = BUF_INIT;
	const char *name;
	int more;

	if (!fs_exists(pack))
		return 0;
	r = archive_reader_open(pack, &limits, err);
	if (!r)
		return -1;
	while ((more = archive_reader_next(r, &name, &content, err)) > 0)
		strlist_add(names, name);
	archive_reader_close(r);
	buf_release(&content);
	strlist_sort(names);
	return more;
}
