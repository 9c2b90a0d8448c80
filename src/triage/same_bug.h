/* Is it the same bug? Asked here, by everybody who has a signature in hand. */
#ifndef TRIAGE_SAME_BUG_H
#define TRIAGE_SAME_BUG_H

#include "project/project.h"

/* The signature stands for this bug: by what people decided, by an alias, or as its own. 1 yes, 0 no, -1. */
int same_bug(struct project *p, const char *signature, const char *bug, struct err *err);

#endif
