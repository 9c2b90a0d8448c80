/* Waiting for what a machine refuses now and may give in a moment: it is said what for, now and then. */
#ifndef CAMPAIGN_PATIENCE_H
#define CAMPAIGN_PATIENCE_H

#include "base/err.h"

struct patience {
	/* in a row */
	unsigned refusals;
	/* whose they were, and ... */
	int64_t job;
	/* ... how many of them in a row: the caller's to count */
	unsigned of_job;
	uint64_t since_ms, told_ms;
};

/*
 * After a failure: true when it was the machine's, and some time has passed, more each time. Ends early when told to stop.
 * what: in front of the words.
 */
bool patience_wait(struct patience *p, const char *what, const struct err *err);
/* So long already, since the first of these failures. */
uint64_t patience_ms(const struct patience *p);
/* It went well: the next wait is a short one again. */
void patience_end(struct patience *p);

#endif
