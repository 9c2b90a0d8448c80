/*
 * Signature version 1: "v1 FAMILY [message] frame|frame|frame", hashed. An assertion's text enters with
 * its numbers and paths folded; a report without any frame signs by kind and harness.
 */
#include "base/prelude.h"
#include "crash/internal.h"
#include "base/hash.h"

static bool signs_message(const char *family)
{
	return !strcmp(family, "assertion") || !strcmp(family, "exception") ||
	       !strcmp(family, "loader");
}

static void add_message(struct buf *b, const struct crash_report *r)
{
	struct strv m;
	size_t colon;

	if (!r->message || !signs_message(r->family))
		return;
	m = strv_of(r->message);
	colon = strv_find(m, ": ");
	if (!strcmp(r->family, "exception") && colon != SIZE_MAX)
		m.len = colon; /* the exception's type; what() may quote the input */
	buf_adds(b, " \"");
	text_fold(b, m);
	buf_addch(b, '"');
}

void crash_sign(
	const struct crash_report *r, const struct crash_rules *rules, struct crash_signature *out)
{
	size_t n = rules && rules->frames ? rules->frames : 3;
	struct buf b = BUF_INIT;
	char hex[SHA256_HEX];

	if (r->n_cycle)
		n = r->n_key; /* of a recursion all that recurs */
	buf_addf(&b, "v%d %s", CRASH_RULE_VERSION, r->family);
	add_message(&b, r);
	buf_addch(&b, ' ');
	for (size_t i = 0; i < MIN(n, r->n_key); i++)
		buf_addf(&b, "%s%s", i ? "|" : "", r->key[i]);
	if (!r->n_key)
		buf_addf(&b, "@%s %s", r->kind, rules && rules->harness ? rules->harness : "");
	hash_sha256(b.s, b.len, hex);
	memcpy(out->id, hex, 16);
	out->id[16] = '\0';
	out->text = buf_detach(&b);
	out->rule = CRASH_RULE_VERSION;
}

void crash_signature_release(struct crash_signature *s)
{
	free(s->text);
	s->text = NULL;
}
