/* A command line's text, or a response file's, parted into its words as shells and compilers do. Pure. */
#ifndef SURVEY_LINE_H
#define SURVEY_LINE_H

#include "base/strlist.h"
#include "base/strv.h"

/* Appended. */
void line_words(struct strv text, struct strlist *out);

#endif
