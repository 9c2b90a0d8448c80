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

/* Queue what a bug's site needs next (minimise, then its test), the worst bug's first; nothing happens when that is there. */
int jobs_add_for_site(struct project *p, const char *site, const char *harness, struct err *err);
/*
 * Queue what a finding's triage had no time for: whether it never ends, once for each place where such are met; place NULL:
 * why it doesn't fail alone.
 */
int jobs_add_recheck(struct project *p, const char *harness, int64_t finding, const char *place,
	struct err *err);
/*
 * Queue the triage of what was found and isn't filed: its job failed for good, or ended with a store, or there was none.
 * Of these harnesses only.
 */
int jobs_add_unfiled(struct project *p, const struct config_harness *const *harnesses, size_t n,
	struct err *err);
/* Queue the harness's edge cases, for so long: once in a campaign, before its engines. */
int jobs_add_edge(struct project *p, const char *harness, uint64_t ms, struct err *err);
/* Queue a look at all regression tests, behind everything else. */
int jobs_add_tests(struct project *p, struct err *err);
/* Queue the replay of what is new in a harness's corpus under the sanitizers. */
int jobs_add_sweep(struct project *p, const char *harness, struct err *err);
/* One that goes on where another stopped. */
int jobs_add_sweep_rest(struct project *p, const char *harness, struct err *err);

/* Whether the campaign's engines are done: what only makes its findings better needs no more wait for them. */
int jobs_set_explored(struct project *p, bool explored, struct err *err);
bool jobs_explored(struct project *p);

#endif
