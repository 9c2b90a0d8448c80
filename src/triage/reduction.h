/* A site's best reproducer, made smaller and stored. */
#ifndef TRIAGE_REDUCTION_H
#define TRIAGE_REDUCTION_H

#include "project/project.h"
#include "minimize/minimize.h"

/* Of one job; a bug that needs more is finished by `thresh minimize`. Shorter than a lease. */
#define REDUCE_JOB_MS 20000

struct reduce_opts {
	uint64_t max_ms; /* 0: until it is one-minimal */
	uint64_t seed;
};

/* Has this input of the harness been seen to fail only after others? */
bool reduction_is_stateful(struct project *p, const char *harness, const char *sha1);
/* out is filled on success; the caller releases it. */
int reduction_site(struct project *p, const char *site, const struct reduce_opts *opts,
	struct minimize_result *out, struct err *err);

#endif
