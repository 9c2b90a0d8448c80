/*
 * Programs that are written for AFL++'s persistent mode: a main() that loops over inputs in shared memory, or on standard input.
 * As one function that takes one input they run under both engines, in the target server, and everywhere else.
 */
#ifndef SCAFFOLD_AFL_PROGRAM_H
#define SCAFFOLD_AFL_PROGRAM_H

#include "base/buf.h"
#include "base/strv.h"

/*
 * A harness around such a source. path: the source as the harness includes it; source: what is in it. False: it has no main()
 * that this knows how to call. Pure.
 */
bool afl_program_text(struct buf *out, const char *path, struct strv source, bool cxx);

#endif
