/* What an edge suite shows: TAP, JUnit XML, JSON, verdicts, or a summary of each harness. Targets' text is escaped. */
#ifndef CLI_SUITE_OUT_H
#define CLI_SUITE_OUT_H

#include "suite/suite.h"
#include "report/junit.h"
#include "report/term.h"
#include <cjson/cJSON.h>

struct suite_out_state {
	bool tap, verdicts;
	/* harnesses or variants: each line says which */
	bool many;
	/* some case ran */
	bool matched;
	/* cases that nothing is known of */
	uint64_t not_run;
	uint64_t no;
	/* NULL: none wanted */
	struct junit *junit;
	/* of the harness that runs; NULL: none wanted */
	cJSON *failures;
};

/* For suite_opts.done; arg is a struct suite_out_state. */
void suite_out_case(void *arg, const struct suite_one *one);
void suite_out_summary(const char *harness, const struct suite_result *r, const struct term *term);
/* The harness's object; takes failures. */
cJSON *suite_out_json(const char *harness, const struct suite_result *r, cJSON *failures);

#endif
