/* A CMake or Meson project's own options for what is no part of its library: tests, examples, manuals. Pure. */
#ifndef SURVEY_SWITCHES_H
#define SURVEY_SWITCHES_H

#include "base/strlist.h"
#include "base/strv.h"

/* "-DX_BUILD_TESTS=OFF", once each, for each such option() of the text; appended. */
void switches_read(struct strv text, struct strlist *out);
/* "-Dtests=false", "-Dman=disabled", for each such option() of a meson_options.txt; appended. */
void switches_read_meson(struct strv text, struct strlist *out);

#endif
