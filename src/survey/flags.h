/* A surveyed library's flags, as a compiler takes them. */
#ifndef SURVEY_FLAGS_H
#define SURVEY_FLAGS_H

#include "survey/survey.h"

/* What the library compiles with, for what is tried while the survey lasts, in the project's folder; appended. */
void survey_flags(const struct survey *s, bool cxx, struct strlist *out);

#endif
