/* Records of binary inputs: which layout is seen, what becomes of them, and that lengths and checksums fit afterwards. */
#include "base/prelude.h"
#include "base/mem.h"
#include "runtime/thresh_rt_layout.h"
#include "runtime/thresh_rt_records.h"
#include "runtime/thresh_rt_sums.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define TRIES 20000
#define BYTES(s) (s), sizeof(s) - 1

static const char png[] = "\x89PNG\r\n\x1a\n"
			  "\0\0\0\x0d"
			  "IHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55"
			  "\0\0\0\x0a"
			  "IDATx\x9c\x63\x60\0\0\0\2\0\1\x48\xaf\xa4\x71"
			  "\0\0\0\0"
			  "IEND\xae\x42\x60\x82";

static void test_lengths(void **state)
{
	static const struct {
		unsigned kind;
		const char *bytes;
		size_t n;
		unsigned width; /* 0: it isn't whole */
		uint64_t value;
	} rows[] = {
		{ LEN_U8, BYTES("\xff"), 1, 255 },
		{ LEN_BE16, BYTES("\1\2"), 2, 258 },
		{ LEN_LE16, BYTES("\1\2"), 2, 513 },
		{ LEN_BE16, BYTES("\1"), 0, 0 },
		{ LEN_BE24, BYTES("\1\2\3"), 3, 66051 },
		{ LEN_BE32, BYTES("\0\0\1\0"), 4, 256 },
		{ LEN_LE64, BYTES("\1\0\0\0\0\0\0\0"), 8, 1 },
		{ LEN_VARINT, BYTES("\xac\x02"), 2, 300 },
		{ LEN_VARINT, BYTES("\xac"), 0, 0 },
		{ LEN_BER, BYTES("\x7f"), 1, 127 },
		{ LEN_BER, BYTES("\x82\x01\x00"), 3, 256 },
		{ LEN_BER, BYTES("\x82\x01"), 0, 0 },
		{ LEN_BER, BYTES("\x80"), 0, 0 },
		{ LEN_DECIMAL, BYTES("12:"), 3, 12 },
		{ LEN_DECIMAL, BYTES("12"), 0, 0 },
		{ LEN_DECIMAL, BYTES(":"), 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const uint8_t *s = (const uint8_t *)rows[i].bytes;
		uint8_t to[THRESH_RT_LENGTH_MAX];
		uint64_t v = 0;

		if (thresh_rt_length_read(rows[i].kind, s, rows[i].n, &v) != rows[i].width)
			fail_msg("row %zu: not %u bytes", i, rows[i].width);
		if (!rows[i].width)
			continue;
		assert_int_equal(v, rows[i].value);
		assert_int_equal(thresh_rt_length_write(rows[i].kind, s, rows[i].width, v, to),
			rows[i].width);
		assert_memory_equal(to, s, rows[i].width);
	}
}

static void test_lengths_without_room(void **state)
{
	uint8_t to[THRESH_RT_LENGTH_MAX];

	(void)state;
	assert_int_equal(thresh_rt_length_write(LEN_U8, NULL, 1, 256, to), 0);
	assert_int_equal(thresh_rt_length_write(LEN_BE16, NULL, 2, UINT64_MAX, to), 0);
	assert_int_equal(thresh_rt_length_write(LEN_BE24, NULL, 3, 1u << 24, to), 0);
	assert_int_equal(thresh_rt_length_write(LEN_VARINT, NULL, 1, UINT64_MAX, to), 10);
	assert_int_equal(thresh_rt_length_write(LEN_BER, NULL, 1, UINT64_MAX, to), 9);
	assert_int_equal(thresh_rt_length_write(LEN_DECIMAL, NULL, 0, UINT64_MAX, to), 0);
}

static void test_sums(void **state)
{
	/* "123456789": the check values that catalogues of checksums have */
	static const struct {
		enum thresh_rt_sum kind;
		uint32_t value;
		unsigned width;
	} rows[] = {
		{ SUM_CRC32, 0xcbf43926, 4 },
		{ SUM_CRC32C, 0xe3069283, 4 },
		{ SUM_ADLER32, 0x091e01de, 4 },
		{ SUM_CRC16, 0xbb3d, 2 },
		{ SUM_CRC16_MODBUS, 0x4b37, 2 },
		{ SUM_CRC16_CCITT, 0x29b1, 2 },
		{ SUM_CRC16_XMODEM, 0x31c3, 2 },
		{ SUM_INTERNET, 0xf62a, 2 },
		{ SUM_BYTES16, 477, 2 },
		{ SUM_BYTES8, 477 & 255, 1 },
		{ SUM_XOR8, 0x31, 1 },
		{ SUM_ZERO8, (0u - 477) & 255, 1 },
		{ NO_SUM, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(thresh_rt_sum_width(rows[i].kind), rows[i].width);
		if (thresh_rt_sum(rows[i].kind, (const uint8_t *)"123456789", 9) != rows[i].value)
			fail_msg("checksum %d is %x", rows[i].kind,
				thresh_rt_sum(rows[i].kind, (const uint8_t *)"123456789", 9));
	}
}

static void test_found(void **state)
{
	static const struct {
		const char *what, *bytes;
		size_t size;
		struct thresh_rt_layout layout; /* length LENS: none is seen */
		unsigned records;
	} rows[] = {
		{ "PNG", BYTES(png), { 8, 0, LEN_BE32, 8, SUM_CRC32, 0, SUM_FROM_LENGTH_END }, 3 },
		{ "type, two bytes of length",
			BYTES("\1\0\0\2\0\4root\4\0\x08"
			      "abcdefgh"),
			{ 0, 1, LEN_BE16, 0, 0, 0, 0 }, 3 },
		{ "RIFF",
			BYTES("RIFF\x24\0\0\0WAVEfmt "
			      "\x08\0\0\0\1\0\1\0\x40\x1f\0\0data\6\0\0\0abcdef"),
			{ 12, 4, LEN_LE32, 0, 0, 0, 0 }, 2 },
		{ "lengths that count themselves and all",
			BYTES("\0\0\0\x14"
			      "ftypisom\0\0\0\0abcd"
			      "\0\0\0\x10moovabcdefgh"),
			{ 0, 0, LEN_BE32, -4, 0, 0, 0 }, 2 },
		{ "labels",
			BYTES("\3www\x07"
			      "example\3com\0"),
			{ 0, 0, LEN_U8, 0, 0, 0, 0 }, 4 },
		{ "digits", BYTES("4:spam3:egg10:aaaaaaaaaa"), { 0, 0, LEN_DECIMAL, 0, 0, 0, 0 },
			3 },
		{ "zeros", BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
			{ 0, 0, LENS, 0, 0, 0, 0 }, 0 },
		{ "JSON", BYTES("{\"a\":[1,2,3],\"b\":\"c\"}\n"), { 0, 0, LENS, 0, 0, 0, 0 }, 0 },
		{ "nothing", BYTES(""), { 0, 0, LENS, 0, 0, 0, 0 }, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const uint8_t *s = (const uint8_t *)rows[i].bytes;
		struct thresh_rt_layout l = { .length = LENS };
		struct thresh_rt_records r = { .n = 0 };

		if (thresh_rt_layout_find(s, rows[i].size, NULL, &l))
			thresh_rt_layout_walk(&l, s, rows[i].size, &r);
		else
			l = (struct thresh_rt_layout){ .length = LENS };
		if (memcmp(&l, &rows[i].layout, sizeof(l)) != 0 || r.n != rows[i].records)
			fail_msg("%s: start %u, %u before, length %u, more %d, sum %u from %u: %u "
				 "records",
				rows[i].what, l.start, l.before, l.length, l.more, l.sum,
				l.sum_from, r.n);
	}
}

/* Records in records, and words that are types. */
static void test_nested(void **state)
{
	static const uint8_t nested[] = "\3\0\x0a\2\0\4root\1\0\0\1\0\0";
	static const struct thresh_rt_layout l = { .before = 1, .length = LEN_BE16 };
	static const struct thresh_rt_lexicon words = { 1, { { 4, "HEAD" } } };
	static const uint8_t head[] = "\0\0\0\0HEAD";
	struct thresh_rt_records r;
	struct thresh_rt_layout found;

	(void)state;
	thresh_rt_layout_walk(&l, nested, sizeof(nested) - 1, &r);
	assert_int_equal(r.n, 4);
	assert_int_equal(r.record[1].parent, -1);
	assert_int_equal(r.record[2].parent, 0);
	assert_int_equal(r.record[2].value, 6);
	assert_int_equal(r.record[3].to, 13);
	assert_int_equal(thresh_rt_layout_find(head, sizeof(head) - 1, NULL, &found), 0);
	assert_true(thresh_rt_layout_find(head, sizeof(head) - 1, &words, &found) > 0);
	assert_int_equal(found.length, LEN_BE32);
}

static void learn(const char *s, size_t n, const struct thresh_rt_lexicon *words)
{
	for (unsigned i = 0; i < 200; i++)
		thresh_rt_records_keep((const uint8_t *)s, n, words);
}

/* Each within so many tries: what a mutation is for. */
static void test_reached(void **state)
{
	static const struct thresh_rt_lexicon words = { 2, { { 4, "root" }, { 5, "admin" } } };
	static const char text[] = "\1\0\0\2\0\4root\4\0\x08"
				   "abcdefgh";
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = {
		{ BYTES("\1\0\0\4\0\x08"
			"abcdefgh") }, /* one less */
		{ BYTES("\2\0\4root\1\0\0\4\0\x08"
			"abcdefgh") }, /* two in another order */
		{ BYTES("\1\0\0\1\0\0\2\0\4root\4\0\x08"
			"abcdefgh") }, /* one more of a kind */
		{ BYTES("\1\0\0\2\0\5admin\4\0\x08"
			"abcdefgh") }, /* a word, and its length */
		{ BYTES("\1\0\0\2\0\0\4\0\x08"
			"abcdefgh") }, /* an empty value */
		{ BYTES("\1\0\0\2\0\4root\3\0\x08"
			"abcdefgh") }, /* another type */
		{ BYTES("\1\0\0\2\0\7\2\0\4root\4\0\x08"
			"abcdefgh") }, /* one in another */
	};
	uint8_t out[256];
	unsigned layout;

	(void)state;
	learn(BYTES(text), &words);
	assert_true(thresh_rt_records_has((const uint8_t *)text, sizeof(text) - 1));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool reached = false;

		for (unsigned k = 0; k < TRIES && !reached; k++) {
			size_t n = thresh_rt_records((const uint8_t *)text, sizeof(text) - 1, out,
				sizeof(out), k, &words, &layout);

			reached = n == rows[i].size && !memcmp(out, rows[i].bytes, n);
		}
		if (!reached)
			fail_msg("row %zu: never made", i);
	}
}

static bool sums_fit(const uint8_t *s, size_t n)
{
	size_t at = 8;

	while (n - at >= 12) {
		uint32_t len = (uint32_t)s[at] << 24 | (uint32_t)s[at + 1] << 16 |
			       (uint32_t)s[at + 2] << 8 | s[at + 3];
		const uint8_t *sum;
		uint32_t is;

		if (len > n - at - 12)
			return false;
		sum = s + at + 8 + len;
		is = (uint32_t)sum[0] << 24 | (uint32_t)sum[1] << 16 | (uint32_t)sum[2] << 8 |
		     sum[3];
		if (is != thresh_rt_sum(SUM_CRC32, s + at + 4, 4 + len))
			return false;
		at += 12 + len;
	}
	return at == n;
}

/* Most of what comes of a whole input is whole, with its checksums; the same seed does the same. */
static void test_whole(void **state)
{
	static uint8_t out[4096], again[4096];
	unsigned made = 0, whole = 0, grown = 0, layout;

	(void)state;
	learn(BYTES(png), NULL);
	for (unsigned k = 0; k < TRIES; k++) {
		size_t n = thresh_rt_records(
			(const uint8_t *)png, sizeof(png) - 1, out, sizeof(out), k, NULL, &layout);

		assert_int_equal(thresh_rt_records((const uint8_t *)png, sizeof(png) - 1, again,
					 sizeof(again), k, NULL, &layout),
			n);
		assert_memory_equal(out, again, n);
		if (n < 8)
			continue;
		made++;

		if (sums_fit(out, n)) {
			whole++;
			grown += n > sizeof(png);
		}
	}
	assert_true(made > TRIES / 4);
	if (whole < made / 4 || grown < made / 16)
		fail_msg("of %u %u are whole, %u of those longer", made, whole, grown);
}

/* What stands in front of all records says how many there are, and how many bytes. */
static void test_fields(void **state)
{
	static const char text[] = "MSG-\0\3\1\0\2ab\2\0\5hello\7\0\3xyz";
	static uint8_t out[4096];
	unsigned right = 0, more = 0, layout;

	(void)state;
	learn(BYTES(text), NULL);
	for (unsigned k = 0; k < TRIES; k++) {
		size_t n = thresh_rt_records((const uint8_t *)text, sizeof(text) - 1, out,
			       sizeof(out), k, NULL, &layout),
		       at = 6, count = 0;

		if (n < 8)
			continue;
		for (; n - at >= 3 && (size_t)(out[at + 1] << 8 | out[at + 2]) <= n - at - 3;
			count++)
			at += 3u + (size_t)(out[at + 1] << 8 | out[at + 2]);
		right += at == n && count == (size_t)(out[4] << 8 | out[5]);
		more += at == n && count > 3 && count == (size_t)(out[4] << 8 | out[5]);
	}
	if (more < 100)
		fail_msg("%u with their count, %u of more than there were", right, more);
}

static void test_bounds(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = { { BYTES("") }, { BYTES("\0") }, { BYTES("\xff") }, { BYTES("\0\0\0\5abc") },
		{ BYTES("\0\0\0\0\0\0\0\0\0") }, { BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff") },
		{ BYTES("\x89PNG\r\n\x1a\n") }, { BYTES("\x30\x82\x01") }, { BYTES("999999999:") },
		{ BYTES("\1\0\0\2\0\4root\4\0\x08"
			"abcdefgh") } };
	unsigned layout;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t max = 1; max < 40; max += 3)
			for (unsigned k = 0; k < 200; k++) {
				/* blocks of exactly their size, for a sanitizer to see */
				size_t size = rows[i].size, n;
				uint8_t *in = xmalloc(MAX(size, (size_t)1)), *to = xmalloc(max);

				memcpy(in, rows[i].bytes, size);
				if (k == 0)
					thresh_rt_records_keep(in, size, NULL);
				n = thresh_rt_records(in, size, to, max, k, NULL, &layout);
				assert_true(n <= max);
				assert_true(n == 0 || n != size || memcmp(in, to, n) != 0);
				free(in);
				free(to);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_lengths_without_room),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_reached),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
