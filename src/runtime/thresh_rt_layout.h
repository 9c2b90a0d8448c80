/*
 * How the records of a binary format are laid out, learned from inputs: where the first begins, what stands in front of a
 * record's length, how that is written, what it counts, and which checksum ends a record. Nothing here allocates.
 */
#ifndef THRESH_RT_LAYOUT_H
#define THRESH_RT_LAYOUT_H

#include "thresh_rt_lexicon.h"

#include <stddef.h>
#include <stdint.h>

/* of a longer input the rest has no records */
#define THRESH_RT_LAYOUT_LOOKED (16u << 10)
#define THRESH_RT_RECORDS 192
#define THRESH_RT_LENGTH_MAX 16

/* How a length is written. */
enum thresh_rt_length {
	LEN_BE32,
	LEN_LE32,
	LEN_BE64,
	LEN_LE64,
	LEN_BE24,
	LEN_BE16,
	LEN_LE16,
	LEN_U8,
	LEN_VARINT,  /* seven bits a byte, the low ones first */
	LEN_BER,     /* to 127 one byte; or 0x80 + their number, and bytes, the high one first */
	LEN_DECIMAL, /* digits, and the one byte that ends them */
	LEN_NONE,    /* there is none: records are all of one size */
	LENS
};

struct thresh_rt_layout {
	uint8_t start;  /* of the first record */
	uint8_t before; /* bytes of a record in front of its length */
	uint8_t length;
	int8_t more; /* its bytes that the length doesn't count, but for those before and itself; below 0: it counts those */
	/* of what there is more of, the last bytes */
	uint8_t sum, sum_little, sum_from;
};

/* Where a checksum begins to count. */
enum { SUM_FROM_RECORD, SUM_FROM_LENGTH_END, SUM_FROM_VALUE, SUM_FROMS };

struct thresh_rt_record {
	uint32_t from, length, value, tail, to; /* offsets; tail: the value's end */
	int parent;                             /* the record whose value it is in; -1: none */
	uint8_t width;                          /* of the length */
};

struct thresh_rt_records {
	unsigned n;
	struct thresh_rt_record record[THRESH_RT_RECORDS];
};

/* Bytes that a length takes; 0: there is no whole one. *v: its value. */
unsigned thresh_rt_length_read(unsigned kind, const uint8_t *s, size_t n, uint64_t *v);

/* Writes a length in place of `old`, which was so many bytes: how many it takes now; 0: it has no room for v. */
unsigned thresh_rt_length_write(unsigned kind, const uint8_t *old, unsigned width, uint64_t v,
	uint8_t to[THRESH_RT_LENGTH_MAX]);

/* Bytes between a length and the value that it doesn't count, as the type of a PNG's chunk. */
unsigned thresh_rt_layout_middle(const struct thresh_rt_layout *l);

/* Of an input, those in others' values included; parents come before their children. */
void thresh_rt_layout_walk(const struct thresh_rt_layout *l, const uint8_t *s, size_t size,
	struct thresh_rt_records *out);

/*
 * The likeliest layout, with the checksum its records have; types that are words (NULL: none) make it likelier. How sure it
 * is, in bits; 0: there is none to speak of.
 */
unsigned thresh_rt_layout_find(const uint8_t *s, size_t size, const struct thresh_rt_lexicon *words,
	struct thresh_rt_layout *out);

/* Writes the checksum of record r, if the layout has one. */
void thresh_rt_layout_mend_sum(
	const struct thresh_rt_layout *l, uint8_t *s, const struct thresh_rt_record *r);

#endif
