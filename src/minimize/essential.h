/* Which bytes of the result matter. */
#ifndef MINIMIZE_ESSENTIAL_H
#define MINIMIZE_ESSENTIAL_H

#include "minimize/reduce.h"

/* Per byte of the best: 1 matters, 0 may be anything (as far as tried), 2 not known. Runs what isn't known yet. */
void reduce_essential(struct reducer *r, unsigned char *map);

#endif
