/* Where inputs came from, gathered and written together. */
#ifndef PROJECT_ORIGINS_H
#define PROJECT_ORIGINS_H

#include "project/project.h"
#include "store/origins.h"

struct origins {
	/* of all of them; borrowed */
	const char *harness, *engine;
	struct origin_rec *v;
	size_t n, cap;
};

/* name and parent may be NULL. */
void origins_add(struct origins *o, const char *sha1, const char *name, const char *parent);
/* As import_stats calls it; arg is a struct origins. */
void origins_imported(void *arg, const char *sha1, const char *name);
/* Into the store, with the project's campaign, and forgotten here: that they can't be stored is said, and is no failure. */
void origins_flush(struct origins *o, const struct project *p);

#endif
