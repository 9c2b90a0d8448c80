/*
 * What each input of a folder reaches, by one execution on the cov build, or by none where the cache of the build knows.
 * Inputs that fail are findings, and the rest goes on.
 */
#ifndef DISTILL_MEASURE_H
#define DISTILL_MEASURE_H

#include "corpus/features.h"
#include "project/project.h"

/* What runs the inputs. */
struct measure_on {
	const char *name; /* for messages */
	/* a harness's cov build ... */
	struct project *p;
	const struct config_harness *h;
	/* ... or, where that isn't NULL, this: without a cache, and what fails is only counted */
	struct target *command;
};

struct measure_opts {
	/* As measure_build() names it: look into its cache, and add to it. NULL: everything is run. */
	const char *build;
	/* The names aren't all that the cache is for: it keeps what it knows of others. */
	bool part;
	/* None of the names is in the cache, as the caller knows: it is added to, and not read. */
	bool unread;
	/* What fails becomes a finding. */
	bool file_failing;
	/* By clock_mono_ms(): nothing is begun after that, and what fails waits for the next triage; 0: no end. */
	uint64_t until_ms;
	/* processors to use; 0: the project's */
	unsigned jobs;
};

struct measure_stats {
	uint64_t ran, cached;
	uint64_t rejected, failed;
	/* read once and gone, grown or changed since: left for the next time */
	uint64_t vanished;
	/* of the build, all that there are */
	size_t counters;
};

/*
 * Names the harness's cov build, which is made first where it is out of date: by its bytes, wherever it lies. jobs: as
 * above. NULL: it can't be had. The caller frees it.
 */
char *measure_build(
	struct project *p, const struct config_harness *h, unsigned jobs, struct err *err);

/*
 * The inputs named (SHA-1s) in `dir`, in that order; what can't be read any more is left out. *out is released by the
 * caller, whatever comes of it.
 */
int measure(const struct measure_on *on, const char *dir, const struct strlist *names,
	const struct measure_opts *opts, struct feature_table *out, struct measure_stats *stats,
	struct err *err);

/*
 * What the build's cache knows of these, without running any: their rows, in that order, into *out unless that is NULL; and
 * those it doesn't know into *missing unless that is. -1: there can't be a cache.
 */
int measure_known(struct project *p, const struct config_harness *h, const char *build,
	const struct strlist *names, struct feature_table *out, struct strlist *missing,
	struct err *err);

/*
 * The build's cache needs to know these alone from now on, so that who asks next needn't read what it knows of all others.
 * Where that can't be written it is only slower.
 */
void measure_keep(struct project *p, const struct config_harness *h, const char *build,
	const struct strlist *names);

#endif
