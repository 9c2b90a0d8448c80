/*
 * Boundary: thresh's own reader of the project file, thresh.yaml.
 * Bytes: the file.
 * Verdict: it is a description; else the error's words.
 * Oracle: it gives either a description or an error with a message, never both or neither, and a
 * description has what the rest of thresh relies on: names, and a build behind every harness.
 */
#include "base/prelude.h"
#include "common.h"
#include "config/config.h"

HARNESS_ORACLE(failure_without_message, "the project file is refused without a message")
HARNESS_ORACLE(harness_without_name, "a described harness has no name")
HARNESS_ORACLE(harness_without_build, "a described harness has no build")
HARNESS_ORACLE(harness_is_not_found, "a described harness is not found by its name")
HARNESS_ORACLE(limit_is_zero, "a described harness has a limit of zero")

static void check_config(const struct config *c)
{
	size_t i;

	for (i = 0; i < c->n_harnesses; i++) {
		const struct config_harness *h = &c->harnesses[i];

		if (!h->name || !h->name[0])
			harness_without_name();
		if (!h->build)
			harness_without_build();
		if (config_harness(c, h->name) != h)
			harness_is_not_found();
		if (h->timeout_ms == 0)
			limit_is_zero();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct strv text = { (const char *)data, size };
	struct err err = { 0 };
	struct config *c = config_parse(text, "thresh.yaml", "/project", &err);

	if (c)
		check_config(c);
	else if (!err.msg[0])
		failure_without_message();
	if (c)
		thresh_accept();
	else
		thresh_reject(err.msg);
	config_free(c);
	return 0;
}
