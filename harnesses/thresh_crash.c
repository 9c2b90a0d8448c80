/*
 * Boundary: thresh's own parser of what sanitizers, engines and libc print about a failure.
 * Bytes: the text, hostile as everything that a target prints.
 * Oracle: feeding it in pieces gives the same signature as feeding it whole; the report has the
 * fields that its header promises; a signature is 16 hex digits.
 */
#include "base/prelude.h"
#include "base/hash.h"
#include "common.h"
#include "crash/crash.h"

HARNESS_ORACLE(no_report, "there is no report, not even one that says so")
HARNESS_ORACLE(promised_field_is_missing, "a finished report lacks a promised field")
HARNESS_ORACLE(signature_is_malformed, "a signature is not 16 hex digits")
HARNESS_ORACLE(pieces_differ_from_whole, "text fed in pieces gives another signature")

/* Parse the text fed in pieces of STEP bytes and write the deciding report's signature to ID. */
static void sign(const uint8_t *data, size_t size, size_t step, char id[17])
{
	struct crash_rules rules = { 0 };
	struct crash_parser *parser = crash_parser_new();
	struct crash_report **reports;
	struct crash_signature signature;
	size_t at, n = 0, decides = 0;

	for (at = 0; at < size; at += step)
		crash_parser_feed(parser, data + at, size - at < step ? size - at : step);
	reports = crash_parser_end(parser, &n, &decides);
	if (!reports || n == 0 || decides >= n)
		no_report();
	crash_finish(reports[decides], &rules);
	if (!reports[decides]->kind || !reports[decides]->sanitizer || !reports[decides]->summary)
		promised_field_is_missing();
	crash_sign(reports[decides], &rules, &signature);
	if (strlen(signature.id) != 16 || strspn(signature.id, "0123456789abcdef") != 16)
		signature_is_malformed();
	memcpy(id, signature.id, sizeof(signature.id));
	crash_signature_release(&signature);
	crash_reports_free(reports, n);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* libcrypto makes itself ready at its first use, once: no business of any input. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char hex[SHA256_HEX];

	(void)argc;
	(void)argv;
	hash_sha256("", 0, hex);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char whole[17], pieces[17];

	sign(data, size, size ? size : 1, whole);
	sign(data, size, 7, pieces);
	if (strcmp(whole, pieces) != 0)
		pieces_differ_from_whole();
	return 0;
}
