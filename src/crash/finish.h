/* A parsed report to what counts of it. */
#ifndef CRASH_FINISH_H
#define CRASH_FINISH_H

#include "base/strlist.h"
#include "crash/report.h"
#include "crash/statement.h"

/* The statement at a place in the source. False: the source isn't there, or isn't the project's. */
typedef bool (*crash_statement_fn)(
	void *arg, const char *file, unsigned line, unsigned column, struct crash_statement *out);

/* What a project adds to the rules; all may be NULL. Borrowed for the call. */
struct crash_rules {
	/* How many frames sign where the statement isn't known; 0: 3. */
	unsigned frames;
	/* Regular expressions for frames that don't count, as triage.ignore in thresh.yaml. */
	const struct strlist *ignore;
	/* Shared helpers, looked through to their callers: names, "*" for any part. */
	const struct strlist *helpers;
	/* Which harness: part of the identity of what has no frame. */
	const char *harness;
	/* What tells two failures apart of which nothing is known: the input's hash. */
	const char *unique;
	crash_statement_fn statement;
	void *statement_arg;
};

/* Normalise frames, apply ignore rules, find cycles, family, security, severity, summary. Idempotent. */
void crash_finish(struct crash_report *r, const struct crash_rules *rules);

#endif
