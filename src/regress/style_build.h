/* What the emitters of build files share: harnesses that are built with one library, and quoting. */
#ifndef REGRESS_STYLE_BUILD_H
#define REGRESS_STYLE_BUILD_H

#include "regress/style.h"

/* The first harness with the same sources, include paths and flags: its index stands for the library. */
size_t regress_library_of(const struct regress_project *p, size_t harness);
/* Nothing to compile: the project's own build has to name its library. */
bool regress_has_sources(const struct regress_harness *h);
/* One of its sources, or the harness itself, is C++. */
bool regress_needs_cxx(const struct regress_harness *h);
bool regress_project_needs_cxx(const struct regress_project *p);
/* "# Written by thresh ..." */
void regress_add_notice(struct buf *b, const char *use);

#endif
