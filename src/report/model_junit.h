/* The model as a list of tests: a bug is a test of its harness that fails until it is fixed. */
#ifndef REPORT_MODEL_JUNIT_H
#define REPORT_MODEL_JUNIT_H

#include "report/model.h"

/*
 * GitLab reads no more than so many bytes of a file, and so many cases of a job; bugs beyond are left out, the least bad first,
 * and their number is returned.
 */
#define MODEL_JUNIT_BYTES ((size_t)30 << 20)
#define MODEL_JUNIT_CASES 500000

size_t model_junit(const struct model *m, struct buf *out);

#endif
