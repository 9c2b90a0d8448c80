/* What the store says in the morning. */
#ifndef NIGHT_SUMMARY_H
#define NIGHT_SUMMARY_H

#include "night/record.h"
#include "project/project.h"

/* Jobs of the last campaign that wait, engines' slices apart. */
int summary_jobs(struct project *p, uint64_t *n, struct err *err);
/* What is known when a night begins: into r. */
int summary_known(struct project *p, struct night_record *r, struct err *err);
/* Bugs, the new ones by name: into the report's part of r. */
int summary_bugs(struct project *p, struct night_record *r, struct err *err);

#endif
