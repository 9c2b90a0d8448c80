/* Where an engine keeps what is its own while it works on a harness: for one process at a time. */
#ifndef CAMPAIGN_WORKPLACE_H
#define CAMPAIGN_WORKPLACE_H

#include "project/project.h"

/*
 * The folder, made; *lock holds it until it is closed. On a store that isn't shared there is one slice of an engine and a
 * harness at once, and nothing to be held (-1). The caller frees; NULL on failure.
 */
char *workplace_take(
	struct project *p, const char *harness, const char *engine, int *lock, struct err *err);

#endif
