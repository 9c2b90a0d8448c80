/*
 * Which targets of a configured build are libraries: CMake's makefiles and ninja's files say so. All else that a project
 * builds (programs, tests) costs minutes and is of no use to who looks at its library.
 */
#ifndef SURVEY_TARGETS_H
#define SURVEY_TARGETS_H

#include "base/strlist.h"
#include "base/strv.h"

struct targets {
	/* as the build tool knows them */
	struct strlist names;
	/* of each the absolute folder that its objects are in */
	struct strlist folders;
};

/*
 * Of the build in this folder, but for those of tests and the like; none where it isn't told, or where they are so many that a
 * part is no gain.
 */
void targets_find(const char *build, struct targets *out);
/* The libraries that a text of ninja's builds, relative to the folder build; appended. Pure. */
void targets_read_ninja(struct strv text, const char *build, struct targets *out);
/* Does this object, or what it is to be, belong to one of them? */
bool targets_has(const struct targets *t, const char *object);
void targets_release(struct targets *t);

#endif
