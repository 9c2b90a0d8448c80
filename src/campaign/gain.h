/*
 * How much further a slice got: features of the cov build that no input of the harness had reached before. Engines count each
 * in units of their own, and count what others brought as theirs; this is the one measure that tells which of them learns.
 */
#ifndef CAMPAIGN_GAIN_H
#define CAMPAIGN_GAIN_H

#include "base/strlist.h"
#include "project/project.h"

/*
 * Of inputs that an engine brought into the corpus: what they add to all that was measured before, into the books of the
 * pair. Takes no longer than limit_ms; what can't be measured is no gain, and said in the log.
 */
void gain_add(struct project *p, const struct config_harness *h, const char *engine,
	const struct strlist *brought, uint64_t limit_ms);
/* All that a pair ever gained; 0 also where the store can't be read. */
uint64_t gain_of(const struct project *p, const char *harness, const char *engine);

#endif
