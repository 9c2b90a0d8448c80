/* FuzzedDataProvider's half: see ops.h. usage: cxx SEED < input */
#include <fuzzer/FuzzedDataProvider.h>
#include "ops.h"
#include <limits>

static const int picks[] = { 3, 1, 4, 1, 5, 9, 2 };
enum class Five { A, B, C, D, E, kMaxValue = E };

static void put(const std::string &s) { put_bytes(s.data(), s.size()); }

static void one(FuzzedDataProvider *d, unsigned op)
{
	char dst[9] = "........";

	switch (op) {
	case OP_U8: printf("%u\n", (unsigned)d->ConsumeIntegral<uint8_t>()); break;
	case OP_U16: printf("%u\n", (unsigned)d->ConsumeIntegral<uint16_t>()); break;
	case OP_U32: printf("%" PRIu32 "\n", d->ConsumeIntegral<uint32_t>()); break;
	case OP_U64: printf("%" PRIu64 "\n", d->ConsumeIntegral<uint64_t>()); break;
	case OP_I8: printf("%d\n", (int)d->ConsumeIntegral<int8_t>()); break;
	case OP_I16: printf("%d\n", (int)d->ConsumeIntegral<int16_t>()); break;
	case OP_I32: printf("%" PRId32 "\n", d->ConsumeIntegral<int32_t>()); break;
	case OP_I64: printf("%" PRId64 "\n", d->ConsumeIntegral<int64_t>()); break;
	case OP_RANGE_I32: printf("%d\n", d->ConsumeIntegralInRange<int>(-1000, 99999)); break;
	case OP_RANGE_U16: printf("%u\n", (unsigned)d->ConsumeIntegralInRange<uint16_t>(10, 300)); break;
	case OP_RANGE_I64: printf("%" PRId64 "\n", d->ConsumeIntegralInRange<int64_t>(INT64_MIN + 1, INT64_MAX)); break;
	case OP_RANGE_ONE: printf("%d\n", d->ConsumeIntegralInRange<int>(7, 7)); break;
	case OP_RANGE_U64: printf("%" PRIu64 "\n", d->ConsumeIntegralInRange<uint64_t>(1, UINT64_MAX)); break;
	case OP_RANGE_I8: printf("%d\n", (int)d->ConsumeIntegralInRange<int8_t>(-128, -1)); break;
	case OP_RANGE_I8_ALL: printf("%d\n", (int)d->ConsumeIntegralInRange<int8_t>(INT8_MIN, INT8_MAX)); break;
	case OP_RANGE_U8: printf("%u\n", (unsigned)d->ConsumeIntegralInRange<uint8_t>(254, 255)); break;
	case OP_RANGE_I16: printf("%d\n", (int)d->ConsumeIntegralInRange<int16_t>(INT16_MIN, 0)); break;
	case OP_RANGE_U32: printf("%" PRIu32 "\n", d->ConsumeIntegralInRange<uint32_t>(1, UINT32_MAX)); break;
	case OP_RANGE_I32_ALL: printf("%" PRId32 "\n", d->ConsumeIntegralInRange<int32_t>(INT32_MIN, INT32_MAX)); break;
	case OP_RANGE_I64_ALL: printf("%" PRId64 "\n", d->ConsumeIntegralInRange<int64_t>(INT64_MIN, INT64_MAX)); break;
	case OP_RANGE_I64_LOW: printf("%" PRId64 "\n", d->ConsumeIntegralInRange<int64_t>(INT64_MIN, INT64_MIN + 1)); break;
	case OP_RANGE_U64_ALL: printf("%" PRIu64 "\n", d->ConsumeIntegralInRange<uint64_t>(0, UINT64_MAX)); break;
	case OP_STRING_NONE: put(d->ConsumeRandomLengthString(0)); break;
	case OP_RANGE_DOUBLE_WIDE: printf("%a\n", d->ConsumeFloatingPointInRange<double>(-1.7e308, 1.6e308)); break;
	case OP_RANGE_FLOAT_WIDE: printf("%a\n", (double)d->ConsumeFloatingPointInRange<float>(-3.4e38f, 3.3e38f)); break;
	case OP_BOOL: printf("%d\n", (int)d->ConsumeBool()); break;
	case OP_PROB: printf("%a\n", d->ConsumeProbability<double>()); break;
	case OP_PROBF: printf("%a\n", (double)d->ConsumeProbability<float>()); break;
	case OP_DOUBLE: printf("%a\n", d->ConsumeFloatingPoint<double>()); break;
	case OP_FLOAT: printf("%a\n", (double)d->ConsumeFloatingPoint<float>()); break;
	case OP_RANGE_DOUBLE: printf("%a\n", d->ConsumeFloatingPointInRange<double>(-1.5, 1e10)); break;
	case OP_RANGE_FLOAT: printf("%a\n", (double)d->ConsumeFloatingPointInRange<float>(-0.25f, 3.5f)); break;
	case OP_BYTES: put(d->ConsumeBytesAsString(5)); break;
	case OP_STRING: put(d->ConsumeRandomLengthString(6)); break;
	case OP_STRING_ALL: put(d->ConsumeRandomLengthString()); break;
	case OP_ENUM: printf("%u\n", (unsigned)d->ConsumeEnum<Five>()); break;
	case OP_PICK: printf("%d\n", d->PickValueInArray(picks)); break;
	case OP_DATA: {
		size_t n = d->ConsumeData(dst, 8);

		printf("%zu ", n);
		put_bytes(dst, 8);
		break;
	}
	}
}

int main(int argc, char **argv)
{
	static uint8_t input[65536];
	size_t n = fread(input, 1, sizeof(input), stdin);
	uint32_t state = (uint32_t)strtoul(argc > 1 ? argv[1] : "1", nullptr, 10);
	FuzzedDataProvider d(input, n);

	for (int i = 0; i < 60; i++) {
		unsigned op = next_op(&state);

		printf("%u %zu ", op, d.remaining_bytes());
		one(&d, op);
	}
	put(d.ConsumeRemainingBytesAsString());
	return 0;
}
