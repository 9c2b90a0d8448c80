/* What a change breaks, for people, CI systems and the page of a pull request. All text of targets is made harmless. */
#ifndef CLI_CHANGE_OUT_H
#define CLI_CHANGE_OUT_H

#include "change/change.h"
#include "report/term.h"
#include <cjson/cJSON.h>

/* What an exit status is made of. */
struct change_verdict {
	/* failures that the change brings, harnesses that it broke */
	size_t broken;
	/* losses, other verdicts, what is slower, harnesses with lines that nothing reaches */
	size_t warnings;
	/* couldn't be compared, or not wholly */
	size_t lacking;
};

void change_verdict(const struct change_result *r, struct change_verdict *v);

void change_out_text(const struct change_result *r, const struct term *term, struct buf *out);
void change_out_markdown(const struct change_result *r, struct buf *out);
void change_out_junit(const struct change_result *r, struct buf *out);
/* The caller deletes both. */
cJSON *change_out_json(const struct change_result *r);
cJSON *change_out_sarif(const struct project *p, const struct change_result *r);

#endif
