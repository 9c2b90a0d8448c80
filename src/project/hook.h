/*
 * The project's own commands on what happens, a JSON object on their standard input, whose `event` says what: "new_bug",
 * "regression", "alarm", "end". One that fails is tried again, a few times and within a minute, then told in the log, nothing
 * more.
 */
#ifndef PROJECT_HOOK_H
#define PROJECT_HOOK_H

#include "project/project.h"
#include <cjson/cJSON.h>

/* `on_new_bug`; of one that is back `on_regression`, and where there is none of these, the former. */
void hook_bug(struct project *p, const struct bug_rec *b, bool regressed);
/* `on_alarm`: {"event", "level", "about", "text", "command"}; the last may be NULL. */
void hook_alarm(struct project *p, const char *level, const char *about, const char *text,
	const char *command);
/* `on_end`; the object is the hook's to delete. */
void hook_end_take(struct project *p, cJSON *result);

#endif
