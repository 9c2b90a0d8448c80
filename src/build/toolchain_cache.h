/* What was found out of a machine's compilers, kept in a file. */
#ifndef BUILD_TOOLCHAIN_CACHE_H
#define BUILD_TOOLCHAIN_CACHE_H

#include "build/toolchain.h"

/* versions of clang that a distribution may have installed beside its own */
#define CLANG_OLDEST 11
#define CLANG_NEWEST 30

/* Frees its strings: nothing is known. */
void toolchain_clear(struct toolchain *t);

/* Everything on PATH that the answer depends on, in one line; the caller frees. */
char *toolchain_candidates(void);
/* False: nothing is known there of these candidates; t is empty then. */
bool toolchain_recall(struct toolchain *t, const char *path, const char *candidates);
/* What can't be written isn't remembered. */
void toolchain_remember(struct toolchain *t, const char *path, const char *candidates);

#endif
