/* Harnesses of one format offer each other their inputs: what is odd to one parser of JSON may be to the next. */
#ifndef CAMPAIGN_POLLINATE_H
#define CAMPAIGN_POLLINATE_H

#include "campaign/prepare.h"

/*
 * What brings a harness something new, in two runs on its cov build, joins its corpus; what fails on it becomes a finding.
 * Each input is offered once to a build.
 */
void pollinate(struct project *p, const struct run_opts *opts, const struct prepared *ready);

#endif
