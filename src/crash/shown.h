/* Which frames of a stack people are shown first. */
#ifndef CRASH_SHOWN_H
#define CRASH_SHOWN_H

#include "crash/report.h"

/* Frames [from, to). */
struct crash_shown {
	size_t from, to;
};
/*
 * Without what called the harness, and without what printed the stack, where that was called from a signal: of a
 * timeout the first frames are the runtime's own, not the program's. All, where nothing would be left.
 */
struct crash_shown crash_frames_shown(const struct crash_stack *st);

#endif
