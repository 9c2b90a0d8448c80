/* Has a source the body of a function? By its text alone. Pure. */
#ifndef SURVEY_DEFINES_H
#define SURVEY_DEFINES_H

#include "base/strv.h"

/* Of the parameters' closing bracket an opening brace follows: what only declares or calls it has none. */
bool defines_function(struct strv text, const char *name);

#endif
