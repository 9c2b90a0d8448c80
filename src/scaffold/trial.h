/* Does a harness compile against the library, as it was surveyed? */
#ifndef SCAFFOLD_TRIAL_H
#define SCAFFOLD_TRIAL_H

#include "base/buf.h"
#include "survey/survey.h"

/*
 * text: the harness's; or, where that is NULL, the file source, seen from dir. include: a further folder, or NULL. False:
 * why says the compiler's first error. Without clang nothing can be said: true.
 */
bool trial_compiles(const char *dir, const struct survey *s, const struct buf *text,
	const char *source, const char *include, bool cxx, struct buf *why);

#endif
