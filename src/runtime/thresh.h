/* SPDX-License-Identifier: 0BSD */
/*
 * For harnesses: oracles with names of their own, verdicts, and a typed view of the input. One header, C99 or C++, no
 * library: copy it freely. A harness that uses it still builds for libFuzzer, AFL++ and anything that calls
 * LLVMFuzzerTestOneInput.
 *
 *   THRESH_CHECK(cond)             an oracle: when it doesn't hold, the text and the place are the bug's identity
 *   THRESH_CHECK_MSG(cond, text)   the same with words; the text mustn't depend on the input
 *   THRESH_SAME_BYTES(what, a, n, b, m)   two byte strings that have to be equal
 *   thresh_round_trip(), thresh_idempotent()   the two commonest properties of codecs and printers
 *
 *   return thresh_accept();        this input was taken
 *   return thresh_reject("why");   it was not; both return 0, so that engines keep rejected inputs, too
 *
 *   struct thresh_data d = thresh_data(data, size);
 *   int depth = (int)thresh_range(&d, 1, 64);
 *   char *name = thresh_string(&d, 32);          the caller frees
 *
 * The thresh_data calls consume the input as C++'s FuzzedDataProvider does: integers from the end, strings and bytes
 * from the front, with the same escapes and the same arithmetic. A corpus made by one is as good for the other.
 * Nothing here fails for want of input: at the end of the data, numbers are their minimum and strings are empty.
 */
#ifndef THRESH_H
#define THRESH_H

#include <float.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#define THRESH_CAST(type, v) static_cast<type>(v)
#else
#define THRESH_CAST(type, v) ((type)(v))
#endif
#if defined(__GNUC__)
#define THRESH_FN static __attribute__((unused))
#define THRESH_COLD static __attribute__((unused, noinline, noreturn, cold))
#else
#define THRESH_FN static
#define THRESH_COLD static
#endif

/* ---- oracles ---- */

/* The frame above this one, and the text, tell one violated property from another. */
THRESH_COLD void thresh_rt_check_failed(
	const char *text, const char *file, int line, const char *function)
{
	fflush(stdout);
	fprintf(stderr, "thresh: check failed: %s\n    at %s:%d in %s\n", text, file, line,
		function);
	fflush(stderr);
	abort();
}

#define THRESH_CHECK_MSG(cond, text) \
	((cond) ? (void)0 : thresh_rt_check_failed(text, __FILE__, __LINE__, __func__))
#define THRESH_CHECK(cond) THRESH_CHECK_MSG(cond, #cond)

/* Where they differ goes to standard error, in front of the check's own line. 1: equal. */
THRESH_FN int thresh_same_bytes(const void *a, size_t n, const void *b, size_t m)
{
	const unsigned char *x = THRESH_CAST(const unsigned char *, a);
	const unsigned char *y = THRESH_CAST(const unsigned char *, b);
	size_t i = 0;

	if (n == m && (n == 0 || memcmp(a, b, n) == 0))
		return 1;
	while (i < n && i < m && x[i] == y[i])
		i++;
	fprintf(stderr, "%lu and %lu bytes, different from byte %lu on\n",
		THRESH_CAST(unsigned long, n), THRESH_CAST(unsigned long, m),
		THRESH_CAST(unsigned long, i));
	return 0;
}

#define THRESH_SAME_BYTES(what, a, n, b, m) THRESH_CHECK_MSG(thresh_same_bytes(a, n, b, m), what)

/*
 * A function from bytes to bytes: 0 and *out in a fresh block from malloc (NULL is fine for nothing), or another number
 * when it refuses its input.
 */
typedef int (*thresh_bytes_fn)(
	void *arg, const uint8_t *in, size_t n, uint8_t **out, size_t *out_len);

/* What `encode` gives, `decode` takes back to the very same bytes. 0: checked; another number: encode refused. */
THRESH_FN int thresh_round_trip(
	const uint8_t *data, size_t size, thresh_bytes_fn encode, thresh_bytes_fn decode, void *arg)
{
	uint8_t *coded = NULL, *back = NULL;
	size_t n = 0, m = 0;
	int rc = encode(arg, data, size, &coded, &n);

	if (rc == 0) {
		THRESH_CHECK_MSG(decode(arg, coded, n, &back, &m) == 0,
			"round trip: what was encoded is not decoded");
		THRESH_SAME_BYTES("round trip: decoding gives other bytes", data, size, back, m);
	}
	free(coded);
	free(back);
	return rc;
}

/* Done twice it gives what it gave once: printers, normalisers, formatters. 0: checked; else: it refused. */
THRESH_FN int thresh_idempotent(const uint8_t *data, size_t size, thresh_bytes_fn fn, void *arg)
{
	uint8_t *once = NULL, *twice = NULL;
	size_t n = 0, m = 0;
	int rc = fn(arg, data, size, &once, &n);

	if (rc == 0) {
		THRESH_CHECK_MSG(fn(arg, once, n, &twice, &m) == 0,
			"idempotence: its own output is refused");
		THRESH_SAME_BYTES(
			"idempotence: the second time gives other bytes", once, n, twice, m);
	}
	free(once);
	free(twice);
	return rc;
}

