/*
 * What a build file asks for whatever its options are. A configuration that fails names the first thing that it misses: with
 * the rest of them people install all at once.
 */
#ifndef SURVEY_WANTS_H
#define SURVEY_WANTS_H

#include "survey/needs.h"

struct wants {
	/* as pkg-config takes them: "foo-2.0 >= 2.1" */
	struct strlist modules;
	/* without which it ends */
	struct strlist headers;
	/* macros of configure.ac that come with other tools: "LT_INIT" */
	struct strlist macros;
};

/* Pure; what stands within a condition isn't taken. */
void wants_read_autoconf(struct strv text, struct wants *out);
void wants_read_meson(struct strv text, struct wants *out);
void wants_read_cmake(struct strv text, struct wants *out);
void wants_release(struct wants *w);

/*
 * What of it this machine hasn't becomes needs. file: a build system's ("meson.build", "configure"), in the folder sub of dir,
 * of whose tree the files are t; cxx: a compiler that says which headers there are, or NULL.
 */
void wants_find(const char *dir, const struct files *t, const char *sub, const char *file,
	const char *cxx, struct needs *needs);
/* Of libraries that are here after all, though a source didn't find their headers, nothing is to be said. */
void wants_forget(struct needs *needs);
/* Packages that are here have no place in a command that installs them: that they are is told beside their names. */
void wants_installed(struct needs *needs);

#endif
