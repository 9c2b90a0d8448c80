/* What a program's own code has as constants: read from the executable, which is hostile. */
#ifndef CORPUS_ELF_WORDS_H
#define CORPUS_ELF_WORDS_H

#include "base/err.h"
#include "base/strv.h"

/* Read-only data, borrowed for the call, and the source file that it is of; "" where that isn't known. */
typedef void (*elf_words_fn)(void *arg, struct strv data, struct strv source);

/*
 * Of an executable that AddressSanitizer instruments, each constant object of instrumented code: nothing of libraries, of
 * libc or of a sanitizer is among them. Of another one all read-only data in one piece, unless a sanitizer's runtime is in
 * it. -1: it can't be read; one that isn't understood has no constants.
 */
int elf_words(const char *path, elf_words_fn fn, void *arg, struct err *err);
/* The same of its bytes. */
void elf_words_in(struct strv file, elf_words_fn fn, void *arg);

#endif