/* ---- verdicts ---- */

/* Of this process and this source file, so far. */
static struct {
	unsigned long accepted, rejected;
	/* THRESH_VERDICTS is set: 1; not: -1; not looked yet: 0 */
	int told;
} thresh_verdicts;

THRESH_FN int thresh_tells(void)
{
	if (thresh_verdicts.told == 0)
		thresh_verdicts.told = getenv("THRESH_VERDICTS") ? 1 : -1;
	return thresh_verdicts.told > 0;
}

/* Returns 0. Printed only where somebody asked: `thresh edge --verdicts` and its kin set THRESH_VERDICTS. */
THRESH_FN int thresh_accept(void)
{
	thresh_verdicts.accepted++;
	if (thresh_tells())
		fputs("thresh: accepted\n", stderr);
	return 0;
}

/* why: the implementation's message, or NULL; control bytes in it are shown as "?". Returns 0. */
THRESH_FN int thresh_reject(const char *why)
{
	thresh_verdicts.rejected++;
	if (!thresh_tells())
		return 0;
	fputs("thresh: rejected", stderr);
	if (why) {
		fputs(": ", stderr);
		for (; *why; why++)
			fputc(THRESH_CAST(unsigned char, *why) < ' ' || *why == 127 ? '?' : *why,
				stderr);
	}
	fputc('\n', stderr);
	return 0;
}

THRESH_FN void thresh_counts(unsigned long *accepted, unsigned long *rejected)
{
	*accepted = thresh_verdicts.accepted;
	*rejected = thresh_verdicts.rejected;
}

/* ---- the input, typed ---- */

struct thresh_data {
	const uint8_t *at;
	size_t left;
};

/* g++ takes a function of a structure's name for its constructor's shadow */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif
THRESH_FN struct thresh_data thresh_data(const uint8_t *data, size_t size)
{
	struct thresh_data d;

	d.at = data;
	d.left = size;
	return d;
}
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* Bytes that nobody has consumed yet. */
THRESH_FN size_t thresh_left(const struct thresh_data *d)
{
	return d->left;
}

/* Both ends included; min when nothing is left; min > max is an error of the harness. From the end of the data. */
THRESH_FN uint64_t thresh_range_u64(struct thresh_data *d, uint64_t min, uint64_t max)
{
	uint64_t range = max - min, v = 0;
	unsigned shift = 0;

	if (min > max)
		abort();
	while (shift < 64 && range >> shift > 0 && d->left != 0) {
		v = v << 8 | d->at[--d->left];
		shift += 8;
	}
	return min + (range == UINT64_MAX ? v : v % (range + 1));
}

THRESH_FN int64_t thresh_range(struct thresh_data *d, int64_t min, int64_t max)
{
	uint64_t from = THRESH_CAST(uint64_t, min), v;

	if (min > max)
		abort();
	v = from + thresh_range_u64(d, 0, THRESH_CAST(uint64_t, max) - from);
	/* back to signed without leaving what C defines */
	return v <= INT64_MAX ? THRESH_CAST(int64_t, v) : -1 - THRESH_CAST(int64_t, UINT64_MAX - v);
}

/* Any value of a type: ConsumeIntegral. */
THRESH_FN uint8_t thresh_u8(struct thresh_data *d)
{
	return THRESH_CAST(uint8_t, thresh_range_u64(d, 0, UINT8_MAX));
}
THRESH_FN uint16_t thresh_u16(struct thresh_data *d)
{
	return THRESH_CAST(uint16_t, thresh_range_u64(d, 0, UINT16_MAX));
}
THRESH_FN uint32_t thresh_u32(struct thresh_data *d)
{
	return THRESH_CAST(uint32_t, thresh_range_u64(d, 0, UINT32_MAX));
}
THRESH_FN uint64_t thresh_u64(struct thresh_data *d)
{
	return thresh_range_u64(d, 0, UINT64_MAX);
}
/* The least value is what an empty input gives: ConsumeIntegral of a signed type does so, too. */
THRESH_FN int8_t thresh_i8(struct thresh_data *d)
{
	return THRESH_CAST(int8_t, thresh_range(d, INT8_MIN, INT8_MAX));
}
THRESH_FN int16_t thresh_i16(struct thresh_data *d)
{
	return THRESH_CAST(int16_t, thresh_range(d, INT16_MIN, INT16_MAX));
}
THRESH_FN int32_t thresh_i32(struct thresh_data *d)
{
	return THRESH_CAST(int32_t, thresh_range(d, INT32_MIN, INT32_MAX));
}
THRESH_FN int64_t thresh_i64(struct thresh_data *d)
{
	return thresh_range(d, INT64_MIN, INT64_MAX);
}

THRESH_FN int thresh_bool(struct thresh_data *d)
{
	return thresh_u8(d) & 1;
}

/* 0 to `last`, which is the enum's largest value: ConsumeEnum. */
THRESH_FN uint32_t thresh_enum(struct thresh_data *d, uint32_t last)
{
	return THRESH_CAST(uint32_t, thresh_range_u64(d, 0, last));
}

