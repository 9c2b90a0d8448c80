/* The program that a foreign command names. */
#ifndef TARGET_PROGRAM_H
#define TARGET_PROGRAM_H

#include "base/err.h"

/* Its path, absolute; the caller frees. NULL: there is none, or one that can't run here, and a usage error says why. */
char *program_find(const char *word, struct err *err);

#endif
