/*
 * Programs that are written for AFL++'s persistent mode: a main() that loops over inputs in shared memory. As one function
 * that takes one input they run under both engines, in the target server, and everywhere else.
 */
#ifndef SCAFFOLD_AFL_PROGRAM_H
#define SCAFFOLD_AFL_PROGRAM_H

#include "base/buf.h"
#include "base/strv.h"

/* Does its main() return by itself? One in C++ must, once it is a function like others. Pure. */
bool afl_program_returns(struct strv text, bool cxx);
/*
 * A harness around such a source. path: the source as the harness includes it; text: what is in it. Pure.
 */
void afl_program_text(struct buf *out, const char *path, struct strv text, bool cxx);

#endif
