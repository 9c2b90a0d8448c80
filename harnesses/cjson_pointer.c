/*
 * Boundary: JSON Pointer look-up in cJSON_Utils (RFC 6901).
 * Bytes: JSON text, an array of the document and then any number of pointers as strings, such as
 * [{"a":[1,2]},"/a/1"].
 * Oracle: for a well-formed pointer the result is the one that RFC 6901 gives, worked out here
 * independently; the pointer that cJSON writes for an item is the one it finds the item by.
 */
#include "cjson_common.h"
#include <cJSON_Utils.h>

HARNESS_ORACLE(empty_index_resolves, "an empty array index resolves to an element")
HARNESS_ORACLE(index_with_non_digits_resolves, "an array index with non-digits resolves")
HARNESS_ORACLE(huge_index_resolves, "an array index beyond all sizes resolves")
HARNESS_ORACLE(pointer_resolves_wrongly, "a JSON pointer does not resolve as RFC 6901 has it")
HARNESS_ORACLE(written_pointer_differs, "a pointer that cJSON wrote leads to another item")

enum reason { FINE, EMPTY_INDEX, NON_DIGITS, HUGE_INDEX, NO_SUCH };

static int well_formed(const char *p)
{
	if (*p != '\0' && *p != '/')
		return 0;
	for (; *p; p++)
		if (*p == '~' && p[1] != '0' && p[1] != '1')
			return 0;
	return 1;
}

/* Does the token at P, up to the next '/', name this member? */
static int token_names(const char *p, const char *name)
{
	for (; *p && *p != '/'; p++, name++) {
		char c = *p;

		if (c == '~')
			c = *++p == '1' ? '/' : '~';
		if (c != *name)
			return 0;
	}
	return *name == '\0';
}

static const cJSON *element_at(const cJSON *array, const char *p, enum reason *why)
{
	size_t length = strcspn(p, "/");
	const cJSON *c;
	size_t n = 0, i;

	*why = length == 0 ? EMPTY_INDEX : FINE;
	for (i = 0; i < length && *why == FINE; i++) {
		if (p[i] < '0' || p[i] > '9')
			*why = NON_DIGITS;
		else if (n > SIZE_MAX / 10 - 1)
			*why = HUGE_INDEX;
		else
			n = n * 10 + (size_t)(p[i] - '0');
	}
	if (*why == HUGE_INDEX && strspn(p, "0123456789") < length)
		*why = NON_DIGITS;
	if (*why == FINE && length > 1 && p[0] == '0')
		*why = NO_SUCH;
	if (*why != FINE)
		return NULL;
	for (c = array->child; c && n > 0; n--)
		c = c->next;
	if (!c)
		*why = NO_SUCH;
	return c;
}

static const cJSON *resolve(const cJSON *item, const char *p, enum reason *why)
{
	*why = FINE;
	while (item && *p == '/') {
		p++;
		if (cJSON_IsArray(item)) {
			item = element_at(item, p, why);
		} else if (cJSON_IsObject(item)) {
			for (item = item->child; item && !token_names(p, item->string);)
				item = item->next;
		} else {
			item = NULL;
		}
		p += strcspn(p, "/");
	}
	if (!item && *why == FINE)
		*why = NO_SUCH;
	return item;
}

static void check_found(const cJSON *doc, const char *pointer, const cJSON *found)
{
	enum reason why;
	const cJSON *want = resolve(doc, pointer, &why);

	if (want == found)
		return;
	switch (why) {
	case EMPTY_INDEX:
		empty_index_resolves();
		break;
	case NON_DIGITS:
		index_with_non_digits_resolves();
		break;
	case HUGE_INDEX:
		huge_index_resolves();
		break;
	case FINE:
	case NO_SUCH:
		pointer_resolves_wrongly();
		break;
	}
}

/* Members of one name hide each other, so a written pointer may lead nowhere, but not elsewhere. */
static void check_written(cJSON *doc, const cJSON *item)
{
	char *pointer = cJSONUtils_FindPointerFromObjectTo(doc, item);
	const cJSON *again;
	char *back;

	if (!pointer)
		return;
	again = cJSONUtils_GetPointerCaseSensitive(doc, pointer);
	if (again && again != item) {
		back = cJSONUtils_FindPointerFromObjectTo(doc, again);
		if (back && strcmp(back, pointer) != 0)
			written_pointer_differs();
		cJSON_free(back);
	}
	cJSON_free(pointer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cJSON *input = cjson_input_array(data, size, 2);
	cJSON *doc, *item;

	if (!input)
		return 0;
	doc = cJSON_DetachItemFromArray(input, 0);
	cJSON_ArrayForEach(item, input)
	{
		const char *pointer = cJSON_GetStringValue(item);
		const cJSON *found;

		if (!pointer)
			continue;
		cJSONUtils_GetPointer(doc, pointer);
		found = cJSONUtils_GetPointerCaseSensitive(doc, pointer);
		if (well_formed(pointer))
			check_found(doc, pointer, found);
		if (found)
			check_written(doc, found);
	}
	cJSON_Delete(doc);
	cJSON_Delete(input);
	return 0;
}
