/* What the AFL++ of this machine can do. */
#ifndef ENGINE_AFL_KNOWS_H
#define ENGINE_AFL_KNOWS_H

#include "base/prelude.h"

/*
 * Does its afl-fuzz know this variable of its environment? It waits two seconds at each start for us to read what it thinks
 * of one that it doesn't.
 */
bool afl_knows(const char *variable);

#endif
