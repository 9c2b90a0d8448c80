/*
 * MSan knows of a byte that it was written only where the code that wrote it is built with MSan. What a library of the
 * system's has written counts as uninitialised, in that library and in the target, for inputs as valid as can be.
 */
#ifndef TRIAGE_UNINSTRUMENTED_H
#define TRIAGE_UNINSTRUMENTED_H

#include "triage/judge.h"

/*
 * Is it the libraries' doing that t failed so on the MSan build? Where one of them made or met the value first; or, with
 * such a library in the process, where a seed, which the user holds to be valid, fails at the same site. *why: which they
 * are, in words, the caller's; NULL: it isn't, or nobody can tell.
 */
int uninstrumented_blame(struct project *p, const struct config_harness *h, const struct triage *t,
	char **why, struct err *err);
/* Kept with a finding that was blamed so, and asked for again. *why is the caller's, NULL where there is nothing. */
int uninstrumented_note(struct project *p, int64_t finding, const char *why, struct err *err);
char *uninstrumented_why(struct project *p, int64_t finding);

#endif
