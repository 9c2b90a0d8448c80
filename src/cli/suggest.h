/* "did you mean": the nearest of some words, when one is near enough. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include "base/prelude.h"

struct suggest {
	const char *wrong;
	/* borrowed from the candidates; NULL when none is near */
	const char *best;
	unsigned distance;
};

#define SUGGEST_INIT(word)      \
	{                       \
		(word), NULL, 0 \
	}

/* Look at one more candidate; NULL is fine. */
void suggest_try(struct suggest *s, const char *candidate);

#endif
