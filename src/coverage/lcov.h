/* Coverage in the format of lcov's tracefiles, which most tools read. */
#ifndef COVERAGE_LCOV_H
#define COVERAGE_LCOV_H

#include "base/buf.h"
#include "coverage/model.h"

/* One file, appended; a path that the format can't say is left out: false. */
bool coverage_lcov_add(struct buf *b, const struct coverage_file *f);

#endif
