/*
 * What a project's sources say of a function beside its prototype: what its own programs, tests and examples pass where a
 * parameter's type says nothing (rates, modes, no options), and what the definition calls parameters.
 */
#ifndef SCAFFOLD_CALLERS_H
#define SCAFFOLD_CALLERS_H

#include "scaffold/api.h"

/*
 * Sets `usual`, and names where there are none, of the parameters of the library's functions, from these files below dir. Only
 * what means the same in a harness counts: numbers, names that the headers define, no pointer at all. Strings live in the arena.
 */
void callers_read(struct arena *a, const char *dir, const struct strlist *files, struct api *api);
/* The same of one source's text; counts with what others said before, until callers_settle. */
struct callers;
struct callers *callers_new(struct arena *a, struct api *api);
void callers_add(struct callers *c, struct strv text, unsigned weight);
void callers_settle_free(struct callers *c);

#endif
