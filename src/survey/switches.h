/* A project's own options of CMake, Meson or configure for what is no part of its library: tests, examples, manuals. Pure. */
#ifndef SURVEY_SWITCHES_H
#define SURVEY_SWITCHES_H

#include "base/strlist.h"
#include "base/strv.h"

/* "-DX_BUILD_TESTS=OFF", once each, for each such option() of the text; appended. */
void switches_read(struct strv text, struct strlist *out);
/* "-Dtests=false", "-Dman=disabled", for each such option() of a meson_options.txt; appended. */
void switches_read_meson(struct strv text, struct strlist *out);
/* "--disable-unittest", once each, for each such feature that a configure of autoconf's asks about; appended. */
void switches_read_configure(struct strv text, struct strlist *out);

#endif
