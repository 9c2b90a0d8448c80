/*
 * One bug in a folder that needs nothing of thresh: input, harness, library sources, the commands that build them, the
 * report to expect, and a reproduce.sh that was seen to reproduce it in a clean folder.
 */
#ifndef BUNDLE_BUNDLE_H
#define BUNDLE_BUNDLE_H

#include "project/project.h"

/* Name of a bug's capsule where the caller has none: "HARNESS-BUG". The caller frees. */
char *bundle_name(const struct bug_rec *b);
/*
 * out: a folder or, where the name is one's (archive_is_name), an archive; neither may be there yet. NULL: the folder
 * bundle_name() here. *made is where it lies; the caller frees. Nothing is left behind when it can't be verified.
 */
int bundle_export(
	struct project *p, const char *bug, const char *out, char **made, struct err *err);

#endif
