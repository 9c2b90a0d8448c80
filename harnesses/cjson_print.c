/*
 * Boundary: cJSON's printer: formatted, unformatted, buffered, and into a preallocated buffer.
 * Bytes: JSON text; the tree it parses to is printed.
 * Oracle: what was printed parses, and prints again to the same text; all printers agree; a
 * preallocated buffer with the documented five bytes to spare is enough, and a smaller one is never
 * written past its end (it is allocated to measure, so the sanitizer sees it).
 */
#include <limits.h>

#include "cjson_common.h"

HARNESS_ORACLE(printed_text_does_not_parse, "printed text does not parse")
HARNESS_ORACLE(printing_changes_the_value, "printed text parses to another value")
HARNESS_ORACLE(printers_disagree, "printing buffered or preallocated gives another text")
HARNESS_ORACLE(preallocated_is_too_small, "five bytes to spare are not enough to print")

static void check_round_trip(const char *printed, const char *plain)
{
	cJSON *again = cJSON_Parse(printed);
	char *text;

	if (!again)
		printed_text_does_not_parse();
	text = cJSON_PrintUnformatted(again);
	if (text && strcmp(text, plain) != 0)
		printing_changes_the_value();
	cJSON_free(text);
	cJSON_Delete(again);
}

static void check_buffered(const cJSON *tree, const char *want, int prebuffer, int format)
{
	char *text = cJSON_PrintBuffered(tree, prebuffer, format);

	if (text && strcmp(text, want) != 0)
		printers_disagree();
	cJSON_free(text);
}

static void check_preallocated(cJSON *tree, const char *want, size_t room, int format)
{
	size_t need = strlen(want) + 1;
	char *buffer = malloc(room ? room : 1);

	if (!buffer)
		return;
	if (cJSON_PrintPreallocated(tree, buffer, (int)room, format)) {
		if (strcmp(buffer, want) != 0)
			printers_disagree();
	} else if (room >= need + 5) {
		preallocated_is_too_small();
	}
	free(buffer);
}

static void check_printer(cJSON *tree, const char *want, int format)
{
	size_t length = strlen(want);
	size_t room;

	if (length > INT_MAX / 4)
		return;
	check_buffered(tree, want, 0, format);
	check_buffered(tree, want, 1, format);
	check_buffered(tree, want, (int)length + 1, format);
	for (room = length > 4 ? length - 4 : 0; room <= length + 6; room++)
		check_preallocated(tree, want, room, format);
	check_preallocated(tree, want, length / 2, format);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = harness_text(data, size);
	cJSON *tree = text ? cJSON_Parse(text) : NULL;

	free(text);
	if (tree) {
		char *plain = cJSON_PrintUnformatted(tree);
		char *formatted = cJSON_Print(tree);

		if (plain && formatted) {
			check_round_trip(plain, plain);
			check_round_trip(formatted, plain);
			check_printer(tree, plain, 0);
			check_printer(tree, formatted, 1);
		}
		cJSON_free(plain);
		cJSON_free(formatted);
	}
	cJSON_Delete(tree);
	return tree ? thresh_accept() : thresh_reject("not JSON");
}
