/* thresh init --oss-fuzz: a project of OSS-Fuzz or ClusterFuzzLite as it is. */
#ifndef CLI_INIT_OSS_FUZZ_H
#define CLI_INIT_OSS_FUZZ_H

#include "cli/init_write.h"

/*
 * Its script is run once, and each fuzz target that it leaves becomes a harness of the plan, kept, with its options,
 * dictionary and seeds; files that only the build has are written. What the container would have done and nobody does here is
 * told. -1: the script fails, or leaves none.
 */
int init_oss_fuzz(const struct init_args *args, struct init_plan *plan, struct init_writing *w,
	struct err *err);

#endif
