/*
 * Another thresh as a child: one that crashes, hangs or eats memory takes only itself along, and a limit of time holds
 * whatever it does.
 */
#ifndef NIGHT_CHILD_H
#define NIGHT_CHILD_H

#include "base/buf.h"
#include "base/err.h"
#include "base/strlist.h"

struct child_opts {
	/* what follows "thresh" */
	const struct strlist *args;
	/* it is interrupted then, as by Ctrl-C, and ended soon after; 0: no limit */
	uint64_t wall_ms;
	/* what it logs is kept, too, and not shown */
	bool quiet;
	/* where it logs to in place of that; 0: standard error */
	int log_fd;
	/* some times a second while it runs; NULL: none */
	void (*tick)(void *arg);
	void *arg;
};

struct child_result {
	/* exit status; -1: something else ended it */
	int status;
	bool timed_out;
	uint64_t ms;
	/* standard output; with `quiet`, what it logged */
	struct buf out, log;
	/* "exit status 3", "killed by SIGSEGV (signal 11)" */
	struct buf how;
};

/* -1 only where it can't be started. An interrupt of ours is passed on. */
int child_run(const struct child_opts *opts, struct child_result *out, struct err *err);
void child_result_release(struct child_result *r);

#endif
