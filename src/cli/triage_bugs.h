/* What a triage comes to, for people: bugs, worst first, and not a list of files. */
#ifndef CLI_TRIAGE_BUGS_H
#define CLI_TRIAGE_BUGS_H

#include "crash/crash.h"
#include "report/term.h"

struct triage_bugs;

/* stacks: also those of the allocation, the free and so on, and all frames. */
struct triage_bugs *triage_bugs_new(const struct term *term, bool stacks);
void triage_bugs_free(struct triage_bugs *t);
/* One that failed. Nothing is kept of the report but its text. bug: its name in the store; NULL or "": none. */
void triage_bugs_add(struct triage_bugs *t, const char *path, const struct crash_report *r,
	const struct crash_signature *sig, const char *bug);
/* How many bugs and reports so far. */
size_t triage_bugs_count(const struct triage_bugs *t, size_t *reports);
/* Appended. */
void triage_bugs_show(struct triage_bugs *t, struct buf *out);

#endif
