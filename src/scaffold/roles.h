/* What a harness passes for each parameter. */
#ifndef SCAFFOLD_ROLES_H
#define SCAFFOLD_ROLES_H

#include "base/err.h"
#include "scaffold/types.h"

struct proto;
struct proto_param;

/* What the harness passes for each. -1: a usage error, nothing takes input. */
int proto_roles(struct proto *p, struct err *err);

/* Does a number say by its name how much there is of its neighbour? */
bool roles_length(const char *name);
/* Of numbers that can't be none, as a width, by their names: one that mostly will do; 0: it may be any. */
unsigned roles_usual(const char *name);

#endif
