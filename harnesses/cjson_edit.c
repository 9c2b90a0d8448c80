/*
 * Boundary: editing a cJSON tree: add, insert, detach, delete, replace, set value, sort, duplicate.
 * Bytes: a stream of operations on three things: the root (an object if the first byte is '{',
 * otherwise an array), the current container (at first the root) and a hand that holds one item or
 * nothing. An operation is one character, followed by its operands of one byte each: an index i
 * (its low four bits; '?' is -1), a member name k (that one character), a length l or a value v.
 *
 *   { [ t z w   take a new object, array, true, null, raw text     "l    a new string of l bytes
 *   #v          take a new number                                  _     empty the hand
 *   A  Ok  Ck   add the hand: to the array, to the object, to the object with a constant name
 *   Ii          insert the hand before element i
 *   Ri  Pk  pk  replace with the hand: element i, member k, member k of that case
 *   q           replace the member that has the hand's own name with the hand
 *   Di  Xk  xk  detach into the hand: element i, member k, member k of that case
 *   di  Kk      delete element i, member k
 *   Vil  vij    set the string of element i: to l bytes, to the string of element j
 *   Niv         set the number of element i
 *   E  ek       add a reference to an item that outlives the tree
 *   hk          add a new string as member k
 *   S  s        sort the object, without and with regard to case
 *   U           take a deep copy of the current container
 *   >i  <       make element i the current container, make the root current
 *   =i          set the string of element i to itself
 *   !Ii         insert NULL before element i (these three in cjson_edit_null only)
 *   !Vl         set the string of NULL to l bytes
 *   !vi         set the string of element i to NULL
 *
 * Only calls that cJSON.h allows are made: array operations on arrays, object operations on
 * objects, no cycles, no item in two trees. NULL is what look-ups return for what is not there, so
 * the functions are given it too; where that is likely to fail, in a harness of its own
 * (cjson_edit_null), so that one failure does not hide all others.
 * Oracle: an item reported as added is there; the edited tree prints, parses and copies to itself.
 */
#include "cjson_common.h"
#include <cJSON_Utils.h>

#ifndef EDIT_WITH_NULL
#define EDIT_WITH_NULL 0
#endif

#define MAX_NODES 512
#define MAX_DEPTH 64

HARNESS_ORACLE(added_item_is_missing, "an item reported as added is not in the container")
HARNESS_ORACLE(detached_item_is_still_there, "an item detached is still in the container")
HARNESS_ORACLE(edited_tree_does_not_print, "an edited tree does not print")
HARNESS_ORACLE(edited_tree_does_not_parse, "the printed edited tree does not parse")
HARNESS_ORACLE(edited_tree_changes, "the printed edited tree parses to another value")
HARNESS_ORACLE(copy_of_tree_differs, "a copy of an edited tree differs")

struct editor {
	const uint8_t *at, *end;
	cJSON *root, *current, *hand;
	cJSON *shared; /* what references refer to; outlives the tree */
	size_t depth;
};

static uint8_t next_byte(struct editor *e)
{
	return e->at < e->end ? *e->at++ : 0;
}

static int next_index(struct editor *e)
{
	uint8_t c = next_byte(e);

	return c == '?' ? -1 : c & 15;
}

static const char *next_name(struct editor *e)
{
	/* Every name is a string of static storage, as AddItemToObjectCS asks. */
	static const char names[][2] = { "a", "b", "c", "d", "e", "f", "g", "h", "A", "B", "C", "D",
		"E", "F", "G", "H" };
	uint8_t c = next_byte(e);

	if (c == '\0')
		return "";
	return names[((c - 1) & 7) | (c >= 'A' && c <= 'Z' ? 8 : 0)];
}

static const char *next_string(struct editor *e)
{
	static const char letters[] = "abcdefghijklmno";

	return letters + (sizeof(letters) - 1 - (next_byte(e) & 15) % sizeof(letters));
}

static void set_hand(struct editor *e, cJSON *item)
{
	cJSON_Delete(e->hand);
	e->hand = item;
}

static size_t count_nodes(const cJSON *item)
{
	size_t n = 1;
	const cJSON *c;

	for (c = item->child; c; c = c->next)
		n += count_nodes(c);
	return n;
}

