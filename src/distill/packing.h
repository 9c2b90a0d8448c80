/* A corpus in one file for git: the best coverage that fits, and as much as possible of what was in there before. */
#ifndef DISTILL_PACKING_H
#define DISTILL_PACKING_H

#include "distill/distill.h"

#define PACKING_BYTES ((uint64_t)1 << 20)

/*
 * Into path, of at most max_bytes as a file. A pack that is there already is of inputs, too: they come into the corpus, and
 * stay in the pack where they do as well as others, so that its history stays small.
 */
int packing(struct project *p, const struct config_harness *h, const char *path, uint64_t max_bytes,
	struct distill_result *out, struct err *err);

#endif
