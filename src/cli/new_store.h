/* A store that knows nothing, where campaigns ran: it isn't theirs, and "no bugs" would be no answer. */
#ifndef CLI_NEW_STORE_H
#define CLI_NEW_STORE_H

#include "project/project.h"

/* A warning, when it is so. */
void new_store_tell(struct project *p);

#endif
