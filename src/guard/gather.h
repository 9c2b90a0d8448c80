/* Inputs run on a harness's cov build, and where in the code they get to. */
#ifndef GUARD_GATHER_H
#define GUARD_GATHER_H

#include "guard/reach.h"
#include "project/project.h"

enum gather_how {
	/* twice each: what came both times has a witness */
	GATHER_TWICE,
	/* often, each time in a process of its own: what may come at all comes, without witnesses */
	GATHER_OFTEN,
};

/*
 * Added to out, which is settled. Inputs that can't be read, or run, are left out. until_ms, by clock_mono_ms(): nothing
 * is run after that; 0: no end. 1: some were left out for it.
 */
int gather(struct project *p, const struct config_harness *h, const char *dir,
	const struct strlist *names, enum gather_how how, uint64_t until_ms, struct reach *out,
	struct err *err);

#endif
