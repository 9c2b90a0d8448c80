/* What a header's own macro passes to a function that isn't meant to be called without it: versions, sizes. Pure. */
#ifndef SCAFFOLD_MACRO_H
#define SCAFFOLD_MACRO_H

#include "scaffold/prototype.h"

/*
 * "#define p_new(x) p_new_imp((x), P_VERSION)": sets what p_new_imp's second parameter is given. text: of the header, without
 * comments. Strings live in the arena.
 */
void macro_fill(struct arena *a, struct strv text, struct proto *p);

#endif
