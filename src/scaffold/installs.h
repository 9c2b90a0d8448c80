/* Which headers are for users, by what build files say that they install. Pure. */
#ifndef SCAFFOLD_INSTALLS_H
#define SCAFFOLD_INSTALLS_H

#include "base/buf.h"
#include "base/strv.h"

struct installs {
	/* the texts of what says what is installed */
	struct buf lists;
	/* of them those that say nothing else: what "noinst_HEADERS =" names stays where it is */
	struct buf for_users;
	/* they don't name all that they install */
	bool more;
};

/* What one build file says: of automake, CMake, Meson, or make. */
void installs_add(struct installs *all, struct strv text);
/* Is it named anywhere where something is installed or listed? */
bool installs_names(const struct installs *all, const char *name);
/* Is it among what users get, as far as anybody can tell? */
bool installs_for_users(const struct installs *all, const char *name);
void installs_release(struct installs *all);

#endif
