/* How a case ended. */
#ifndef SUITE_VERDICT_H
#define SUITE_VERDICT_H

enum suite_verdict {
	SUITE_ACCEPTED,
	SUITE_REJECTED, /* the harness said so: thresh_reject(), or -1 */
	SUITE_GAVE_UP, /* ended by its own decision when something failed: neither good nor a bug */
	SUITE_FAILED,
	SUITE_SLOW,    /* took longer than a pass waits for one; looked at again if it may hang */
	SUITE_NOT_RUN, /* couldn't be run here */
};
const char *suite_verdict_name(enum suite_verdict v);

#endif
