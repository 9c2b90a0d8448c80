/* What names, and what is taken, say of how what one function does is undone by another. Pure. */
#ifndef SCAFFOLD_UNDOING_H
#define SCAFFOLD_UNDOING_H

#include "scaffold/prototype.h"

/* What was created is destroyed, what was opened closed: points for a pair. Of two ends the one that is its opposite is all of it. */
int undoing_opposite(const char *make, const char *end);
/* It may end by a word that is used of parts as well ("x_clear_error", "x_end_document"). */
bool undoing_empties(const char *name);
/* Is it called as what ends that type, whatever object it takes: what that begins with, or any? Texts and numbers are none. */
bool undoing_by_name(const struct proto *end, const char *type);

#endif
