/* What a replay shows: TAP as it goes, or a table, JSON or JUnit XML at its end. */
#ifndef CLI_REPLAY_OUT_H
#define CLI_REPLAY_OUT_H

#include "retest/replay.h"
#include "report/term.h"

struct replay_tap {
	struct project *project;
	/* of tests printed */
	size_t no;
	/* lines of a report */
	size_t report_max;
	/* each line at once */
	bool flush;
};

/* For replay_opts.done; arg is a struct replay_tap. */
void replay_print_tap(void *arg, const struct replay_item *it);
void replay_print_table(const struct replay_set *s, const struct term *term);
void replay_print_json(const struct replay_set *s);
void replay_junit(struct buf *out, const struct replay_set *s, const char *suite);

#endif
