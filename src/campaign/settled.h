/* Which of what is numbered has ended: they end in any order, and are looked at by their numbers. */
#ifndef CAMPAIGN_SETTLED_H
#define CAMPAIGN_SETTLED_H

#include "base/prelude.h"

struct settled {
	/* all up to this one have */
	int64_t upto;
	/* and these above it */
	int64_t *later;
	size_t n, cap;
	/* in this look one was met that hasn't: the caller's to set */
	bool gap;
};

/* True the first time that this one is seen to have ended. */
bool settled_first(struct settled *s, int64_t id);
void settled_release(struct settled *s);

#endif
