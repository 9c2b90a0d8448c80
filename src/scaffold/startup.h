/*
 * What a library wants to be called once, in front of all else: "x_init()", "xInitLibrary(0)". By names and types alone:
 * many libraries answer each call with an error without it. Pure.
 */
#ifndef SCAFFOLD_STARTUP_H
#define SCAFFOLD_STARTUP_H

#include "scaffold/api.h"

struct startup {
	/* "x_init(NULL, 0)" */
	const char *call;
	const struct api_header *header;
};

/* For a function of the library, by its name. False: it has none. The call lives in the arena. */
bool startup_find(
	struct arena *a, const struct api *api, const char *function, struct startup *out);

#endif
