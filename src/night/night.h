/*
 * The whole flow, unattended: build, canary, replay and verify, edge cases, fuzz, distil, minimise, write and prove tests,
 * cover, guard, report; within its time. Each step is a thresh of its own that may fail, hang or die; the others go on.
 * Killed at any instant, the next night goes on with what is left of it.
 */
#ifndef NIGHT_NIGHT_H
#define NIGHT_NIGHT_H

#include "night/record.h"
#include "project/project.h"

struct night_opts {
	uint64_t time_ms;
	/* time_ms is only the default: a night that died is gone on with under its own */
	bool any_time;
	bool fresh, no_canary;
	const struct config_harness *const *harnesses;
	size_t n_harnesses;
	bool named;
	/* more words for the commands' lines, as --verbose; may be NULL */
	const struct strlist *more;
	/* several times a second; may be NULL */
	void (*progress)(void *arg, const struct night_record *r);
	void *arg;
};

/* r->ended_ms is 0 after an interrupt. -1: it couldn't be begun, or not be kept. r is released by the caller in any case. */
int night_run(
	struct project *p, const struct night_opts *opts, struct night_record *r, struct err *err);
/* The last one, whether it ended or not. 1: there was none. */
int night_last(const struct project *p, struct night_record *r);

#endif
