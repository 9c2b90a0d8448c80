/* How near two bugs are to each other. */
#ifndef CRASH_SIMILAR_H
#define CRASH_SIMILAR_H

#include "crash/report.h"

/*
 * Similarity of two finished reports, 0 to 1; formula, units and test vectors in crash/similar.c.
 * CRASH_RELATED and above is shown as related; never merged.
 */
#define CRASH_RELATED 0.5
double crash_similarity(const struct crash_report *a, const struct crash_report *b);
/* The same of what is kept of two: families and frames, "top|next|third". */
double crash_similarity_kept(
	const char *family_a, const char *frames_a, const char *family_b, const char *frames_b);

#endif
