/* Whose code a file is. */
#ifndef COVERAGE_OWNER_H
#define COVERAGE_OWNER_H

#include "config/config.h"
#include "coverage/model.h"

enum coverage_owner {
	/* the project's: below its folder, and a source of the build or in a folder of its sources or headers */
	COVERAGE_OWN,
	/* a harness's source */
	COVERAGE_HARNESS,
	/* anybody else's: system headers, copies of libraries */
	COVERAGE_OTHER,
	COVERAGE_OWNERS
};
/* "own", "harness", "third-party". */
const char *coverage_owner_name(enum coverage_owner o);

struct coverage_owners {
	/* by the files of the model */
	enum coverage_owner *of;
};

/* As seen from these harnesses. */
void coverage_owners_init(struct coverage_owners *o, const struct coverage_model *m,
	const struct config *c, const struct config_harness *const *harnesses, size_t n);
void coverage_owners_release(struct coverage_owners *o);

#endif
