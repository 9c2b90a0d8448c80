/* What objects and shared libraries define and want. */
#ifndef SURVEY_SYMBOLS_H
#define SURVEY_SYMBOLS_H

#include "base/err.h"
#include "base/strlist.h"

/* Names, sorted. */
struct symbols {
	/* global and strong; of them, functions */
	struct strlist defined, functions;
	/* global in any way, weak ones among them */
	struct strlist all;
	struct strlist undefined;
};

/* Of one object, or of a shared library's dynamic symbols, without versions. */
int symbols_read(const char *path, bool dynamic, struct symbols *out, struct err *err);
void symbols_release(struct symbols *s);

#endif
