/* A bug that is new, or back: said, noted and handed to the project's own command. */
#ifndef CAMPAIGN_ANNOUNCE_H
#define CAMPAIGN_ANNOUNCE_H

#include "triage/filing.h"

/* What filing did; nothing is said of a known bug, or of one that people ignore. */
int announce_filed(struct project *p, const struct triage_filed *filed, struct err *err);

#endif
