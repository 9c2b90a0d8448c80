/* All tables of phrases. */
#include "base/prelude.h"
#include "crash/dialect/posted.h"
#include "crash/internal.h"

const struct phrase_table *const crash_phrase_tables[] = { &project_phrases, &project_line_phrases, NULL };
