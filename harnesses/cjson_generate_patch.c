/*
 * Boundary: generating a JSON Patch and a JSON Merge Patch from two documents with cJSON_Utils.
 * Bytes: JSON text, an array of the two documents, such as [{"a":1},{"a":2}].
 * Oracle: the patch made from the first to the second, applied to the first, gives the second.
 * Left out where that cannot hold: two members of one name, numbers
 * that overflow a double, and null members for merge patches,
 * where null means "remove".
 */
#include "cjson_common.h"
#include <cJSON_Utils.h>

HARNESS_ORACLE(patch_misses_names_with_slashes,
	"a generated patch misses the second document: member names with a slash or tilde")
HARNESS_ORACLE(patch_misses_names_up_to_case,
	"a generated patch misses the second document: member names that differ in case only")
HARNESS_ORACLE(patch_misses, "a generated patch misses the second document")
HARNESS_ORACLE(merge_patch_misses_names_up_to_case,
	"a generated merge patch misses the second document: names that differ in case only")
HARNESS_ORACLE(merge_patch_misses, "a generated merge patch misses the second document")

static void check_patch(const cJSON *from, const cJSON *to)
{
	/* Generating sorts its arguments, so it gets copies of its own. */
	cJSON *a = cJSON_Duplicate(from, 1);
	cJSON *b = cJSON_Duplicate(to, 1);
	cJSON *doc = cJSON_Duplicate(from, 1);
	cJSON *patch = a && b ? cJSONUtils_GeneratePatchesCaseSensitive(a, b) : NULL;

	if (doc && patch &&
		(cJSONUtils_ApplyPatchesCaseSensitive(doc, patch) != 0 ||
			!cJSON_Compare(doc, to, 1))) {
		if (cjson_names_hold(from, "/~") || cjson_names_hold(to, "/~"))
			patch_misses_names_with_slashes();
		if (cjson_has_same_names(from, 1) || cjson_has_same_names(to, 1))
			patch_misses_names_up_to_case();
		patch_misses();
	}
	cJSON_Delete(patch);
	cJSON_Delete(doc);
	cJSON_Delete(b);
	cJSON_Delete(a);
}

static void check_merge_patch(const cJSON *from, const cJSON *to)
{
	cJSON *a = cJSON_Duplicate(from, 1);
	cJSON *b = cJSON_Duplicate(to, 1);
	cJSON *doc = cJSON_Duplicate(from, 1);
	cJSON *patch = a && b ? cJSONUtils_GenerateMergePatchCaseSensitive(a, b) : NULL;

	/* No patch: there is nothing to change. */
	if (doc && patch)
		doc = cJSONUtils_MergePatchCaseSensitive(doc, patch);
	if (doc && !cJSON_Compare(doc, to, 1)) {
		if (cjson_has_same_names(from, 1) || cjson_has_same_names(to, 1))
			merge_patch_misses_names_up_to_case();
		merge_patch_misses();
	}
	cJSON_Delete(patch);
	cJSON_Delete(doc);
	cJSON_Delete(b);
	cJSON_Delete(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON *input = cjson_input_array(data, size, 2);

	if (input) {
		cJSON *from = cJSON_DetachItemFromArray(input, 0);
		cJSON *to = cJSON_DetachItemFromArray(input, 0);

		if (!cjson_has_same_names(from, 0) && !cjson_has_same_names(to, 0) &&
			!cjson_has_huge_number(from) && !cjson_has_huge_number(to)) {
			check_patch(from, to);
			if (!cjson_has_null_member(to))
				check_merge_patch(from, to);
		}
		cJSON_Delete(from);
		cJSON_Delete(to);
	}
	cJSON_Delete(input);
	return 0;
}
