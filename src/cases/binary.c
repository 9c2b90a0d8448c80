/*
 * Length-prefixed binary: records of (length, bytes), (tag, length, bytes) and counted lists, at every width and in
 * both orders, with lengths that are right, one off, at the ends of their range, and that make sums and products
 * overflow.
 */
#include "base/prelude.h"
#include "cases/internal.h"

#define VARINT 0 /* as a width: 7 bits a byte, low first */

static void add_length(struct buf *b, uint64_t v, size_t width, bool big)
{
	if (width == VARINT) {
		while (v >= 0x80) {
			buf_addch(b, (int)(v & 0x7f) | 0x80);
			v >>= 7;
		}
		buf_addch(b, (int)v);
		return;
	}
	for (size_t i = 0; i < width; i++)
		buf_addch(b, (int)(v >> (8 * (big ? width - 1 - i : i)) & 255));
}

static void lengths(struct cases_sink *o, size_t width, bool big, unsigned tag)
{
	static const size_t bodies[] = { 0, 1, 2, 4, 16, 255, 256 };
	uint64_t all =
		width == VARINT || width == 8 ? UINT64_MAX : ((uint64_t)1 << (8 * width)) - 1;
	const char *order = width == VARINT ? "varint" : width == 1 ? "u" : big ? "be" : "le";
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		size_t n = bodies[i];
		uint64_t said[] = { n, n + 1, n - 1, n + width + tag, 0, 1, all, all - 1, all / 2,
			all / 2 + 1, all - n, all - n - width, all / 4 + 1, all / 8 + 1, 65536 };

		for (size_t k = 0; k < ARRAY_LEN(said); k++) {
			if (said[k] > all)
				continue;
			buf_reset(&b);
			if (tag)
				buf_addch(&b, (int)tag);
			add_length(&b, said[k], width, big);
			cases_repeat(&b, "A", n);
			cases_put_buf(o, &b, "tag-%u/%s%zu/body-%zu-says-%llx", tag, order,
				8 * width, n, (unsigned long long)said[k]);
			if (k)
				continue;
			cases_put(o, b.s, b.len - (b.len > 0), "tag-%u/%s%zu/body-%zu-cut", tag,
				order, 8 * width, n);
			buf_addch(&b, 'x');
			cases_put_buf(
				o, &b, "tag-%u/%s%zu/body-%zu-then-byte", tag, order, 8 * width, n);
		}
	}
	buf_release(&b);
}

/* Records in records: each holds all that follows. */
static void nested(struct cases_sink *o, size_t width, bool big, size_t max)
{
	struct buf b = BUF_INIT;

	for (const size_t *n = cases_sizes; *n && *n * (width + 1) <= max; n++) {
		if (width < 8 && (uint64_t)*n * (width + 1) >= (uint64_t)1 << (8 * width))
			break;
		buf_reset(&b);
		for (size_t i = *n; i-- > 0;) {
			buf_addch(&b, 0x30);
			add_length(&b, i * (width + 1), width, big);
		}
		cases_put_buf(o, &b, "nested/%s%zu-%zu", big ? "be" : "le", 8 * width, *n);
		buf_reset(&b);
		for (size_t i = 0; i < *n; i++) {
			buf_addch(&b, 0x30);
			add_length(&b, 0, width, big);
		}
		cases_put_buf(o, &b, "siblings/%s%zu-%zu", big ? "be" : "le", 8 * width, *n);
	}
	buf_release(&b);
}

/* Two numbers whose product, or sum, is small again in their width or twice their width. */
static void products(struct cases_sink *o, size_t width, bool big)
{
	unsigned bits = (unsigned)(8 * width);
	uint64_t all = width == 8 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
	const uint64_t pairs[][2] = { { (uint64_t)1 << (bits - 1), 2 },
		{ (uint64_t)1 << (bits - 2), 4 }, { (uint64_t)1 << (bits - 4), 16 },
		{ (uint64_t)1 << (bits / 2), (uint64_t)1 << (bits / 2) }, { all / 3 + 1, 3 },
		{ all / 8 + 2, 8 }, { all / 12 + 1, 12 }, { all / 16 + 2, 16 },
		{ all / 255 + 1, 255 }, { all, all }, { all / 2, all / 2 }, { all, 1 },
		{ (uint64_t)1 << (bits - 1), (uint64_t)1 << (bits - 1) } };
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		for (unsigned turned = 0; turned < 2; turned++) {
			buf_reset(&b);
			add_length(&b, pairs[i][turned], width, big);
			add_length(&b, pairs[i][!turned], width, big);
			cases_repeat(&b, "A", 16);
			cases_put_buf(o, &b, "pair/%s%u/%llx-%llx", big ? "be" : "le", bits,
				(unsigned long long)pairs[i][turned],
				(unsigned long long)pairs[i][!turned]);
		}
	buf_release(&b);
}

static void varints(struct cases_sink *o)
{
	static const struct cases_row rows[] = { CASES_ROW("varint/unended", "\x80"),
		CASES_ROW("varint/unended-9", "\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
		CASES_ROW("varint/overlong-zero", "\x80\x00"),
		CASES_ROW("varint/uint64-max", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		CASES_ROW("varint/beyond-uint64", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
		CASES_ROW("varint/10-full", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
		CASES_ROW("varint/11-bytes", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		CASES_ROW("varint/int32-minus", "\xff\xff\xff\xff\x0f"),
		CASES_ROW("ber/indefinite", "\x30\x80\x00\x00"),
		CASES_ROW("ber/indefinite-unended", "\x30\x80"),
		CASES_ROW("ber/indefinite-primitive", "\x04\x80\x00\x00"),
		CASES_ROW("ber/long-form-1", "\x04\x81\x01\x41"),
		CASES_ROW("ber/long-form-cut", "\x04\x82\x01"),
		CASES_ROW("ber/long-form-4", "\x04\x84\xff\xff\xff\xff"),
		CASES_ROW("ber/long-form-8", "\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff"),
		CASES_ROW("ber/long-form-9", "\x04\x89\x01\x00\x00\x00\x00\x00\x00\x00\x00"),
		CASES_ROW("ber/long-form-127", "\x04\xff"),
		CASES_ROW("ber/high-tag", "\x1f\x81\x00\x00"),
		CASES_ROW("ber/high-tag-unended", "\x1f\xff"),
		CASES_ROW("ber/integer-empty", "\x02\x00"),
		CASES_ROW("ber/integer-padded", "\x02\x02\x00\x01"),
		CASES_ROW("ber/oid-empty", "\x06\x00"),
		CASES_ROW("ber/oid-unended", "\x06\x01\x80"),
		CASES_ROW("ber/bits-9-unused", "\x03\x02\x09\x00"),
		CASES_ROW("ber/bits-empty-unused", "\x03\x01\x07"), CASES_ROWS_END };

	cases_put_rows(o, rows);
}

bool cases_binary(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	static const size_t widths[] = { 1, 2, 3, 4, 8, VARINT };
	size_t w = step % ARRAY_LEN(widths);

	if (step < ARRAY_LEN(widths)) {
		for (unsigned i = 0; i < 4; i++)
			lengths(o, widths[w], i & 1, i & 2 ? 1 : 0);
		return true;
	}
	if (step < 2 * ARRAY_LEN(widths)) {
		if (widths[w] != VARINT && widths[w] != 3) {
			nested(o, widths[w], true, in->max_len);
			nested(o, widths[w], false, in->max_len);
			products(o, widths[w], true);
			products(o, widths[w], false);
		}
		return true;
	}
	varints(o);
	return false;
}
