/* The rules by which sites are one bug: a table, a reason each. */
#ifndef CRASH_JOIN_RULES_H
#define CRASH_JOIN_RULES_H

#include "crash/site.h"

struct join_rule {
	const char *name;
	/* Why two sites that this rule gives one key are one bug, for people. */
	const char *reason;
	/* Families that it speaks for, " a b "; NULL: all. */
	const char *families;
	/* Adds the site's keys; false: it has nothing to say of this one, and the next row is asked. */
	bool (*add)(struct crash_site *s, const struct crash_report *r,
		const struct crash_rules *rules, const struct join_rule *self);
	/* The rows behind it are asked all the same. */
	bool goes_on;
};

/* Keys for a site whose places are known. */
void join_keys(struct crash_site *s, const struct crash_report *r, const struct crash_rules *rules);
/* The row of that name; NULL. */
const struct join_rule *join_rule_named(const char *name);

#endif
