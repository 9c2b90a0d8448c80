/* The table of a night's steps: what each may take, and the command that does it. */
#ifndef NIGHT_STEPS_H
#define NIGHT_STEPS_H

#include "night/budget.h"
#include "night/record.h"
#include "project/project.h"

struct steps_asked {
	struct project *p;
	const struct config_harness *const *harnesses;
	size_t n_harnesses;
	/* they were named: not all of the project's */
	bool named;
	/* goes on with the campaign of record.explore_ms */
	bool resumes;
};

/* In their order; took_ms is 0. */
extern const struct budget_row steps_budget[NIGHT_STEPS];

/*
 * What follows "thresh --config FILE" for a step of so long; appended. Of the fuzz step r->explore_ms is set. False: the
 * step is no command.
 */
bool steps_args(const struct steps_asked *a, enum night_step s, uint64_t ms, struct night_record *r,
	struct strlist *args);
/* It prints JSON, which night/said.h reads. */
bool steps_prints_json(enum night_step s);

#endif
