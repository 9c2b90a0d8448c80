/* Several harnesses' coverage as one: the union, whose code it is, and what blocks it. */
#ifndef COVERAGE_VIEW_H
#define COVERAGE_VIEW_H

#include "coverage/blockers.h"
#include "coverage/coverage.h"
#include "coverage/owner.h"

struct coverage_view {
	const struct config *cfg;
	/* borrowed */
	const struct coverage *v;
	size_t n;
	struct coverage_model all;
	struct coverage_owners owners;
	/* of whom the numbers in short are: the project's own code, or, where there's none, the harness */
	enum coverage_owner shown;
	struct coverage_texts *texts;
	struct coverage_calls calls;
	struct coverage_blockers blockers;
};

void coverage_view_init(
	struct coverage_view *w, const struct config *cfg, const struct coverage *v, size_t n);
void coverage_view_release(struct coverage_view *w);
/* One harness's numbers, or with NULL those of all, by owner. */
void coverage_view_counts(const struct coverage_view *w, const struct coverage *one,
	struct coverage_counts out[COVERAGE_OWNERS]);
/* A tracefile of the project's own code and the third parties' that it builds, appended; what it can't say is warned of. */
void coverage_view_lcov(const struct coverage_view *w, struct buf *out);
/* A function's name as people write it; the caller frees. */
char *coverage_view_name(const char *linker);
/* A path as people know it: below the project. Points into it. */
const char *coverage_view_path(const struct coverage_view *w, const char *path);

#endif
