/*
 * A generated source is kept away from the folder that it was made in. What it includes from there by its bare name is
 * named by its way there: by the include folders alone another file of that name may be met first. Pure.
 */
#ifndef SURVEY_SIBLINGS_H
#define SURVEY_SIBLINGS_H

#include "base/buf.h"
#include "base/strv.h"

/*
 * text with the ways set in, appended. rel: the source's place below the project, kept below `kept`, which is below the
 * project, too; has: is there a file at a place of the project? False: nothing had to be changed.
 */
bool siblings_named(struct strv text, const char *rel, const char *kept,
	bool (*has)(void *arg, const char *rel), void *arg, struct buf *out);

#endif
