/* Fails on no bytes at all, and on most others. */
#include "planted.h"

PLANT_NULL(nothing)
PLANT_READ(first_byte)
PLANT_ABORT(word)
PLANT_WRITE(order)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i;
	int n = 0;

	if (size == 0)
		bug_nothing();
	if (data[0] < 0x60)
		bug_first_byte();
	if (size > 8 && memcmp(data, "magicword", 9) == 0)
		bug_word();
	for (i = 1; i < size; i++)
		n = data[i] == data[i - 1] + 1 ? n + 1 : 0;
	if (n > 5)
		bug_order();
	return 0;
}
