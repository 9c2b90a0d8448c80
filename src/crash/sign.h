/* A finished report -> its signature. */
#ifndef CRASH_SIGN_H
#define CRASH_SIGN_H

#include "crash/finish.h"
#include "crash/site.h"

/* 1: three frames. 2: sites, and the rules that join them. */
#define CRASH_RULE_VERSION 2

struct crash_signature {
	/* Of the bug, by the first of its site's keys: half of a SHA-256, enough for any project. */
	char id[17];
	/* "v2 bounds in parse_string", what was hashed; owned. */
	char *text;
	int rule;
	/* The exact place; owned. */
	struct crash_site *site;
};

/* After crash_finish. */
void crash_sign(
	const struct crash_report *r, const struct crash_rules *rules, struct crash_signature *out);
/* What s owned is the result's from now on; s is empty. */
struct crash_signature crash_signature_take(struct crash_signature *s);
void crash_signature_release(struct crash_signature *s);

#endif
