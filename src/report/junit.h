/*
 * JUnit XML, as CI systems read it: one test suite of rows. Nothing is supposed of names and texts: they are escaped
 * here, and a text that is too long is cut.
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "base/buf.h"
#include "base/strv.h"

#define JUNIT_TEXT_MAX ((size_t)64 << 10) /* of one row: readers take all of the file into memory */

enum junit_result {
	JUNIT_PASSED,
	JUNIT_FAILED,
	JUNIT_ERROR, /* it couldn't be told whether it passes */
	JUNIT_SKIPPED,
};

struct junit_row {
	const char *classname, *name;
	uint64_t us;
	enum junit_result result;
	const char *type;     /* of a failure or an error */
	const char *message;  /* of all but a pass; NULL: none */
	struct strv text;     /* of a failure or an error: what was printed */
	const char *property; /* a number that goes with it; NULL: none */
	uint64_t value;
};

/* A suite that grows. */
struct junit {
	struct buf rows;
	uint64_t tests, failures, errors, skipped, us;
	bool brief; /* for very many rows: a pass is an empty element, and skipped ones aren't counted */
};

#define JUNIT_INIT                \
	{                         \
		.rows = BUF_INIT, \
	}

/* What the row points to is borrowed for the call. */
void junit_add(struct junit *j, const struct junit_row *row);
/* The whole document; appended. */
void junit_write(const struct junit *j, const char *suite, struct buf *out);
void junit_release(struct junit *j);

#endif
