/* One campaign: prepare every harness, explore and refine under a time budget, leave bugs and tests. */
#ifndef CAMPAIGN_RUN_H
#define CAMPAIGN_RUN_H

#include "project/project.h"

/* What a campaign shows of itself while it runs. */
struct run_status {
	/* "building", "exploring", "finishing" */
	const char *phase;
	uint64_t elapsed_ms, budget_ms;
	/* by all engines in this campaign */
	uint64_t execs;
	double execs_per_s;
	/* reached by the best engine of each harness, over all of them; crashes: all that engines met */
	uint64_t edges, crashes;
	/* when an engine last brought an input that reaches more; 0: not yet */
	uint64_t last_new_ms;
	/* of the machine's processors, by the whole campaign, 0 to 1; less than 0: not known */
	double cpu_share;
	uint64_t bugs, new_bugs;
	/* refine jobs still to do */
	uint64_t waiting;
	/* "cjson_parse/libfuzzer": what the explorers do */
	const char *now[4];
	size_t n_now;
};

struct run_opts {
	uint64_t time_ms;
	uint64_t
		/* how long at most what was found is worked on after that; 0: a part of it */
		finish_ms;
	/* explorers at once */
	unsigned jobs;
	const struct config_harness *const *harnesses;
	size_t n_harnesses;
	/* exploring ends once so many bugs are open; 0: with the time */
	uint64_t enough_bugs;
	/* the engines at once, without the edge cases before them */
	bool no_edge;
	/* no look at the corpora at its end: the caller has one */
	bool no_guard;
	/* don't go on with a campaign that was killed */
	bool fresh;
	/* time_ms is only the default: a campaign that was killed goes on under its own budget */
	bool any_time;
	/* more words for its workers' command lines; ends with NULL */
	const char *const *worker_args;
	/* about four times a second */
	void (*progress)(void *arg, const struct run_status *s);
	void *arg;
};

struct run_skipped {
	char *harness, *why;
};

/* One engine on one harness: what came of it in this campaign. */
struct run_pair {
	const char *harness, *engine; /* the project's */
	uint64_t execs, ms;
	/* Nothing was tested, or less than was asked for, and why; why may say something without it, else it is NULL. */
	bool lacking;
	char *why;
};

/* What was to be done and wasn't. */
struct run_lack {
	char *harness; /* NULL: all of it */
	char *what;    /* "libfuzzer", "sweep", "findings" ... */
	char *why;
	bool budgeted; /* it had its part of the time, which was too short for all: a longer campaign does more of it */
	bool no_time; /* it had nothing of the time: another campaign may do it */
};

struct run_result {
	int64_t campaign;
	bool resumed, interrupted;
	/* open: all that are not fixed or ignored */
	uint64_t new_bugs, open_bugs, regressed;
	uint64_t execs, elapsed_ms;
	/* from the start of exploring to the first bug filed; 0: none */
	uint64_t first_bug_ms;
	/* refine jobs left, kept for the next run */
	uint64_t unfinished;
	struct run_skipped *skipped;
	size_t n_skipped;
	struct run_pair *pairs; /* all that the project asks for, of the harnesses of this run */
	size_t n_pairs;
	/* Less than everything was done: also what was left out, an interrupt, what could not be stored. */
	struct run_lack *lacks;
	size_t n_lacks;
	uint64_t unfiled;  /* findings that wait for triage */
	uint64_t unstored; /* failing inputs that engines keep until they can be stored */
	uint64_t
		unexplained; /* failures that were seen and have no bug: they don't come again alone */
	uint64_t slow;       /* inputs over a limit once, and within it alone */
	struct strlist alarms; /* what is new and wrong with corpora and harnesses, a line each */
};

int campaign_run(
	struct project *p, const struct run_opts *opts, struct run_result *out, struct err *err);
void run_result_release(struct run_result *r);

#endif
