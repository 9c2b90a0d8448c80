/* Memory that a function hands to its caller, as far as its prototype tells. Pure. */
#ifndef SCAFFOLD_OWNED_H
#define SCAFFOLD_OWNED_H

#include "scaffold/prototype.h"

/*
 * Marks what free() is likely to end: bytes that p returns, or that it points a parameter at. A guess, which is to be
 * tried: it may as well be a part of the input, or static. False: there is nothing of the kind. Roles and handles are set.
 */
bool proto_owned(struct proto *p);
/* Bytes, characters and numbers: malloc() gave them, if anything. */
bool proto_plain_type(const char *canon);

#endif
