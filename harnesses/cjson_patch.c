/*
 * Boundary: applying a JSON Patch (RFC 6902) with cJSON_Utils.
 * Bytes: JSON text, an array of the document and the patch, such as
 * [{"a":1},[{"op":"remove","path":"/a"}]]. Only patches of up to MAX_OPS operations are applied:
 * copying a document into itself doubles it each time, as the standard asks.
 * Oracle: the document left behind, on success or not, is one that prints and parses; no leaks.
 */
#include "cjson_common.h"
#include <cJSON_Utils.h>

#define MAX_OPS 8

HARNESS_ORACLE(patched_document_is_broken, "a patched document does not print and parse")

static void check_document(const cJSON *doc)
{
	char *text;
	cJSON *again;

	/* "remove" of the whole document leaves nothing that could be printed. */
	if (cJSON_IsInvalid(doc))
		return;
	text = cJSON_PrintUnformatted(doc);
	if (!text)
		patched_document_is_broken();
	again = cJSON_Parse(text);
	if (!again)
		patched_document_is_broken();
	cJSON_Delete(again);
	cJSON_free(text);
}

static void apply(const cJSON *original, const cJSON *patch, int case_sensitive)
{
	cJSON *doc = cJSON_Duplicate(original, 1);
	cJSON *ops = cJSON_Duplicate(patch, 1);

	if (doc && ops) {
		if (case_sensitive)
			(void)cJSONUtils_ApplyPatchesCaseSensitive(doc, ops);
		else
			(void)cJSONUtils_ApplyPatches(doc, ops);
		check_document(doc);
	}
	cJSON_Delete(doc);
	cJSON_Delete(ops);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON *input = cjson_input_array(data, size, 2);

	if (input) {
		const cJSON *doc = cJSON_GetArrayItem(input, 0);
		const cJSON *patch = cJSON_GetArrayItem(input, 1);

		if (cJSON_GetArraySize(patch) <= MAX_OPS) {
			apply(doc, patch, 1);
			apply(doc, patch, 0);
		}
	}
	cJSON_Delete(input);
	return 0;
}
