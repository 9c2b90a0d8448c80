/* The files that a build was made of, as its records have them. */
#ifndef BUILD_LEAVES_H
#define BUILD_LEAVES_H

#include "base/strlist.h"
#include "build/variant.h"
#include "config/config.h"

/*
 * Sources and headers, sorted, each once, appended: what was made on the way is followed to what it was made of. False: the
 * records don't say, as where a script builds, or there are none.
 */
bool build_leaves(const struct config *c, const struct config_harness *h, enum variant v,
	struct strlist *paths);

#endif
