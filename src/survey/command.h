/* A compiler's or an archiver's command line: what it makes of what. Pure. */
#ifndef SURVEY_COMMAND_H
#define SURVEY_COMMAND_H

#include "base/strlist.h"

struct command {
	/* Absolute paths, without "." and "..". Of a compilation: source i becomes object i. */
	struct strlist sources, objects;
	/* what is linked or put into an archive: objects, archives, shared libraries */
	struct strlist inputs;
	/* of a link or an archive; NULL: a compilation alone */
	char *output;
	/* an archive or a shared library */
	bool library;
	/* by an assembler of its own, whose language no compiler knows: an object is all that is of use of it */
	bool assembles;
	/* what counts in another build: -D, -U, -std, -include and the like; folders apart */
	struct strlist flags;
	/* absolute folders of headers */
	struct strlist include;
	/* "-lz", "-pthread", in order */
	struct strlist libs;
};

/* False: it makes nothing that counts (a question about the version, a preprocessor's run). */
bool command_read(const char *cwd, const struct strlist *argv, struct command *out);
void command_release(struct command *c);

/* An absolute path without "." and ".."; the caller frees. */
char *command_path(const char *cwd, const char *path);
/* By its name: a source in C or C++; in C++. */
bool command_is_source(const char *path);
bool command_is_cxx(const char *path);
/* What compilers assemble: only a build knows for which machine it is. */
bool command_is_assembly(const char *path);

#endif
