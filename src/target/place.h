/*
 * Where a program without a sanitizer fails: it is run once more, with a library of ours loaded into it that says so
 * (src/runtime/place.c). Private to target/.
 */
#ifndef TARGET_PLACE_H
#define TARGET_PLACE_H

#include "base/buf.h"
#include "base/strlist.h"
#include <sys/resource.h>

/* Zeroed to begin with; released by place_release. */
struct place {
	/* of the second run */
	struct strlist env;
	/* it is under way; what came of the first one */
	bool again;
	int status;
	uint64_t wall_ms;
	struct rusage usage;
	bool has_usage;
	struct buf text;
};

/*
 * It ended so, and said that. True: by a signal that a fault sends, without a word of it, so that it is to be run again with
 * p->env, made of env and of the library, which is written into dir. prefix: dir from where the program starts ("../"), as
 * the loader takes a blank or a colon in a path for its end. usage may be NULL.
 */
bool place_begin(struct place *p, const char *dir, const char *prefix, const struct strlist *env,
	int status, const struct buf *text, const struct rusage *usage);
/* What the second run ended with: its report is added to p->text where it fails in the same way. */
void place_end(struct place *p, int status, const struct buf *text);
void place_release(struct place *p);

#endif
