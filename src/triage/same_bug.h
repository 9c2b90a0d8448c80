/* Is it the same bug? Asked here, by everybody who has a failure in hand. */
#ifndef TRIAGE_SAME_BUG_H
#define TRIAGE_SAME_BUG_H

#include "project/project.h"

/* The failure is this bug's: its site, or a rule, or people's word says so. 1 yes, 0 no, -1. */
int same_bug(
	struct project *p, const struct crash_signature *sig, const char *bug, struct err *err);

/* Nothing says where it failed: no stack, no place. What can't be told isn't another bug. */
bool same_bug_cannot_tell(const struct crash_report *r);

#endif
