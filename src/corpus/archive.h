/*
 * Archives: tar, plain or behind gzip, xz or zstd, and zip. libarchive does the formats; what is here is the care.
 *
 * Written, an archive depends on nothing but the names and the bytes in it: no owner, no time but SOURCE_DATE_EPOCH
 * (or 0), entries in order of their names, permissions only as far as "may be executed". It appears whole or not at
 * all.
 *
 * Read, an archive may be anybody's. Only regular files and folders count; a link, a device, an absolute name, a name
 * with ".." in it or one that comes twice ends the reading, as do sizes and numbers above the limits, which are
 * counted as unpacked so that a small file that unpacks to a huge one is stopped on the way.
 */
#ifndef CORPUS_ARCHIVE_H
#define CORPUS_ARCHIVE_H

#include "base/buf.h"
#include "base/err.h"

/* What the names of archives that can be written end in, for messages. */
#define ARCHIVE_NAMES ".tar, .tar.gz, .tar.xz, .tar.zst or .zip"

/* Does a file of that name want to be an archive that can be written? */
bool archive_is_name(const char *path);
/* Does its ending belong to an archive or a compression that can't be (".tar.bz2", ".7z")? */
bool archive_is_foreign_name(const char *path);

/* --- writing --- */

struct archive_writer;

/*
 * An archive for `path`, whose name chooses the kind. Nothing is at `path` before archive_writer_finish. NULL:
 * failed.
 */
struct archive_writer *archive_writer_open(const char *path, struct err *err);
/* A file. Callers add in order of names where the same content shall give the same archive. */
int archive_writer_add(
	struct archive_writer *w, const char *name, const void *p, size_t n, struct err *err);
/* End, sync, rename into place; w is gone, whatever comes of it. */
int archive_writer_finish(struct archive_writer *w, struct err *err);
/* Give up: nothing is left. NULL is fine. */
void archive_writer_free(struct archive_writer *w);

/*
 * A folder with all in it, its own name in front of each entry's. Symbolic links go in as links; what is neither file,
 * folder nor link is an error.
 */
int archive_pack(const char *dir, const char *path, struct err *err);

/* --- reading --- */

struct archive_limits {
	/* of whatever kind */
	uint64_t entries;
	/* one file, unpacked */
	uint64_t file_bytes;
	/* all of them */
	uint64_t bytes;
};

#define ARCHIVE_LIMITS                                           \
	{                                                        \
		1000000, (uint64_t)256 << 20, (uint64_t)16 << 30 \
	}

struct archive_reader;

/* NULL: it can't be read, or is none. The kind is seen from the bytes, not the name. */
struct archive_reader *archive_reader_open(
	const char *path, const struct archive_limits *limits, struct err *err);
/*
 * The next file: 1, with its checked name (until the next call) and its content in place of what was in *out; 0 at the
 * end; -1 when it is damaged or not to be trusted, after which nothing more can be read.
 */
int archive_reader_next(
	struct archive_reader *r, const char **name, struct buf *out, struct err *err);
/* NULL is fine. */
void archive_reader_close(struct archive_reader *r);

/* All of it into the folder `dir`, which must not be there yet. On failure nothing of it is left. */
int archive_unpack(
	const char *path, const char *dir, const struct archive_limits *limits, struct err *err);

#endif
