/*
 * A library's sources as thresh.yaml names them: all of one folder are a pattern, so that a new one is built, too; where a
 * build says which, they are named.
 */
#ifndef SCAFFOLD_SOURCE_PATTERNS_H
#define SCAFFOLD_SOURCE_PATTERNS_H

#include "survey/survey.h"

/* Appended. */
void source_patterns(const struct survey *s, struct strlist *out);

#endif
