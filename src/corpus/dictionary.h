/* Fuzzing dictionaries, in the format that AFL++ and libFuzzer share. */
#ifndef CORPUS_DICTIONARY_H
#define CORPUS_DICTIONARY_H

#include "base/err.h"
#include "base/strlist.h"

/* The tokens of a dictionary file, added to the list unless they are in it. */
int dictionary_tokens(const char *path, struct strlist *tokens, struct err *err);

#endif
