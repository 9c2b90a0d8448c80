/* What people decide about bugs: applied to the store, told, never silent. */
#ifndef TRIAGE_DECIDE_H
#define TRIAGE_DECIDE_H

#include "project/project.h"

/*
 * Make the store say what the verdicts file says: bugs merged there are one, ignored ones are ignored until their day,
 * those whose day has come are open again. Cheap when nothing changed.
 */
int decide_apply(struct project *p, struct err *err);

/* Decide, write the file, apply. Bugs by id, alias or prefix. */
int decide_merge(struct project *p, const char *a, const char *b, struct err *err);
int decide_split(struct project *p, const char *id, struct err *err);
int decide_ignore(
	struct project *p, const char *id, uint64_t until_ms, const char *why, struct err *err);

#endif
