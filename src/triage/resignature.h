/* What new rules make of the bugs there are: told, never silent. */
#ifndef TRIAGE_RESIGNATURE_H
#define TRIAGE_RESIGNATURE_H

#include "project/project.h"

struct resignature_counts {
	uint64_t findings, bugs; /* looked at */
	uint64_t renamed, joined, parted;
};

/*
 * Make all signatures anew from the raw reports that were kept. A bug keeps its id; its old signature stays valid as an
 * alias. Two bugs that are one under today's rules are joined, one that is two is parted; each is logged and an
 * event. force false: only when the rules are others than those of the last time.
 */
int resignature_all(struct project *p, bool force, struct resignature_counts *n, struct err *err);

#endif
