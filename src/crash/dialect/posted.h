/* Dialects of reports as people post them: other tools, handlers of their own, allocators, runners, shells. */
#ifndef CRASH_DIALECT_POSTED_H
#define CRASH_DIALECT_POSTED_H

#include "crash/phrase.h"

/* Tables of phrases, one a file. */
extern const struct phrase_table project_phrases, project_line_phrases;

#endif
