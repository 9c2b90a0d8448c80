/* How far something is that takes its time: a line on a terminal, from the first second on, with rate and time left. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/prelude.h"

struct progress {
	/* "compiling"; NULL: nothing is shown */
	const char *what;
	/* 0: nobody knows */
	uint64_t total;
	uint64_t start_ms, told_ms;
};

/* what is borrowed till progress_end. */
void progress_begin(struct progress *p, const char *what, uint64_t total);
/* So much is done; cheap. */
void progress_at(struct progress *p, uint64_t done);
/* What comes next is something else: the line goes. */
void progress_end(struct progress *p);

#endif
