/*
 * The canary: bugs that a campaign has to find, triage, minimise and turn into tests, each night, so that a quiet night
 * and a dead pipeline don't look alike. It is inside the program (src/night/canary.c), and no boundary of anything.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sink;

/* Behind a value that no luck finds: engines have to look at comparisons. */
static void canary_crash(const uint8_t *data, size_t size)
{
	char *volatile room = malloc(4);

	if (room && size >= 9 && memcmp(data + 1, "canary:1", 8) == 0)
		room[4] = 1;
	free(room);
}

static void canary_leak(const uint8_t *data, size_t size)
{
	char *volatile kept = malloc(16);

	if (size >= 2 && data[1] >= 128)
		sink += 2;
	else
		free(kept);
	kept = NULL;
}

static void canary_hang(const uint8_t *data, size_t size)
{
	while (size >= 2 && data[1] == 'g')
		sink++;
}

/* What only MSan sees. */
static void canary_unset(const uint8_t *data, size_t size)
{
	int *volatile value = malloc(sizeof(*value));

	if (!value)
		return;
	if (size >= 2 && data[1] >= 128)
		sink += 3;
	else
		*value = 1;
	if (*value == 3)
		sink++;
	free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	switch (size ? data[0] : 0) {
	case 'c':
		canary_crash(data, size);
		break;
	case 'l':
		canary_leak(data, size);
		break;
	case 'h':
		canary_hang(data, size);
		break;
	case 'u':
		canary_unset(data, size);
		break;
	}
	return 0;
}
