/* The model as JSON, whose keys stay as long as its version does. */
#ifndef REPORT_MODEL_JSON_H
#define REPORT_MODEL_JSON_H

#include "report/model.h"
#include <cjson/cJSON.h>

#define MODEL_JSON_VERSION 1

/* The caller deletes it. */
cJSON *model_json(const struct model *m);
/* The same without campaigns, harnesses and bugs: what a message needs. */
cJSON *model_json_brief(const struct model *m);

#endif
