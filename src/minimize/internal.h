/* What the files of the oracle share. */
#ifndef MINIMIZE_INTERNAL_H
#define MINIMIZE_INTERNAL_H

#include "minimize/oracle.h"
#include <uthash.h>

#define FLAKY_RUNS 20 /* of the original, to see how often it fails */

struct verdict {
	uint64_t key;
	char id[17]; /* of the site */
	int severity;
	const char *family;
	bool told; /* false: nothing says where it failed, so it is neither this bug nor another of its family */
	bool overflow; /* of the stack */
	char *identity;
	UT_hash_handle hh;
};

/* verdict.c */
static inline bool oracle_failed(enum target_outcome o)
{
	return o > TARGET_REJECTED && o != TARGET_ERROR;
}

/* Of a failed run; sig: may be NULL, else a signature of its own. */
const struct verdict *oracle_verdict(
	struct bug_oracle *o, const struct target_result *r, struct crash_signature *sig);
/* Not what is looked for: to whom it may concern, once per signature. */
void oracle_hand_on(struct bug_oracle *o, const struct verdict *v, const void *input, size_t len,
	const struct target_result *r);
enum shows { SHOWS_NOT, SHOWS_IT, SHOWS_CANNOT_TELL };
/* Does this result show what is wanted? Other failures go where nothing is lost. */
enum shows oracle_shows(
	struct bug_oracle *o, const void *input, size_t len, const struct target_result *r);
void oracle_forget(struct bug_oracle *o); /* all verdicts */

/* original.c */
/* It failed so in k of n runs: how often a candidate is run, and how often it has to fail. */
void oracle_set_odds(struct bug_oracle *o, unsigned k, unsigned n);
/* Runs the original some times: what it shows, how often, how long it takes. ERR_USAGE when that's nothing. */
int original_look(struct bug_oracle *o, struct err *err);

#endif
