/* What a C++ function's parameters are called: symbols have their types alone. Pure. */
#ifndef SCAFFOLD_CXX_NAMES_H
#define SCAFFOLD_CXX_NAMES_H

#include "scaffold/prototype.h"

/*
 * Sets the names that the header's text has, which is without comments; function: without a scope. False: no declaration there
 * is of as many parameters, or they have no names. Strings live in the arena.
 */
bool cxx_names(struct arena *a, struct strv text, const char *function, struct proto *p);

#endif
