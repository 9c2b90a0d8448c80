/* Functions' names without what a rebuild changes. */
#ifndef CRASH_NAME_H
#define CRASH_NAME_H

#include "base/buf.h"
#include "base/strv.h"

/* Normalised function name ("foo.part.3" -> "foo", C++ without arguments, Rust without hash). */
void crash_normalize_name(struct buf *out, struct strv name);

#endif
