/*
 * Arguments that are objects of classes nobody can make, as they are abstract: a stream that reads the input, by a class of the
 * same family, or an interface that does nothing. Read off headers' texts; the compiler decides whether it was understood.
 */
#ifndef SCAFFOLD_CLASSES_H
#define SCAFFOLD_CLASSES_H

#include "base/arena.h"
#include "scaffold/api.h"
#include "scaffold/class_object.h"

struct classes;

/* Of the project's headers, and of those in folders that it is compiled with. Read once they are asked for. */
struct classes *classes_new(struct arena *a, const struct survey *s, const struct api *api);
void classes_free(struct classes *c);

/* type: "ns::Stream". Strings live in the arena. False: nothing is known that could be passed for one. */
bool classes_object(struct classes *c, const char *type, struct class_object *out);

#endif
