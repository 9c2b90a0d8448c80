/* The project's own command on a new bug: the bug as JSON on its standard input. */
#ifndef CAMPAIGN_HOOK_H
#define CAMPAIGN_HOOK_H

#include "campaign/campaign.h"

/* Runs every `on_new_bug` command of the project file; a failing one is logged, nothing more. */
void hook_new_bug(struct campaign *c, const struct bug_rec *b);

#endif
