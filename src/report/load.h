/* The model, read from a store and judged. */
#ifndef REPORT_LOAD_H
#define REPORT_LOAD_H

#include "base/err.h"
#include "base/strlist.h"
#include "report/model.h"

struct store;

struct model_opts {
	const char *project;
	const struct strlist *harnesses;
	uint64_t now_ms;
	/* of the last night, whose news count when the last campaign is one of its own; 0: none */
	uint64_t since_ms, until_ms;
	/* of the one who opened the store: what it knows of the chain beside it; copied. May be NULL. */
	const struct model_lines *alive;
};

/* The caller releases *out in any case. */
int model_load(struct store *s, const struct model_opts *opts, struct model *out, struct err *err);

#endif
