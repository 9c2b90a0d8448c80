/*
 * The coverage of a harness's corpus. What was measured is kept below <state>/coverage, and is the answer for as long as
 * neither the build nor the inputs are others; it is safe to delete.
 */
#ifndef COVERAGE_COVER_H
#define COVERAGE_COVER_H

#include "coverage/changes.h"
#include "coverage/gather.h"

struct coverage {
	const struct config_harness *h;
	struct coverage_model model;
	struct coverage_gathered inputs;
	/* couldn't be read when they were listed */
	size_t skipped;
	/* nothing was run */
	bool cached;
	uint64_t measured_ms;
	/* since when the changes are; 0: nothing was measured before */
	uint64_t before_ms;
	struct coverage_changes changes;
	/* the program, then the shared libraries of it that count, too */
	struct strlist objects;
	/* that the model comes from */
	char *profile;
};

struct coverage_opts {
	/* of regression tests, which need not be there */
	const char *tests;
	/* a folder of inputs in place of its corpus; what is kept is then beside it, as FOLDER.coverage. NULL */
	const char *inputs;
	/* measure, whatever is kept */
	bool fresh;
};

/* ERR_USAGE where it has no inputs. *out is released by the caller, whatever comes of it. */
int coverage_measure(struct project *p, const struct config_harness *h,
	const struct coverage_opts *opts, struct coverage *out, struct err *err);
/* As it was last measured, whatever has changed since; false: it wasn't. Nothing is built or run. Released likewise. */
bool coverage_last(const struct project *p, const struct config_harness *h, struct coverage *out);
void coverage_release(struct coverage *c);
/* Pages of several harnesses' sources into dir, made where it isn't there. *said: complaints, appended. */
int coverage_html(struct project *p, const struct coverage *c, size_t n, const char *dir,
	struct buf *said, struct err *err);

#endif
