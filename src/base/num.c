/*
 * Strict numbers, and numbers for people. What atoi and strtoul let through (blanks, signs, trailing words, overflow)
 * is an error here: the text is the user's or a target's.
 */
#include "base/prelude.h"
#include "base/num.h"

int num_u64(struct strv v, uint64_t *out)
{
	uint64_t n = 0;

	if (!v.len)
		return -1;
	for (size_t i = 0; i < v.len; i++) {
		unsigned d = (unsigned char)v.s[i] - (unsigned)'0';

		if (d > 9 || n > (UINT64_MAX - d) / 10)
			return -1;
		n = n * 10 + d;
	}
	*out = n;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int num_hex(struct strv v, uint64_t *out)
{
	uint64_t n = 0;

	if (!strv_skip(&v, "0x"))
		strv_skip(&v, "0X");
	if (!v.len || v.len > 16)
		return -1;
	for (size_t i = 0; i < v.len; i++) {
		int d = hex_digit(v.s[i]);

		if (d < 0)
			return -1;
		n = n << 4 | (unsigned)d;
	}
	*out = n;
	return 0;
}

int num_i64(struct strv v, int64_t *out)
{
	bool neg = strv_skip(&v, "-");
	uint64_t n;

	if (num_u64(v, &n) < 0 || n > (uint64_t)INT64_MAX + neg)
		return -1;
	/* unsigned, since -INT64_MIN doesn't fit */
	*out = neg ? (int64_t)(0 - n) : (int64_t)n;
	return 0;
}

struct unit {
	const char *name;
	uint64_t factor;
};

/* Digits, and directly behind them one of the units: "5 s", "-1" and "1.5G" are refused. */
static int num_unit(struct strv v, const struct unit *units, size_t n_units, uint64_t *out)
{
	size_t digits = 0;
	uint64_t n;

	while (digits < v.len && v.s[digits] >= '0' && v.s[digits] <= '9')
		digits++;
	if (num_u64(strv_sub(v, 0, digits), &n) < 0)
		return -1;
	v = strv_from(v, digits);
	for (size_t i = 0; i < n_units; i++) {
		if (!strv_eqs(v, units[i].name))
			continue;
		if (n > UINT64_MAX / units[i].factor)
			return -1;
		*out = n * units[i].factor;
		return 0;
	}
	return -1;
}

#define KIB ((uint64_t)1024)

int num_size(struct strv v, uint64_t *bytes)
{
	static const struct unit units[] = {
		{ "", 1 },
		{ "B", 1 },
		{ "k", KIB },
		{ "K", KIB },
		{ "KiB", KIB },
		{ "kB", KIB },
		{ "M", KIB * KIB },
		{ "MiB", KIB * KIB },
		{ "MB", KIB * KIB },
		{ "G", KIB * KIB * KIB },
		{ "GiB", KIB * KIB * KIB },
		{ "GB", KIB * KIB * KIB },
		{ "T", KIB * KIB * KIB * KIB },
		{ "TiB", KIB * KIB * KIB * KIB },
	};

	return num_unit(v, units, ARRAY_LEN(units), bytes);
}

int num_duration(struct strv v, uint64_t *ms)
{
	static const struct unit units[] = {
		{ "", 1000 },
		{ "ms", 1 },
		{ "s", 1000 },
		{ "m", 60000 },
		{ "min", 60000 },
		{ "h", 3600000 },
		{ "d", 86400000 },
	};

	return num_unit(v, units, ARRAY_LEN(units), ms);
}

void num_add_size(struct buf *b, uint64_t bytes)
{
	static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double v = (double)bytes;
	size_t i = 0;

	while (v >= 1024 && i + 1 < ARRAY_LEN(names)) {
		v /= 1024;
		i++;
	}
	buf_addf(b, i && v < 100 ? "%.1f %s" : "%.0f %s", v, names[i]);
}

void num_add_duration(struct buf *b, uint64_t ms)
{
	uint64_t s = ms / 1000;

	if (ms < 1000)
		buf_addf(b, "%llu ms", (unsigned long long)ms);
	else if (s < 60)
		buf_addf(b, "%llu.%llu s", (unsigned long long)s,
			(unsigned long long)(ms % 1000 / 100));
	else if (s < 3600)
		buf_addf(b, "%llum %llus", (unsigned long long)(s / 60),
			(unsigned long long)(s % 60));
	else if (s < 86400)
		buf_addf(b, "%lluh %llum", (unsigned long long)(s / 3600),
			(unsigned long long)(s / 60 % 60));
	else
		buf_addf(b, "%llud %lluh", (unsigned long long)(s / 86400),
			(unsigned long long)(s / 3600 % 24));
}

void num_add_count(struct buf *b, uint64_t n)
{
	char digits[32];
	size_t len = 0;

	do {
		digits[len++] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	while (len) {
		buf_addch(b, digits[--len]);
		if (len && len % 3 == 0)
			buf_addch(b, ',');
	}
}

void num_add_counted(struct buf *b, uint64_t n, const char *what)
{
	num_add_count(b, n);
	buf_addf(b, " %s%s", what, n == 1 ? "" : "s");
}
