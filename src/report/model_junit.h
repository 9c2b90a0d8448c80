/* The model as a list of tests: a bug is a test of its harness that fails until it is fixed. */
#ifndef REPORT_MODEL_JUNIT_H
#define REPORT_MODEL_JUNIT_H

#include "report/model.h"

/* Appended; of more bugs than a file may have the least bad are left out. */
void model_junit(const struct model *m, struct buf *out);

#endif
