/* A judged finding into the store: its site, and the bug that the site belongs to. */
#ifndef TRIAGE_FILING_H
#define TRIAGE_FILING_H

#include "triage/triage.h"

/* What filing a finding did. */
struct triage_filed {
	char bug[17], site[17];
	bool new_bug, new_site, regressed;
	/* The finding is its site's new best reproducer. */
	bool better;
};

/*
 * Put what t says into the finding, its site and bug. An input that passed makes the finding FINDING_NO_CRASH. A site that
 * joins two bugs makes them one, the older; the other's id stays valid.
 */
int triage_file(struct project *p, struct finding_rec *f, const struct triage *t,
	struct triage_filed *out, struct err *err);

/* The bug that a failure signed so belongs to. 0, and the id in bug; 1: none yet; -1. */
int triage_find_bug(
	struct project *p, const struct crash_signature *sig, char bug[17], struct err *err);

/* The build that a site or a bug names as showing it; NULL: asan. */
enum variant triage_variant(const char *name);

#endif
