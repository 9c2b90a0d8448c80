/*
 * A worker takes jobs from the store until told to stop. Explore workers run engines, refine workers do what
 * engines' findings need; a job that crashes takes down its worker, never the campaign.
 */
#ifndef CAMPAIGN_WORKER_H
#define CAMPAIGN_WORKER_H

#include "depot/corpora.h"
#include "project/project.h"

enum worker_role { WORKER_ANY, WORKER_EXPLORE, WORKER_REFINE };
int worker_role_parse(const char *name, enum worker_role *out);

struct worker_opts {
	enum worker_role role;
	/* 0: the last one */
	int64_t campaign;
	/* end when there is no job left, instead of waiting for more */
	bool until_idle;
	/* end after so many jobs, all runs of one worker together, which are counted there; 0: any number */
	uint64_t max_jobs, *jobs;
	/* only what needs no checkout */
	bool anywhere;
	/* Before each job: it needs something first. And between two: all there was to do here is over. Both may be NULL. */
	int (*ready)(void *arg, struct depot *d, const struct job_rec *job, struct err *err);
	bool (*is_over)(void *arg);
	void *arg;
};

/* 0: told to stop, or idle. */
int worker_run(struct project *p, const struct worker_opts *opts, struct err *err);

#endif
