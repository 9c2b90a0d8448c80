/* A second text that asks something of the first: a path into it, a query, a pattern, a key. */
#ifndef SCAFFOLD_ASKED_H
#define SCAFFOLD_ASKED_H

#include "scaffold/prototype.h"

/* Does parameter i ask, by its name, or by its function's with it? */
bool asked_by_name(const struct proto *p, size_t i);
/*
 * Where one asks something of a text that is the input, it becomes the input's end, ROLE_ASKED, and the text all that stands
 * in front of it. The others have their roles.
 */
void asked_take(struct proto *p);
/* Was there one? */
bool asked_takes(const struct proto *p);

#endif
