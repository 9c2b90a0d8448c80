/*
 * Boundary: JSON Merge Patch (RFC 7396) in cJSON_Utils.
 * Bytes: JSON text, an array of the target and the patch, such as [{"a":1},{"a":null}].
 * Oracle: a merge patch applied twice gives what it gave applied once (where no object of the
 * target has two members of one name); the result prints; no leaks.
 */
#include "cjson_common.h"
#include <cJSON_Utils.h>

HARNESS_ORACLE(merged_document_is_broken, "a merged document does not print")
HARNESS_ORACLE(merging_twice_differs, "merging a patch twice differs from merging it once")

static cJSON *merge(cJSON *target, const cJSON *patch, int case_sensitive)
{
	return case_sensitive ? cJSONUtils_MergePatchCaseSensitive(target, patch)
			      : cJSONUtils_MergePatch(target, patch);
}

static char *print(const cJSON *tree)
{
	char *text = cJSON_PrintUnformatted(tree);

	if (!text)
		merged_document_is_broken();
	return text;
}

static void check_merge(const cJSON *target, const cJSON *patch, int case_sensitive)
{
	cJSON *doc = cJSON_Duplicate(target, 1);
	char *once, *twice;

	if (!doc)
		return;
	doc = merge(doc, patch, case_sensitive);
	once = print(doc);
	doc = merge(doc, patch, case_sensitive);
	twice = print(doc);
	if (strcmp(once, twice) != 0 && !cjson_has_same_names(target, !case_sensitive))
		merging_twice_differs();
	cJSON_free(once);
	cJSON_free(twice);
	cJSON_Delete(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON *input = cjson_input_array(data, size, 2);

	if (input) {
		const cJSON *target = cJSON_GetArrayItem(input, 0);
		const cJSON *patch = cJSON_GetArrayItem(input, 1);

		check_merge(target, patch, 1);
		check_merge(target, patch, 0);
	}
	cJSON_Delete(input);
	return 0;
}
