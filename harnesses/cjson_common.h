/*
 * Helpers of the cJSON harnesses: reading the one-array input they share, and properties of trees.
 */
#ifndef THRESH_HARNESSES_CJSON_COMMON_H
#define THRESH_HARNESSES_CJSON_COMMON_H

#include <ctype.h>
#include <float.h>

#include "common.h"
#include <cJSON.h>

/*
 * The input as a JSON array of at least MIN elements, or NULL. The caller ends it with
 * cJSON_Delete(). Parsing is from NUL-terminated text: the parser has a harness of its own.
 */
static HARNESS_UNUSED cJSON *cjson_input_array(const uint8_t *data, size_t size, int min)
{
	char *text = harness_text(data, size);
	cJSON *array;

	if (!text)
		return NULL;
	array = cJSON_Parse(text);
	free(text);
	if (!cJSON_IsArray(array) || cJSON_GetArraySize(array) < min) {
		thresh_reject(array ? "not an array of enough elements" : "not JSON");
		cJSON_Delete(array);
		return NULL;
	}
	return array;
}

/* All of the text is a value, or parsing ended elsewhere: the library's only word about why. */
static HARNESS_UNUSED void cjson_verdict(int taken, const char *text, size_t size, const char *end)
{
	char why[64];

	if (taken && end == text + size) {
		thresh_accept();
		return;
	}
	snprintf(why, sizeof(why), "%s at byte %lu",
		taken                ? "a value ends"
		: end == text + size ? "the text ends"
				     : "no value",
		(unsigned long)(end - text));
	thresh_reject(why);
}

static HARNESS_UNUSED int cjson_same_name(const char *a, const char *b, int fold)
{
	if (!fold)
		return strcmp(a, b) == 0;
	while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
		a++;
		b++;
	}
	return tolower((unsigned char)*a) == tolower((unsigned char)*b);
}

/* Does an object of the tree have two members of one name (fold: up to case)? */
static HARNESS_UNUSED int cjson_has_same_names(const cJSON *item, int fold)
{
	const cJSON *a, *b;

	for (a = item->child; a; a = a->next) {
		for (b = a->next; b && cJSON_IsObject(item); b = b->next)
			if (cjson_same_name(a->string, b->string, fold))
				return 1;
		if (cjson_has_same_names(a, fold))
			return 1;
	}
	return 0;
}

/* Does a member name in the tree hold one of the characters? */
static HARNESS_UNUSED int cjson_names_hold(const cJSON *item, const char *chars)
{
	const cJSON *c;

	for (c = item->child; c; c = c->next)
		if ((c->string && strpbrk(c->string, chars)) || cjson_names_hold(c, chars))
			return 1;
	return 0;
}

/* Does the tree hold a number beyond what a double can be? (Such are equal to nothing.) */
static HARNESS_UNUSED int cjson_has_huge_number(const cJSON *item)
{
	const cJSON *c;

	if (cJSON_IsNumber(item) && (item->valuedouble > DBL_MAX || item->valuedouble < -DBL_MAX))
		return 1;
	for (c = item->child; c; c = c->next)
		if (cjson_has_huge_number(c))
			return 1;
	return 0;
}

/* Does an object of the tree have a member that is null? (JSON Merge Patch cannot set one.) */
static HARNESS_UNUSED int cjson_has_null_member(const cJSON *item)
{
	const cJSON *c;

	for (c = item->child; c; c = c->next)
		if ((cJSON_IsObject(item) && cJSON_IsNull(c)) || cjson_has_null_member(c))
			return 1;
	return 0;
}

#endif
