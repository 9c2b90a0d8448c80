/* What becomes of a harness that thresh init wrote: built and run for a moment, and told. */
#ifndef CLI_INIT_TRIAL_H
#define CLI_INIT_TRIAL_H

#include "scaffold/plan.h"

/* Prints a line for each harness, and a cause and a mend where it is of no use. How many of them are of use. */
size_t init_trial(const struct init_args *args, const struct init_plan *plan);

#endif
