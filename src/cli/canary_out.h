/* What the canary said, for run and night. */
#ifndef CLI_CANARY_OUT_H
#define CLI_CANARY_OUT_H

#include "night/canary.h"
#include <cjson/cJSON.h>

/* "canary: alive, in 12s", "canary: dead at triage: ..."; one line, harmless, appended. */
void canary_out_text(const struct canary_result *r, struct buf *out);
/* An object: alive, link, why (both null where it is alive), seconds. */
cJSON *canary_out_json(const struct canary_result *r);

#endif
