/* What a harness passes for each parameter. */
#ifndef SCAFFOLD_ROLES_H
#define SCAFFOLD_ROLES_H

#include "base/err.h"

struct proto;
struct proto_param;

/* What the harness passes for each. -1: a usage error, nothing takes input. */
int proto_roles(struct proto *p, struct err *err);
/* Is a text passed whose length it isn't told? Only a NUL ends it then. */
bool proto_text_alone(const struct proto *p);
/* Types that need no header of the project. */
bool proto_standard_type(const char *base);
/* An integer, and the name of its type's greatest value ("INT_MAX"; NULL: holds any size_t). */
bool proto_integer(const struct proto_param *q, const char **max);

/* Of numbers that can't be none, as a width, by their names: one that mostly will do; 0: it may be any. */
unsigned roles_usual(const char *name);

#endif
