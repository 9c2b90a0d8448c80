/* Which parameter is an object, and which names say that one ends. Pure. */
#ifndef SCAFFOLD_OBJECT_H
#define SCAFFOLD_OBJECT_H

#include "scaffold/prototype.h"

/* Words that end an object; and those that do where nothing else is passed. They end with NULL. */
extern const char *const object_ending[], *const object_ending_alone[];

/* Is parameter q the object of type base (canon) by so many pointers? By its own name where a typedef hides a number. */
bool object_is(const struct proto_param *q, const char *base, const char *canon, unsigned depth);
/* Is it one that ends something, by its name? The second: or that may. */
bool object_ends(const char *name);
bool object_says_end(const char *name);

#endif
