/* How a case ended. */
#ifndef SUITE_VERDICT_H
#define SUITE_VERDICT_H

enum suite_verdict {
	SUITE_ACCEPTED,
	/* the harness said so: thresh_reject(), or -1 */
	SUITE_REJECTED,
	/* ended by its own decision when something failed: neither good nor a bug */
	SUITE_GAVE_UP,
	SUITE_FAILED,
	/* took longer than a pass waits for one; looked at again if it may hang */
	SUITE_SLOW,
	/* couldn't be run here */
	SUITE_NOT_RUN,
};
const char *suite_verdict_name(enum suite_verdict v);

#endif
