/* First inputs and a dictionary for a harness, from what lies in the project: its tests' data, and what fuzzers brought. */
#ifndef SCAFFOLD_TESTDATA_H
#define SCAFFOLD_TESTDATA_H

#include "base/strlist.h"

struct testdata {
	/* below the project */
	struct strlist files, archives;
	/* or NULL; points into the list of files that was looked at */
	const char *dictionary;
	/* of the largest file */
	uint64_t largest;
	/* what the files' ends say the format is, or NULL */
	const char *format;
};

/*
 * names: the harness's, the project's, the header's: a file's end that is a word of one of them is its format. format: what
 * is believed to be the input's. Bounded in number and size.
 */
void testdata_find(const char *dir, const struct strlist *files, const struct strlist *names,
	const char *format, struct testdata *out);
void testdata_release(struct testdata *t);

#endif
