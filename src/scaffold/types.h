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
/* The type of what p gives, without typedefs as far as that is known; and that as a parameter without a name or a role. */
const char *proto_result_canon(const struct proto *p);
struct proto_param proto_result(const struct proto *p);
/* It gives a number, by no pointer: an integer; the second: or an enumeration. */
bool proto_gives_integer(const struct proto *p);
bool proto_gives_number(const struct proto *p);

#endif
