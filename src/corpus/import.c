/* Inputs from folders, archives, packs and files. */
#include "base/prelude.h"
#include "corpus/import.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/num.h"
#include "base/mem.h"
#include "corpus/archive.h"
#include "corpus/batch.h"
#include "corpus/inputs.h"
#include "corpus/pack.h"
#include <sys/stat.h>
#include <unistd.h>

#define WARNINGS_MAX 5
#define PACK_MAX ((uint64_t)1 << 30)

struct importer {
	struct inputs_batch *batch;
	uint64_t max_len;
	struct import_stats *stats;
	unsigned warned;
};

static void left_out(struct importer *im, const char *path, const char *why, uint64_t *count)
{
	++*count;
	if (im->warned < WARNINGS_MAX)
		log_warn("%s: %s, left out", path, why);
	else if (im->warned == WARNINGS_MAX)
		log_warn("%s: more files left out, not named", path);
	im->warned++;
}

static void too_large(struct importer *im, const char *path, uint64_t size)
{
	struct buf why = BUF_INIT;

	buf_adds(&why, "with ");
	num_add_size(&why, size);
	buf_adds(&why, " larger than max_len (");
	num_add_size(&why, im->max_len);
	buf_adds(&why, ")");
	left_out(im, path, why.s, &im->stats->too_large);
	buf_release(&why);
}

static int import_bytes(struct importer *im, const char *name, struct strv input, struct err *err)
{
	char sha1[SHA1_HEX];
	bool added = false;
	int rc;

	if (input.len > im->max_len) {
		too_large(im, name, input.len);
		return 0;
	}
	rc = inputs_batch_put(im->batch, input.s, input.len, sha1, &added, err);
	if (rc == 0)
		++*(added ? &im->stats->added : &im->stats->known);
	if (rc == 0 && added && im->stats->each)
		im->stats->each(im->stats->arg, sha1, name);
	return rc;
}

static int import_file(
	struct importer *im, const char *path, const struct stat *st, struct err *err)
{
	struct buf b = BUF_INIT;
	struct err why = ERR_INIT;
	int rc = 0;

	if (!S_ISREG(st->st_mode)) {
		left_out(im, path, "not a regular file", &im->stats->skipped);
		return 0;
	}
	if ((uint64_t)st->st_size > im->max_len) {
		too_large(im, path, (uint64_t)st->st_size);
		return 0;
	}
	if (fs_read(path, im->max_len, &b, &why) < 0) {
		left_out(im, path, "can't be read", &im->stats->skipped);
		goto out;
	}
	rc = import_bytes(im, path, strv_n(buf_str(&b), b.len), err);
out:
	buf_release(&b);
	return rc;
}

static int import_dir(struct importer *im, const char *path, struct err *err)
{
	struct strlist names = STRLIST_INIT;
	struct stat st;
	int rc = fs_list(path, &names, err);

	for (size_t i = 0; rc == 0 && i < names.n; i++) {
		char *sub = fs_join(path, names.v[i]);

		bool link = lstat(sub, &st) == 0 && S_ISLNK(st.st_mode);

		/* links to files are seeds like any other; links to folders may lead round in circles */
		if (stat(sub, &st) < 0)
			left_out(im, sub, link ? "a link to nothing" : "gone or unreadable",
				&im->stats->skipped);
		else if (link && S_ISDIR(st.st_mode))
			left_out(im, sub, "a link to a folder", &im->stats->skipped);
		else if (S_ISDIR(st.st_mode) && access(sub, R_OK | X_OK) < 0)
			left_out(im, sub, "can't be read", &im->stats->skipped);
		else if (S_ISDIR(st.st_mode))
			rc = import_dir(im, sub, err);
		else
			rc = import_file(im, sub, &st, err);
		free(sub);
	}
	strlist_release(&names);
	return rc;
}

/* What came before the place where an archive is damaged stays: inputs by content can't be half there. */
static int import_archive(struct importer *im, const char *path, struct err *err)
{
	const struct archive_limits limits = ARCHIVE_LIMITS;
	struct archive_reader *r = archive_reader_open(path, &limits, err);
	struct buf content = BUF_INIT;
	const char *name;
	int rc = r ? 0 : -1;

	while (rc == 0) {
		int more = archive_reader_next(r, &name, &content, err);

		if (more <= 0) {
			rc = more;
			break;
		}
		rc = import_bytes(im, name, strv_n(buf_str(&content), content.len), err);
	}
	buf_release(&content);
	archive_reader_close(r);
	return rc;
}

static int import_pack(struct importer *im, const char *path, struct err *err)
{
	struct buf b = BUF_INIT;
	struct strv input;
	size_t at = 0;
	int rc = fs_read(path, PACK_MAX, &b, err), more = 1;

	while (rc == 0 &&
		(more = pack_next(path, strv_n(buf_str(&b), b.len), &at, &input, err)) > 0)
		rc = import_bytes(im, path, input, err);
	buf_release(&b);
	return rc == 0 ? more : rc;
}

static int import_any(struct importer *im, const char *from, const struct stat *st, struct err *err)
{
	if (S_ISDIR(st->st_mode))
		return import_dir(im, from, err);
	if (pack_is_name(from))
		return import_pack(im, from, err);
	/* one of a kind that can't be read is refused by name, and not taken for an input */
	return archive_is_name(from) || archive_is_foreign_name(from)
		       ? import_archive(im, from, err)
		       : import_file(im, from, st, err);
}

int inputs_import(const char *dir, const char *from, uint64_t max_len, struct import_stats *stats,
	struct err *err)
{
	struct importer im = { .max_len = max_len, .stats = stats };
	struct stat st;
	int rc;

	if (stat(from, &st) < 0)
		return err_errno(err, "%s", from);
	im.batch = inputs_batch_new(dir, err);
	if (!im.batch)
		return -1;
	rc = import_any(&im, from, &st, err);
	/* what came before an error stays; the first error is told */
	if (inputs_batch_end(im.batch, rc == 0 ? err : NULL) < 0)
		rc = -1;
	return rc;
}
