/*
 * What a command's exit status says of its input. Programs end with 1 for what they refuse, so that a status is a failure
 * only where somebody says so, or where a report was printed with it; 126 and 127 are a shell's, which couldn't start
 * something; 128 and more its way to pass a signal on.
 */
#ifndef TARGET_EXITS_H
#define TARGET_EXITS_H

#include "base/err.h"
#include "base/strv.h"
#include "target/result.h"

struct target_exits {
	/* Tells whether a text holds the report of a failure. NULL: every status but 0 is one, whatever the text. */
	bool (*report)(struct strv text);
	bool fails[256]; /* statuses that are failures all the same */
};

/* "3,64-70", or "any", which is all but 126 and 127; NULL is none. Adds to *e; an error names what is wrong. */
int exits_parse(struct target_exits *e, const char *list, struct err *err);
/* Corrects the outcome of a result that has its status and its text. */
void exits_judge(const struct target_exits *e, struct target_result *r);
/* It may be that nothing was run at all. */
bool exits_is_set_up(const struct target_exits *e, int status);

#endif
