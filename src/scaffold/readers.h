/* Functions that read what another one made: called behind it, more of the library's code sees the input. Pure. */
#ifndef SCAFFOLD_READERS_H
#define SCAFFOLD_READERS_H

#include "scaffold/api.h"

/*
 * Give p the best readers of its result, or of the object that it fills in, as far as its header brings them. Roles and handles are set; what
 * nobody knows how to end isn't read either, as it may not be the caller's.
 */
void readers_find(struct arena *a, const struct api *api, struct proto *p);

/* By its name: it goes on with what was opened or begun ("read", "next_entry"). */
bool readers_go_on(const char *name);

#endif
