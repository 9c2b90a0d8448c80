/* What people decided about bugs, and what new rules make of them: applied to the store, told, never silent. */
#ifndef CAMPAIGN_VERDICT_H
#define CAMPAIGN_VERDICT_H

#include "campaign/campaign.h"

/*
 * Make the store say what the verdicts file says: bugs merged there are one, ignored ones are ignored until their day,
 * those whose day has come are open again. Cheap when nothing changed.
 */
int verdict_apply(struct campaign *c, struct err *err);

/* Decide, write the file, apply. Bugs by id, alias or prefix. */
int verdict_merge(struct campaign *c, const char *a, const char *b, struct err *err);
int verdict_split(struct campaign *c, const char *id, struct err *err);
int verdict_ignore(
	struct campaign *c, const char *id, uint64_t until_ms, const char *why, struct err *err);

struct resign_counts {
	uint64_t findings, bugs; /* looked at */
	uint64_t renamed, joined, parted;
};

/*
 * Make all signatures anew from the raw reports that were kept. A bug keeps its id; its old signature stays valid as an
 * alias. Two bugs that are one under today's rules are joined, one that is two is parted; each is logged and an
 * event. force false: only when the rules are others than those of the last time.
 */
int resign(struct campaign *c, bool force, struct resign_counts *n, struct err *err);

#endif
