/* Which inputs of a table stay: covers, and a second run of what they rest on. */
#ifndef DISTILL_CHOOSE_H
#define DISTILL_CHOOSE_H

#include "distill/distill.h"

/* The rows chosen, ascending, appended to *rows (the caller frees). Fills in what distill_result says of the choice. */
int choose(const struct measure_on *on, const char *dir, struct feature_table *t,
	const struct distill_opts *opts, uint32_t **rows, size_t *n, struct distill_result *out,
	struct err *err);

/* The features that choose() counted on in these rows, since both their runs had them: how many, ascending. t: as choose() left it. */
size_t choose_must(const struct feature_table *t, const uint32_t *rows, size_t n, uint32_t **must);

#endif
