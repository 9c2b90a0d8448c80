/* Which of the installed libraries has something. */
#ifndef SURVEY_INSTALLED_H
#define SURVEY_INSTALLED_H

#include "base/prelude.h"

/* "-lz" for the first that defines a symbol that begins so; NULL: none, or no compiler that says where they lie. The caller frees. */
char *installed_with(const char *start);
/*
 * The folder in which an installed library has this header ("hdf5.h"), where compilers don't look for it by themselves; NULL: none
 * that is called after it. The caller frees.
 */
char *installed_folder(const char *header);
/* A package of Debian's, by its name. */
bool installed_package(const char *package);

#endif
