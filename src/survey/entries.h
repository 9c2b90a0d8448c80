/* The fuzz targets that a project has. */
#ifndef SURVEY_ENTRIES_H
#define SURVEY_ENTRIES_H

#include "base/strv.h"
#include "survey/survey.h"
#include "survey/files.h"

/*
 * Sources that define LLVMFuzzerTestOneInput, be it by a macro of the project's, and programs for AFL++'s persistent mode, are
 * added to out. dir: where the files of t lie.
 */
void entries_find(const char *dir, const struct files *t, struct survey *out);

/* Names of the macros in a text whose bodies have this word. Pure. */
void entries_macros(struct strv text, const char *word, struct strlist *out);

#endif
