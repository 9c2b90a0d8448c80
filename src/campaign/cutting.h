/*
 * Prefixes of a harness's inputs for libFuzzer's build with sanitizers: engines cut inputs anywhere, and most of AFL++'s are
 * seen by no sanitizer; so each way to stop is met once. An input that fails in a known way costs little there.
 */
#ifndef CAMPAIGN_CUTTING_H
#define CAMPAIGN_CUTTING_H

#include "project/project.h"

/*
 * Those of inputs that came since the last call, on this build; what a call gives isn't given again. A file of them as
 * engine/handed.h has it, whose path the caller frees. NULL: there are none, or it can't be written, which costs no more.
 */
char *cutting_make(const struct project *p, const struct config_harness *h, const char *exe);

#endif
