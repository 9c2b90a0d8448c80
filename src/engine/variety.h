/* What differs from slice to slice of one engine on one harness: no single way to explore is the best one for long. */
#ifndef ENGINE_VARIETY_H
#define ENGINE_VARIETY_H

#include "base/prelude.h"

struct variety_libfuzzer {
	/* the words for the log */
	const char *name;
	/* on the build without sanitizers */
	bool plain;
	bool entropic, value_profile;
	/* without the long inputs, as variety_short_len has it */
	bool is_short;
};

struct variety_afl {
	const char *name;
	bool trim;
	/* ends with NULL */
	const char *options[5];
};

/* The number of this slice, from 0; counted in the engine's work directory. */
unsigned variety_turn(int work_dir);
const struct variety_libfuzzer *variety_of_libfuzzer(unsigned turn);
const struct variety_afl *variety_of_afl(unsigned turn);
/* The length that most inputs of the corpus fit in; 0: to leave out the others would gain nothing. max 0: no limit. */
uint64_t variety_short_len(int corpus, uint64_t max);

#endif
