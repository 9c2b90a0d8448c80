/*
 * Regular expressions over names, Perl's; the one place that includes PCRE2. Unlike libc's, which crash or leak when
 * memory ends, and can take for ever, each is bounded: in length, in what it becomes, and in the steps of one match.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/err.h"
#include "base/strv.h"

struct pattern;

/* NULL with *err: what is wrong with it, without naming it. The caller ends it with pattern_free. */
struct pattern *pattern_new(struct strv text, struct err *err);
/* From the start of the name, as far as the pattern goes; ".*" in front of it looks anywhere. */
bool pattern_matches(const struct pattern *p, struct strv name);
void pattern_free(struct pattern *p);

#endif
