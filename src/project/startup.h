/* Why a target fails before its first input, where a sanitizer said so: with names, which its own report doesn't have. */
#ifndef PROJECT_STARTUP_H
#define PROJECT_STARTUP_H

#include "base/err.h"
#include "crash/finish.h"
#include "crash/resolve.h"

/*
 * text: what it printed; resolve_arg: of resolve, which names frames. Says it instead of *err, which is the target's own
 * failure; nothing to say: leaves it as it is.
 */
void startup_explain(const char *harness, struct strv text, const struct crash_rules *rules,
	crash_resolve_fn resolve, void *resolve_arg, struct err *err);

#endif
