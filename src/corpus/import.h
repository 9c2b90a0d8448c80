/* Inputs brought into a folder of inputs by content, from whatever holds some. */
#ifndef CORPUS_IMPORT_H
#define CORPUS_IMPORT_H

#include "base/err.h"
#include <stdint.h>

struct import_stats {
	/* skipped: unreadable or not regular */
	uint64_t added, known, too_large, skipped;
	/* if not NULL: called for each that was added, with the name it had */
	void (*each)(void *arg, const char *sha1, const char *name);
	void *arg;
};

/*
 * Bring every regular file of a folder or of an archive (told by its name) in, or one file, many with one sync. Files over max_len,
 * unreadable and non-regular ones are left out, counted, and the first few named in a warning; a missing folder is an
 * error. Links to files are followed, those to folders only for `from` itself.
 */
int inputs_import(const char *dir, const char *from, uint64_t max_len, struct import_stats *stats,
	struct err *err);

#endif