/* After a call that took the hand if it reports success. */
static void added(struct editor *e, int before, int ok)
{
	if (!ok)
		return;
	if (cJSON_GetArraySize(e->current) != before + 1)
		added_item_is_missing();
	e->hand = NULL;
}

static void replaced(struct editor *e, int ok)
{
	if (ok)
		e->hand = NULL;
}

static void detached(struct editor *e, int before, cJSON *item)
{
	if (item && cJSON_GetArraySize(e->current) != before - 1)
		detached_item_is_still_there();
	if (item)
		set_hand(e, item);
}

/* Operations that only need the hand. */
static int edit_hand(struct editor *e, uint8_t op)
{
	switch (op) {
	case '{':
		set_hand(e, cJSON_CreateObject());
		return 1;
	case '[':
		set_hand(e, cJSON_CreateArray());
		return 1;
	case '"':
		set_hand(e, cJSON_CreateString(next_string(e)));
		return 1;
	case '#':
		set_hand(e, cJSON_CreateNumber((int8_t)next_byte(e) / 4.0));
		return 1;
	case 't':
		set_hand(e, cJSON_CreateBool(1));
		return 1;
	case 'z':
		set_hand(e, cJSON_CreateNull());
		return 1;
	case 'w':
		set_hand(e, cJSON_CreateRaw("[0]"));
		return 1;
	case '_':
		set_hand(e, NULL);
		return 1;
	case 'U':
		if (count_nodes(e->root) < MAX_NODES)
			set_hand(e, cJSON_Duplicate(e->current, 1));
		return 1;
	default:
		return 0;
	}
}

/*
 * What a look-up that finds nothing makes of the functions that take its result. Each call has a function of its own:
 * what fails in them is told apart by it.
 */
static void insert_null(struct editor *e)
{
	if (cJSON_IsArray(e->current))
		cJSON_InsertItemInArray(e->current, next_index(e), NULL);
}

static void set_string_of_null(struct editor *e)
{
	cJSON_SetValuestring(NULL, next_string(e));
}

static void set_string_to_null(struct editor *e)
{
	cJSON *item = cJSON_GetArrayItem(e->current, next_index(e));

	if (item)
		cJSON_SetValuestring(item, NULL);
}

static void set_string_to_itself(struct editor *e)
{
	cJSON *item = cJSON_GetArrayItem(e->current, next_index(e));

	if (item && item->valuestring)
		cJSON_SetValuestring(item, item->valuestring);
}

static void edit_with_null(struct editor *e)
{
	switch (next_byte(e)) {
	case 'I':
		insert_null(e);
		break;
	case 'V':
		set_string_of_null(e);
		break;
	case 'v':
		set_string_to_null(e);
		break;
	default:
		break;
	}
}

static void copy_string(struct editor *e)
{
	cJSON *to = cJSON_GetArrayItem(e->current, next_index(e));
	cJSON *from = cJSON_GetArrayItem(e->current, next_index(e));

	if (to && from && to != from && cJSON_GetStringValue(from) &&
		to->valuestring != from->valuestring)
		cJSON_SetValuestring(to, from->valuestring);
}

/* Operations on an element of the current container, which arrays and objects have in common. */
static int edit_element(struct editor *e, uint8_t op)
{
	cJSON *item;

	switch (op) {
	case '!':
		if (EDIT_WITH_NULL)
			edit_with_null(e);
		return 1;
	case '=':
		set_string_to_itself(e);
		return 1;
	case 'V':
		item = cJSON_GetArrayItem(e->current, next_index(e));
		if (item)
			cJSON_SetValuestring(item, next_string(e));
		return 1;
	case 'v':
		copy_string(e);
		return 1;
	case 'N':
		item = cJSON_GetArrayItem(e->current, next_index(e));
		cJSON_SetNumberValue(item, (int8_t)next_byte(e));
		return 1;
	case '>':
		item = cJSON_GetArrayItem(e->current, next_index(e));
		if (item && (cJSON_IsArray(item) || cJSON_IsObject(item)) &&
			!(item->type & cJSON_IsReference) && e->depth < MAX_DEPTH) {
			e->current = item;
			e->depth++;
		}
		return 1;
	case '<':
		e->current = e->root;
		e->depth = 0;
		return 1;
	default:
		return 0;
	}
}

