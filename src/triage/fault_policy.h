/*
 * What a program may do when something is made to fail: end with a word, or abort. Such a run is no finding, where the
 * same without a fault is one.
 */
#ifndef TRIAGE_FAULT_POLICY_H
#define TRIAGE_FAULT_POLICY_H

#include "crash/crash.h"
#include "target/target.h"

/* report: of a run that failed; NULL where nobody parsed it. False without a fault. */
bool fault_policy_excuses(const struct target_fault *f, const struct target_result *res,
	const struct crash_report *report);

#endif
