/* The words of the dictionary that engines have, for mutations that put them where they belong. */
#ifndef THRESH_RT_LEXICON_H
#define THRESH_RT_LEXICON_H

#include <stddef.h>
#include <stdint.h>

#define THRESH_RT_LEXICON 256
#define THRESH_RT_LEXICON_SIZE 64

struct thresh_rt_lexicon {
	unsigned n;
	struct thresh_rt_lexeme {
		uint32_t len;
		uint8_t s[THRESH_RT_LEXICON_SIZE];
	} word[THRESH_RT_LEXICON];
};

/* Fills *l from a dictionary as engines read it; NULL, or no such file: it has none. */
void thresh_rt_lexicon_read(struct thresh_rt_lexicon *l, const char *path);

/* One of them, of those that came first more often: their order is that of their worth. There has to be one. */
const struct thresh_rt_lexeme *thresh_rt_lexicon_any(
	const struct thresh_rt_lexicon *l, uint64_t *rng);

#endif
