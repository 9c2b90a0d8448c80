/* What names say of how what one function does is undone by another. Pure. */
#ifndef SCAFFOLD_UNDOING_H
#define SCAFFOLD_UNDOING_H

/* What was created is destroyed, what was opened closed: points for a pair. Of two ends the one that is its opposite is all of it. */
int undoing_opposite(const char *make, const char *end);
/* It may end by a word that is used of parts as well ("x_clear_error", "x_end_document"). */
bool undoing_empties(const char *name);
/* "x_rec_destroy", "x_rec_free" of a type "x_rec" or "x_rec_t", and nothing else. */
bool undoing_named_for(const char *name, const char *type);

#endif
