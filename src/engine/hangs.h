/*
 * Inputs that never end cost an engine the whole limit, each. Where one is known, a part of the limit is enough to tell them:
 * what is cut short so is run again alone, with all of it, before it counts.
 */
#ifndef ENGINE_HANGS_H
#define ENGINE_HANGS_H

#include "base/prelude.h"

/* Was one met in a slice before this one, of this engine and this build of the harness? */
bool hangs_known(int work_fd, const char *exe);
/* For the next slices. Where it can't be written, they learn it again. */
void hangs_note(int work_fd);
/* The same of inputs that fail soon: the next slices survive them from the start, which is two starts of the engine less. */
bool fails_known(int work_fd, const char *exe);
void fails_note(int work_fd);
/* Milliseconds after which an input is cut short, of a limit of that many. */
uint64_t hangs_limit_ms(uint64_t limit_ms);

#endif
