/* Ways out of the confinement, each tried from the inside, on bait that is laid out for it. */
#ifndef PROC_WAYS_H
#define PROC_WAYS_H

#include "base/err.h"
#include "proc/sandbox.h"

enum way_state {
	WAY_SHUT,
	WAY_OPEN,
	WAY_UNTRIED, /* there is nothing here to try it on */
};
/* Called for each, in a fixed order. what: what a target does that goes it, "truncate a file of yours". */
typedef void (*way_seen_fn)(void *arg, const char *what, enum way_state state);
/* confine: PROC_CONFINED; or PROC_FREE, to see that the trials themselves work. -1: nothing could be started, or laid out. */
int ways_try(enum proc_confine confine, way_seen_fn seen, void *arg, struct err *err);

#endif
