/* Inputs of the shared corpus in a folder of an engine's own. */
#ifndef ENGINE_STAGING_H
#define ENGINE_STAGING_H

#include "base/err.h"
#include "base/strlist.h"

struct slice;

/* A name of its own, in that folder, for a file of the shared corpus: whoever takes the file away leaves this one. False: it is
 * gone already, is no file, or has no bytes. */
bool staging_input(struct slice *s, int to, const char *name);
/* Which inputs there were, a line each, in a file of the work directory, which no target writes to. */
int staging_list(struct slice *s, const char *file, const struct strlist *names, struct err *err);

#endif
