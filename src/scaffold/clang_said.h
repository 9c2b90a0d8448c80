/* What clang says beside its result: which headers it read, and what was wrong. Pure. */
#ifndef SCAFFOLD_CLANG_SAID_H
#define SCAFFOLD_CLANG_SAID_H

#include "base/buf.h"
#include "base/strlist.h"

/* The first error; where it is in what was written to clang, without its place. */
void clang_said_error(struct buf *why, struct strv said);
/* Is there an error elsewhere than in what was written to it, or one that ended it? */
bool clang_said_fails(struct strv said);
/* The paths of all headers that were read. */
void clang_said_included(struct strv said, struct strlist *out);
/* Of them the one that include names, as in #include, and behind it those of its folder that it includes. */
void clang_said_headers(const char *include, struct strv said, struct strlist *headers);

#endif
