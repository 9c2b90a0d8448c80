/* What the styles need to know of the project, gathered from its configuration. */
#ifndef RETEST_REGRESS_FILES_H
#define RETEST_REGRESS_FILES_H

#include "retest/regress.h"

/* Write replay.c, the lists and the style's build files for all tests that lie below root. */
int regress_files_write(struct project *p, struct regress_writer *w,
	const struct regress_style *style, const struct regress_opts *opts, const char *root,
	struct err *err);

#endif
