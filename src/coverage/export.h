/* What `llvm-cov export` prints, as a model. Pure. */
#ifndef COVERAGE_EXPORT_H
#define COVERAGE_EXPORT_H

#include "base/err.h"
#include "coverage/model.h"
#include <cjson/cJSON.h>

/*
 * Added to *m, which is settled after it. -1: it isn't such an export. What a single entry lacks, or has in a way that can't
 * be, is left out.
 */
int coverage_export_parse(const cJSON *j, struct coverage_model *m, struct err *err);
/* Without what the parser doesn't look at: as it is kept. */
void coverage_export_trim(cJSON *j);

#endif
