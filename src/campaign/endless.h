/*
 * Harnesses with inputs that never end. One is seldom alone, and each costs the whole limit wherever it is run, so that all
 * that only looks for something gives up sooner once one is known; what it gave up is judged by triage, under the real limit.
 */
#ifndef CAMPAIGN_ENDLESS_H
#define CAMPAIGN_ENDLESS_H

#include "project/project.h"

/* Has the harness a bug of that kind, not fixed? */
bool endless_known(struct project *p, const char *harness);
/* What is to be the target's limit meanwhile: a part of its own where one is known, else that. */
uint64_t endless_limit_ms(struct project *p, const char *harness, uint64_t limit_ms);

#endif
