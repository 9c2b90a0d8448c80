/*
 * Helpers that the findings themselves show. A function that fails under many callers, with objects that as many others
 * made, only passes on what its callers got wrong, whatever it is called; its failures are theirs.
 *
 * What is learned is in force from the next time on that all is signed anew, so that within one campaign, and between
 * filing and verifying, one failure has one name.
 */
#ifndef TRIAGE_HELPERS_H
#define TRIAGE_HELPERS_H

#include "project/project.h"

/* That many distinct callers, and as many distinct makers of what it failed on. */
#define HELPERS_CALLERS 4
#define HELPERS_MAKERS 4

/* Note whom the failing function was called by and whose object it had. What is learned is told. */
int helpers_note(
	struct project *p, const struct crash_site *site, const char *family, struct err *err);
/* What was learned is in force: for p, and for all who open the project from now on. */
int helpers_enforce(struct project *p, struct err *err);

#endif
