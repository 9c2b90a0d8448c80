/* Which types are bytes, which are numbers, and which everybody knows: by their names. Pure. */
#ifndef SCAFFOLD_TYPES_H
#define SCAFFOLD_TYPES_H

#include "scaffold/prototype.h"

/* Bytes or characters, by its own name or without typedefs; void, too, which a pointer to memory may have. */
bool proto_byte(const struct proto_param *q);
/* Types that need no header of the project. */
bool proto_standard_type(const char *base);
/* An integer, and the name of its type's greatest value ("INT_MAX"; NULL: holds any size_t). */
bool proto_integer(const struct proto_param *q, const char **max);

#endif
