/* Dictionaries that are inside the program, and which one a harness has: its own, or its format's. */
#ifndef CORPUS_SHIPPED_H
#define CORPUS_SHIPPED_H

#include "corpus/dictionary.h"

struct shipped_dict {
	const char *name;
	struct strv text;
};

/* By the name of its format; NULL: there is none. */
const struct shipped_dict *shipped_dict(const char *name);
/* "csv, http, ...": for messages. */
const char *shipped_dict_names(void);

/*
 * Add a harness's tokens: of the file `path`, or of the shipped dictionary of that name where there is no such file; with
 * path NULL the one of its format, if any. -1: it can't be read.
 */
int dictionary_of_harness(const char *path, const char *format, struct dictionary *d,
	struct dict_problems *problems, struct err *err);

#endif
