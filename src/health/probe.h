/*
 * Runs a harness on nothing, on its seeds and on some inputs of no meaning: each alone, twice, then behind one another,
 * and, where asked, under the sanitizer for leaks. What is seen are the facts that health/health.h judges.
 */
#ifndef HEALTH_PROBE_H
#define HEALTH_PROBE_H

#include "health/health.h"
#include "project/project.h"

struct health_opts {
	/* a folder of inputs in place of the harness's seeds; NULL: those */
	const char *inputs;
	/* of the seeds, spread evenly; 0: 256 */
	size_t max_seeds;
	/* what isn't seen by then isn't looked at; 0: 20 s */
	uint64_t time_ms;
	/* also on the sanitizer's build, for leaks */
	bool leaks;
};

/* -1 where it can't be built, started or run, or its seeds not be read. The caller releases *out in any case. */
int health_probe(struct project *p, const struct config_harness *h, const struct health_opts *opts,
	struct health_facts *out, struct err *err);

#endif
