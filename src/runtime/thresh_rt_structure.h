/*
 * Mutations of what a text consists of: structure.c does them, mutator.c offers them to libFuzzer and afl_import.c to AFL++.
 * Nothing here allocates from the heap; one thread at a time.
 */
#ifndef THRESH_RT_STRUCTURE_H
#define THRESH_RT_STRUCTURE_H

#include <stddef.h>
#include <stdint.h>

/* Of the environment: the path of the dictionary that engines have. */
#define THRESH_RT_WORDS "THRESH_RT_WORDS"
/* A result is at most so long, whatever else the caller allows. */
#define THRESH_RT_STRUCTURE_MAX ((size_t)64 << 10)

/* Remembers an input, by copy, as one that parts may come from. */
void thresh_rt_structure_keep(const uint8_t *data, size_t size);

/* Words that may stand for keys and values, from a dictionary as engines read it; NULL or no such file: none. */
void thresh_rt_structure_words(const char *path);

/* Does it look like a text that has parts? Costs a look at its bytes. */
int thresh_rt_structure_has(const uint8_t *data, size_t size);

/*
 * Writes a mutation of data into out, at most max bytes. The same seed gives the same one while the same inputs were kept.
 * Returns its length; 0: there are no parts, or this once nothing came of it (out may have been written to).
 */
size_t thresh_rt_structure(
	const uint8_t *data, size_t size, uint8_t *out, size_t max, uint64_t seed);

#endif
