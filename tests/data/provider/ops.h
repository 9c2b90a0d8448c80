/* One script of calls for both providers: each prints what it got, so that the outputs can be compared as text. */
#ifndef OPS_H
#define OPS_H

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	OP_U8, OP_U16, OP_U32, OP_U64, OP_I8, OP_I16, OP_I32, OP_I64, OP_RANGE_I32, OP_RANGE_U16, OP_RANGE_I64,
	OP_RANGE_ONE, OP_RANGE_U64, OP_BOOL, OP_PROB, OP_PROBF, OP_DOUBLE, OP_FLOAT, OP_RANGE_DOUBLE, OP_RANGE_FLOAT,
	OP_BYTES, OP_STRING, OP_STRING_ALL, OP_ENUM, OP_PICK, OP_DATA, OP_RANGE_I8,
	OP_RANGE_I8_ALL, OP_RANGE_U8, OP_RANGE_I16, OP_RANGE_U32, OP_RANGE_I32_ALL, OP_RANGE_I64_ALL, OP_RANGE_I64_LOW,
	OP_RANGE_U64_ALL, OP_STRING_NONE, OP_RANGE_DOUBLE_WIDE, OP_RANGE_FLOAT_WIDE, OP_N
};

static inline void put_bytes(const void *p, size_t n)
{
	printf("%zu:", n);
	for (size_t i = 0; i < n; i++)
		printf("%02x", ((const unsigned char *)p)[i]);
	putchar('\n');
}

/* The script: which call comes next is no part of the input. */
static inline unsigned next_op(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % OP_N;
}

#endif
