/* Where AFL++'s target goes on after failures (thresh_rt_protocol.h), and what may have failed of that. */
#ifndef ENGINE_AFL_PLACES_H
#define ENGINE_AFL_PLACES_H

#include "base/prelude.h"

/*
 * Has a process of the target gone on after a failure, and isn't this input, a file in the folder inputs, known to have ended
 * one that hadn't? name: of the file of places in the folder dir, which the target writes: no more than a hint.
 */
bool afl_places_doubt(int dir, const char *name, int inputs, const char *input);

#endif
