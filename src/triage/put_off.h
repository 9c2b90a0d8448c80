/*
 * Inputs that take long, whose judgement waits: while engines explore one of each place is enough, and later. Findings that
 * stay new, signed by their place. Private to triage/.
 */
#ifndef TRIAGE_PUT_OFF_H
#define TRIAGE_PUT_OFF_H

#include "triage/filing.h"

#define PUT_OFF_PLACE 32 /* bytes of a place's id, with its end */

/* Until one of its place was run for as long as it takes. */
int put_off_note(struct project *p, struct finding_rec *f, const char *place,
	struct triage_filed *out, struct err *err);
/* What was put off in the same place is what this one is: more of the same bug, or slow. None is a better reproducer. */
int put_off_settle(struct project *p, const struct finding_rec *judged, const char *place,
	const struct triage_filed *filed, struct err *err);
/* The longest of what was put off in the same place; 0: there is none. */
int64_t put_off_longest(struct project *p, const struct finding_rec *judged, const char *place);

#endif
