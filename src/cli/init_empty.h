/* What a harness does with an empty input. */
#ifndef CLI_INIT_EMPTY_H
#define CLI_INIT_EMPTY_H

#include "project/project.h"
#include "scaffold/plan.h"

struct init_empty {
	/* why it isn't to be passed: it fails by what the harness makes of it; NULL: it is */
	const char *skips;
	/* what it takes for a text is bytes, of a length that it isn't told */
	bool is_no_text;
	/* the object that it makes of zeros is more than its type says */
	bool is_more;
	/* how it fails by the library, as a line; empty: it doesn't. Owned */
	struct buf summary;
};

/* of_use: nothing else is known against it; else nothing but skips is looked for. */
void init_empty_look(struct project *p, const struct config_harness *h,
	const struct init_harness *own, bool of_use, struct init_empty *out);

#endif
