/*
 * The statements at which a report's places stood when it was filed, kept with it: the source moves on, and a signature
 * made anew must not be made of other lines.
 */
#ifndef TRIAGE_PLACES_H
#define TRIAGE_PLACES_H

#include "base/buf.h"
#include "crash/statement.h"
#include "crash/finish.h"

/* Asks what was kept first, then the project; notes what it answered. */
struct places {
	/* Kept text, borrowed; empty: none. */
	struct strv kept;
	/* The project's; NULL: none. */
	crash_statement_fn ask;
	void *ask_arg;
	/* What was answered, to be kept. */
	struct buf noted;
};

/* For crash_rules.statement; arg is a struct places. */
bool places_statement(
	void *arg, const char *file, unsigned line, unsigned column, struct crash_statement *out);

#endif
