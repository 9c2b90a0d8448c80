/* The C provider's half: see ops.h. usage: c SEED < input */
#include "thresh.h"
#include "ops.h"

static const int picks[] = { 3, 1, 4, 1, 5, 9, 2 };

static void one(struct thresh_data *d, unsigned op)
{
	size_t n;
	char *s, dst[9] = "........";

	switch (op) {
	case OP_U8: printf("%u\n", (unsigned)thresh_u8(d)); break;
	case OP_U16: printf("%u\n", (unsigned)thresh_u16(d)); break;
	case OP_U32: printf("%" PRIu32 "\n", thresh_u32(d)); break;
	case OP_U64: printf("%" PRIu64 "\n", thresh_u64(d)); break;
	case OP_I8: printf("%d\n", (int)thresh_i8(d)); break;
	case OP_I16: printf("%d\n", (int)thresh_i16(d)); break;
	case OP_I32: printf("%" PRId32 "\n", thresh_i32(d)); break;
	case OP_I64: printf("%" PRId64 "\n", thresh_i64(d)); break;
	case OP_RANGE_I32: printf("%d\n", (int)thresh_range(d, -1000, 99999)); break;
	case OP_RANGE_U16: printf("%u\n", (unsigned)thresh_range_u64(d, 10, 300)); break;
	case OP_RANGE_I64: printf("%" PRId64 "\n", thresh_range(d, INT64_MIN + 1, INT64_MAX)); break;
	case OP_RANGE_ONE: printf("%d\n", (int)thresh_range(d, 7, 7)); break;
	case OP_RANGE_U64: printf("%" PRIu64 "\n", thresh_range_u64(d, 1, UINT64_MAX)); break;
	case OP_RANGE_I8: printf("%d\n", (int)thresh_range(d, -128, -1)); break;
	case OP_RANGE_I8_ALL: printf("%d\n", (int)thresh_range(d, INT8_MIN, INT8_MAX)); break;
	case OP_RANGE_U8: printf("%u\n", (unsigned)thresh_range_u64(d, 254, 255)); break;
	case OP_RANGE_I16: printf("%d\n", (int)thresh_range(d, INT16_MIN, 0)); break;
	case OP_RANGE_U32: printf("%" PRIu32 "\n", (uint32_t)thresh_range_u64(d, 1, UINT32_MAX)); break;
	case OP_RANGE_I32_ALL: printf("%" PRId32 "\n", (int32_t)thresh_range(d, INT32_MIN, INT32_MAX)); break;
	case OP_RANGE_I64_ALL: printf("%" PRId64 "\n", thresh_range(d, INT64_MIN, INT64_MAX)); break;
	case OP_RANGE_I64_LOW: printf("%" PRId64 "\n", thresh_range(d, INT64_MIN, INT64_MIN + 1)); break;
	case OP_RANGE_U64_ALL: printf("%" PRIu64 "\n", thresh_range_u64(d, 0, UINT64_MAX)); break;
	case OP_STRING_NONE: s = thresh_string_n(d, 0, &n); put_bytes(s, n); free(s); break;
	case OP_RANGE_DOUBLE_WIDE: printf("%a\n", thresh_range_double(d, -1.7e308, 1.6e308)); break;
	case OP_RANGE_FLOAT_WIDE: printf("%a\n", (double)thresh_range_float(d, -3.4e38f, 3.3e38f)); break;
	case OP_BOOL: printf("%d\n", thresh_bool(d)); break;
	case OP_PROB: printf("%a\n", thresh_probability(d)); break;
	case OP_PROBF: printf("%a\n", (double)thresh_probability_float(d)); break;
	case OP_DOUBLE: printf("%a\n", thresh_double(d)); break;
	case OP_FLOAT: printf("%a\n", (double)thresh_float(d)); break;
	case OP_RANGE_DOUBLE: printf("%a\n", thresh_range_double(d, -1.5, 1e10)); break;
	case OP_RANGE_FLOAT: printf("%a\n", (double)thresh_range_float(d, -0.25f, 3.5f)); break;
	case OP_BYTES: s = thresh_bytes_copy(d, 5, &n); put_bytes(s, n); free(s); break;
	case OP_STRING: s = thresh_string_n(d, 6, &n); put_bytes(s, n); free(s); break;
	case OP_STRING_ALL: s = thresh_string_n(d, thresh_left(d), &n); put_bytes(s, n); free(s); break;
	case OP_ENUM: printf("%u\n", (unsigned)thresh_enum(d, 4)); break;
	case OP_PICK: printf("%d\n", THRESH_PICK(d, picks)); break;
	case OP_DATA: n = thresh_bytes_into(d, dst, 8); printf("%zu ", n); put_bytes(dst, 8); break;
	}
}

int main(int argc, char **argv)
{
	static uint8_t input[65536];
	size_t n = fread(input, 1, sizeof(input), stdin);
	uint32_t state = (uint32_t)strtoul(argc > 1 ? argv[1] : "1", NULL, 10);
	struct thresh_data d = thresh_data(input, n);
	char *rest;

	for (int i = 0; i < 60; i++) {
		unsigned op = next_op(&state);

		printf("%u %zu ", op, thresh_left(&d));
		one(&d, op);
	}
	rest = thresh_rest_copy(&d, &n);
	put_bytes(rest, n);
	free(rest);
	return 0;
}
