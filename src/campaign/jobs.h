/* Jobs of a campaign into its queue, and what they carry. */
#ifndef CAMPAIGN_JOBS_H
#define CAMPAIGN_JOBS_H

#include "project/project.h"

/* The payload of a "fuzz" job, and back. */
struct fuzz_payload {
	char engine[32];
	uint64_t slice_ms, seed;
};
/* The caller frees. */
char *fuzz_payload_format(const struct fuzz_payload *p);
int fuzz_payload_parse(const char *text, struct fuzz_payload *out);

/* Queue the jobs that a bug needs next (minimise, then its regression test); nothing happens when they are there. */
int jobs_add_for_bug(struct project *p, const char *bug, const char *harness, struct err *err);
/* Queue the harness's edge cases, for so long: once in a campaign, before its engines. */
int jobs_add_edge(struct project *p, const char *harness, uint64_t ms, struct err *err);
/* Queue the replay of what is new in a harness's corpus under the sanitizers. */
int jobs_add_sweep(struct project *p, const char *harness, struct err *err);

#endif
