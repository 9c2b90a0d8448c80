/* What a harness passes for each parameter. */
#ifndef SCAFFOLD_ROLES_H
#define SCAFFOLD_ROLES_H

#include "base/err.h"

struct proto;

/* What the harness passes for each; called by proto_parse. */
int proto_roles(struct proto *p, struct err *err);
/* Types that need no header of the project. */
bool proto_standard_type(const char *base);
/* A builtin or standard integer type, and the name of its greatest value ("INT_MAX"; NULL: holds any size_t). */
bool proto_integer(const char *base, const char **max);

#endif
