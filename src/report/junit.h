/*
 * JUnit XML, as CI systems read it: one test suite of rows. Nothing is supposed of names and texts: they are escaped
 * here, and a text that is too long is cut.
 */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "base/buf.h"
#include "base/strv.h"

/* of one row: readers take all of the file into memory */
#define JUNIT_TEXT_MAX ((size_t)64 << 10)

/* of a name or a message: shown in a list */
#define JUNIT_ATTR_MAX ((size_t)4096)

/*
 * GitLab reads no larger file, nor so many cases of a job. A CI's configuration names one file, and more than that nobody reads,
 * so it is cut and not split. Passes and what was skipped fill half of it, so that there is room for failures.
 */
#define JUNIT_BYTES ((size_t)30 << 20)
#define JUNIT_CASES 500000

enum junit_result {
	JUNIT_PASSED,
	JUNIT_FAILED,
	/* it couldn't be told whether it passes */
	JUNIT_ERROR,
	JUNIT_SKIPPED,
};

struct junit_row {
	const char *classname, *name;
	uint64_t us;
	enum junit_result result;
	/* of a failure or an error */
	const char *type;
	/* of all but a pass; NULL: none */
	const char *message;
	/* of a failure or an error: what was printed */
	struct strv text;
	/* a number that goes with it; NULL: none */
	const char *property;
	uint64_t value;
};

/* A suite that grows. */
struct junit {
	struct buf rows;
	uint64_t tests, failures, errors, skipped, us;
	/* rows that there was no room for; not among the counts */
	uint64_t left_out;
	/* for very many rows: a pass is an empty element, and skipped ones aren't counted */
	bool brief;
};

#define JUNIT_INIT                \
	{                         \
		.rows = BUF_INIT, \
	}

/* What the row points to is borrowed for the call. */
void junit_add(struct junit *j, const struct junit_row *row);
/* The whole document, appended; what was left out is warned of, and stands behind the rows. */
void junit_write(const struct junit *j, const char *suite, struct buf *out);
void junit_release(struct junit *j);

#endif
