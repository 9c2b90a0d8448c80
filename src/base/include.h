/* Lines of C that include another file. Pure. */
#ifndef BASE_INCLUDE_H
#define BASE_INCLUDE_H

#include "base/strv.h"

/* "#  include <a.h>": what is included, with its quotes or brackets. False: it is no such line. */
bool include_operand(struct strv line, struct strv *operand);
/* The same of one in quotes alone, and without them. */
bool include_quoted(struct strv line, struct strv *name);

#endif
