/*
 * What a build wants and this machine hasn't: generators and libraries, by the build's own words and by the sources that
 * are there to be generated from; and Debian's packages that bring them.
 */
#ifndef SURVEY_NEEDS_H
#define SURVEY_NEEDS_H

#include "base/buf.h"
#include "base/strlist.h"
#include "survey/files.h"

struct needs {
	/* "bison", "librevenge-0.0"; of each the package, "" where it isn't known */
	struct strlist names, packages;
	/* Does it have what lets sources be left out in silence? Libraries don't. */
	bool generator;
	/* "lz4.h", which sources include and that nothing has, "libmpg123", of which a configuration speaks: may be libraries */
	struct strlist headers;
	/* of them those that no package was found for, once one was looked for */
	struct strlist strange;
	/* Was one of them, or of the tables, one whose header a source didn't find? */
	bool header;
};

/* Without the one at i. */
void needs_drop(struct needs *n, size_t i);
/* A program, by its name. */
void needs_add(struct needs *n, const char *tool);
/* "boost/version.hpp", "foo.h": the library that has it. */
void needs_add_header(struct needs *n, const char *header);
/* A macro of configure.ac ("LT_INIT"), where the tool that brings it isn't there. */
void needs_add_macro(struct needs *n, const char *macro);
/* Whatever the words of one step of a build say is missing. Pure. */
void needs_read(struct needs *n, struct strv said);
/* Grammars and the like that nothing was generated from yet, and whose generator isn't on PATH. */
void needs_sources(struct needs *n, const struct files *t);
/* Headers that the tree has are no library's: they are only not found. */
void needs_forget(struct needs *n, const struct files *t);
/* Packages of what the tables don't know, by the names of all that there are; one a line. Pure. */
void needs_match(struct needs *n, struct strv packages);
/* The same with those that apt knows, where it is there. */
void needs_look_up(struct needs *n);
/* "needs bison and flex: `apt-get install bison flex`"; nothing where nothing is missing */
void needs_tell(const struct needs *n, struct buf *out);
void needs_release(struct needs *n);

#endif
