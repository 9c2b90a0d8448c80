/* Bugs as JSON: for --json, for the hook on a new bug, for exports. All text is made valid UTF-8. */
#ifndef REPORT_BUG_JSON_H
#define REPORT_BUG_JSON_H

#include "base/buf.h"
#include "store/records.h"
#include <cjson/cJSON.h>

/* A fresh object; the caller deletes it (or adds it to another, which then owns it). */
cJSON *bug_json(const struct bug_rec *b);
/* One of a bug's places. */
cJSON *site_rec_json(const struct site_rec *s);
/* s as a JSON string, NULL as null; hostile bytes replaced. */
cJSON *json_text(const char *s);
/* Printed, with a newline behind it; j is deleted. */
void json_print_take(struct buf *out, cJSON *j, bool pretty);

/* "none" "low" "medium" "high" "critical". */
const char *severity_name(int severity);
/* Of an enum crash_tri, for people: "yes", "no", "cannot tell". */
const char *security_name(int security);

#endif
