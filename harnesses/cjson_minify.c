/*
 * Boundary: cJSON_Minify(), which works in place on text that nobody has parsed yet.
 * Bytes: any text; it ends at the first NUL.
 * Oracle: the result is no longer than the text, minifying it again changes nothing, and a text
 * that is one JSON value is the same value afterwards.
 */
#include "cjson_common.h"

HARNESS_ORACLE(minified_text_grew, "minified text is longer than before")
HARNESS_ORACLE(minifying_twice_differs, "minifying twice differs from minifying once")
HARNESS_ORACLE(minifying_breaks_the_text, "minified JSON text no longer parses")
HARNESS_ORACLE(minifying_changes_the_value, "minified JSON text is another value")

static void check_value(const cJSON *before, const char *minified)
{
	cJSON *after = cJSON_ParseWithOpts(minified, NULL, 1);
	char *x, *y;

	if (!after)
		minifying_breaks_the_text();
	x = cJSON_PrintUnformatted(before);
	y = cJSON_PrintUnformatted(after);
	if (x && y && strcmp(x, y) != 0)
		minifying_changes_the_value();
	cJSON_free(x);
	cJSON_free(y);
	cJSON_Delete(after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = harness_text(data, size);
	cJSON *before;
	size_t length;
	char *once;

	if (!text)
		return 0;
	length = strlen(text);
	before = cJSON_ParseWithOpts(text, NULL, 1);
	cJSON_Minify(text);
	if (strlen(text) > length)
		minified_text_grew();
	once = harness_text((const uint8_t *)text, strlen(text));
	if (once) {
		cJSON_Minify(once);
		if (strcmp(once, text) != 0)
			minifying_twice_differs();
	}
	if (before)
		check_value(before, text);
	if (!before)
		thresh_reject("not JSON");
	cJSON_Delete(before);
	free(once);
	free(text);
	return 0;
}
