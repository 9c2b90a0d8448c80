/*
 * Prefixes of inputs: of what stops in the middle, parsers read on. Nearly all stop where others did before them; one is
 * worth a run when its last bytes are of kinds that no prefix ended with, two of them first, then more.
 */
#ifndef CORPUS_CUTS_H
#define CORPUS_CUTS_H

#include "base/strv.h"

/* A memory of endings, all zeros when it is new. Two endings in some hundred thousand are taken for one. */
#define CUTS_BYTES ((size_t)1 << 17)
/* kinds of bytes that make an ending, from fewest to most */
#define CUTS_LEAST 2
#define CUTS_MOST 6

/* Does it end as none did before, by its last `kinds` bytes? It did from now on. A shorter one's beginning counts, too. */
bool cuts_is_new(unsigned char seen[CUTS_BYTES], struct strv prefix, size_t kinds);

#endif
