/* The text of a harness that calls a library's functions in the order that its input chooses. Pure. */
#ifndef SCAFFOLD_CALLS_TEXT_H
#define SCAFFOLD_CALLS_TEXT_H

#include "scaffold/calls.h"

/* In C; how many TODOs it holds. */
unsigned calls_text(struct buf *out, const struct calls *p);

#endif
