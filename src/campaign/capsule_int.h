/* What the files that make capsules share. */
#ifndef CAMPAIGN_CAPSULE_INT_H
#define CAMPAIGN_CAPSULE_INT_H

#include "base/strlist.h"
#include "campaign/capsule.h"
#include "campaign/look.h"
#include "proc/proc.h"

struct capsule {
	struct campaign *c;
	struct look l;
	const struct config_harness *h;
	char *tmp, *dir;        /* dir: below tmp, named as the capsule */
	struct strlist sources; /* absolute: the library's */
	struct strlist added;   /* files of it, by their paths in the project */
	bool msan;
};

/* A file of it, by its name there. */
int capsule_put(struct capsule *k, const char *name, const void *p, size_t n, unsigned mode,
	struct err *err);
/* A tool with what it printed in *r, which the caller releases. cwd, env: may be NULL. */
int capsule_run(const char *const *argv, const char *cwd, const char *const *env,
	struct proc_result *r, struct err *err);

/* capsule_script.c: where the project's own script builds. The tree that it is given, below src/. */
int capsule_add_tree(struct capsule *k, struct err *err);
/* The commands that run it there and leave "$out/replay"; appended. */
void capsule_add_build(struct buf *b, struct capsule *k);

#endif
