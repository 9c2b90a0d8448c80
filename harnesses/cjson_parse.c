/*
 * Boundary: cJSON's parser, in all its forms.
 * Bytes: JSON text, given once as exactly that many bytes with no terminator (length-limited) and
 * once NUL-terminated; both with and without "require a NUL after the value".
 * Verdict: the whole text is one value, as RFC 8259 asks for; else the byte at which parsing ended.
 * Oracle: the reported end of parsing lies in the input; where both the limited and the terminated
 * form accept the same text, they read the same value.
 */
#include "cjson_common.h"

HARNESS_ORACLE(parse_end_is_outside, "the reported end of parsing lies outside the input")
HARNESS_ORACLE(parse_forms_disagree, "length-limited and terminated parsing read different values")

static void check_end(const char *text, size_t size, const char *end)
{
	if (end < text || end > text + size)
		parse_end_is_outside();
}

static cJSON *parse_limited(const char *bytes, size_t size)
{
	const char *end = bytes;

	cJSON_Delete(cJSON_ParseWithLengthOpts(bytes, size, &end, 1));
	check_end(bytes, size, end);
	return cJSON_ParseWithLength(bytes, size);
}

/* room: of the input, with NULs inside */
static cJSON *parse_terminated(const char *text, size_t room)
{
	size_t size = strlen(text);
	const char *end = text;
	cJSON *whole = cJSON_ParseWithOpts(text, &end, 1);

	check_end(text, size, end);
	cjson_verdict(whole != NULL, text, room, end);
	cJSON_Delete(whole);
	cJSON_Delete(cJSON_ParseWithOpts(text, &end, 0));
	check_end(text, size, end);
	return cJSON_Parse(text);
}

static void compare(const cJSON *a, const cJSON *b)
{
	char *x = cJSON_PrintUnformatted(a);
	char *y = cJSON_PrintUnformatted(b);

	if (x && y && strcmp(x, y) != 0)
		parse_forms_disagree();
	cJSON_free(x);
	cJSON_free(y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = harness_bytes(data, size);
	char *text = harness_text(data, size);

	if (bytes && text) {
		cJSON *terminated = parse_terminated(text, size);
		cJSON *limited = parse_limited(bytes, size);

		if (terminated && limited && strlen(text) == size)
			compare(limited, terminated);
		cJSON_Delete(limited);
		cJSON_Delete(terminated);
	}
	free(bytes);
	free(text);
	return 0;
}
