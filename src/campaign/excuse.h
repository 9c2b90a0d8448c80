/*
 * What a program may do when something is made to fail: end with a word, or abort. Such a run is no finding, where the
 * same without a fault is one.
 */
#ifndef CAMPAIGN_EXCUSE_H
#define CAMPAIGN_EXCUSE_H

#include "crash/crash.h"
#include "target/target.h"

/* report: of a run that failed; NULL where nobody parsed it. False without a fault. */
bool excuse_fault(const struct target_fault *f, const struct target_result *res,
	const struct crash_report *report);

#endif
