/* A new project's harnesses, built and tried one after the other until there are as many of use as are wanted. */
#ifndef CLI_INIT_TRIAL_H
#define CLI_INIT_TRIAL_H

#include "cli/init_write.h"

/*
 * Writes each harness, builds it and runs it for some seconds; what is of use is kept, and the files of the others are taken
 * away again. Where none is, the best of them is kept all the same. What each is like is printed. Needs no thresh.yaml on
 * disk. -1: an interrupt, or a file that can't be written.
 */
int init_trial(const struct init_args *args, struct init_plan *plan, struct init_writing *w,
	struct err *err);

#endif
