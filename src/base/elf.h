/* What an executable defines. */
#ifndef BASE_ELF_H
#define BASE_ELF_H

#include "base/prelude.h"

/*
 * Sets own[k] where exe, a 64-bit ELF file that isn't stripped, defines a function names[k] that isn't weak; the others are
 * left as they are, and all of them where it can't be read.
 */
void elf_defines(const char *exe, const char *const *names, size_t n, bool *own);

#endif
