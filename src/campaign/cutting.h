/*
 * Prefixes of a harness's inputs for libFuzzer's build with sanitizers: engines cut inputs anywhere, and most of AFL++'s are
 * seen by no sanitizer; so each way to stop is met once. An input that fails in a known way costs little there.
 */
#ifndef CAMPAIGN_CUTTING_H
#define CAMPAIGN_CUTTING_H

#include "project/project.h"

/*
 * Those of inputs that came since the last call, on this build, as a file that engine/handed.h takes away: until it did, a
 * call gives the same one again. No longer ones than slices of short inputs have, and no more than fit the file. The caller
 * frees the path. NULL: there are none, it can't be written, or another process is at it, which costs no more.
 */
char *cutting_make(const struct project *p, const struct config_harness *h, const char *exe);

#endif
