/*
 * Files and folders of a project that a harness reads by relative names: they are shown in its working folder, by links,
 * which can be read through and not written through.
 */
#ifndef PROC_GIVEN_H
#define PROC_GIVEN_H

#include "base/err.h"

struct given {
	const char *const *files; /* NULL-terminated, absolute; may be NULL */
	const char *origin; /* what they are relative to, the project's directory; NULL: nothing */
};

/*
 * The name of one of them in the working folder: data/rules.txt of the project is data/rules.txt there; what lies elsewhere
 * has its last name. The caller frees; NULL: it can have none, as it is the project's directory or holds that.
 */
char *given_name(const struct given *g, const char *file, struct err *err);

/*
 * The first part of each name becomes a link in the folder, so that all of data is there. exe (may be NULL): the program,
 * too, so that what it looks for beside itself is found. -1: there is no such file, or it can't be shown.
 */
int given_show(const struct given *g, const char *exe, const char *folder, struct err *err);

/* Where it is in that folder: by its own name, with "_" behind it where that is a file's. The caller frees; NULL: as above. */
char *given_exe(const struct given *g, const char *exe, const char *folder, struct err *err);

#endif
