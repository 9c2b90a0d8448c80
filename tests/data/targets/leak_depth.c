/* Leaks; a pointer to what leaked is left on the stack, as deep down as the input's byte says, from 'A' on. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
static volatile int sink;
static __attribute__((noinline)) int leak_at(int depth, const uint8_t *p, size_t n)
{
	volatile char room[48];
	char *lost;
	int rc;

	room[0] = (char)n;
	if (depth > 0) {
		rc = leak_at(depth - 1, p, n);
		return rc + room[0];
	}
	lost = malloc(64);
	memcpy(lost, p, n < 64 ? n : 64);
	sink = lost[0];
	return 0;
}
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n)
		sink = leak_at(*p - 'A', p, n);
	return 0;
}
