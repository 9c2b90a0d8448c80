/* A clone without its submodules is half a project. */
#ifndef SURVEY_SUBMODULES_H
#define SURVEY_SUBMODULES_H

#include "base/buf.h"

/* Those that aren't there, as a sentence that is appended; nothing where there are none. */
void submodules_find(const char *project, struct buf *out);

#endif
