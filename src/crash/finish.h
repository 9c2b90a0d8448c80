/* A parsed report to what counts of it. */
#ifndef CRASH_FINISH_H
#define CRASH_FINISH_H

#include "base/strlist.h"
#include "crash/report.h"

/* Rules that a project adds; all may be NULL. Borrowed for the call. */
struct crash_rules {
	unsigned frames; /* N of the signature; 0: 3 */
	const struct strlist
		*ignore;     /* regular expressions for frames, as triage.ignore in thresh.yaml */
	const char *harness; /* name used where a signature has no frame at all */
};

/* Normalise frames, apply ignore rules, find cycles, family, security, severity, summary. Idempotent. */
void crash_finish(struct crash_report *r, const struct crash_rules *rules);

#endif
