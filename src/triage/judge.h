/* One run of an input, judged: its report, named and signed. */
#ifndef TRIAGE_JUDGE_H
#define TRIAGE_JUDGE_H

#include "project/project.h"

struct triage {
	enum variant variant; /* the build that it ran on */
	enum target_outcome outcome;
	struct crash_report *report; /* finished; NULL when the input passed */
	struct crash_signature sig;
	struct buf text; /* what was printed, as the target printed it */
	/* The input, borrowed, for what has no place; NULL: not known. */
	const void *input;
	size_t len;
	/* Statements kept from when the report was made (triage/places.h), borrowed; and those that signing took. */
	struct strv kept;
	struct buf places;
	unsigned k, n; /* failed with this signature k of n times alone */
	bool stateful;
	/* Of a report that was kept, not of a run: nothing has come back. 0, or when the finding was made. */
	uint64_t kept_ms;
	/* A timeout: of a part of the limit only, in a place that is known for it; or of twice the limit. */
	bool peeked, took_twice;
	bool excused; /* it gave up, for a fault that is part of the input: no bug */
};

#define TRIAGE_INIT            \
	{                      \
		.report = NULL \
	}
void triage_release(struct triage *t);

/* It says something of the input, and nothing good. */
bool triage_failed(enum target_outcome o);
/* Parse, symbolise and sign what one run gave. Keeps t->k, n, text as they are. */
void triage_judge(
	struct project *p, const char *harness, const struct target_result *r, struct triage *t);

#endif
