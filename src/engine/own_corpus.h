/*
 * A corpus of libFuzzer's own: the part of the shared one that a slice begins with, in a folder of its own. libFuzzer reads
 * all of its folder at its start, and runs what it didn't keep of it again whenever a file is added.
 */
#ifndef ENGINE_OWN_CORPUS_H
#define ENGINE_OWN_CORPUS_H

#include "base/err.h"
#include "base/strlist.h"
#include <time.h>

struct slice;

/* Begun with fd = -1, the rest 0. */
struct own_corpus {
	struct slice *slice;
	char *path; /* absolute */
	int fd;
	/* sorted: what the shared corpus had at the last look, what was put here out of it, and what went from here to it */
	struct strlist shared, staged, brought;
	struct timespec shared_changed, own_changed;
	uint64_t next_ms; /* no look before that, but for the last one */
	bool settled;     /* at the last look, all that is whole here was there, too */
};

/*
 * The folder, with the inputs of the job's begin_with in it; without those there is none, and fd stays -1. What a slice that
 * was killed left there goes to the shared corpus first: -1 where that takes nothing.
 */
int own_corpus_begin(struct own_corpus *o, struct slice *s, struct err *err);
/*
 * What either side has that is new goes to the other. Cheap where nothing is: call it about once a second. Of large folders
 * not each call looks; final, at the end, does.
 */
void own_corpus_exchange(struct own_corpus *o, bool final);
/* A failing input is no longer begun with. */
void own_corpus_drop(struct own_corpus *o, const char *name);
void own_corpus_release(struct own_corpus *o);

#endif
