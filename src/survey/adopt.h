/*
 * What fuzz targets that a project has need beside its library: folders of headers that the library itself is compiled
 * without, and sources that lie beside them.
 */
#ifndef SURVEY_ADOPT_H
#define SURVEY_ADOPT_H

#include "survey/internal.h"

/* Of out->fuzz_targets and out->afl_programs; what they need is added to its include and sources. */
void adopt_targets(const struct places *p, const struct files *t, struct survey *out);

#endif
