/* Coverage in words and as JSON: what `thresh cover` prints. */
#ifndef CLI_COVER_OUT_H
#define CLI_COVER_OUT_H

#include "coverage/view.h"
#include "report/term.h"
#include <cjson/cJSON.h>

/* At most so many files of the project's own, and blockers; 0 files: all. */
void cover_out_text(const struct coverage_view *w, size_t files, size_t blockers,
	const struct term *term, struct buf *b);
/* The caller deletes it. */
cJSON *cover_out_json(const struct coverage_view *w, size_t blockers);

#endif
