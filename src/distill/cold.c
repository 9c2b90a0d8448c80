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

static int add_file(struct archive_writer *w, const char *dir, const char *name, struct err *err)
{
	struct buf b = BUF_INIT;
	int rc = inputs_read(dir, name, INPUT_MAX, &b, err);

	if (rc == 0)
		rc = archive_writer_add(w, name, buf_str(&b), b.len, err);
	buf_release(&b);
	return rc;
}

/* Two sorted lists into one: the old pack's, each content passing by once, and the new names. */
static int merge(struct archive_writer *w, struct archive_reader *old, const char *dir,
	const struct strlist *names, struct err *err)
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
		if (order <= 0)
			rc = archive_writer_add(w, name, content.s, content.len, err);
		else
			rc = add_file(w, dir, names->v[i], err);
		i += order >= 0;
	}
	buf_release(&content);
	return rc;
}

int cold_add(const char *pack, const char *dir, const struct strlist *names, struct err *err)
{
	struct archive_reader *old = NULL;
	struct archive_writer *w;
	char *parent;
	int rc = -1;

	if (!names->n)
		return 0;
	parent = fs_dirname(pack);
	if (fs_mkdirs(parent, err) < 0)
		goto out;
	if (fs_exists(pack) && !(old = archive_reader_open(pack, &limits, err)))
		goto out;
	w = archive_writer_open(pack, err);
	if (!w)
		goto out;
	rc = merge(w, old, dir, names, err);
	if (rc < 0)
		archive_writer_free(w);
	else
		rc = archive_writer_finish(w, err);
out:
	archive_reader_close(old);
	free(parent);
	return rc;
}
