/*
 * A finding -> runs alone on the sanitizer build -> report -> signature -> bug. Idempotent: a finding triaged twice ends in
 * the same bug.
 */
#ifndef TRIAGE_TRIAGE_H
#define TRIAGE_TRIAGE_H

#include "project/project.h"
#include "triage/judge.h"

/*
 * Run alone and judge. A stack that overflows without a stack to tell by is run again with a little more of it, up to
 * three times. t is fresh, but for its input.
 */
int triage_run(struct project *p, const char *harness, struct target *target,
	const struct target_input *in, struct target_result *r, struct triage *t, struct err *err);

/* Run one input alone, `runs` times at most (1: only once), on the asan variant or the one given. */
int triage_input(struct project *p, const struct config_harness *h, enum variant v,
	const void *data, size_t len, unsigned runs, struct triage *t, struct err *err);

struct triage_filed; /* triage/filing.h */

/*
 * The whole job for a stored finding. Judged on the asan build; where that passes, on the sanitizer build that it was
 * seen on. One that carries a fault and gives up, as a program may, is none; a new one that fails the same way without
 * its fault is filed without.
 */
int triage_finding(struct project *p, int64_t finding, struct triage_filed *out, struct err *err);
/*
 * The same where time is short. 1: it takes long, in a place that isn't known for that; out->site names the place. What was
 * put off there is filed with the one of them that triage_finding judges.
 */
int triage_finding_soon(
	struct project *p, int64_t finding, struct triage_filed *out, struct err *err);

/*
 * One more of a site that fails each time, was seen since then, and that nobody said is gone or mended, of an input no
 * smaller than the one it has: how often this one fails is no news. harness: that it was seen in; NULL: in any.
 */
bool triage_is_repeat(
	struct project *p, const char *harness, uint64_t since_ms, const struct triage *t);

/* Store an input that was seen to fail as a finding; *added (may be NULL) false when it is known. */
int triage_keep(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, const void *data, size_t len, int64_t *id, bool *added, struct err *err);
/* Store an input that was seen to fail and queue its triage; nothing happens when it is known. */
int triage_add(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, const void *data, size_t len, bool *added, struct err *err);
/* The kind of a finding that ran out of its whole time alone. */
#define TRIAGE_SLOW_ALONE "timeout alone"
/* The same behind all others, of what ran out of its whole time, alone, on the asan build: it isn't given as much again. */
int triage_add_slow(struct project *p, const char *harness, const char *variant, const char *origin,
	const char *note, const void *data, size_t len, bool *added, struct err *err);
/*
 * The same of what an engine saw: harness, variant, origin, note, and the kind and text of its own report, which stay with
 * the finding where no run alone gives a better one.
 */
int triage_add_seen(struct project *p, const struct finding_rec *seen, bool slow, const void *data,
	size_t len, bool *added, struct err *err);
/*
 * An input that failed behind others in its batch and passes alone: filed at once from what it showed there, since no
 * later run of it alone would show it again. Its bug is flaky, and marked. filed may be NULL.
 */
int triage_add_stateful(struct project *p, const char *harness, const char *variant,
	const char *origin, const void *data, size_t len, const struct target_result *r,
	struct triage_filed *filed, struct err *err);

#endif
