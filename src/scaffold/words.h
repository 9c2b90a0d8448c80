/* Words in names as programmers join them: parse_file, parseFile, XMLParseFile. Pure. */
#ifndef SCAFFOLD_WORDS_H
#define SCAFFOLD_WORDS_H

#include "base/strv.h"

/* Does one of the name's words begin with this, in any case? */
bool words_begin(const char *name, const char *word);
/* Is it one of its words? */
bool words_have(const char *name, const char *word);
/* One of those in a list that ends with NULL? */
bool words_have_any(const char *name, const char *const *words);
/* Where the next word begins behind the one at `at`, or the name's end. */
size_t words_next(const char *name, size_t at);
/* That, and the letters of the word that starts at `at`, at most room - 1 of them, with a NUL. */
size_t words_take(const char *name, size_t at, char *word, size_t room);

/* With how many letters both begin. */
size_t words_common(const char *a, const char *b);
/* Where a's own part begins, behind what both begin with: that of their library. A run of letters is taken whole. */
size_t words_parting(const char *a, const char *b);
/* Is it one of those in a list that ends with NULL, as a whole? */
bool words_among(const char *s, const char *const *list);
/* Where the name first stands in the text as a whole word of C; SIZE_MAX: nowhere, as one without letters does. */
size_t words_find(struct strv text, struct strv name);
/* "buf" of x2buf() and x_to_buf(): what is made is put there. */
bool words_aim(const char *function, const char *name);
/* Nothing but letters, digits and underscores? */
bool words_is_name(const char *s);

#endif
