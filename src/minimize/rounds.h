/* The reduction as a whole. */
#ifndef MINIMIZE_ROUNDS_H
#define MINIMIZE_ROUNDS_H

#include "minimize/reduce.h"

struct reduce_outcome {
	bool one_minimal, one_normal;
	bool unstable; /* a best had to be taken back */
};
/* All strategies to a fixpoint, within the budget; r->data is the answer. */
void reduce_run(struct reducer *r, struct reduce_outcome *out);

#endif
