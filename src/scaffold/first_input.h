/*
 * A small whole file of a format that a harness's name speaks of: one that gets past the signature and the checksum, where a
 * fuzzer would take hours to do so.
 */
#ifndef SCAFFOLD_FIRST_INPUT_H
#define SCAFFOLD_FIRST_INPUT_H

#include "base/strv.h"

struct first_input {
	/* "gzip file" */
	const char *what;
	struct strv bytes;
};

/* By the harness's name, else the project's; NULL: neither speaks of one that is known. */
const struct first_input *first_input_find(const char *harness, const char *project);

#endif
