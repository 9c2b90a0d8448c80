/*
 * What is old and unneeded in a project's state, and how much of the disk it takes. Seeds, corpora of harnesses, bugs with
 * their reproducers and regression tests are never among it.
 */
#ifndef GC_GC_H
#define GC_GC_H

#include "project/project.h"

struct gc_opts {
	/* findings of each site that stay whole */
	uint64_t keep;
	/* campaigns whose jobs stay */
	uint64_t campaigns;
	/* files have to be so old */
	uint64_t older_ms;
	/* by the wall clock */
	uint64_t now_ms;
	/* false: only looked at */
	bool remove;
};

struct gc_row {
	const char *name, *what;
	/* that go, or went */
	uint64_t n, bytes;
	/* what isn't old enough yet, and when the first of it will be (0: there is none) */
	uint64_t later, due_ms;
};

/* One row for each kind, in a steady order; static text. */
#define GC_ROWS 11
/*
 * The caller sees to it that no campaign is under way. What can't be removed is an error that names it; the rows
 * before it are true, and the next time it is tried again.
 */
int gc_sweep(struct project *p, const struct gc_opts *opts, struct gc_row rows[GC_ROWS],
	struct err *err);

#endif
