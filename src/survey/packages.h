/* Debian's packages, by what a build calls a library. Pure. */
#ifndef SURVEY_PACKAGES_H
#define SURVEY_PACKAGES_H

#include "base/strv.h"

/* Of all packages, one a line, the one that is called as this; "": none. The caller frees. */
char *packages_of(const char *name, struct strv packages);
/*
 * The one of the library that is called as its header ("lz4.h", "yaml-cpp/yaml.h", "libx"): of others nobody knows whether the project
 * itself should have them. NULL: none. The caller frees.
 */
char *packages_with_header(const char *header, struct strv packages);

#endif
