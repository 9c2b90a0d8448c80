/* The project's own command on a new bug: the bug as JSON on its standard input. */
#ifndef PROJECT_HOOK_H
#define PROJECT_HOOK_H

#include "project/project.h"

/* Runs every `on_new_bug` command of the project file; a failing one is logged, nothing more. */
void hook_new_bug(struct project *p, const struct bug_rec *b);

#endif
