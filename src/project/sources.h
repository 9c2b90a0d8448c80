/* The source files of a project: which there are, how they are named from elsewhere, what they include. */
#ifndef PROJECT_SOURCES_H
#define PROJECT_SOURCES_H

#include "base/strlist.h"
#include "config/config.h"

/* `to` as seen from the directory `from`; both absolute. The caller frees. */
char *sources_relative(const char *from, const char *to);

/* The files that a build's source patterns stand for, absolute, sorted within each pattern. */
void sources_list(const struct config_build *b, struct strlist *out);

#endif