static void edit_array(struct editor *e, uint8_t op)
{
	cJSON *array = e->current;
	int size = cJSON_GetArraySize(array);

	switch (op) {
	case 'A':
		added(e, size, cJSON_AddItemToArray(array, e->hand));
		break;
	case 'I':
		if (e->hand)
			added(e, size, cJSON_InsertItemInArray(array, next_index(e), e->hand));
		break;
	case 'R':
		replaced(e, cJSON_ReplaceItemInArray(array, next_index(e), e->hand));
		break;
	case 'D':
		detached(e, size, cJSON_DetachItemFromArray(array, next_index(e)));
		break;
	case 'd':
		cJSON_DeleteItemFromArray(array, next_index(e));
		break;
	case 'E':
		cJSON_AddItemReferenceToArray(array, e->shared);
		break;
	default:
		break;
	}
}

static void replace_under_own_name(struct editor *e)
{
	if (e->hand && e->hand->string)
		replaced(e, cJSON_ReplaceItemInObject(e->current, e->hand->string, e->hand));
}

static void edit_object(struct editor *e, uint8_t op)
{
	cJSON *object = e->current;
	int size = cJSON_GetArraySize(object);

	switch (op) {
	case 'O':
		added(e, size, cJSON_AddItemToObject(object, next_name(e), e->hand));
		break;
	case 'C':
		added(e, size, cJSON_AddItemToObjectCS(object, next_name(e), e->hand));
		break;
	case 'P':
		replaced(e, cJSON_ReplaceItemInObject(object, next_name(e), e->hand));
		break;
	case 'p':
		replaced(e, cJSON_ReplaceItemInObjectCaseSensitive(object, next_name(e), e->hand));
		break;
	case 'q':
		replace_under_own_name(e);
		break;
	case 'X':
		detached(e, size, cJSON_DetachItemFromObject(object, next_name(e)));
		break;
	case 'x':
		detached(e, size, cJSON_DetachItemFromObjectCaseSensitive(object, next_name(e)));
		break;
	case 'K':
		cJSON_DeleteItemFromObject(object, next_name(e));
		break;
	case 'e':
		if (cJSON_AddItemReferenceToObject(object, next_name(e), e->shared) &&
			cJSON_GetArraySize(object) != size + 1)
			added_item_is_missing();
		break;
	case 'h':
		if (cJSON_AddStringToObject(object, next_name(e), "new") &&
			cJSON_GetArraySize(object) != size + 1)
			added_item_is_missing();
		break;
	case 'S':
		cJSONUtils_SortObject(object);
		break;
	case 's':
		cJSONUtils_SortObjectCaseSensitive(object);
		break;
	default:
		break;
	}
}

static void check_tree(const cJSON *root)
{
	char *text = cJSON_PrintUnformatted(root);
	cJSON *again, *copy;
	char *other;

	if (!text)
		edited_tree_does_not_print();
	again = cJSON_Parse(text);
	if (!again)
		edited_tree_does_not_parse();
	other = cJSON_PrintUnformatted(again);
	if (other && strcmp(text, other) != 0)
		edited_tree_changes();
	cJSON_free(other);
	cJSON_Delete(again);
	copy = cJSON_Duplicate(root, 1);
	other = copy ? cJSON_PrintUnformatted(copy) : NULL;
	if (other && strcmp(text, other) != 0)
		copy_of_tree_differs();
	cJSON_free(other);
	cJSON_Delete(copy);
	cJSON_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct editor e = { 0 };

	if (size == 0)
		return 0;
	e.at = data + 1;
	e.end = data + size;
	e.root = e.current = data[0] == '{' ? cJSON_CreateObject() : cJSON_CreateArray();
	e.shared = cJSON_Parse("{\"x\":[1,\"y\"]}");
	if (e.root && e.shared) {
		while (e.at < e.end) {
			uint8_t op = next_byte(&e);

			if (edit_hand(&e, op) || edit_element(&e, op))
				continue;
			if (cJSON_IsArray(e.current))
				edit_array(&e, op);
			else
				edit_object(&e, op);
		}
		check_tree(e.root);
	}
	cJSON_Delete(e.hand);
	cJSON_Delete(e.root);
	cJSON_Delete(e.shared);
	return 0;
}
