/* What afl-fuzz begins with: the shared corpus, or the part of it that the slice is to begin with, in a folder of its own. */
#ifndef ENGINE_AFL_INPUTS_H
#define ENGINE_AFL_INPUTS_H

#include "base/err.h"
#include "base/strlist.h"

struct slice;

/* Begun with fd = -1, the rest 0. */
struct afl_inputs {
	struct slice *slice;
	char *path; /* of the folder */
	int fd;
	char *listed; /* a file with the names of all that the corpus had when that was filled */
	/* what it had when the slice began, where only a part of it is begun with */
	struct strlist first;
};

/* Fills the folder, anew where it was there: with one input at least. */
int afl_inputs_make(struct afl_inputs *a, struct slice *s, struct err *err);
void afl_inputs_release(struct afl_inputs *a);

#endif
