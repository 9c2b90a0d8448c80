/* A finished report as the JSON object of `thresh triage --json`. All text is made valid UTF-8. */
#ifndef REPORT_CRASH_JSON_H
#define REPORT_CRASH_JSON_H

#include "crash/crash.h"
#include <cjson/cJSON.h>

/* The deciding report; sig may be NULL. The caller deletes the result. */
cJSON *crash_json(const struct crash_report *r, const struct crash_signature *sig);
/* Of an input without any report: every key is there, kind is "no-crash". */
cJSON *crash_json_none(void);
/*
 * The same with "reports": one short object for each further report of the log (finished or not). all and n as
 * crash_parser_end gives them.
 */
cJSON *crash_json_all(struct crash_report *const *all, size_t n, size_t main_index,
	const struct crash_signature *sig);

#endif
