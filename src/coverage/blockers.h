/*
 * The frontier: conditions that were reached and only ever came out one way. What lies behind the other way is estimated:
 * the code that it guards, and functions that nothing called yet and that this code names. Best first, one a line.
 */
#ifndef COVERAGE_BLOCKERS_H
#define COVERAGE_BLOCKERS_H

#include "coverage/calls.h"

struct coverage_blocker {
	const struct coverage_file *file;
	struct coverage_span at;
	/* the function that it is in; NULL: none is known */
	const struct coverage_function *in;
	/* it never came out true; else: never false */
	bool never_true;
	/* how often it came out the other way */
	uint64_t times;
	/* lines behind it, of this function and of the others */
	size_t lines;
	struct coverage_reached reached;
};

struct coverage_blockers {
	struct coverage_blocker *v;
	size_t n, cap;
};

/* Of the files where wanted[] says so, by their place in the model. What they point to is the model's and the calls'. */
void coverage_blockers_find(const struct coverage_model *m, const bool *wanted,
	struct coverage_texts *texts, struct coverage_calls *calls, struct coverage_blockers *out);
void coverage_blockers_release(struct coverage_blockers *b);

#endif
