/* The first hundred bytes, by which a file is known before anything is done to it. */
#include "base/prelude.h"
#include "store/sqlite_header.h"
#include "store/sqlite_schema.h"

#define HEADER_LEN 100

int64_t sqlite_newest_version(void)
{
	int64_t n = 0;

	while (sqlite_migrations[n])
		n++;
	return n;
}

int sqlite_check_ids(const char *path, uint32_t app, int64_t version, struct err *err)
{
	if (app && app != SQLITE_APPLICATION_ID)
		return err_usage(err, "%s: another program's database; name another file", path);
	if (app && version > sqlite_newest_version())
		return err_usage(err,
			"%s: made by a newer thresh (format %lld, this one knows up to %lld); use "
			"that one, or move the file away and start anew: seeds, tests and inputs "
			"are "
			"not in it",
			path, (long long)version, (long long)sqlite_newest_version());
	return 0;
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

int sqlite_check_header(sqlite3 *db, const char *path, bool making, struct err *err)
{
	unsigned char h[HEADER_LEN] = { 0 };
	sqlite3_file *f = NULL;
	sqlite3_int64 size = 0;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &f) != SQLITE_OK || !f ||
		!f->pMethods || f->pMethods->xFileSize(f, &size) != SQLITE_OK)
		return err_set(err, "%s: can't be read", path);
	if (size == 0 && making)
		return 0;
	if (size == 0)
		return err_set(err,
			"%s: an empty file, no database: something cut it off; move it away and "
			"start anew: seeds, tests and inputs are not in it",
			path);
	if (size < HEADER_LEN || f->pMethods->xRead(f, h, sizeof(h), 0) != SQLITE_OK ||
		memcmp(h, "SQLite format 3", 16) != 0)
		return err_set(err,
			"%s: corrupt database (its header is not one); move it away and start "
			"anew: "
			"seeds, tests and inputs are not in it",
			path);
	return sqlite_check_ids(path, be32(h + 68), be32(h + 60), err);
}
