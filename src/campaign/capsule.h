/*
 * One bug in a folder that needs nothing of thresh: input, harness, library sources, the commands that build them, the
 * report to expect, and a reproduce.sh that was seen to reproduce it in a clean folder.
 */
#ifndef CAMPAIGN_CAPSULE_H
#define CAMPAIGN_CAPSULE_H

#include "campaign/campaign.h"

/* Name of a bug's capsule where the caller has none: "HARNESS-BUG". The caller frees. */
char *capsule_name(const struct bug_rec *b);
/*
 * out: a folder, which must not be there yet, or a file named .tar, .tar.gz, .tar.xz or .tar.zst; NULL: the folder
 * capsule_name() here. *made is where it lies; the caller frees. Nothing is left behind when it can't be verified.
 */
int capsule_export(
	struct campaign *c, const char *bug, const char *out, char **made, struct err *err);

#endif
