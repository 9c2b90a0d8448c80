/* What ends a text that a harness passes: its length beside it, or a NUL. Of prototypes that have their roles. */
#ifndef SCAFFOLD_TEXT_END_H
#define SCAFFOLD_TEXT_END_H

#include "scaffold/prototype.h"

/* Is the length of parameter i passed, too? */
bool text_has_length(const struct proto *p, size_t i);
/* Is a text passed whose length it isn't told? Only a NUL ends it then. */
bool text_is_alone(const struct proto *p);
/* Pass texts whose length is passed, too, with a NUL behind them; false: there are none. */
bool texts_end(struct proto *p);

#endif
