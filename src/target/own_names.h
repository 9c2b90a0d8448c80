/*
 * A target that defines fork, mmap or the like itself has them called by the runtime, too, as the linker knows one
 * function of a name. Most are as good as libc's; where one isn't, the server can't work, and this says whose fault it is.
 */
#ifndef TARGET_OWN_NAMES_H
#define TARGET_OWN_NAMES_H

#include "base/buf.h"

/* A sentence with the names that the executable defines and what to do, behind "; "; nothing where there is none. */
void own_names_say(struct buf *b, const char *exe);

#endif
