/* A finished report -> its signature. */
#ifndef CRASH_SIGN_H
#define CRASH_SIGN_H

#include "crash/finish.h"

#define CRASH_RULE_VERSION 1

struct crash_signature {
	char id[17]; /* 16 hex digits: first half of SHA-256 of text[], enough for any project */
	char *text;  /* "v1 memory json_parse|parse_value|..." what was hashed; owned */
	int rule;
};

/* After crash_finish. */
void crash_sign(
	const struct crash_report *r, const struct crash_rules *rules, struct crash_signature *out);
void crash_signature_release(struct crash_signature *s);

#endif
