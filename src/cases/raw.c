/* Bytes without a meaning: none, each one, and runs at the lengths where buffers end. */
#include "base/prelude.h"
#include "base/mem.h"
#include "cases/internal.h"

static void single_bytes(struct cases_sink *o)
{
	cases_put(o, "", 0, "empty");
	for (unsigned c = 0; c < 256; c++) {
		unsigned char two[2] = { (unsigned char)c, 0 };

		cases_put(o, two, 1, "byte-%02x", c);
		cases_put(o, two, 2, "byte-%02x-nul", c);
	}
	for (unsigned c = 0; c < 256; c++) {
		unsigned char b[2] = { (unsigned char)c, (unsigned char)c };

		cases_put(o, b, 2, "byte-%02x-twice", c);
	}
}

/* Runs of one byte, and of one bit wandering: at 2^k-1, 2^k, 2^k+1 up to the limit. */
static void runs(struct cases_sink *o, const struct cases_input *in, size_t k)
{
	static const unsigned char fills[] = { 0x00, 0xff, 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40,
		0x80, 0x7f, ' ', 'A', '%', '\n' };
	struct buf b = BUF_INIT;

	for (int d = -1; d <= 1; d++) {
		size_t n = (size_t)((int64_t)1 << k) + (size_t)d;

		if (n > in->max_len)
			break;
		buf_reset(&b);
		buf_reserve(&b, n + 1);
		b.len = n;
		for (size_t f = 0; f < sizeof(fills); f++) {
			memset(b.s, fills[f], n);
			cases_put_buf(o, &b, "run-%02x-%zu", fills[f], n);
		}
		for (size_t i = 0; i < n; i++)
			b.s[i] = (char)i;
		cases_put_buf(o, &b, "counting-%zu", n);
		for (size_t i = 0; i < n; i++)
			b.s[i] = (char)(1u << (i & 7));
		cases_put_buf(o, &b, "bits-%zu", n);
		for (size_t i = 0; i < n; i++)
			b.s[i] = (char)('a' + i % 26);
		cases_put_buf(o, &b, "letters-%zu", n);
		memset(b.s, 'A', n);
		b.s[n / 2] = '\0';
		cases_put_buf(o, &b, "embedded-nul-%zu", n);
		memset(b.s, 'A', n);
		b.s[n - 1] = '\0';
		cases_put_buf(o, &b, "nul-at-end-%zu", n);
	}
	buf_release(&b);
}

/* The limit itself, which need not be near a power of two. */
static void limit(struct cases_sink *o, const struct cases_input *in)
{
	struct buf b = BUF_INIT;

	for (size_t cut = 0; cut < 2 && in->max_len > cut; cut++) {
		buf_reset(&b);
		buf_reserve(&b, in->max_len);
		b.len = in->max_len - cut;
		memset(b.s, 'A', b.len);
		cases_put_buf(o, &b, "limit-%zu", b.len);
		memset(b.s, 0xff, b.len);
		cases_put_buf(o, &b, "limit-ff-%zu", b.len);
	}
	buf_release(&b);
}

/* What a byte opens is often nested by it alone: a list of one in a binary format, a bracket in a text. */
bool cases_raw_deep(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	char unit[2] = { (char)step, '\0' }, *what = xasprintf("deep-%02zx", step);

	if (step)
		cases_put_deep(o, what, unit, in->max_len);
	free(what);
	return step < 255;
}

bool cases_raw(struct cases_sink *o, const struct cases_input *in, size_t step)
{
	if (step == 0) {
		single_bytes(o);
		return true;
	}
	/* a step for each power of two: step 23 makes runs of 8 MiB */
	if (((size_t)1 << step) - 1 <= in->max_len && step < 24) {
		runs(o, in, step);
		return true;
	}
	limit(o, in);
	return false;
}
