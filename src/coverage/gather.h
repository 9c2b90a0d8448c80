/* Inputs through the lines build, and the profile of all of them. */
#ifndef COVERAGE_GATHER_H
#define COVERAGE_GATHER_H

#include "coverage/inputs.h"
#include "coverage/llvm.h"

struct coverage_gathered {
	/* inputs that count; that fail, and so don't; that went away meanwhile */
	size_t ran, failed, vanished;
};

/*
 * The merged profile is written to `profile`, which lies in l->work. An input that fails takes the profile of its process
 * with it, that of the inputs before it, too: the others run again without it. -1 also where all of them fail.
 */
int coverage_gather(struct project *p, const struct config_harness *h,
	const struct coverage_llvm *l, struct coverage_inputs *in, const char *profile,
	struct coverage_gathered *out, struct err *err);

#endif
