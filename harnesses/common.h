/*
 * What the harnesses share: the entry point's prototype, a checked copy of the input, the one way to
 * report that an oracle other than "does not crash" was violated, and, from thresh.h, whether an
 * input was taken.
 */
#ifndef THRESH_HARNESSES_COMMON_H
#define THRESH_HARNESSES_COMMON_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../src/runtime/thresh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#if defined(__GNUC__)
#define HARNESS_UNUSED __attribute__((unused))
#define HARNESS_NOINLINE __attribute__((noinline, unused))
#else
#define HARNESS_UNUSED
#define HARNESS_NOINLINE
#endif

/*
 * One function per violated property: its name is the frame that tells one violation from another.
 * The message says the same to people and never depends on the input.
 */
#define HARNESS_ORACLE(name, message)                            \
	static HARNESS_NOINLINE void name(void)                  \
	{                                                        \
		fputs("oracle violated: " message "\n", stderr); \
		fflush(stderr);                                  \
		abort();                                         \
	}

/* A copy of exactly SIZE bytes, so that reading one more is seen. NULL when out of memory. */
static HARNESS_UNUSED char *harness_bytes(const uint8_t *data, size_t size)
{
	char *copy = malloc(size ? size : 1);

	if (copy && size)
		memcpy(copy, data, size);
	return copy;
}

/* The bytes as a C string, which ends at the first NUL among them. NULL when out of memory. */
static HARNESS_UNUSED char *harness_text(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		return NULL;
	if (size)
		memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

#endif
