/*
 * Which inputs of a corpus were replayed on a build: a file beside it, so that a sweep takes what is new. It holds for one
 * store, build and environment only: another store knows nothing of what was found, another build may fail where that one
 * didn't.
 */
#ifndef CAMPAIGN_SWEPT_H
#define CAMPAIGN_SWEPT_H

#include "project/project.h"

struct swept {
	/* of: which store and build, as the first line of the file says it */
	char *path, *of;
	/* that passed, sorted */
	struct strlist names;
	/* that failed, in this campaign, sorted: another one looks at them again */
	struct strlist failed;
	int64_t campaign;
	/* nothing was kept of this build yet */
	bool anew;
};

/*
 * What the list of that name knows of this harness's inputs on this build, which is made first; empty, and anew, when it was
 * another one's.
 */
int swept_load(struct swept *s, struct project *p, const struct config_harness *h, enum variant v,
	const char *name, struct err *err);
bool swept_has(const struct swept *s, const char *name);
/* With what was swept since. */
int swept_save(const struct swept *s, const struct strlist *passed, const struct strlist *failed,
	struct err *err);
void swept_release(struct swept *s);

#endif