/* An index below n: PickValueInArray. n 0 is an error of the harness. */
THRESH_FN size_t thresh_index(struct thresh_data *d, size_t n)
{
	if (n == 0)
		abort();
	return THRESH_CAST(size_t, thresh_range_u64(d, 0, n - 1));
}
/* One of an array's elements: THRESH_PICK(&d, array). */
#define THRESH_PICK(d, array) ((array)[thresh_index(d, sizeof(array) / sizeof((array)[0]))])

/* 0 to 1, both included. */
THRESH_FN double thresh_probability(struct thresh_data *d)
{
	return THRESH_CAST(double, thresh_u64(d)) / THRESH_CAST(double, UINT64_MAX);
}
THRESH_FN float thresh_probability_float(struct thresh_data *d)
{
	return THRESH_CAST(float, thresh_u32(d)) / THRESH_CAST(float, UINT32_MAX);
}

THRESH_FN double thresh_range_double(struct thresh_data *d, double min, double max)
{
	double range, v = min;

	if (min > max)
		abort();
	if (max > 0 && min < 0 && max > min + DBL_MAX) {
		/* max - min would overflow: one half, or the other */
		range = max / 2.0 - min / 2.0;
		if (thresh_bool(d))
			v += range;
	} else {
		range = max - min;
	}
	return v + range * thresh_probability(d);
}
THRESH_FN float thresh_range_float(struct thresh_data *d, float min, float max)
{
	float range, v = min;

	if (min > max)
		abort();
	if (max > 0 && min < 0 && max > min + FLT_MAX) {
		range = THRESH_CAST(float, max / 2.0 - min / 2.0);
		if (thresh_bool(d))
			v += range;
	} else {
		range = max - min;
	}
	return v + range * thresh_probability_float(d);
}
/* Any finite one. */
THRESH_FN double thresh_double(struct thresh_data *d)
{
	return thresh_range_double(d, -DBL_MAX, DBL_MAX);
}
THRESH_FN float thresh_float(struct thresh_data *d)
{
	return thresh_range_float(d, -FLT_MAX, FLT_MAX);
}

/* n bytes, or as many as are left, from the front, where they lie: valid as long as the input is. */
THRESH_FN const uint8_t *thresh_bytes(struct thresh_data *d, size_t n, size_t *got)
{
	const uint8_t *p = d->at;

	*got = n < d->left ? n : d->left;
	d->at += *got;
	d->left -= *got;
	return p;
}

/* The same into dst: ConsumeData. Returns how many; the rest of dst is untouched. */
THRESH_FN size_t thresh_bytes_into(struct thresh_data *d, void *dst, size_t n)
{
	size_t got;
	const uint8_t *p = thresh_bytes(d, n, &got);

	if (got)
		memcpy(dst, p, got);
	return got;
}

/*
 * A copy of them, NUL-terminated, in a block of exactly their size and the NUL: what reads further is seen. The caller
 * frees; NULL only without memory. got may be NULL.
 */
THRESH_FN char *thresh_bytes_copy(struct thresh_data *d, size_t n, size_t *got)
{
	size_t len;
	const uint8_t *p = thresh_bytes(d, n, &len);
	char *copy = THRESH_CAST(char *, malloc(len + 1));

	if (copy) {
		if (len)
			memcpy(copy, p, len);
		copy[len] = '\0';
	}
	if (got)
		*got = len;
	return copy;
}

/* All that is left, as above. */
THRESH_FN char *thresh_rest_copy(struct thresh_data *d, size_t *got)
{
	return thresh_bytes_copy(d, d->left, got);
}

/*
 * A string of a length that the input chooses, at most max: it ends at a backslash that another character follows; two
 * backslashes are one. May hold NULs: *len tells its length. As above: the caller frees, NULL without memory.
 */
THRESH_FN char *thresh_string_n(struct thresh_data *d, size_t max, size_t *len)
{
	size_t n = 0, room = max < d->left ? max : d->left;
	char *s = THRESH_CAST(char *, malloc(room + 1)), *fit;

	while (n < max && d->left != 0) {
		uint8_t c = *d->at++;

		d->left--;
		if (c == '\\' && d->left != 0) {
			c = *d->at++;
			d->left--;
			if (c != '\\')
				break;
		}
		if (s)
			s[n] = THRESH_CAST(char, c);
		n++;
	}
	if (len)
		*len = n;
	if (!s)
		return NULL;
	s[n] = '\0';
	fit = THRESH_CAST(char *, realloc(s, n + 1));
	return fit ? fit : s;
}
THRESH_FN char *thresh_string(struct thresh_data *d, size_t max)
{
	return thresh_string_n(d, max, NULL);
}

/*
 * A stream of operations, for what has state: while (thresh_op(&d, 5, &op)) switch (op) ...
 * Ends with the input; `kinds` as thresh_index takes it.
 */
THRESH_FN int thresh_op(struct thresh_data *d, unsigned kinds, unsigned *op)
{
	if (d->left == 0)
		return 0;
	*op = THRESH_CAST(unsigned, thresh_range_u64(d, 0, kinds ? kinds - 1 : 0));
	return 1;
}

#endif
