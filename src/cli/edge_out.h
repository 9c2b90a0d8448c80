/* What an edge suite shows: TAP, JUnit XML, JSON, verdicts, or a summary of each harness. Targets' text is escaped. */
#ifndef CLI_EDGE_OUT_H
#define CLI_EDGE_OUT_H

#include "campaign/edge.h"
#include "cli/term.h"
#include <cjson/cJSON.h>

struct edge_out_state {
	bool tap, verdicts;
	bool many;    /* harnesses or variants: each line says which */
	bool matched; /* some case ran */
	uint64_t no;
	struct buf *junit; /* test cases so far; NULL: none wanted */
	uint64_t junit_failures, junit_us;
	cJSON *failures; /* of the harness that runs; NULL: none wanted */
};

/* For edge_opts.done; arg is a struct edge_out_state. */
void edge_out_case(void *arg, const struct edge_one *one);
void edge_out_summary(const char *harness, const struct edge_result *r, const struct cli_ctx *ctx);
/* The harness's object; takes failures. */
cJSON *edge_out_json(const char *harness, const struct edge_result *r, cJSON *failures);
void edge_out_junit(struct buf *out, const struct edge_out_state *s, const char *suite);

#endif
