/*
 * The input that a libFuzzer process runs, in a file that its entry keeps (src/runtime/survive.c): of an end that nobody in the
 * process hears, and of an input that never ends where the target took libFuzzer's alarm.
 */
#ifndef ENGINE_CURRENT_H
#define ENGINE_CURRENT_H

#include "base/strlist.h"

/* Zeroed at the start of a process. */
struct current {
	uint64_t runs, since_ms;
	bool inside; /* the harness, when it was last looked at */
};

/* For the process; all: also of inputs that are long, which takes time. */
void current_env(struct strlist *env, const char *artifacts, bool all);
/* Look at it, now and then. True: it won't go on, in an input or between two of them. limit_ms: an input's. */
bool current_stands(struct current *c, int artifacts_fd, uint64_t limit_ms);
/* When its time is up, or it is: it stood for so long that it may well not have gone on. started_ms: the process. */
bool current_stood(struct current *c, int artifacts_fd, uint64_t limit_ms, uint64_t started_ms);
/*
 * The input that runs, as an artifact of this name; false: it isn't known. of_survivor: the name where its process had survived
 * failures; not NULL: between two inputs, the one before.
 */
bool current_take(int artifacts_fd, const char *name, const char *of_survivor);

#endif
