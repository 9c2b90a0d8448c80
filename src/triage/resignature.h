/* What new rules make of the findings there are: told, never silent, and never less than was known. */
#ifndef TRIAGE_RESIGNATURE_H
#define TRIAGE_RESIGNATURE_H

#include "project/project.h"

struct triage_filed;

struct resignature_counts {
	/* looked at */
	uint64_t findings, bugs;
	uint64_t renamed, joined, parted;
};

/*
 * Make all signatures anew from the reports that were kept, each with the statements its places had then. A bug keeps its
 * id; two bugs that are one under today's rules are joined, the other's id stays valid; a site that is another bug's leaves.
 * Each is logged and an event. force false: only when the rules are others than those of the last time.
 */
int resignature_all(struct project *p, bool force, struct resignature_counts *n, struct err *err);

/* One finding, filed under today's rules and decisions. filed may be NULL. */
int resignature_finding(struct project *p, int64_t id, struct triage_filed *filed, struct err *err);

#endif
