/* The shared libraries that an executable is started with. */
#ifndef TARGET_LIBRARIES_H
#define TARGET_LIBRARIES_H

#include "base/strlist.h"

/* Their paths, appended, as its loader finds them; nothing of the executable runs. None where it has none, can't say, or is NULL. */
void libraries_list(const char *exe, struct strlist *out);

#endif
